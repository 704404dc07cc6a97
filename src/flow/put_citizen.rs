//! A tester puts a named citizen, or changes attributes under a live account.

use jiff::civil::Date;

use super::{Error, Realm, invalid, people::looks_like_email, retry};
use crate::{
    clock::Timestamp,
    identity::{Address, Card, Citizen, FullName, Gender, IdNumber, Phone},
    store::Change,
};

/// What changes; what is left out stays as it is, in the population database and in the account.
#[derive(Debug, Clone, Default)]
pub struct CitizenEdit {
    /// Family, middle, given.
    pub full_name: Option<FullName>,
    /// Its year agrees with the number.
    pub birth_date: Option<Date>,
    /// Agrees with the number.
    pub gender: Option<Gender>,
    /// Residence.
    pub residence: Option<Address>,
    /// Code of the ID-number list.
    pub birth_province: Option<u16>,
    /// Mobile number; the account's follows.
    pub phone: Option<Phone>,
    /// E-mail address; the account's follows.
    pub email: Option<String>,
    /// The chip card, or none.
    pub card: Option<Option<Card>>,
}

impl CitizenEdit {
    fn newcomer(&self, number: IdNumber) -> Result<Citizen, Error> {
        fn needed<T: Clone>(field: &'static str, value: Option<&T>) -> Result<T, Error> {
            value.cloned().ok_or_else(|| invalid(field, "is needed for a new citizen"))
        }
        Ok(Citizen {
            number,
            full_name: needed("full_name", self.full_name.as_ref())?,
            birth_date: needed("birth_date", self.birth_date.as_ref())?,
            gender: needed("gender", self.gender.as_ref())?,
            residence: needed("residence", self.residence.as_ref())?,
            birth_province: 1,
            phone: None,
            email: None,
            card: None,
            former_cards: Vec::new(),
            spouse: None,
            representative: None,
            under_guardianship: false,
            died: None,
            foreign: None,
            papers: None,
        })
    }

    fn apply(&self, citizen: &mut Citizen) {
        fn set<T: Clone>(field: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                field.clone_from(value);
            }
        }
        set(&mut citizen.full_name, self.full_name.as_ref());
        set(&mut citizen.birth_date, self.birth_date.as_ref());
        set(&mut citizen.gender, self.gender.as_ref());
        set(&mut citizen.residence, self.residence.as_ref());
        set(&mut citizen.birth_province, self.birth_province.as_ref());
        set(&mut citizen.card, self.card.as_ref());
        citizen.phone = self.phone.or(citizen.phone);
        citizen.email = self.email.clone().or_else(|| citizen.email.take());
    }
}

fn check(citizen: &Citizen) -> Result<(), Error> {
    if citizen.number.gender() != Some(citizen.gender) {
        return Err(invalid("gender", "is not what the fourth digit of number says"));
    }
    if i16::try_from(citizen.number.birth_year()).ok() != Some(citizen.birth_date.year()) {
        return Err(invalid("birth_date", "is not in the year that number says"));
    }
    if citizen.email.as_ref().is_some_and(|email| !looks_like_email(email)) {
        return Err(invalid("email", "is an address such as an@example.com"));
    }
    Ok(())
}

impl Realm {
    /// Puts a named citizen, or changes any attribute under a live account.
    pub async fn put_citizen(
        &self,
        number: &IdNumber,
        edit: &CitizenEdit,
        now: Timestamp,
    ) -> Result<Citizen, Error> {
        retry!(self.try_put_citizen(number, edit, now).await)
    }

    async fn try_put_citizen(
        &self,
        number: &IdNumber,
        edit: &CitizenEdit,
        now: Timestamp,
    ) -> Result<Citizen, Error> {
        let (known, version) = self.versioned_citizen(number, now).await?;
        let mut citizen = known.map_or_else(|| edit.newcomer(*number), Ok)?;
        edit.apply(&mut citizen);
        check(&citizen)?;
        let mut change = self.change(now);
        let held = self.held(number, now).await?;
        let mut held = held.unwrap_or_else(|| self.never_stored(&citizen));
        let before = held.account.clone();
        if let Some(phone) = edit.phone {
            self.move_phone(&mut change, &mut held.account, phone, now).await?;
        }
        if edit.email.is_some() {
            held.account.email.clone_from(&edit.email);
        }
        if held.account != before {
            held.save(&mut change);
        }
        save_citizen(&mut change, &citizen, version);
        self.store().commit(change).await?;
        Ok(citizen)
    }

    /// The citizen, and the version of what is stored of her.
    pub(crate) async fn versioned_citizen(
        &self,
        number: &IdNumber,
        now: Timestamp,
    ) -> Result<(Option<Citizen>, Option<u64>), Error> {
        let stored = self.store().get::<Citizen>(self.id(), number.as_str(), now).await?;
        match stored {
            Some(found) => Ok((Some(found.record), Some(found.version))),
            None => Ok((self.citizen(number, now).await?, None)),
        }
    }
}

/// Writes a citizen, expecting her to be as she was read.
pub(crate) fn save_citizen(change: &mut Change, citizen: &Citizen, version: Option<u64>) {
    let name = citizen.number.as_str();
    match version {
        Some(version) => change.replace(name, version, citizen, None),
        None => change.insert(name, citizen, None),
    };
}
