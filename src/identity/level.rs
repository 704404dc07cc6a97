//! The level of an account (Decree 69/2024 Art. 7), which is not the level of a sign-in (Art. 20).

use serde::{Deserialize, Serialize};

/// Level 1 or 2 of an identified account. Level 0 is a state, not a level of identification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Level {
    /// ID number, full name, date of birth, gender, portrait.
    One,
    /// Level 1 and fingerprints; using it equals presenting the card.
    Two,
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        match level {
            Level::One => 1,
            Level::Two => 2,
        }
    }
}

impl TryFrom<u8> for Level {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        match level {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            _ => Err("an account level is 1 or 2"),
        }
    }
}
