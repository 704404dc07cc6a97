//! How many people begin with which account: exact counts, shared out by rank.

use serde::{Deserialize, Serialize};

use super::country::MOST_PEOPLE;

/// The counts of the real country, of [`MOST_PEOPLE`]: level 1, all activated (the rest are level 2).
const LEVEL1: u64 = 15_000_000;
const ACTIVATED: u64 = 52_500_000;
/// Activated at level 1. The sources give only the sum; 70 % of level 1 (and so 78.7 % of level 2) is invented.
const LEVEL1_ACTIVATED: u64 = 10_500_000;

/// The account a person begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initial {
    /// Account level, 1 or 2.
    pub level: u8,
    /// Whether it has been activated.
    pub activated: bool,
}

/// How many people begin with which account. The four counts add up to the size of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Level 1, activated.
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
        let proportion = |count: u64| (size * count + MOST_PEOPLE / 2) / MOST_PEOPLE;
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

    /// Accounts of level 1.
    pub const fn level1(&self) -> u64 {
        self.level1_activated + self.level1_waiting
    }

    /// Accounts of level 2.
    pub const fn level2(&self) -> u64 {
        self.level2_activated + self.level2_waiting
    }

    /// Activated accounts of both levels.
    pub const fn activated(&self) -> u64 {
        self.level1_activated + self.level2_activated
    }

    /// The account of the person with this rank; the four groups follow one another in the order of the fields.
    pub const fn at(&self, rank: u64) -> Option<Initial> {
        let level1 = self.level1();
        if rank < level1 {
            Some(Initial { level: 1, activated: rank < self.level1_activated })
        } else if rank < level1 + self.level2() {
            Some(Initial { level: 2, activated: rank - level1 < self.level2_activated })
        } else {
            None
        }
    }
}
