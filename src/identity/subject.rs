//! Whom an account is about: a person or an organisation, with the questions that rules ask of either.

use jiff::civil::Date;

use super::{
    citizen::Citizen,
    holder::{HolderKind, Regime, Who},
    lock::LockReason,
    name::unaccent,
    number::IdNumber,
    organisation::Organisation,
};

/// A holder's record in the databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A citizen or foreigner.
    Person(Box<Citizen>),
    /// An agency or organisation.
    Organisation(Box<Organisation>),
}

impl Subject {
    /// The ID number, or an organisation's identification number.
    pub const fn number(&self) -> IdNumber {
        match self {
            Self::Person(person) => person.number,
            Self::Organisation(organisation) => organisation.number,
        }
    }

    /// The person, if it is one.
    pub const fn person(&self) -> Option<&Citizen> {
        match self {
            Self::Person(person) => Some(person),
            Self::Organisation(_) => None,
        }
    }

    /// Full name, or the organisation's.
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => person.full_name.as_str(),
            Self::Organisation(organisation) => &organisation.name,
        }
    }

    /// The name as SMS print it.
    pub fn unaccented(&self) -> String {
        unaccent(self.name())
    }

    /// The kind of holder on `today`, and the rules it is under.
    pub fn who(&self, regime: Regime, today: Date) -> Who {
        let kind = match self {
            Self::Person(person) => person.kind_on(today),
            Self::Organisation(_) => HolderKind::Organisation,
        };
        Who { kind, regime }
    }

    /// The ground for a lock that the databases give on `today`.
    pub fn ground(&self, who: Who, today: Date) -> Option<LockReason> {
        match self {
            Self::Person(person) => person.ground(who, today),
            Self::Organisation(organisation) => organisation.ground(today),
        }
    }

    /// Who acts for it: the parent or guardian of a child or ward, the legal representative of an organisation.
    pub fn representative(&self, who: Who) -> Option<IdNumber> {
        match self {
            Self::Person(person) => person.representative.filter(|_| who.kind.is_represented()),
            Self::Organisation(organisation) => Some(organisation.representative),
        }
    }
}

impl From<Citizen> for Subject {
    fn from(citizen: Citizen) -> Self {
        Self::Person(Box::new(citizen))
    }
}

impl From<Organisation> for Subject {
    fn from(organisation: Organisation) -> Self {
        Self::Organisation(Box::new(organisation))
    }
}
