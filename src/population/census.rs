//! What names a country.

use serde::{Deserialize, Serialize};

/// The version of the generator. It grows whenever any census would give different people, since stored changes lie over them.
pub const GENERATOR_VERSION: u32 = 2;

/// The most accounts a country can have: all of the real one.
pub(crate) const MOST_PEOPLE: u64 = 68_400_000;

/// What names a country; with [`GENERATOR_VERSION`], all there is to store of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// How many accounts of adult citizens, 0 to 68 400 000. Everybody else is in proportion to them.
    pub size: u64,
    /// Which people.
    pub key: u64,
    /// Whether their ID numbers carry codes of real provinces. Such a number may be a living person's.
    #[serde(default)]
    pub realistic: bool,
}

/// Why there is no such country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CensusError {
    /// More people than numbers are shared out for.
    #[error("a country has at most {MOST_PEOPLE} people, not {size}")]
    TooManyPeople {
        /// The size asked for.
        size: u64,
    },
}
