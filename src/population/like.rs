//! Whom to look for, and what a search answers.

use std::ops::RangeInclusive;

use crate::identity::{
    Gender, HolderKind, PaperKind,
    lock::LockReason,
    wanted::{StateName, WantedCard},
};

/// Which people to look for; an absent condition is no condition. Accounts are as they begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Like {
    /// What kind of holder on the day of the search. If absent: a foreigner with a nationality or a foreigner's ground for
    /// a lock, a ward if a ward is wanted, and a citizen of 14 and over otherwise.
    pub kind: Option<HolderKind>,
    /// Account level.
    pub level: Option<u8>,
    /// State of the account.
    pub state: Option<StateName>,
    /// Why it is locked.
    pub reason: Option<LockReason>,
    /// Whether level 2 waits for activation over an active level 1.
    pub upgrade_approved: Option<bool>,
    /// Sex.
    pub gender: Option<Gender>,
    /// Years of birth, both ends included.
    pub birth_years: Option<RangeInclusive<u16>>,
    /// Full years lived on the day of the search, both ends included.
    pub ages: Option<RangeInclusive<u16>>,
    /// Two-digit code of the current province of residence.
    pub province: Option<u8>,
    /// Birth province of a citizen: a code of the ID-number list.
    pub birth_province: Option<u16>,
    /// The chip card on the day of the search.
    pub card: Option<WantedCard>,
    /// Papers, all of which the databases hold.
    pub papers: Vec<PaperKind>,
    /// Whether there is a spouse.
    pub married: Option<bool>,
    /// Whether there are children born since 2012.
    pub has_children: Option<bool>,
    /// Whether the person is the legal representative of an organisation.
    pub represents_organisation: Option<bool>,
    /// A foreigner's nationality, ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// Whether an adult is under guardianship.
    pub ward: Option<bool>,
}

impl Like {
    /// The kind of holder that is meant.
    pub fn meant(&self) -> HolderKind {
        let foreign =
            matches!(self.reason, Some(LockReason::PassportExpired | LockReason::ResidenceExpired));
        match self.kind {
            Some(kind) => kind,
            None if foreign || self.nationality.is_some() => HolderKind::Foreigner,
            None if self.ward == Some(true) => HolderKind::Ward,
            None => HolderKind::Citizen,
        }
    }
}

/// Which organisations to look for; an absent condition is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationLike {
    /// State of the account.
    pub state: Option<StateName>,
    /// Why it is locked.
    pub reason: Option<LockReason>,
    /// Two-digit code of the province of the head office.
    pub province: Option<u8>,
    /// How many work there, both ends included.
    pub staff: Option<RangeInclusive<u64>>,
    /// State and level of the legal representative's own account.
    pub representative: Option<(StateName, u8)>,
}

/// What a search answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The index of a person.
    Person(u64),
    /// The index of an organisation.
    Organisation(u64),
    /// Nobody who fits.
    Nobody {
        /// How many were looked at one by one.
        looked_at: u64,
        /// Whether that was everyone who comes into question, so that there is certainly nobody.
        everyone: bool,
    },
}
