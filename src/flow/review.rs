//! The ministry decides a registration, or the applicant takes it back; the account follows in the same batch.

use jiff::ToSpan as _;

use super::{Error, Realm, invalid, messages::Draft, put_citizen::save_citizen, retry};
use crate::{
    clock::Timestamp,
    dice::Purpose as Draw,
    identity::{
        Account, Card, Citizen, IdNumber, Password, Refused,
        life::{self, State},
        registration::{Channel, Command, Effect, Registration, Rejection, Status},
    },
    outbox::{Purpose, templates},
    store::{Change, kinds::OpenRegistration},
};

impl Realm {
    /// One registration.
    pub async fn registration(&self, id: &str, now: Timestamp) -> Result<Registration, Error> {
        let found = self.store().get::<Registration>(self.id(), id, now).await?;
        Ok(found.ok_or(Error::Missing("registration"))?.record)
    }

    /// Registrations in the order they came, after `after`, at most `limit`; of one citizen or status if given.
    pub async fn registrations(
        &self,
        (number, status): (Option<&IdNumber>, Option<&str>),
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Registration>, Error> {
        let mut found = Vec::new();
        let mut after = after.map(|after| after.as_bytes().to_vec());
        loop {
            let from = after.as_deref();
            let page = self.store().scan::<Registration>(self.id(), b"", from, 256, now).await?;
            let Some((last, _)) = page.last() else { return Ok(found) };
            after = Some(last.to_vec());
            for (_, registration) in page {
                let wanted = number.is_none_or(|number| *number == registration.number)
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
    pub async fn approve_registration(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        self.decide_registration(id, Command::Approve, now).await
    }

    /// The ministry rejects, with an officer's words of at most 200 characters.
    pub async fn reject_registration(
        &self,
        id: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        let text = reason.trim();
        if !(1..=200).contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err(invalid("reason", "is 1 to 200 characters on one line"));
        }
        let rejection = Rejection::Officer { text: text.to_owned() };
        self.decide_registration(id, Command::Reject(rejection), now).await
    }

    /// The applicant takes it back.
    pub async fn withdraw_registration(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        self.decide_registration(id, Command::Withdraw, now).await
    }

    async fn decide_registration(
        &self,
        id: &str,
        command: Command,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        let secret = self.legacy_password().await?;
        retry!(self.try_decide(id, command.clone(), secret.as_ref(), now).await)
    }

    async fn try_decide(
        &self,
        id: &str,
        command: Command,
        secret: Option<&(String, String)>,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        let found = self.store().get::<Registration>(self.id(), id, now).await?;
        let found = found.ok_or(Error::Missing("registration"))?;
        let mut registration = found.record;
        let effects = registration.decide(command, now)?;
        let mut change = self.change(now);
        if registration.status.is_final() {
            change.delete::<OpenRegistration>(registration.number.as_str());
        }
        self.carry_out_registration(&mut change, &mut registration, &effects, secret, now).await?;
        change.replace(id, found.version, &registration, None);
        self.commit(change).await?;
        Ok(registration)
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
        effects: &[Effect],
        secret: Option<&(String, String)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for effect in effects {
            match effect {
                Effect::ApproveAccount => {
                    self.approve_account(change, registration, secret, now).await?;
                }
                Effect::SendRejection => self.send_rejection(change, registration, now).await?,
            }
        }
        Ok(())
    }

    async fn approve_account(
        &self,
        change: &mut Change,
        registration: &Registration,
        secret: Option<&(String, String)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let number = &registration.number;
        let (citizen, version) = self.versioned_citizen(number, now).await?;
        let mut citizen = citizen.ok_or(Error::Refused(Refused::UnknownCitizen))?;
        let mut held = self.known_held(number, now).await?;
        let first = matches!(held.account.life.state, State::Unregistered);
        let level = registration.channel.level();
        let effects = held.account.decide(life::Command::Approve { level }, now)?;
        self.move_phone(change, &mut held.account, registration.phone, now).await?;
        if registration.email.is_some() {
            held.account.email.clone_from(&registration.email);
        }
        let by_sms = secret.filter(|_| first && held.account.password == Password::None);
        if let Some((_, hash)) = by_sms {
            held.account.password = Password::Hash(hash.clone());
        }
        if registration.channel == Channel::DeskWithCard {
            citizen.card = Some(new_card(&citizen, now));
            save_citizen(change, &citizen, version);
        }
        self.carry_out(change, (&citizen, &held.account), &effects, now);
        if let Some((password, _)) = by_sms {
            let draft = Draft {
                purpose: Purpose::Password,
                text: templates::password(password),
                code: Some(password.clone()),
                reference: None,
            };
            self.sms(change, &held.account, draft, now);
        }
        held.save(change);
        Ok(())
    }

    async fn send_rejection(
        &self,
        change: &mut Change,
        registration: &Registration,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Status::Rejected(rejection) = &registration.status else { return Ok(()) };
        // To the phone and e-mail address of the registration: there may be no account yet.
        let addressee = Account {
            phone: Some(registration.phone),
            email: registration.email.clone(),
            ..self.known_held(&registration.number, now).await?.account
        };
        let text = templates::rejection(rejection);
        self.notify(change, &addressee, Purpose::Rejection, &text, now);
        Ok(())
    }
}

/// A card of today, good to the next age of re-issue: 25, 40, 60 (facts §2.9).
fn new_card(citizen: &Citizen, now: Timestamp) -> Card {
    let today = now.day();
    let expires = [25_i16, 40, 60]
        .into_iter()
        .map(|age| citizen.birth_date.saturating_add(i32::from(age).years()))
        // A card issued within 2 years before an age stays valid to the next.
        .find(|date| *date > today.saturating_add(2.years()));
    Card { issued: today, expires, revoked: false }
}
