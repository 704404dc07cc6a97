//! How many people begin with which account: the published totals, in proportion to the size of the country.

use serde::{Deserialize, Serialize};

use crate::identity::{lock::LockReason, wanted::StateName};

use super::census::MOST_PEOPLE;

/// The counts of the real country, of [`MOST_PEOPLE`]: level 1, all activated (the rest are level 2).
const LEVEL1: u64 = 15_000_000;
const ACTIVATED: u64 = 52_500_000;
/// Activated at level 1. The sources give only the sum; 70 % of level 1 (and so 78.7 % of level 2) is invented.
const LEVEL1_ACTIVATED: u64 = 10_500_000;

/// Adults without an account, children and foreigners beside them; round figures of the order of published ones.
const WITHOUT_ACCOUNT: u64 = 8_000_000;
const CHILDREN: u64 = 16_000_000;
const FOREIGNERS: u64 = 100_000;

/// The state an account begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InitialState {
    /// Nothing asked for yet.
    Unregistered,
    /// The app account before level 1.
    Level0,
    /// Approved a moment ago.
    Approved,
    /// Approved more than 7 days ago.
    ActivationOverdue,
    /// In use.
    Active,
    /// In use at level 1, and level 2 waits for activation.
    UpgradeApproved,
    /// After wrong tries.
    TemporarilyLocked,
    /// On a ground of the law.
    Locked(LockReason),
}

impl InitialState {
    /// The name every document writes: an account whose upgrade waits is active.
    pub const fn name(self) -> StateName {
        match self {
            Self::Unregistered => StateName::Unregistered,
            Self::Level0 => StateName::Level0,
            Self::Approved => StateName::Approved,
            Self::ActivationOverdue => StateName::ActivationOverdue,
            Self::Active | Self::UpgradeApproved => StateName::Active,
            Self::TemporarilyLocked => StateName::TemporarilyLocked,
            Self::Locked(_) => StateName::Locked,
        }
    }

    /// The ground of the lock.
    pub const fn reason(self) -> Option<LockReason> {
        match self {
            Self::Locked(reason) => Some(reason),
            Self::Unregistered
            | Self::Level0
            | Self::Approved
            | Self::ActivationOverdue
            | Self::Active
            | Self::UpgradeApproved
            | Self::TemporarilyLocked => None,
        }
    }
}

/// The account a person or an organisation begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initial {
    /// Account level: 1 or 2; 0 before level 1, without an account, and of organisations.
    pub level: u8,
    /// Its state.
    pub state: InitialState,
}

impl Initial {
    /// No account.
    pub const UNREGISTERED: Self = Self { level: 0, state: InitialState::Unregistered };

    #[cfg(feature = "internals")]
    /// Whether it has been activated, locked or not.
    pub const fn activated(self) -> bool {
        matches!(
            self.state,
            InitialState::Active
                | InitialState::UpgradeApproved
                | InitialState::TemporarilyLocked
                | InitialState::Locked(_)
        )
    }
}

/// How many people there are beside the account holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Adults without an account.
    pub(crate) without_account: u64,
    /// Citizens born in 2012 to 2019.
    pub(crate) children: u64,
    /// Citizens born since 2020.
    pub(crate) infants: u64,
    /// Foreigners born before 2020.
    pub(crate) foreigners: u64,
    /// Foreigners born since.
    pub(crate) young_foreigners: u64,
}

impl Beside {
    /// In proportion to the accounts.
    pub(crate) fn of(size: u64) -> Self {
        let (children, foreigners) = (proportion(size, CHILDREN), proportion(size, FOREIGNERS));
        // Fewer were born each year; 4 in 100 foreigners are under 6.
        let (infants, young_foreigners) = (children * 41 / 100, foreigners * 4 / 100);
        Self {
            without_account: proportion(size, WITHOUT_ACCOUNT),
            children: children - infants,
            infants,
            foreigners: foreigners - young_foreigners,
            young_foreigners,
        }
    }
}

/// A count of the real country scaled to a size, rounded to the nearest person.
const fn proportion(size: u64, count: u64) -> u64 {
    (size * count + MOST_PEOPLE / 2) / MOST_PEOPLE
}

/// How many people begin with which account. The four counts add up to the size of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Level 1, activated: active, temporarily locked and locked.
    pub level1_activated: u64,
    /// Level 1, approved but not activated.
    pub level1_waiting: u64,
    /// Level 2, activated.
    pub level2_activated: u64,
    /// Level 2, approved but not activated.
    pub level2_waiting: u64,
}

impl Shares {
    /// The counts of a country of `size` people: each total is its exact proportion, rounded to the nearest person.
    /// Of 68.4 million: 15 million level 1, 53.4 million level 2, 52.5 million activated.
    pub fn of(size: u64) -> Self {
        let size = size.min(MOST_PEOPLE);
        let proportion = |count| proportion(size, count);
        let (level1, activated) = (proportion(LEVEL1), proportion(ACTIVATED));
        let level2 = size - level1;
        // Neither level may hold more activated accounts than accounts.
        let least = activated.saturating_sub(level2);
        let level1_activated = proportion(LEVEL1_ACTIVATED).max(least).min(level1).min(activated);
        let level2_activated = activated - level1_activated;
        Self {
            level1_activated,
            level1_waiting: level1 - level1_activated,
            level2_activated,
            level2_waiting: level2 - level2_activated,
        }
    }

    #[cfg(feature = "internals")]
    /// Accounts of level 1.
    pub const fn level1(&self) -> u64 {
        self.level1_activated + self.level1_waiting
    }

    #[cfg(feature = "internals")]
    /// Accounts of level 2.
    pub const fn level2(&self) -> u64 {
        self.level2_activated + self.level2_waiting
    }

    /// Activated accounts of both levels.
    pub const fn activated(&self) -> u64 {
        self.level1_activated + self.level2_activated
    }
}
