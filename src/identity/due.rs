//! What time alone does to an account, and when: notices, locks, the end of a level-0 account.

use jiff::{ToSpan as _, civil::Date};

use super::{
    account::Account,
    citizen::{Citizen, WARNING_DAYS},
    holder::Who,
    life::{AccountState, Standing},
    policy::Policy,
};
use crate::clock::Timestamp;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Due {
    /// A temporary lock ends.
    TemporaryLockEnds,
    /// The 7 days of activation have passed (Decree 69/2024 Art. 14.1).
    ActivationOverdue,
    /// The card has less than 30 days left (facts §5.2).
    CardExpiring,
    /// A database gives another ground for a lock: a card, passport or residence card is out of date.
    GroundChanges,
    /// A level-0 account is deleted without a registration (facts §5.1).
    Level0Expires,
}

impl Due {
    /// The name in JSON and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Midnight in Viet Nam, when a day begins.
fn begins(day: Date) -> Timestamp {
    Timestamp::in_viet_nam(day, 0)
}

/// The first day on which a card counts as expiring.
fn warning_day(expires: Date) -> Date {
    expires.saturating_sub((WARNING_DAYS - 1).days())
}

/// What time does next to an account, after `now`; `citizen` is absent for an organisation.
pub fn next(
    account: &Account,
    citizen: Option<&Citizen>,
    who: Who,
    policy: &Policy,
    now: Timestamp,
) -> Option<(Timestamp, Due)> {
    let state = account.life.settled(now).state;
    if matches!(state, AccountState::Unregistered) {
        return None;
    }
    let today = now.day();
    let level0 = account.level0_since.filter(|_| state == AccountState::Open(Standing::Level0));
    let card = citizen.and_then(|citizen| citizen.card.as_ref()).and_then(|card| card.expires);
    let soon = Timestamp::from_millis(now.as_millis() + 1);
    let unwarned = card.filter(|last| account.warned_of != Some(*last) && *last >= today);
    let warning = unwarned.map(warning_day);
    let is_open = matches!(state, AccountState::Open(_) | AccountState::TemporarilyLocked { .. });
    let ground = citizen.and_then(|citizen| citizen.next_ground(who, today));
    [
        match state {
            AccountState::TemporarilyLocked { until, .. } => Some((until, Due::TemporaryLockEnds)),
            // `until` is the last moment that is in time.
            AccountState::Open(Standing::Approved { until, .. }) => {
                Some((Timestamp::from_millis(until.as_millis() + 1), Due::ActivationOverdue))
            }
            _ => None,
        },
        // Who is within the last days already is warned at once.
        warning.filter(|_| is_open).map(|day| (begins(day).max(soon), Due::CardExpiring)),
        ground.map(|day| (begins(day), Due::GroundChanges)),
        level0.map(|since| {
            let seconds = i64::from(policy.level0_days) * 24 * 3600;
            (since.plus_seconds(seconds), Due::Level0Expires)
        }),
    ]
    .into_iter()
    .flatten()
    .filter(|(at, _)| *at > now)
    .min()
}
