//! A tester puts a named citizen, or changes attributes under a live account.

use jiff::civil::Date;

use crate::{
    flow::{
        Error, Realm,
        base::loaded_account::LoadedAccount,
        holder::{follow_databases::save_citizen, people::looks_like_email},
        invalid, retry,
    },
    identity::{
        Address, Card, Citizen, Foreign, FullName, Gender, IdNumber, Papers, Phone, Subject,
        life::AccountState,
    },
};

/// What changes; what is left out stays as it is, in the population database and in the account.
#[derive(Debug, Clone, Default)]
pub struct CitizenEdit {
    /// Family, middle, given.
    pub full_name: Option<FullName>,
    /// Its year agrees with the number.
    pub birth_date: Option<Date>,
    /// Must agree with the number.
    pub gender: Option<Gender>,
    /// Residence.
    pub residence: Option<Address>,
    /// Code of the ID-number list.
    pub birth_province: Option<u16>,
    /// Mobile number; the account's changes with it.
    pub phone: Option<Phone>,
    /// E-mail address; the account's follows.
    pub email: Option<String>,
    /// The chip card, or none.
    pub card: Option<Option<Card>>,
    /// The spouse.
    pub spouse: Option<IdNumber>,
    /// The parent or guardian.
    pub representative: Option<IdNumber>,
    /// Whether somebody of 14 and over is under guardianship.
    pub under_guardianship: Option<bool>,
    /// The day of death, or none.
    pub died: Option<Option<Date>>,
    /// A foreigner's papers; only for numbers that begin with 9.
    pub foreign: Option<Foreign>,
    /// What the other databases hold, in place of what is derived.
    pub papers: Option<Papers>,
}

impl CitizenEdit {
    fn newcomer(&self, number: IdNumber) -> Result<Citizen, Error> {
        fn needed<T: Clone>(field: &'static str, value: Option<&T>) -> Result<T, Error> {
            value.cloned().ok_or_else(|| invalid(field, "is required for a new citizen"))
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
            replaced_by: None,
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
        set(&mut citizen.under_guardianship, self.under_guardianship.as_ref());
        set(&mut citizen.died, self.died.as_ref());
        citizen.spouse = self.spouse.or(citizen.spouse);
        citizen.representative = self.representative.or(citizen.representative);
        citizen.foreign = self.foreign.clone().or_else(|| citizen.foreign.take());
        citizen.papers = self.papers.clone().or_else(|| citizen.papers.take());
        citizen.phone = self.phone.or(citizen.phone);
        citizen.email = self.email.clone().or_else(|| citizen.email.take());
    }
}

fn check(citizen: &Citizen) -> Result<(), Error> {
    if citizen.number.gender() != Some(citizen.gender) {
        return Err(invalid("gender", "must agree with the fourth digit of number"));
    }
    if i16::try_from(citizen.number.birth_year()).ok() != Some(citizen.birth_date.year()) {
        return Err(invalid("birth_date", "must be in the year that number gives"));
    }
    if citizen.number.is_organisation() {
        return Err(invalid("number", "begins with 8: that is an organisation's number"));
    }
    if citizen.number.is_foreign() != citizen.foreign.is_some() {
        return Err(invalid("foreign", "is for numbers that begin with 9 only"));
    }
    let own = Some(citizen.number);
    if citizen.representative == own || citizen.spouse == own {
        return Err(invalid("representative", "and spouse must be other people"));
    }
    if citizen.foreign.is_some() && citizen.card.is_some() {
        return Err(invalid("card", "is for citizens only; a foreigner has a residence card"));
    }
    let kin = [citizen.representative, citizen.spouse];
    if kin.into_iter().flatten().any(|it| it.is_organisation()) {
        return Err(invalid("representative", "and spouse must be people, not organisations"));
    }
    if citizen.died.is_some_and(|day| day < citizen.birth_date) {
        return Err(invalid("died", "must not be before birth_date"));
    }
    citizen.foreign.as_ref().map_or(Ok(()), Foreign::validate)?;
    citizen.papers.as_ref().map_or(Ok(()), Papers::validate)?;
    if citizen.email.as_ref().is_some_and(|email| !looks_like_email(email)) {
        return Err(invalid("email", "must be an address such as an@example.com"));
    }
    Ok(())
}

impl Realm {
    /// Creates a named citizen, or changes attributes of one, even with an active account.
    pub async fn put_citizen(
        &self,
        number: &IdNumber,
        edit: &CitizenEdit,
    ) -> Result<Citizen, Error> {
        retry!(async {
            let (known, version) = self.versioned_citizen(number).await?;
            let mut citizen = known.map_or_else(|| edit.newcomer(*number), Ok)?;
            edit.apply(&mut citizen);
            check(&citizen)?;
            let mut change = self.change();
            let held = self.load_account(number).await?;
            let mut held = held.unwrap_or_else(|| {
                let subject = Subject::from(citizen.clone());
                let who = self.who(&subject);
                let account = self.begun_account(&subject);
                let (was, epoch_was) = (account.life, account.epoch);
                LoadedAccount {
                    account,
                    version: None,
                    subject,
                    subject_version: version,
                    who,
                    was,
                    epoch_was,
                }
            });
            held.subject = citizen.clone().into();
            held.who = self.who(&held.subject);
            let before = held.account.clone();
            if let Some(phone) = edit.phone {
                self.move_phone(&mut change, &mut held, phone).await?;
            }
            if edit.email.is_some() {
                held.account.email.clone_from(&edit.email);
            }
            if held.account != before && held.account.life.state == AccountState::Unregistered {
                self.save(&mut change, &mut held);
            } else {
                self.follow(&mut change, &mut held)?;
            }
            save_citizen(&mut change, &citizen, version);
            self.commit(change).await?;
            Ok(citizen)
        })
    }
}
