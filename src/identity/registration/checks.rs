//! Who may register where, what the databases object to, and how long the law gives.

use jiff::civil::Date;

use super::{Evidence, Registration, RegistrationChannel, Rejection};
use crate::identity::{
    calendar::LegalTime,
    citizen::{CardStatus, Citizen},
    holder::{Regime, Who},
    level::Level,
    number::IdNumber,
    organisation::Organisation,
    refused::Refused,
    subject::Subject,
};

/// Who asks, where, and with whom.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'a> {
    /// The holder to be.
    pub citizen: &'a Citizen,
    /// What kind of holder that is, and under which decree.
    pub who: Who,
    /// Where it is asked for.
    pub channel: RegistrationChannel,
    /// The province of the desk, a current two-digit code.
    pub desk_province: Option<u8>,
    /// Who registers for a child or ward.
    pub representative: Option<&'a Representative>,
}

/// Somebody who acts for a child or ward.
#[derive(Debug, Clone, Copy)]
pub struct Representative {
    /// Her ID number.
    pub number: IdNumber,
    /// Her spouse, who is a parent as well.
    pub spouse: Option<IdNumber>,
    /// Whether she has an active account of level 2.
    pub has_level_2: bool,
}

/// Kind of holder, card, place and representative (Decree 69/2024 Art. 7, 10, 11; facts 1.6, 1.9).
pub fn may_register(applicant: Applicant<'_>, today: Date) -> Result<(), Refused> {
    let Applicant { citizen, who, channel, desk_province, .. } = applicant;
    if citizen.died.is_some_and(|day| day <= today) {
        return Err(Refused::UnknownCitizen);
    }
    represented(applicant)?;
    who.kind.may_have(channel.level(), who.regime)?;
    if let Some(papers) = &citizen.foreign {
        if papers.passport.expires < today || papers.residence_card.expires < today {
            return Err(Refused::ResidenceRequired);
        }
        return match channel {
            RegistrationChannel::App | RegistrationChannel::Immigration => Ok(()),
            _ => Err(Refused::WrongAuthority),
        };
    }
    let card_valid = citizen.card.as_ref().is_some_and(|card| card.status(today).is_usable());
    match channel {
        RegistrationChannel::App | RegistrationChannel::Desk if !card_valid => {
            Err(Refused::CardRequired)
        }
        RegistrationChannel::DeskWithCard if card_valid => Err(Refused::CardStillValid),
        RegistrationChannel::DeskWithCard if desk_province != Some(citizen.residence.province) => {
            Err(Refused::WrongPlace)
        }
        RegistrationChannel::App
        | RegistrationChannel::Desk
        | RegistrationChannel::DeskWithCard => Ok(()),
        _ => Err(Refused::WrongAuthority),
    }
}

/// Decree 69/2024 Art. 10.1: a guardian registers in the app with an own level-2 account; at the desk the
/// representative comes along.
fn represented(applicant: Applicant<'_>) -> Result<(), Refused> {
    if !applicant.who.kind.is_represented() {
        return match applicant.representative {
            Some(_) => Err(Refused::NotRepresentative),
            None => Ok(()),
        };
    }
    let Some(representative) = applicant.representative else {
        return Err(Refused::RepresentativeRequired);
    };
    let known = applicant.citizen.representative;
    if known != Some(representative.number) && (known.is_none() || known != representative.spouse) {
        return Err(Refused::NotRepresentative);
    }
    let needs_level_2 = applicant.who.regime == Regime::Decree69;
    if applicant.channel == RegistrationChannel::App && needs_level_2 && !representative.has_level_2
    {
        return Err(Refused::RepresentativeLevel);
    }
    Ok(())
}

/// Decree 69/2024 Art. 13, Decree 59/2022 Art. 17: the two agree wherever both are known.
pub fn legal_time(subject: &Subject, channel: RegistrationChannel, today: Date) -> LegalTime {
    match subject {
        Subject::Organisation(organisation) if organisation.in_database => {
            LegalTime::WorkingDays(3)
        }
        Subject::Organisation(_) => LegalTime::Days(15),
        Subject::Person(person) => {
            let in_database = person.foreign.as_ref().is_none_or(|papers| papers.in_database);
            let card = person.card.as_ref().map(|card| card.status(today));
            let has_card = person.foreign.is_some() || card.is_some_and(CardStatus::is_usable);
            match channel {
                RegistrationChannel::App => LegalTime::WorkingDays(1),
                _ if has_card && in_database => LegalTime::WorkingDays(3),
                _ => LegalTime::WorkingDays(7),
            }
        }
    }
}

impl Registration {
    /// What the databases object to, field by field (Decree 69/2024 Art. 10, 11, 12; facts 1.4).
    pub fn objection(&self, subject: &Subject) -> Option<Rejection> {
        let fields = match subject {
            Subject::Person(person) => self.person_differs(person),
            Subject::Organisation(known) => self.organisation_differs(known),
        };
        if !fields.is_empty() {
            return Some(Rejection::DataMismatch { fields });
        }
        // An organisation has neither face nor fingers.
        subject.person()?;
        if self.application.portrait != Evidence::Match {
            return Some(Rejection::Portrait { evidence: self.application.portrait });
        }
        if self.application.channel.level() == Level::Two
            && self.application.fingerprints != Evidence::Match
        {
            return Some(Rejection::Fingerprints { evidence: self.application.fingerprints });
        }
        None
    }

    fn person_differs(&self, person: &Citizen) -> Vec<String> {
        let declared = &self.application.declared;
        let papers = person.foreign.as_ref();
        let nationality = papers.map_or("VN", |papers| &papers.nationality);
        let passport = papers.map(|papers| &*papers.passport.number).unwrap_or_default();
        named([
            ("full_name", differs(declared.full_name.as_ref(), &person.full_name)),
            ("birth_date", differs(declared.birth_date.as_ref(), &person.birth_date)),
            ("gender", differs(declared.gender.as_ref(), &person.gender)),
            ("nationality", differs(declared.nationality.as_deref(), nationality)),
            ("passport_number", differs(declared.passport_number.as_deref(), passport)),
        ])
    }

    fn organisation_differs(&self, known: &Organisation) -> Vec<String> {
        let Some(declared) = &self.application.declared.organisation else { return Vec::new() };
        // What is in no database is taken as declared, and takes longer (Art. 13).
        if !known.in_database {
            return Vec::new();
        }
        named([
            ("name", declared.name != known.name),
            ("tax_code", declared.tax_code != known.tax_code),
            ("enterprise_code", declared.enterprise_code != known.enterprise_code),
            ("representative", declared.representative != known.representative),
        ])
    }
}

fn named<const N: usize>(fields: [(&str, bool); N]) -> Vec<String> {
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.to_owned()).collect()
}

fn differs<T: PartialEq + ?Sized>(declared: Option<&T>, known: &T) -> bool {
    declared.is_some_and(|declared| declared != known)
}
