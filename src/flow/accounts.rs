//! What a tester does to accounts: "give me one like this", every command, any state by force, lists.

use jiff::ToSpan as _;

use super::{Error, Realm, invalid, people::Held, retry};
use crate::{
    clock::Timestamp,
    dice::Purpose,
    identity::{
        Account, Card, Citizen, Gender, IdNumber, Level, Password, Refused,
        life::{Command, Life, State},
        lock::{By, LockReason},
        province::Province,
        wanted::{StateName, Wanted, WantedCard},
    },
    population::{Found, Like},
    store::{Change, kinds::PhoneHolder},
};

/// "An account like this"; what is left out does not matter.
#[derive(Debug, Clone, Default)]
pub struct AccountLike {
    /// State, level and lock reason.
    pub wanted: Wanted,
    /// Age today, 14 to 95.
    pub age: Option<u16>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Current province of residence, a two-digit code.
    pub province: Option<u8>,
    /// The card.
    pub card: Option<WantedCard>,
}

/// A lifecycle command as the admin API gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminCommand {
    /// Opens level 0.
    OpenLevel0,
    /// Approves a level.
    Approve(Level),
    /// Activates, without the holder's steps.
    Activate,
    /// The hotline opens activation for 7 more days.
    ExtendActivation,
    /// Locks; by the ground's usual party unless another is named.
    Lock(LockReason, Option<By>),
    /// Unlocks; by the party the ground belongs to unless another is named.
    Unlock(Option<By>),
}

impl Realm {
    /// A citizen nobody has touched yet, brought into the wanted state.
    pub async fn make_account(
        &self,
        like: &AccountLike,
        now: Timestamp,
    ) -> Result<(Citizen, Account), Error> {
        let wish = search(like, now)?;
        // Each try is a new person; a taken one costs two look-ups.
        for _ in 0..256 {
            let pick = u64::from_be_bytes(self.dice().bytes::<8>(Purpose::Person));
            let country = self.flow.country();
            let Found::Person(index) = country.search(&wish, now.day(), pick) else {
                return Err(Error::Missing("person like this"));
            };
            let number = country.number_at(index);
            let Some(number) = number else { return Err(Error::Missing("person like this")) };
            if self.flow.fixtures.people.contains_key(&number) {
                continue;
            }
            let held = self.known_held(&number, now).await?;
            let citizen = self.known_citizen(&number, now).await?;
            let aged = like.age.is_none_or(|age| citizen.age_on(now.day()) == age);
            if held.version.is_some() || held.account.phone.is_none() || !aged {
                continue;
            }
            match self.shape(like, citizen, held, now).await {
                Err(Error::Store(crate::store::Error::Conflict)) => {}
                made => return made,
            }
        }
        Err(Error::Missing("person like this"))
    }

    async fn shape(
        &self,
        like: &AccountLike,
        mut citizen: Citizen,
        mut held: Held,
        now: Timestamp,
    ) -> Result<(Citizen, Account), Error> {
        let mut change = self.change(now);
        let state = like.wanted.at(now, self.record.policy.temporary_lock_seconds);
        held.account.life = Life::new(state);
        if state == State::Unregistered {
            unregister(&mut held.account, &mut change);
        }
        if let Some(wanted) = like.card {
            citizen.card = card_for(wanted, &citizen, now);
            change.put(citizen.number.as_str(), &citizen, None);
        }
        held.save(&mut change);
        self.commit(change).await?;
        Ok((citizen, held.account))
    }

    /// Every lifecycle command, under the same rules as anybody's.
    pub async fn command_account(
        &self,
        number: &IdNumber,
        command: AdminCommand,
        now: Timestamp,
    ) -> Result<Account, Error> {
        let command = match command {
            AdminCommand::OpenLevel0 => Command::OpenLevel0,
            AdminCommand::Approve(level) => Command::Approve { level },
            AdminCommand::Activate => Command::Activate,
            AdminCommand::ExtendActivation => Command::ExtendActivation,
            AdminCommand::Lock(reason, by) => {
                Command::Lock { reason, by: by.unwrap_or(reason.usual_party()) }
            }
            AdminCommand::Unlock(by) => {
                let life = self.known_held(number, now).await?.account.life;
                let usual = match life.state {
                    State::Locked { reason, .. } => reason.usual_party(),
                    State::Unregistered | State::Open(_) | State::TemporarilyLocked { .. } => {
                        By::Ministry
                    }
                };
                Command::Unlock { by: by.unwrap_or(usual) }
            }
        };
        retry!(self.try_command(number, command, now).await)
    }

