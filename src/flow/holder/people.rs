//! People and organisations: what changed over the fixtures, over the derived country; and their accounts.

use crate::{
    clock::Timestamp,
    flow::{Error, Flow, Realm, base::loaded_account::LoadedAccount, kinds::{RealmRecord, Untold}},
    identity::{
        Account, Citizen, IdNumber, Level, Organisation, Password, Phone, Subject, Who,
        life::{AccountCommand, AccountState, Life},
        wanted::{StateName, WantedState},
    },
    journal::Event,
    oidc::digest::sha256_base64url,
    population::{Initial, InitialState},
    store::Change,
};

impl Flow {
    /// What portals know a citizen by: the same after every restart and reset and in every fork, and never the ID number.
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

    fn base_organisation(&self, number: &IdNumber) -> Option<Organisation> {
        if let Some(named) = self.fixtures.organisations.get(number) {
            return Some(named.organisation.clone());
        }
        let country = self.country();
        country.organisation_index(number).and_then(|index| country.organisation(index))
    }

    /// The account somebody begins with, whom the fixtures name or the country derives.
    fn base_account(&self, record: &RealmRecord, subject: &Subject) -> Option<Account> {
        let number = subject.number();
        let known_by = Self::subject(record.people_of(), &number);
        let lock_seconds = record.policy.temporary_lock_seconds;
        if let Some(named) = self.fixtures.people.get(&number) {
            let mut account = named.account(record.created_at, lock_seconds, known_by);
            let today = record.created_at.day();
            let acted_for =
                subject.person().filter(|person| person.kind_on(today).is_represented());
            if let Some(child) =
                acted_for.filter(|_| account.life.state != AccountState::Unregistered)
            {
                account.phone = account.phone.or_else(|| self.representatives_phone(record, child));
            }
            return Some(account);
        }
        if let Some(named) = self.fixtures.organisations.get(&number) {
            return Some(named.account(record.created_at, lock_seconds, known_by));
        }
        let country = self.country();
        let initial = match subject {
            Subject::Person(_) => country.initial(country.index_of(&number)?)?,
            Subject::Organisation(_) => {
                country.organisation_initial(country.organisation_index(&number)?)?
            }
        };
        // What passes by itself began with the realm; who is overdue has been so since the counts were made.
        let begun = match initial.state {
            InitialState::ActivationOverdue => FIRST_DAY,
            _ => record.created_at,
        };
        let mut wanted = initial_state(initial);
        if subject.person().is_none() {
            wanted.level = Some(Level::Unlevelled);
        }
        let state = wanted.at(begun, lock_seconds);
        let blank = Account::unregistered(number, known_by);
        let known = state != AccountState::Unregistered;
        let Some(citizen) = subject.person().filter(|_| known) else {
            return Some(Account { life: Life::new(state), ..blank });
        };
        Some(Account {
            phone: citizen.phone.or_else(|| self.representatives_phone(record, citizen)),
            email: citizen.email.clone(),
            password: Password::Initial,
            life: Life::new(state),
            level0_since: (wanted.state == StateName::Level0).then_some(begun),
            ..blank
        })
    }

    /// The phone of a child's or ward's parent or guardian, which her account uses.
    fn representatives_phone(&self, record: &RealmRecord, citizen: &Citizen) -> Option<Phone> {
        let representative = citizen.representative?;
        self.base_citizen(record, &representative)?.phone
    }

    /// In whose name the number was subscribed to, on the first day.
    pub(crate) fn base_subscriber(&self, phone: &Phone) -> Option<IdNumber> {
        if let Some(number) = self.fixtures.phones.get(phone) {
            return Some(*number);
        }
        let country = self.country();
        country.index_of_phone(phone).and_then(|index| country.number_at(index))
    }

    /// Whose account it is tied to, on the first day: a subscriber without an account ties it to none.
    pub(crate) fn base_holder(&self, record: &RealmRecord, phone: &Phone) -> Option<IdNumber> {
        let number = self.base_subscriber(phone)?;
        let subject = Subject::from(self.base_citizen(record, &number)?);
        let account = self.base_account(record, &subject)?;
        (account.life.state != AccountState::Unregistered).then_some(number)
    }
}

impl Flow {
    /// The children and wards that the country derives for somebody.
    pub(crate) fn derived_dependants(&self, number: &IdNumber) -> Vec<IdNumber> {
        let country = self.country();
        country.index_of(number).map(|index| country.dependants_of(index)).unwrap_or_default()
    }

    /// The staff that the country derives for a unit.
    pub(crate) fn derived_staff(&self, unit: &IdNumber) -> Vec<IdNumber> {
        let country = self.country();
        let index = country.organisation_index(unit);
        index.map(|index| country.staff(index).collect()).unwrap_or_default()
    }

    /// The organisation that somebody represents, as the country derives it.
    pub(crate) fn derived_represents(&self, number: &IdNumber) -> Option<IdNumber> {
        let country = self.country();
        let organisation = country.represents(country.index_of(number)?)?;
        country.organisation_number(organisation)
    }
}

/// The day of the counts in seed S3: derived accounts that are overdue were approved before it.
const FIRST_DAY: Timestamp = Timestamp::from_millis(1_709_078_400_000);

fn initial_state(initial: Initial) -> WantedState {
    WantedState {
        state: initial.state.name(),
        level: Level::try_from(initial.level).ok(),
        reason: initial.state.reason(),
        upgrade_approved: initial.state == InitialState::UpgradeApproved,
    }
}

impl Realm {
    /// The person with this ID number, as the population or immigration database has her now.
    pub async fn citizen(&self, number: &IdNumber) -> Result<Option<Citizen>, Error> {
        Ok(self.versioned_citizen(number).await?.0)
    }

