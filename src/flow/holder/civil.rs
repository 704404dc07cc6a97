//! Civil status changes under a live account: a name, or a gender or birth year that gives another ID number.

use jiff::civil::Date;

use crate::{
    dice::DrawPurpose as Draw,
    flow::{
        Error, Realm, base::loaded_account::LoadedAccount, holder::follow_databases::save_citizen,
        invalid, retry,
    },
    identity::{
        Account, Citizen, FullName, Gender, IdNumber, Refused, Subject, life::AccountState,
    },
    outbox::{MessagePurpose, templates},
    store::Change,
};

/// The province code of re-established numbers; no province has it, and the country derives nobody with it.
const REESTABLISHED: u16 = 98;

/// What changes; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct CivilChange {
    /// Another name.
    pub full_name: Option<FullName>,
    /// Gender re-determined: another number (Circular 59/2021 Art. 6).
    pub gender: Option<Gender>,
    /// Birth date corrected: another number if the year changes.
    pub birth_date: Option<Date>,
}

impl Realm {
    /// Changes civil status; the account follows, its `sub` stays, and where the number says otherwise it is
    /// re-established.
    pub async fn change_civil(
        &self,
        number: &IdNumber,
        edit: &CivilChange,
    ) -> Result<(Citizen, Account), Error> {
        let serials: Vec<u32> = (0..16)
            .map(|_| u32::try_from(self.dice().below(Draw::Person, 1_000_000)).unwrap_or_default())
            .collect();
        retry!(async {
            let mut held = self.load_account(number).await?.ok_or(Error::Missing("citizen"))?;
            let mut citizen = held.person()?.clone();
            if let Some(name) = &edit.full_name {
                citizen.full_name.clone_from(name);
            }
            citizen.gender = edit.gender.unwrap_or(citizen.gender);
            citizen.birth_date = edit.birth_date.unwrap_or(citizen.birth_date);
            if citizen.birth_date > self.now.day()
                || !(1900..2200).contains(&citizen.birth_date.year())
            {
                return Err(invalid("birth_date", "must be a day from 1900 to today"));
            }
            let year = u16::try_from(citizen.birth_date.year()).unwrap_or_default();
            let fits = number.gender() == Some(citizen.gender) && number.birth_year() == year;
            let mut change = self.change();
            held.subject = Subject::from(citizen.clone());
            if fits {
                save_citizen(&mut change, &citizen, held.subject_version);
                self.follow(&mut change, &mut held)?;
            } else {
                let new = self.free_number(&citizen, &serials).await?;
                self.renumber(&mut change, &mut citizen, &mut held, new).await?;
            }
            self.commit(change).await?;
            Ok((citizen, held.account))
        })
    }

    /// A number that nobody has, with this person's gender and year.
    async fn free_number(&self, citizen: &Citizen, serials: &[u32]) -> Result<IdNumber, Error> {
        let code = if citizen.foreign.is_some() { 998 } else { REESTABLISHED };
        let year = u16::try_from(citizen.birth_date.year()).unwrap_or_default();
        for serial in serials {
            let Some(number) = IdNumber::from_parts(code, citizen.gender, year, *serial) else {
                continue;
            };
            let (known, version) = self.versioned_citizen(&number).await?;
            if known.is_none() && version.is_none() {
                return Ok(number);
            }
        }
        Err(Error::Missing("free ID number"))
    }

    /// The person, the account and the phone go over to the new number; sessions and tokens of the old one end.
    async fn renumber(
        &self,
        change: &mut Change,
        citizen: &mut Citizen,
        held: &mut LoadedAccount,
        new: IdNumber,
    ) -> Result<(), Error> {
        let old = citizen.number;
        let tombstone = Citizen { replaced_by: Some(new), representative: None, ..citizen.clone() };
        save_citizen(change, &tombstone, held.subject_version);
        citizen.number = new;
        save_citizen(change, citizen, None);
        let mut before = held.clone();
        before.account = Account::unregistered(old, held.account.subject.clone());
        before.account.due = held.account.due;
        before.account.epoch = held.account.epoch.wrapping_add(1);
        self.save(change, &mut before);
        if let Some(phone) = held.account.phone {
            let entry = self.phone_entry(&phone).await?;
            if entry.holder == Some(old) {
                entry.give(change, Some(new));
            }
        }
        self.follow_number(change, citizen.spouse, &old, new).await?;
        held.account.number = new;
        held.account.devices.clear();
        held.account.due = None;
        held.account.epoch = held.account.epoch.wrapping_add(1);
        held.version = None;
        held.subject_version = None;
        held.subject = Subject::from(citizen.clone());
        self.follow(change, held)?;
        if held.account.life.state != AccountState::Unregistered {
            let text = templates::number_replaced();
            self.notify(change, held, MessagePurpose::NumberReplaced, &text);
        }
        Ok(())
    }

    /// Whoever is named by the old number elsewhere is named by the new one: children and wards, the spouse,
    /// organisations.
    async fn follow_number(
        &self,
        change: &mut Change,
        spouse: Option<IdNumber>,
        old: &IdNumber,
        new: IdNumber,
    ) -> Result<(), Error> {
        for child in self.dependants(old).await? {
            let (child, version) = self.versioned_citizen(&child.number).await?;
            let Some(mut child) = child.filter(|it| it.representative == Some(*old)) else {
                continue;
            };
            child.representative = Some(new);
            let spouse = child.spouse.filter(|spouse| spouse == old).map(|_| new);
            child.spouse = spouse.or(child.spouse);
            save_citizen(change, &child, version);
        }
        if let Some(spouse) = spouse {
            let (partner, version) = self.versioned_citizen(&spouse).await?;
            let wedded =
                partner.filter(|it| it.spouse == Some(*old) && it.representative != Some(*old));
            if let Some(mut partner) = wedded {
                partner.spouse = Some(new);
                save_citizen(change, &partner, version);
            }
        }
        for number in self.organisations_of(old).await? {
            let (before, version) = self.versioned_organisation(&number).await?;
            let Some(before) = before else { continue };
            let mut after = before.clone();
            after.rename(old, new);
            Self::save_organisation(change, Some(&before), &after, version)?;
        }
        Ok(())
    }

    /// Refuses what is asked of a number that was re-established.
    pub async fn is_current(&self, number: &IdNumber) -> Result<(), Error> {
        let stored = self.get::<Citizen>(number.as_str()).await?;
        match stored.and_then(|found| found.record.replaced_by) {
            Some(_) => Err(Refused::NumberReplaced.into()),
            None => Ok(()),
        }
    }
}
