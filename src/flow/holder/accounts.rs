//! What a tester does to accounts: every command, any state by force, lists.

use crate::{
    clock::Timestamp,
    flow::{
        Error, Realm, base::loaded_account::LoadedAccount, holder::follow_databases::save_citizen,
        invalid, retry,
    },
    identity::{
        Account, Citizen, IdNumber, Level, Password, Phone, Refused, Regime, Who,
        grounds::ground,
        life::{AccountCommand, AccountState, Life},
        lock::{By, LockReason},
        wanted::{StateName, WantedState},
    },
    store::Change,
};

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
    /// Gives the account another phone, to be activated again.
    ChangePhone(Phone),
    /// Locks; by the ground's usual party unless another is named.
    Lock(LockReason, Option<By>),
    /// Unlocks; by the party the ground belongs to unless another is named.
    Unlock(Option<By>),
}

impl Realm {
    /// Moves an account by one command, its state kept even when the command is refused.
    pub(crate) async fn move_account(
        &self,
        number: &crate::identity::IdNumber,
        command: AccountCommand,
    ) -> Result<Account, Error> {
        retry!(async {
            let mut held = self.load_known_account(number).await?;
            let before = held.account.clone();
            let answer = held.decide(command, self.now);
            let mut change = self.change();
            if held.account != before {
                self.save(&mut change, &mut held);
            }
            if let Ok(effects) = &answer {
                self.carry_out(&mut change, &held, effects);
            }
            self.commit(change).await?;
            answer?;
            Ok(held.account)
        })
    }

    /// Sets a state whatever the rules say, and what belongs to it.
    pub(crate) async fn bring_into(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        wanted: WantedState,
    ) -> Result<(), Error> {
        let now = self.now;
        // An organisation has neither an app account of level 0 nor a password to mistype.
        let personal = matches!(wanted.state, StateName::Level0 | StateName::TemporarilyLocked);
        if personal && held.subject.person().is_none() {
            return Err(invalid("state", "does not apply to organisations"));
        }
        let state = wanted.at(now, self.record.policy.temporary_lock_seconds);
        held.account.life = Life::new(state);
        held.account.level0_since = matches!(wanted.state, StateName::Level0).then_some(now);
        if state == AccountState::Unregistered {
            self.unregister(change, &mut held.account).await?;
            return Ok(());
        }
        if held.account.password == Password::None {
            held.account.password = Password::Initial;
        }
        let ground = held.subject.ground(held.who, now.day());
        held.decide(AccountCommand::FollowRegistry { ground }, now)?;
        Ok(())
    }

    /// Every lifecycle command, under the same rules as anybody's. A ground that a database gives is written there, and
    /// taken out there.
    pub async fn command_account(
        &self,
        number: &IdNumber,
        command: AdminCommand,
    ) -> Result<Account, Error> {
        let now = self.now;
        let command = match command {
            AdminCommand::OpenLevel0 => AccountCommand::OpenLevel0,
            AdminCommand::Approve(level) => AccountCommand::Approve { level },
            AdminCommand::Activate => AccountCommand::Activate,
            AdminCommand::ExtendActivation => AccountCommand::ExtendActivation,
            AdminCommand::ChangePhone(phone) => return self.change_phone(number, phone).await,
            AdminCommand::Lock(reason, by) => {
                let by = by.unwrap_or(reason.usual_party());
                let command = AccountCommand::Lock { reason, by };
                if !reason.is_registered() {
                    return self.move_account(number, command).await;
                }
                // Whether the law allows it is asked before the database is touched.
                let mut held = self.load_known_account(number).await?;
                held.decide(command, now)?;
                return self.set_ground(number, reason, true).await;
            }
            AdminCommand::Unlock(by) => {
                let mut held = self.load_known_account(number).await?;
                let reason = match held.account.life.state {
                    AccountState::Locked { reason, .. } => Some(reason),
                    AccountState::Unregistered
                    | AccountState::Open(_)
                    | AccountState::TemporarilyLocked { .. } => None,
                };
                let usual = reason.map_or(By::Ministry, LockReason::usual_party);
                let command = AccountCommand::Unlock { by: by.unwrap_or(usual) };
                if let Some(reason) = reason.filter(|reason| reason.is_registered()) {
                    held.decide(command, now)?;
                    return self.set_ground(number, reason, false).await;
                }
                command
            }
        };
        self.move_account(number, command).await
    }

