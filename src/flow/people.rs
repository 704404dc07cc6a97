//! People: what changed over the fixtures, over the derived country.

use super::{Error, Flow, Realm};
use crate::{
    clock::Timestamp,
    identity::{
        Account, Citizen, IdNumber, Level, Password, Phone,
        life::Life,
        wanted::{StateName, Wanted},
    },
    oidc::digest::sha256_base64url,
    population::{Initial, InitialState},
    store::{
        Change,
        kinds::{PhoneHolder, RealmRecord},
    },
};

/// An account and the version it was read at; without one it was never stored.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) account: Account,
    pub(crate) version: Option<u64>,
}

impl Held {
    /// Writes the account, expecting it to be as it was read.
    pub(crate) fn save(&self, change: &mut Change) {
        let name = self.account.number.as_str();
        match self.version {
            Some(version) => change.replace(name, version, &self.account, None),
            None => change.insert(name, &self.account, None),
        };
    }
}

impl Flow {
    /// What portals know a citizen by: the same after every restart and reset, and never the ID number.
    fn subject(realm: &str, number: &IdNumber) -> String {
        let digest = sha256_base64url(format!("vneid-mock subject\0{realm}\0{number}"));
        digest.chars().take(32).collect()
    }

    fn base_citizen(&self, record: &RealmRecord, number: &IdNumber) -> Option<Citizen> {
        if let Some(named) = self.fixtures.people.get(number) {
            return Some(named.citizen(record.created_at.day()));
        }
        let country = self.country();
        let mut citizen = country.index_of(number).and_then(|index| country.citizen(index))?;
        // A fixture may have taken the phone: one phone, one account.
        if citizen.phone.is_some_and(|phone| self.fixtures.phones.contains_key(&phone)) {
            citizen.phone = None;
        }
        Some(citizen)
    }

    fn base_account(&self, record: &RealmRecord, number: &IdNumber) -> Option<Account> {
        let subject = Self::subject(&record.name, number);
        let lock_seconds = record.policy.temporary_lock_seconds;
        if let Some(named) = self.fixtures.people.get(number) {
            return Some(named.account(record.created_at, lock_seconds, subject));
        }
        let country = self.country();
        let index = country.index_of(number)?;
        let citizen = self.base_citizen(record, number)?;
        let initial = initial_state(country.initial(index)?);
        let signs_in = initial.state != StateName::Unregistered;
        // Terms that still run, run from the day the realm began.
        let overdue = initial.state == StateName::ActivationOverdue;
        let since = if overdue { FIRST_DAY } else { record.created_at };
        let state = initial.at(since, lock_seconds);
        Some(Account {
            number: *number,
            subject,
            phone: citizen.phone.filter(|_| signs_in),
            email: citizen.email.filter(|_| signs_in),
            password: if signs_in { Password::Initial } else { Password::None },
            passcode: None,
            questions: Vec::new(),
            life: Life::new(state),
            epoch: 0,
        })
    }

    fn base_holder(&self, phone: &Phone) -> Option<IdNumber> {
        if let Some(number) = self.fixtures.phones.get(phone) {
            return Some(*number);
        }
        let country = self.country();
        country.index_of_phone(phone).and_then(|index| country.number_at(index))
    }
}

/// The day of the counts in seed S3: derived accounts that are not activated were approved before it.
const FIRST_DAY: Timestamp = Timestamp::from_millis(1_709_078_400_000);

fn initial_state(initial: Initial) -> Wanted {
    Wanted {
        state: initial.state.name(),
        level: Level::try_from(initial.level).ok(),
        reason: initial.state.reason(),
        upgrade_approved: initial.state == InitialState::UpgradeApproved,
    }
}

impl Realm {
    /// The citizen with this ID number, as the population database has her now.
    pub async fn citizen(
        &self,
        number: &IdNumber,
        now: Timestamp,
    ) -> Result<Option<Citizen>, Error> {
        let stored = self.store().get::<Citizen>(self.id(), number.as_str(), now).await?;
        let base = || self.flow.base_citizen(&self.record, number);
        Ok(stored.map(|found| found.record).or_else(base))
    }

