//! Time as a value: `Timestamp`, the clocks it is read from, and a realm's virtual setting over them.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{
    civil::{Date, DateTime},
    tz::Offset,
};
use serde::{Deserialize, Serialize};

mod wire;

pub use wire::{Stamp, WireClock, WireTime};

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Always within [`Timestamp::MIN`]..=[`Timestamp::MAX`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// Why a text is not a moment the simulator accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339.
    #[error("not an RFC 3339 timestamp such as 2026-11-22T08:00:00+07:00")]
    NotRfc3339,
    /// Before 1970 or after 2199: identity numbers end with the 23rd century, tokens well before.
    #[error("outside 1970-01-01T00:00:00Z to 2199-12-31T23:59:59Z")]
    OutOfRange,
    /// Not an ISO 8601 duration such as `PT181S` or `P7D`.
    #[error("not an ISO 8601 duration such as PT3M, P7D or -PT1H")]
    NotDuration,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9000-01-01T00:00:00Z: where sums stop.
    pub const MAX: Self = Self(221_845_392_000_000);
    /// 2199-12-31T23:59:59Z: the last moment a clock can be set to. Terms reach beyond it.
    pub const LATEST: Self = Self(7_258_118_399_000);

    /// From milliseconds since 1970, held within the accepted range.
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment and `seconds` more; stops at the ends of the accepted range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_millis(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Milliseconds from `earlier` to here; negative when `earlier` is later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Reads RFC 3339, with any offset.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let moment: jiff::Timestamp = text.parse().map_err(|_| TimeError::NotRfc3339)?;
        let millis = moment.as_millisecond();
        if (Self::MIN.0..=Self::LATEST.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(TimeError::OutOfRange)
        }
    }

    /// The calendar day in Viet Nam (UTC+7, no summer time): card terms and ages are counted in it.
    pub fn day(self) -> Date {
        self.in_hanoi().date()
    }

    /// As Vietnamese write it, in their time: `15:04:05 22/11/2026`.
    pub fn in_vietnam(self) -> String {
        self.in_hanoi().strftime("%H:%M:%S %d/%m/%Y").to_string()
    }

    fn in_hanoi(self) -> DateTime {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        Offset::constant(7).to_datetime(moment)
    }

    /// The moment at which a day in Viet Nam reaches an hour.
    pub fn in_viet_nam(day: Date, hour: i8) -> Self {
        let moment = Offset::constant(7).to_timestamp(day.at(hour, 0, 0, 0)).unwrap_or_default();
        Self::from_millis(moment.as_millisecond())
    }

    /// Adds an ISO 8601 duration; calendar units count in Viet Nam's time.
    pub fn advanced(self, duration: &str) -> Result<Self, TimeError> {
        // The parser also takes words such as "1 hour".
        if !duration.trim_start_matches(['-', '+']).starts_with('P') {
            return Err(TimeError::NotDuration);
        }
        let span: jiff::Span = duration.parse().map_err(|_| TimeError::NotDuration)?;
        let moment =
            jiff::Timestamp::from_millisecond(self.0).map_err(|_| TimeError::OutOfRange)?;
        let zone = jiff::tz::TimeZone::fixed(Offset::constant(7));
        let later =
            moment.to_zoned(zone).checked_add(span).map_err(|_| TimeError::OutOfRange)?.timestamp();
        let millis = later.as_millisecond();
        if (Self::MIN.0..=Self::LATEST.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(TimeError::OutOfRange)
        }
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, milliseconds only when there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment}"),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

/// Where the computer's time comes from; a realm's setting is applied over it.
pub trait Clock: Send + Sync + 'static {
    /// The moment it is outside every realm.
    fn now(&self) -> Timestamp;
}

/// The computer's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one door through which real time enters")]
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that moves only when told: for tests.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(start.0)))
    }

    /// Moves on by milliseconds.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// How a realm's time differs from the clock beneath it; a stored record, so that all replicas agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mode")]
pub enum Setting {
    /// Runs with the clock, shifted.
    Running {
        /// Milliseconds ahead of the clock (negative: behind).
        offset: i64,
    },
    /// Freezes the clock.
    Frozen {
        /// The moment it stands at.
        at: Timestamp,
    },
}

impl Default for Setting {
    fn default() -> Self {
        Self::Running { offset: 0 }
    }
}

impl Setting {
    /// The virtual moment when the clock beneath shows `real`.
    pub const fn now(self, real: Timestamp) -> Timestamp {
        match self {
            Self::Running { offset } => Timestamp::from_millis(real.0.saturating_add(offset)),
            Self::Frozen { at } => at,
        }
    }

    /// The same mode, standing at or running from `to`.
    #[must_use]
    pub const fn moved_to(self, to: Timestamp, real: Timestamp) -> Self {
        match self {
            Self::Running { .. } => Self::Running { offset: to.0 - real.0 },
            Self::Frozen { .. } => Self::Frozen { at: to },
        }
    }

    /// Stands still at `at`.
    #[must_use]
    pub const fn frozen(at: Timestamp) -> Self {
        Self::Frozen { at }
    }

    /// Runs on from the virtual moment it shows now.
    #[must_use]
    pub const fn resumed(self, real: Timestamp) -> Self {
        Self::Running { offset: self.now(real).0 - real.0 }
    }
}
