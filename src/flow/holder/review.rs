//! The ministry decides a registration, or the applicant takes it back; the account follows in the same batch.

use crate::{
    dice::DrawPurpose as Draw,
    flow::{
        Error, Realm,
        base::{
            loaded_account::LoadedAccount,
            messages::{Draft, Notice},
            schedule::DueEvent,
        },
        kinds::{DueEntry, OpenRegistration},
        one_line, retry,
    },
    identity::{
        IdNumber, Level, Password, Phone, Refused,
        life::{self, AccountState},
        lock::{By, LockReason},
        registration::{
            PaperCheck, Registration, RegistrationChannel, RegistrationCommand, RegistrationEffect,
            RegistrationStatus, Rejection,
        },
    },
    journal::Event,
    outbox::{MessagePurpose, templates},
    store::{Change, records::Loaded},
};

impl Realm {
    /// One registration.
    pub async fn registration(&self, id: &str) -> Result<Registration, Error> {
        let found = self.get::<Registration>(id).await?;
        Ok(found.ok_or(Error::Missing("registration"))?.record)
    }

    /// Registrations in the order they came, after `after`, at most `limit`; of one citizen or status if given.
    pub async fn registrations(
        &self,
        number: Option<&IdNumber>,
        status: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Registration>, Error> {
        let mut found = Vec::new();
        let mut after = after.map(|after| after.as_bytes().to_vec());
        loop {
            let from = after.as_deref();
            let page = self.scan::<Registration>(b"", from, 256).await?;
            let Some((last, _)) = page.last() else { return Ok(found) };
            after = Some(last.to_vec());
            for (_, registration) in page {
                let wanted = number.is_none_or(|number| *number == registration.application.number)
                    && status.is_none_or(|status| status == registration.status.name());
                if wanted {
                    found.push(registration);
                }
                if found.len() == limit {
                    return Ok(found);
                }
            }
        }
    }

    /// The ministry approves.
    pub async fn approve_registration(&self, id: &str) -> Result<Registration, Error> {
        self.decide_registration(id, RegistrationCommand::Approve).await
    }

    /// The ministry rejects, with an officer's words of at most 200 characters.
    pub async fn reject_registration(&self, id: &str, reason: &str) -> Result<Registration, Error> {
        let rejection = Rejection::Officer { text: one_line("reason", reason)? };
        self.decide_registration(id, RegistrationCommand::Reject(rejection)).await
    }

    /// The applicant takes it back.
    pub async fn withdraw_registration(&self, id: &str) -> Result<Registration, Error> {
        self.decide_registration(id, RegistrationCommand::Withdraw).await
    }

    async fn decide_registration(
        &self,
        id: &str,
        command: RegistrationCommand,
    ) -> Result<Registration, Error> {
        let secret = self.legacy_password().await?;
        retry!(async {
            let command = command.clone();
            let secret = secret.as_ref();

            let found = self.get::<Registration>(id).await?;
            let found = found.ok_or(Error::Missing("registration"))?;
            let mut change = self.change();
            let registration = self.decided(&mut change, found, command, secret).await?;
            self.commit(change).await?;
            Ok(registration)
        })
    }

    /// Notes where a registration stands, once it does.
    pub(crate) fn note_registration(&self, change: &mut Change, registration: &Registration) {
        let (number, status) = (registration.application.number, registration.status.name());
        let text = format!("registration of {number}: {status}");
        let event = Event::new("registration", text).about(number).with("status", status);
        self.note_with(change, event.with("id", registration.id.as_str()));
    }

    /// Writes a decision and what follows from it into the batch.
    async fn decided(
        &self,
        change: &mut Change,
        found: Loaded<Registration>,
        command: RegistrationCommand,
        secret: Option<&(String, String)>,
    ) -> Result<Registration, Error> {
        let mut registration = found.record;
        let effects = registration.decide(command, self.now)?;
        if registration.status.is_final() {
            change.delete::<OpenRegistration>(registration.application.number.as_str());
            if let Some(deadline) = registration.deadline {
                let entry = DueEntry::Registration(registration.id.clone());
                Self::drop_due(change, deadline, &entry);
            }
        }
        self.carry_out_registration(change, &mut registration, &effects, secret).await?;
        change.replace(&registration.id, found.version, &registration, None);
        self.note_registration(change, &registration);
        Ok(registration)
    }

    /// The legal time has ended: what is under review is approved.
    pub(crate) async fn registration_comes_due(
        &self,
        id: &str,
        key: &[u8],
        due: &Loaded<DueEntry>,
    ) -> Result<Vec<DueEvent>, Error> {
        let secret = self.legacy_password().await?;
        let mut change = self.change_of_due(key, due);
        let found = self.get::<Registration>(id).await?;
        let open = found.filter(|found| found.record.status == RegistrationStatus::UnderReview);
        let mut happened = Vec::new();
        if let Some(found) = open {
            match self
                .decided(&mut change, found, RegistrationCommand::Approve, secret.as_ref())
                .await
            {
                Ok(registration) => {
                    let what = registration.status.name();
                    happened.push(DueEvent { at: self.now, to: id.to_owned(), what });
                }
                // Something stands in the way by now, such as a lock: an officer decides.
                Err(Error::Refused(_)) => {
                    change = self.change_of_due(key, due);
                }
                Err(error) => return Err(error),
            }
        }
        self.commit(change).await?;
        Ok(happened)
    }

    /// The password of the older wording and its hash, drawn before the decision.
    pub(crate) async fn legacy_password(&self) -> Result<Option<(String, String)>, Error> {
        if !self.record.policy.password_by_sms {
            return Ok(None);
        }
        let digits = self.dice().below(Draw::Secret, 100_000_000);
        let password = format!("Vn@{digits:08}a");
        let hash = self.hash(&password).await?;
        Ok(Some((password, hash)))
    }

    /// Account, card and messages that follow a decision.
    pub(crate) async fn carry_out_registration(
        &self,
        change: &mut Change,
        registration: &mut Registration,
        effects: &[RegistrationEffect],
        secret: Option<&(String, String)>,
    ) -> Result<(), Error> {
        for effect in effects {
            match effect {
                RegistrationEffect::ApproveAccount => {
                    self.approve_account(change, registration, secret).await?;
                }
                RegistrationEffect::SendRejection => {
                    self.send_rejection(change, registration).await?;
                }
            }
        }
        Ok(())
    }

    async fn approve_account(
        &self,
        change: &mut Change,
        registration: &Registration,
        secret: Option<&(String, String)>,
    ) -> Result<(), Error> {
        let now = self.now;
        let number = &registration.application.number;
        let held = self.load_account(number).await?;
        let mut held = held.ok_or(Error::Refused(Refused::UnknownCitizen))?;
        let first = matches!(held.account.life.state, AccountState::Unregistered);
        if registration.application.channel == RegistrationChannel::DeskWithCard {
            self.issue_card(change, &mut held)?;
        }
        let level = registration.application.channel.level();
        let effects = held.decide(life::AccountCommand::Approve { level }, now)?;
        if held.subject.person().is_some() {
            self.take_phone(change, &mut held, registration.application.phone).await?;
        }
        if registration.application.email.is_some() {
            held.account.email.clone_from(&registration.application.email);
        }
        let by_sms = secret.filter(|_| first && held.account.password == Password::None);
        if let Some((_, hash)) = by_sms {
            held.account.password = Password::Hash(hash.clone());
        }
        if level == Level::Two {
            let verified =
                registration.papers.iter().filter(|it| it.outcome == PaperCheck::Verified);
            let wallet = held.account.wallet.get_or_insert_default();
            wallet.extend(verified.map(|it| (it.kind, now)));
        }
        self.carry_out_by(change, &held, &effects, &registration.application.result_by);
        if let Some((password, _)) = by_sms {
            let draft = Draft {
                purpose: MessagePurpose::Password,
                text: templates::password(password),
                code: Some(password.clone()),
                reference: None,
            };
            self.sms(change, &held.account, draft);
        }
        self.save(change, &mut held);
        Ok(())
    }

    /// The registration's phone becomes the account's. Its true subscriber takes it from an account that was registered
    /// with it before, and that account is locked (MPS questions and answers of 22/4/2026).
    pub(crate) async fn take_phone(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        phone: Phone,
    ) -> Result<(), Error> {
        let number = held.account.number;
        if held.who.kind.is_represented() {
            return self.move_phone(change, held, phone).await;
        }
        let entry = self.phone_entry(&phone).await?;
        let Some(other) = entry.holder.filter(|holder| *holder != number) else {
            return self.settle_phone(change, held, entry).await;
        };
        if !self.is_true_subscriber(&phone, &number, &other).await? {
            return Err(Refused::PhoneTaken.into());
        }
        let mut rival = self.load_known_account(&other).await?;
        rival.account.phone = None;
        let (reason, by) = (LockReason::PhoneReclaimed, By::Ministry);
        if let Ok(effects) = rival.decide(life::AccountCommand::Lock { reason, by }, self.now) {
            self.carry_out(change, &rival, &effects);
        }
        self.save(change, &mut rival);
        self.assign_phone(change, held, entry).await
    }

    async fn send_rejection(
        &self,
        change: &mut Change,
        registration: &Registration,
    ) -> Result<(), Error> {
        let RegistrationStatus::Rejected(rejection) = &registration.status else { return Ok(()) };
        // To the phone and e-mail address of the registration: there may be no account yet.
        let mut addressee = self.load_known_account(&registration.application.number).await?;
        if addressee.subject.person().is_some() {
            addressee.account.phone = Some(registration.application.phone);
        }
        if registration.application.email.is_some() {
            addressee.account.email.clone_from(&registration.application.email);
        }
        let text = templates::rejection(rejection, addressee.who.kind.database());
        let notice = Notice { purpose: MessagePurpose::Rejection, text: &text };
        self.notify_by(change, &addressee, notice, &registration.application.result_by);
        Ok(())
    }
}