    /// Any state, whatever the rules say. Sessions and tokens of before are dead.
    pub async fn force_state(
        &self,
        number: &IdNumber,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<Account, Error> {
        retry!(self.try_force(number, wanted, now).await)
    }

    async fn try_force(
        &self,
        number: &IdNumber,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<Account, Error> {
        let mut held = self.known_held(number, now).await?;
        let citizen = self.known_citizen(number, now).await?;
        let mut change = self.change(now);
        let state = wanted.at(now, self.record.policy.temporary_lock_seconds);
        held.account.life = Life::new(state);
        held.account.epoch = held.account.epoch.wrapping_add(1);
        let signs_in = wanted.state != StateName::Unregistered;
        if !signs_in {
            unregister(&mut held.account, &mut change);
        }
        if signs_in && held.account.password == Password::None {
            held.account.password = Password::Initial;
        }
        if signs_in && held.account.phone.is_none() {
            let Some(phone) = citizen.phone else {
                return Err(invalid("phone", "is missing: put the citizen with a phone first"));
            };
            self.move_phone(&mut change, &mut held.account, phone, now).await?;
        }
        held.save(&mut change);
        self.commit(change).await?;
        Ok(held.account)
    }

    /// Named and changed accounts by number, after `after`, at most `limit`; in `state` if given.
    pub async fn list_accounts(
        &self,
        state: Option<&str>,
        after: Option<&IdNumber>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Account>, Error> {
        let mut found: Vec<Account> = Vec::new();
        let mut from = after.copied();
        loop {
            let page = self.next_numbers(from.as_ref(), now).await?;
            let Some(last) = page.last().copied() else { return Ok(found) };
            for number in page {
                let account = self.account(&number, now).await?;
                if state.is_none_or(|state| account.life.reads(now) == state) {
                    found.push(account);
                }
                if found.len() == limit {
                    return Ok(found);
                }
            }
            from = Some(last);
        }
    }

    /// The next numbers that have a stored account or a name, merged.
    async fn next_numbers(
        &self,
        after: Option<&IdNumber>,
        now: Timestamp,
    ) -> Result<Vec<IdNumber>, Error> {
        use std::ops::Bound::{Excluded, Unbounded};
        const PAGE: usize = 256;
        let name = after.map(|number| number.as_str().as_bytes());
        let stored = self.store().scan::<Account>(self.id(), b"", name, PAGE, now).await?;
        let start = after.map_or(Unbounded, |number| Excluded(*number));
        let named = self.flow.fixtures.people.range((start, Unbounded)).take(PAGE);
        let mut numbers: Vec<IdNumber> = stored
            .into_iter()
            .map(|(_, account)| account.number)
            .chain(named.map(|(number, _)| *number))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.truncate(PAGE);
        Ok(numbers)
    }

    /// The citizen who holds this phone number.
    pub async fn citizen_by_phone(
        &self,
        phone: &crate::identity::Phone,
        now: Timestamp,
    ) -> Result<Citizen, Error> {
        let holder = self.holder_of(phone, now).await?.ok_or(Error::Missing("citizen"))?;
        self.citizen(&holder, now).await?.ok_or(Error::Refused(Refused::UnknownCitizen))
    }
}

/// Nothing of the account is left; its phone is free.
fn unregister(account: &mut Account, change: &mut Change) {
    if let Some(phone) = account.phone.take() {
        change.put(phone.as_str(), &PhoneHolder(None), None);
    }
    account.email = None;
    account.password = Password::None;
    account.passcode = None;
    account.questions.clear();
}

fn card_for(wanted: WantedCard, citizen: &Citizen, now: Timestamp) -> Option<Card> {
    let today = now.day();
    let issued =
        citizen.card.as_ref().map_or_else(|| today.saturating_sub(1.year()), |card| card.issued);
    let until = |days: i64| Some(today.saturating_add(days.days()));
    match wanted {
        WantedCard::Valid => Some(Card { issued, expires: until(3650), revoked: false }),
        WantedCard::Expiring => Some(Card { issued, expires: until(20), revoked: false }),
        WantedCard::Expired => Some(Card { issued, expires: until(-1), revoked: false }),
        WantedCard::Lost => Some(Card { issued, expires: until(3650), revoked: true }),
        WantedCard::None => None,
    }
}

fn search(like: &AccountLike, now: Timestamp) -> Result<Like, Error> {
    if like.age.is_some_and(|age| !(14..=120).contains(&age)) {
        return Err(invalid("age", "is 14 to 120; children come with a later version"));
    }
    let this_year = u16::try_from(now.day().year()).unwrap_or(0);
    let birth_years = match (like.birth_year, like.age) {
        (Some(year), _) => Some(year..=year),
        (None, Some(age)) => Some(this_year.saturating_sub(age + 1)..=this_year - age),
        (None, None) => None,
    };
    if let Some(code) = like.province
        && Province::by_code(code).is_none()
    {
        return Err(invalid("province", "is one of the 34 current two-digit codes"));
    }
    Ok(Like { province: like.province, birth_years, gender: like.gender, ..Like::default() })
}
