//! A citizen asks for an account, in the app or at a desk.

use super::{Error, Realm, invalid, people::looks_like_email, retry};
use crate::{
    clock::Timestamp,
    identity::{
        IdNumber, Phone, Refused,
        life::Standing,
        policy::Review,
        registration::{Channel, Command, Declared, Evidence, Registration, Status, may_register},
    },
    store::kinds::OpenRegistration,
};

/// What the applicant hands in.
#[derive(Debug, Clone)]
pub struct Application {
    /// Whose account.
    pub number: IdNumber,
    /// Where it is asked for.
    pub channel: Channel,
    /// The applicant's own phone number.
    pub phone: Phone,
    /// An e-mail address, if any.
    pub email: Option<String>,
    /// Declared data to compare; what is left out counts as read from the card.
    pub declared: Declared,
    /// How the portrait compares.
    pub portrait: Evidence,
    /// How the fingerprints compare.
    pub fingerprints: Evidence,
    /// The desk's province.
    pub desk_province: Option<u8>,
}

impl Realm {
    /// Takes a registration in, compares it with the databases, and decides it where review is automatic.
    pub async fn register(
        &self,
        application: &Application,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        if application.email.as_ref().is_some_and(|email| !looks_like_email(email)) {
            return Err(invalid("email", "is an address such as an@example.com"));
        }
        let id = self.dice().id(now);
        let secret = self.legacy_password().await?;
        retry!(self.try_register(application, &id, secret.as_ref(), now).await)
    }

    async fn try_register(
        &self,
        application: &Application,
        id: &str,
        secret: Option<&(String, String)>,
        now: Timestamp,
    ) -> Result<Registration, Error> {
        let number = &application.number;
        let citizen = self.citizen(number, now).await?.ok_or(Refused::UnknownCitizen)?;
        may_register(&citizen, application.channel, application.desk_province, now.day())?;
        let held = self.known_held(number, now).await?;
        may_rise(&held.account, application.channel)?;
        let holder = self.holder_of(&application.phone, now).await?;
        if holder.is_some_and(|holder| holder != *number) {
            return Err(Refused::PhoneTaken.into());
        }
        let open = self.store().get::<OpenRegistration>(self.id(), number.as_str(), now).await?;
        if open.is_some() {
            return Err(Refused::RegistrationOpen.into());
        }

        let mut registration = begun(application, id.to_owned(), now);
        registration.decide(Command::BeginMatching, now)?;
        let objection = registration.objection(&citizen);
        let effects = registration.decide(Command::RecordFindings(objection), now)?;
        let mut change = self.change(now);
        if registration.status == Status::UnderReview {
            change.insert(number.as_str(), &OpenRegistration(id.to_owned()), None);
        }
        self.carry_out_registration(&mut change, &mut registration, &effects, secret, now).await?;
        if self.record.policy.review == Review::Automatic
            && registration.status == Status::UnderReview
        {
            let effects = registration.decide(Command::Approve, now)?;
            change = self.change(now);
            self.carry_out_registration(&mut change, &mut registration, &effects, secret, now)
                .await?;
        }
        change.insert(id, &registration, None);
        self.commit(change).await?;
        Ok(registration)
    }
}

fn begun(application: &Application, id: String, now: Timestamp) -> Registration {
    Registration {
        id,
        number: application.number,
        channel: application.channel,
        phone: application.phone,
        email: application.email.clone(),
        declared: application.declared.clone(),
        portrait: application.portrait,
        fingerprints: application.fingerprints,
        desk_province: application.desk_province,
        status: Status::Submitted,
        history: vec![(Status::Submitted.name().to_owned(), now)],
    }
}

/// Nobody registers for a level that is there already, or while the account is locked.
fn may_rise(account: &crate::identity::Account, channel: Channel) -> Result<(), Refused> {
    use crate::identity::life::State;
    match account.life.state {
        State::Locked { reason, .. } => return Err(Refused::Locked { reason }),
        State::TemporarilyLocked { .. } | State::Unregistered | State::Open(_) => {}
    }
    let reached = match account.life.state.standing() {
        Some(Standing::Approved { level, .. } | Standing::Active { level, upgrade: None }) => {
            Some(level)
        }
        Some(Standing::Active { upgrade: Some(_), .. }) => Some(crate::identity::Level::Two),
        Some(Standing::Level0) | None => None,
    };
    match reached {
        Some(level) if level >= channel.level() => Err(Refused::LevelNotHigher),
        _ => Ok(()),
    }
}
