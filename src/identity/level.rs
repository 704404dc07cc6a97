//! The level of an account (Decree 69/2024 Art. 7), which is not the level of a sign-in (Art. 20).

use serde::{Deserialize, Serialize};

/// Level 1 or 2 of a person's identified account, or none of an organisation's. Level 0 is a state, not a level of
/// identification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "WrittenLevel", into = "WrittenLevel")]
pub enum Level {
    /// An organisation's one account, which has no level.
    Unlevelled,
    /// ID number, full name, date of birth, gender, portrait.
    #[default]
    One,
    /// Level 1 and fingerprints; using it equals presenting the card.
    Two,
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        match level {
            Level::Unlevelled => 0,
            Level::One => 1,
            Level::Two => 2,
        }
    }
}

/// As records and settings write it: 1, 2, or `none`.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenLevel {
    Number(u8),
    Word(String),
}

impl From<Level> for WrittenLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Unlevelled => Self::Word("none".to_owned()),
            Level::One | Level::Two => Self::Number(level.into()),
        }
    }
}

impl TryFrom<WrittenLevel> for Level {
    type Error = &'static str;

    fn try_from(written: WrittenLevel) -> Result<Self, Self::Error> {
        match written {
            WrittenLevel::Number(number) => Self::try_from(number),
            WrittenLevel::Word(word) if word == "none" => Ok(Self::Unlevelled),
            WrittenLevel::Word(_) => Err("an account level is 1 or 2"),
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