    pub(crate) async fn known_citizen(
        &self,
        number: &IdNumber,
        now: Timestamp,
    ) -> Result<Citizen, Error> {
        self.citizen(number, now).await?.ok_or(Error::Missing("citizen"))
    }

    pub(crate) async fn held(
        &self,
        number: &IdNumber,
        now: Timestamp,
    ) -> Result<Option<Held>, Error> {
        let stored = self.store().get::<Account>(self.id(), number.as_str(), now).await?;
        if let Some(found) = stored {
            return Ok(Some(Held { account: found.record, version: Some(found.version) }));
        }
        let base = self.flow.base_account(&self.record, number);
        if let Some(account) = base {
            return Ok(Some(Held { account, version: None }));
        }
        // A citizen put by the admin API has an account that was never stored.
        let citizen = self.citizen(number, now).await?;
        Ok(citizen.map(|citizen| self.never_stored(&citizen)))
    }

    pub(crate) fn never_stored(&self, citizen: &Citizen) -> Held {
        Held {
            account: Account {
                number: citizen.number,
                subject: Flow::subject(self.name(), &citizen.number),
                phone: None,
                email: citizen.email.clone(),
                password: Password::None,
                passcode: None,
                questions: Vec::new(),
                life: Life::new(crate::identity::life::State::Unregistered),
                epoch: 0,
            },
            version: None,
        }
    }

    pub(crate) async fn known_held(
        &self,
        number: &IdNumber,
        now: Timestamp,
    ) -> Result<Held, Error> {
        self.held(number, now).await?.ok_or(Error::Missing("account"))
    }

    /// The account of this ID number, settled: temporary locks that ended have ended.
    pub async fn account(&self, number: &IdNumber, now: Timestamp) -> Result<Account, Error> {
        let mut account = self.known_held(number, now).await?.account;
        account.life = account.life.settled(now);
        Ok(account)
    }

    /// Whose phone number it is.
    pub async fn holder_of(
        &self,
        phone: &Phone,
        now: Timestamp,
    ) -> Result<Option<IdNumber>, Error> {
        let stored = self.store().get::<PhoneHolder>(self.id(), phone.as_str(), now).await?;
        Ok(stored.map_or_else(|| self.flow.base_holder(phone), |found| found.record.0))
    }

    /// Gives `phone` to an account: the index follows, and the old number is free again.
    pub(crate) async fn move_phone(
        &self,
        change: &mut Change,
        account: &mut Account,
        phone: Phone,
        now: Timestamp,
    ) -> Result<(), Error> {
        if account.phone == Some(phone) {
            return Ok(());
        }
        let stored = self.store().get::<PhoneHolder>(self.id(), phone.as_str(), now).await?;
        let holder =
            stored.as_ref().map_or_else(|| self.flow.base_holder(&phone), |found| found.record.0);
        if holder.is_some_and(|holder| holder != account.number) {
            return Err(crate::identity::Refused::PhoneTaken.into());
        }
        if let Some(old) = account.phone {
            change.put(old.as_str(), &PhoneHolder(None), None);
        }
        let mine = PhoneHolder(Some(account.number));
        match stored {
            Some(found) => change.replace(phone.as_str(), found.version, &mine, None),
            None => change.insert(phone.as_str(), &mine, None),
        };
        account.phone = Some(phone);
        Ok(())
    }
}

/// One `@`, something on both sides, at most 254 characters: no more is promised.
pub(crate) fn looks_like_email(email: &str) -> bool {
    let visible = email.chars().all(|c| !c.is_control() && !c.is_whitespace());
    let parts: Vec<_> = email.split('@').collect();
    email.len() <= 254 && visible && matches!(parts[..], [a, b] if !a.is_empty() && !b.is_empty())
}
