//! A citizen or foreigner asks for an account, in the app or at a desk; a representative asks for a child or ward.

use crate::{
    flow::{
        Error, Realm,
        holder::people::looks_like_email,
        invalid,
        kinds::{DueEntry, OpenRegistration},
        retry,
    },
    identity::{
        Account, IdNumber, Level, PaperKind, Phone, Refused, Subject,
        life::{AccountState, Standing},
        lock::LockReason,
        policy::Review,
        registration::{
            Applicant, Application, Brought, Registration, RegistrationChannel,
            RegistrationCommand, RegistrationStatus, Representative, ResultBy, legal_time,
            may_register,
        },
    },
    store::Change,
};

impl Realm {
    /// Takes a registration in, compares it with the databases, and decides it where review is automatic.
    pub async fn register(
        &self,
        application: &Application,
        papers: &[Brought],
    ) -> Result<Registration, Error> {
        let now = self.now;
        if application.email.as_ref().is_some_and(|email| !looks_like_email(email)) {
            return Err(invalid("email", "must be an address such as an@example.com"));
        }
        let mut kinds: Vec<PaperKind> = papers.iter().map(|it| it.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() < papers.len() {
            return Err(invalid("papers", "must each be named once"));
        }
        let id = self.dice().id(now);
        let secret = self.legacy_password().await?;
        retry!(async {
            let secret = secret.as_ref();

            let now = self.now;
            let number = &application.number;
            let held = self.load_account(number).await?.ok_or(Refused::UnknownCitizen)?;
            let Some(citizen) = held.subject.person() else {
                return Err(Refused::UnknownCitizen.into());
            };
            let reachable = application.email.is_some() || held.account.email.is_some();
            if !reachable && application.result_by == [ResultBy::Email] {
                return Err(invalid("email", "is required where the result goes by e-mail"));
            }
            let representative = self.representative(application).await?;
            let applicant = Applicant {
                citizen,
                who: held.who,
                channel: application.channel,
                desk_province: application.desk_province,
                representative: representative.as_ref().map(|(it, _)| it),
            };
            may_register(applicant, now.day())?;
            may_rise(&held.account, application.channel)?;
            match &representative {
                // Decree 69/2024 Art. 10.1: the guardian's own phone.
                Some((_, phone)) if *phone != Some(application.phone) => {
                    return Err(Refused::PhoneMismatch.into());
                }
                Some(_) => {}
                None => self.may_hold(&application.phone, number).await?,
            }
            let legal_time = legal_time(&held.subject, application.channel, now.day());
            let mut registration =
                Registration::submitted(id.clone(), application.clone(), legal_time, now);
            registration.papers = self.compare_papers(papers, citizen);
            self.open(registration, &held.subject, secret).await
        })
    }

    /// The representative of an application, and the phone of her account.
    async fn representative(
        &self,
        application: &Application,
    ) -> Result<Option<(Representative, Option<Phone>)>, Error> {
        let Some(number) = application.representative else { return Ok(None) };
        let held = self.load_account(&number).await?.ok_or(Refused::NotRepresentative)?;
        let spouse = held.person()?.spouse;
        let has_level_2 = held.account.life.may_sign_in(self.now) == Ok(Level::Two);
        let subscribed = held.person()?.phone;
        let phone = held.account.phone.or(subscribed);
        Ok(Some((Representative { number, spouse, has_level_2 }, phone)))
    }

    /// One phone, one account; but the true subscriber may take it from whoever registered with it before
    /// (MPS questions and answers of 22/4/2026).
    pub(crate) async fn may_hold(&self, phone: &Phone, number: &IdNumber) -> Result<(), Error> {
        let holder = self.holder_of(phone).await?;
        let Some(other) = holder.filter(|holder| holder != number) else { return Ok(()) };
        if self.is_true_subscriber(phone, number, &other).await? {
            return Ok(());
        }
        Err(Refused::PhoneTaken.into())
    }

    /// One registration at a time: none is open, and none is when this change is committed.
    pub(crate) async fn none_is_open(
        &self,
        change: &mut Change,
        number: &IdNumber,
    ) -> Result<(), Error> {
        let open = self.get::<OpenRegistration>(number.as_str()).await?;
        if open.is_some() {
            return Err(Refused::RegistrationOpen.into());
        }
        change.expect_absent::<OpenRegistration>(number.as_str());
        Ok(())
    }

    /// Compares a registration whose dossier is complete, and decides it where review is automatic.
    pub(crate) async fn open(
        &self,
        mut registration: Registration,
        subject: &Subject,
        secret: Option<&(String, String)>,
    ) -> Result<Registration, Error> {
        let id = registration.id.clone();
        let mut change = self.change();
        self.none_is_open(&mut change, &registration.application.number).await?;
        self.examine(&mut change, &mut registration, subject, secret).await?;
        change.insert(&id, &registration, None);
        self.note_registration(&mut change, &registration);
        self.commit(change).await?;
        Ok(registration)
    }

    /// The databases are asked; what the realm's review says follows, all in one batch.
    pub(crate) async fn examine(
        &self,
        change: &mut Change,
        registration: &mut Registration,
        subject: &Subject,
        secret: Option<&(String, String)>,
    ) -> Result<(), Error> {
        let now = self.now;
        let policy = &self.record.policy;
        if registration.awaiting.is_empty() {
            registration.complete(&policy.calendar, now);
            registration.decide(RegistrationCommand::BeginMatching, now)?;
            let objection = registration.objection(subject);
            let effects =
                registration.decide(RegistrationCommand::RecordFindings(objection), now)?;
            self.carry_out_registration(change, registration, &effects, secret).await?;
        }
        if policy.review == Review::Automatic
            && registration.status == RegistrationStatus::UnderReview
        {
            let effects = registration.decide(RegistrationCommand::Approve, now)?;
            self.carry_out_registration(change, registration, &effects, secret).await?;
        }
        let entry = OpenRegistration(registration.id.clone());
        if registration.status.is_final() {
            change.delete::<OpenRegistration>(registration.application.number.as_str());
        } else {
            change.put(registration.application.number.as_str(), &entry, None);
        }
        if registration.status == RegistrationStatus::UnderReview
            && policy.review == Review::After
            && let Some(deadline) = registration.deadline
        {
            self.put_due(change, deadline, &DueEntry::Registration(registration.id.clone()));
        }
        Ok(())
    }
}

/// Nobody registers for a level that is there already, or while the account is locked; unless the registration brings
/// the card whose lack locked it.
pub(crate) fn may_rise(account: &Account, channel: RegistrationChannel) -> Result<(), Refused> {
    let level = channel.level();
    if let AccountState::Locked { reason, .. } = account.life.state {
        let by_card = matches!(reason, LockReason::CardExpired | LockReason::CardRevoked);
        if !by_card || channel != RegistrationChannel::DeskWithCard {
            return Err(Refused::Locked { reason });
        }
    }
    let reached = match account.life.state.standing() {
        Some(Standing::Approved { level, .. } | Standing::Active { level, upgrade: None }) => {
            Some(level)
        }
        Some(Standing::Active { upgrade: Some(_), .. }) => Some(Level::Two),
        Some(Standing::Level0) | None => None,
    };
    match reached {
        Some(reached) if reached >= level => Err(Refused::LevelNotHigher),
        _ => Ok(()),
    }
}