    /// The person, and the version of what is stored of her. A number that was re-established is nobody's any more.
    pub(crate) async fn versioned_citizen(
        &self,
        number: &IdNumber,
    ) -> Result<(Option<Citizen>, Option<u64>), Error> {
        let stored = self.get::<Citizen>(number.as_str()).await?;
        Ok(match stored {
            Some(found) => {
                let current = found.record.replaced_by.is_none();
                (current.then_some(found.record), Some(found.version))
            }
            None => (self.flow.base_citizen(&self.record, number), None),
        })
    }

    pub(crate) async fn known_citizen(&self, number: &IdNumber) -> Result<Citizen, Error> {
        self.citizen(number).await?.ok_or(Error::Missing("citizen"))
    }

    /// The organisation with this number, and the version of what is stored of it.
    pub(crate) async fn versioned_organisation(
        &self,
        number: &IdNumber,
    ) -> Result<(Option<Organisation>, Option<u64>), Error> {
        let stored = self.get::<Organisation>(number.as_str()).await?;
        Ok(match stored {
            Some(found) => (Some(found.record), Some(found.version)),
            None => (self.flow.base_organisation(number), None),
        })
    }

    /// Whom a number is about.
    pub(crate) async fn subject(&self, number: &IdNumber) -> Result<Option<Subject>, Error> {
        Ok(self.versioned_subject(number).await?.0)
    }

    /// Whom a number is about, and the version of what is stored of them.
    async fn versioned_subject(
        &self,
        number: &IdNumber,
    ) -> Result<(Option<Subject>, Option<u64>), Error> {
        if number.is_organisation() {
            let (found, version) = self.versioned_organisation(number).await?;
            return Ok((found.map(Subject::from), version));
        }
        let (found, version) = self.versioned_citizen(number).await?;
        Ok((found.map(Subject::from), version))
    }

    /// The rules that a holder is under at `now`.
    pub(crate) fn who(&self, subject: &Subject) -> Who {
        subject.who(self.record.policy.regime, self.now.day())
    }

    /// The account as it was left, before time and databases are looked at.
    pub(crate) async fn load_unsettled(
        &self,
        number: &IdNumber,
    ) -> Result<Option<LoadedAccount>, Error> {
        let (subject, subject_version) = self.versioned_subject(number).await?;
        let Some(subject) = subject else { return Ok(None) };
        let stored = self.get::<Account>(number.as_str()).await?;
        let who = self.who(&subject);
        let (account, version) = match stored {
            Some(found) => (found.record, Some(found.version)),
            None => (self.begun_account(&subject), None),
        };
        let (was, epoch_was) = (account.life, account.epoch);
        Ok(Some(LoadedAccount {
            account,
            version,
            subject,
            subject_version,
            who,
            was,
            epoch_was,
        }))
    }

    /// The account somebody has who was never stored.
    pub(crate) fn begun_account(&self, subject: &Subject) -> Account {
        let base = self.flow.base_account(&self.record, subject);
        base.unwrap_or_else(|| {
            let number = subject.number();
            let email = subject.person().and_then(|person| person.email.clone());
            Account { email, ..Account::unregistered(number, Flow::subject(self.name(), &number)) }
        })
    }

    /// The account as it is: temporary locks that ended have ended, and it follows the databases (Decree 69/2024 Art. 15).
    pub(crate) async fn load_account(
        &self,
        number: &IdNumber,
    ) -> Result<Option<LoadedAccount>, Error> {
        let now = self.now;
        let Some(mut held) = self.load_unsettled(number).await? else { return Ok(None) };
        let ground = held.subject.ground(held.who, now.day());
        held.decide(AccountCommand::FollowRegistry { ground }, now)?;
        Ok(Some(held))
    }

    pub(crate) async fn load_known_account(
        &self,
        number: &IdNumber,
    ) -> Result<LoadedAccount, Error> {
        self.load_account(number).await?.ok_or(Error::Missing("account"))
    }

    /// The account of this ID number, as it is at `now`.
    pub async fn account(&self, number: &IdNumber) -> Result<Account, Error> {
        Ok(self.load_known_account(number).await?.account)
    }

    /// The account and whom it is about.
    pub async fn account_of(&self, number: &IdNumber) -> Result<(Subject, Account), Error> {
        let held = self.load_known_account(number).await?;
        Ok((held.subject, held.account))
    }

    /// The account of a signed-in app, read anew.
    pub async fn held_now(&self, number: &IdNumber) -> Result<LoadedAccount, Error> {
        self.load_known_account(number).await
    }

    /// Writes an account, expecting it to be as it was read, and when time will change it next.
    pub(crate) fn save(&self, change: &mut Change, held: &mut LoadedAccount) {
        let now = self.now;
        self.schedule(change, held);
        if held.account.life.state != held.was.state {
            let (from, to) = (held.was.reads(now), held.account.life.reads(now));
            let text = format!("account {}: {from} → {to}", held.account.number);
            let event = Event::new("account", text).about(held.account.number);
            self.note_with(change, event.with("from", from).with("to", to));
        }
        if held.account.epoch != held.epoch_was {
            self.tell_later(change, &Untold::Account(held.account.number));
        }
        change.write_over(held.account.number.as_str(), held.version, &held.account, None);
    }
}

/// One `@`, something on both sides, at most 254 characters: no more is promised.
pub(crate) fn looks_like_email(email: &str) -> bool {
    let visible = email.chars().all(|c| !c.is_control() && !c.is_whitespace());
    let parts: Vec<_> = email.split('@').collect();
    email.len() <= 254 && visible && matches!(parts[..], [a, b] if !a.is_empty() && !b.is_empty())
}
