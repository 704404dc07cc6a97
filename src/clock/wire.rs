//! Time as the other side of the wire reads it, by its own clock, however the realm's clock was moved.
//!
//! The rules read [`Stamp::at`] and never the wire's moment; what is sent reads [`Stamp::wire`] and never the rules' moment:
//! only [`WireTime`] can be written as a `NumericDate`.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Which clock the wire shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WireClock {
    /// The computer's: an application keeps working however the realm's clock is moved.
    #[default]
    Real,
    /// The realm's: for applications whose clock is moved too, and for runs that must repeat byte by byte.
    Virtual,
}

/// A moment by the clock that the wire shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WireTime(Timestamp);

impl WireTime {
    /// Whole seconds since 1970: a `NumericDate` (RFC 7519 §2).
    pub const fn numeric_date(self) -> i64 {
        self.0.as_millis().div_euclid(1000)
    }

    /// This moment and `seconds` more.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.plus_seconds(seconds))
    }

    /// Milliseconds from `earlier` to here; negative when `earlier` is later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.millis_since(earlier.0)
    }

    /// For what lives by this clock (a used assertion), and for people to read.
    pub const fn moment(self) -> Timestamp {
        self.0
    }
}

/// One moment by both clocks: what is issued keeps it, so that the wire says the same whenever it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredStamp")]
pub struct Stamp {
    /// By the realm's clock, which the rules follow.
    pub at: Timestamp,
    /// By the clock that the wire shows.
    pub wire: WireTime,
}

/// What lies in a store: a record of before wire time has one moment for both.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredStamp {
    Both { at: Timestamp, wire: WireTime },
    One(Timestamp),
}

impl From<StoredStamp> for Stamp {
    fn from(stored: StoredStamp) -> Self {
        match stored {
            StoredStamp::Both { at, wire } => Self { at, wire },
            StoredStamp::One(at) => Self { at, wire: WireTime(at) },
        }
    }
}

impl Stamp {
    /// The moment at which the realm's clock shows `at` and the computer's shows `real`.
    pub const fn of(at: Timestamp, real: Timestamp, clock: WireClock) -> Self {
        let wire = match clock {
            WireClock::Real => real,
            WireClock::Virtual => at,
        };
        Self { at, wire: WireTime(wire) }
    }

    /// The same stretch later by both clocks.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self { at: self.at.plus_seconds(seconds), wire: self.wire.plus_seconds(seconds) }
    }
}