    /// Any state, whatever the rules say. Sessions and tokens of before are dead.
    pub async fn force_state(
        &self,
        number: &IdNumber,
        wanted: WantedState,
    ) -> Result<Account, Error> {
        retry!(async {
            let mut held = self.load_known_account(number).await?;
            // A level of its own that the holder may not have at this moment is none to keep.
            let may = |level: &Level| held.who.kind.may_have(*level, held.who.regime).is_ok();
            let own = held.account.life.granted().filter(may);
            let wanted = WantedState { level: wanted.level.or(own), ..wanted };
            let mut change = self.change();
            let mut phone = None;
            if let Some(person) = held.subject.person() {
                let mut citizen = person.clone();
                agree(&mut citizen, wanted, self.record.policy.regime, self.now);
                if citizen != *person {
                    save_citizen(&mut change, &citizen, held.subject_version);
                }
                phone = citizen.phone;
                held.subject = citizen.into();
                held.who = self.who(&held.subject);
            }
            // Whatever the rules say of states; but no holder has a level or a ground that does not exist for its kind.
            let level = wanted.level_for(held.who.kind);
            held.who.kind.may_have(level, held.who.regime)?;
            let reason = wanted.reason.unwrap_or(LockReason::HoldersRequest);
            if wanted.state == StateName::Locked && !reason.applies_to(held.who) {
                return Err(Refused::GroundNotForHolder { holder: held.who.kind, reason }.into());
            }
            let wanted = WantedState { level: Some(level), ..wanted };
            held.account.epoch = held.account.epoch.wrapping_add(1);
            self.bring_into(&mut change, &mut held, wanted).await?;
            let signs_in = wanted.state != StateName::Unregistered;
            let is_person = held.subject.person().is_some();
            if signs_in && is_person && held.account.phone.is_none() {
                let theirs = self.phone_for(&held, phone).await?;
                let Some(phone) = theirs else {
                    return Err(invalid(
                        "phone",
                        "is required: put the citizen with a phone first",
                    ));
                };
                self.move_phone(&mut change, &mut held, phone).await?;
            }
            self.save(&mut change, &mut held);
            self.commit(change).await?;
            Ok(held.account)
        })
    }

    /// The phone an account would have: the holder's own, or the representative's.
    pub(crate) async fn phone_for(
        &self,
        held: &LoadedAccount,
        own: Option<Phone>,
    ) -> Result<Option<Phone>, Error> {
        let Some(number) = held.subject.representative(held.who) else { return Ok(own) };
        let Some(representative) = self.load_account(&number).await? else { return Ok(own) };
        let subscribed = representative.subject.person().and_then(|person| person.phone);
        Ok(representative.account.phone.or(subscribed).or(own))
    }

    /// Named and changed accounts by number, after `after`, at most `limit`; in `state` if given.
    pub async fn list_accounts(
        &self,
        state: Option<&str>,
        after: Option<&IdNumber>,
        limit: usize,
    ) -> Result<Vec<Account>, Error> {
        let mut found: Vec<Account> = Vec::new();
        let mut from = after.copied();
        loop {
            let page = self.next_numbers(from.as_ref()).await?;
            let Some(last) = page.last().copied() else { return Ok(found) };
            for number in page {
                // A number that was re-established has no account any more.
                let Some(held) = self.load_account(&number).await? else { continue };
                let account = held.account;
                if state.is_none_or(|state| account.life.reads(self.now) == state) {
                    found.push(account);
                }
                if found.len() == limit {
                    return Ok(found);
                }
            }
            from = Some(last);
        }
    }

    /// The next numbers that have a stored account or a name.
    async fn next_numbers(&self, after: Option<&IdNumber>) -> Result<Vec<IdNumber>, Error> {
        const PAGE: usize = 256;
        let fixtures = &self.flow.fixtures;
        let mut named: Vec<&IdNumber> =
            fixtures.people.keys().chain(fixtures.organisations.keys()).collect();
        named.sort_unstable();
        let number = |account: &Account| account.number;
        self.named_and_stored(named.into_iter(), number, after, PAGE).await
    }

    /// The citizen whose account holds this phone number; without one, in whose name it was subscribed to.
    pub async fn citizen_by_phone(&self, phone: &Phone) -> Result<Citizen, Error> {
        let holder = self.holder_of(phone).await?;
        if let Some(holder) = holder {
            let citizen = self.citizen(&holder).await?;
            return citizen.ok_or(Error::Refused(Refused::UnknownCitizen));
        }
        let subscriber = self.flow.base_subscriber(phone).ok_or(Error::Missing("citizen"))?;
        let citizen = self.citizen(&subscriber).await?;
        citizen.filter(|it| it.phone == Some(*phone)).ok_or(Error::Missing("citizen"))
    }

    /// Nothing of the account is left; its phone is free.
    pub(crate) async fn unregister(
        &self,
        change: &mut Change,
        account: &mut Account,
    ) -> Result<(), Error> {
        self.release_phone(change, account).await?;
        let blank = Account::unregistered(account.number, account.subject.clone());
        let (epoch, due) = (account.epoch, account.due);
        *account = Account { epoch, due, ..blank };
        Ok(())
    }
}

/// Lets the databases agree with a wanted state: they give its ground, and no other.
pub(crate) fn agree(citizen: &mut Citizen, wanted: WantedState, regime: Regime, now: Timestamp) {
    let today = now.day();
    for _ in LockReason::ALL {
        let who = Who { kind: citizen.kind_on(today), regime };
        let Some(reason) = citizen.ground(who, today) else { break };
        ground(citizen, reason, false, now);
    }
    if let Some(reason) = wanted.reason.filter(|_| wanted.state == StateName::Locked) {
        ground(citizen, reason, true, now);
    }
}
