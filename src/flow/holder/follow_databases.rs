//! The databases change under a live account: cards, deaths, papers; the account follows in the same batch.

use crate::{
    flow::{
        Error, Realm,
        base::loaded_account::LoadedAccount,
        kinds::{ActsFor, Dependant},
        retry,
    },
    identity::{
        Account, Citizen, IdNumber, Organisation, Refused, Subject,
        grounds::{ground, renew},
        life::{AccountCommand, AccountState},
        lock::LockReason,
    },
    store::Change,
};

impl Realm {
    /// Changes a person's record; the account follows what the databases say from now on.
    pub(crate) async fn change_citizen(
        &self,
        number: &IdNumber,
        edit: impl Fn(&mut Citizen) -> Result<(), Error> + Send + Sync,
    ) -> Result<LoadedAccount, Error> {
        retry!(async {
            let mut held = self.load_account(number).await?.ok_or(Error::Missing("citizen"))?;
            let mut citizen = held.person()?.clone();
            edit(&mut citizen)?;
            let mut change = self.change();
            save_citizen(&mut change, &citizen, held.subject_version);
            held.subject = citizen.into();
            self.follow(&mut change, &mut held)?;
            self.commit(change).await?;
            Ok(held)
        })
    }

    /// Lets an account follow its changed subject, and writes it.
    pub(crate) fn follow(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
    ) -> Result<(), Error> {
        let now = self.now;
        held.who = self.who(&held.subject);
        let ground = held.subject.ground(held.who, now.day());
        let effects = held.decide(AccountCommand::FollowRegistry { ground }, now)?;
        if held.version.is_some() || held.account.life.state != AccountState::Unregistered {
            self.save(change, held);
        }
        self.carry_out(change, held, &effects);
        Ok(())
    }

    /// A new card; the one of before goes into the history, and a lock for its sake ends.
    pub(crate) fn issue_card(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
    ) -> Result<(), Error> {
        let now = self.now;
        let mut citizen = held.person()?.clone();
        renew(&mut citizen, now);
        save_citizen(change, &citizen, held.subject_version);
        held.subject = citizen.into();
        held.who = self.who(&held.subject);
        let ground = held.subject.ground(held.who, now.day());
        let effects = held.decide(AccountCommand::FollowRegistry { ground }, now)?;
        self.carry_out(change, held, &effects);
        Ok(())
    }

    /// A desk issues a new card.
    pub async fn renew_card(&self, number: &IdNumber) -> Result<Citizen, Error> {
        let now = self.now;
        let edit = move |citizen: &mut Citizen| {
            if citizen.foreign.is_some() {
                return Err(Refused::WrongAuthority.into());
            }
            if citizen.died.is_some_and(|day| day <= now.day()) {
                return Err(Refused::UnknownCitizen.into());
            }
            renew(citizen, now);
            Ok(())
        };
        let held = self.change_citizen(number, edit).await?;
        Ok(held.person()?.clone())
    }

    /// A card is reported lost: it is revoked.
    pub async fn lose_card(&self, number: &IdNumber) -> Result<Citizen, Error> {
        let edit = |citizen: &mut Citizen| {
            let card = citizen.card.as_mut().ok_or(Refused::CardRequired)?;
            card.revoked = true;
            Ok(())
        };
        let held = self.change_citizen(number, edit).await?;
        Ok(held.person()?.clone())
    }

    /// The ground for a lock is written into the database it comes from, or taken out of it.
    pub(crate) async fn set_ground(
        &self,
        number: &IdNumber,
        reason: LockReason,
        holds: bool,
    ) -> Result<Account, Error> {
        let now = self.now;
        if number.is_organisation() {
            let held = self
                .change_organisation(number, move |it| it.dissolved = holds.then(|| now.day()))
                .await?;
            return Ok(held.account);
        }
        let edit = move |citizen: &mut Citizen| {
            ground(citizen, reason, holds, now);
            Ok(())
        };
        Ok(self.change_citizen(number, edit).await?.account)
    }

    /// Writes an organisation, expecting it to be as it was read, and by whom it is found.
    pub(crate) fn save_organisation(
        change: &mut Change,
        before: Option<&Organisation>,
        organisation: &Organisation,
        version: Option<u64>,
    ) -> Result<(), Error> {
        organisation.validate()?;
        let number = organisation.number;
        change.write_over(number.as_str(), version, organisation, None);
        let name = |person: IdNumber| format!("{person}\0{number}");
        for gone in before.into_iter().flat_map(Organisation::people) {
            change.delete::<ActsFor>(name(gone));
        }
        for person in organisation.people() {
            change.put(name(person), &ActsFor(number), None);
        }
        Ok(())
    }

    /// Changes an organisation's record; its account follows.
    pub(crate) async fn change_organisation(
        &self,
        number: &IdNumber,
        edit: impl Fn(&mut Organisation) + Send + Sync,
    ) -> Result<LoadedAccount, Error> {
        retry!(async {
            let mut held =
                self.load_account(number).await?.ok_or(Error::Missing("organisation"))?;
            let Subject::Organisation(before) = held.subject.clone() else {
                return Err(Error::Missing("organisation"));
            };
            let mut organisation = (*before).clone();
            edit(&mut organisation);
            let mut change = self.change();
            let version = held.subject_version;
            Self::save_organisation(&mut change, Some(&before), &organisation, version)?;
            held.subject = Subject::from(organisation);
            self.follow(&mut change, &mut held)?;
            self.commit(change).await?;
            Ok(held)
        })
    }
}

/// Writes a person, expecting her to be as she was read; whoever represents her can be found by it.
pub(crate) fn save_citizen(change: &mut Change, citizen: &Citizen, version: Option<u64>) {
    change.write_over(citizen.number.as_str(), version, citizen, None);
    if let Some(representative) = citizen.representative {
        let name = format!("{representative}\0{}", citizen.number);
        change.put(name, &Dependant(citizen.number), None);
    }
}
