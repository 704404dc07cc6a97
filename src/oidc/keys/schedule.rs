//! Which key set is published, signs and is retired at a moment, and what a rotation does to that.
//!
//! A rotation has two phases (OIDC Core §10.1.1): the next set is published, and only when every relying party may be
//! expected to have it is it used; the one before stays published until the last token it signed has expired.

use serde::{Deserialize, Serialize};

use super::sets::SETS;
use crate::clock::Timestamp;

/// A key set's time. Of the phases of a realm each has another set, in the order in which they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPhase {
    /// Which development set.
    pub set: u8,
    /// From when on it is in the JWK set.
    pub published_at: Timestamp,
    /// From when on it signs, until the next one does.
    pub used_from: Timestamp,
    /// From when on it is no longer in the JWK set; `None` for the newest alone.
    pub retired_at: Option<Timestamp>,
}

impl KeyPhase {
    /// The phase of a realm that never rotated.
    pub const FIRST: Self =
        Self { set: 0, published_at: Timestamp::MIN, used_from: Timestamp::MIN, retired_at: None };

    fn is_retired(&self, moment: Timestamp) -> bool {
        self.retired_at.is_some_and(|at| at <= moment)
    }

    /// Published and not retired.
    pub(super) fn is_published(&self, at: Timestamp) -> bool {
        self.published_at <= at && !self.is_retired(at)
    }
}

/// The status of a key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// In the JWK set, and not used yet.
    Published,
    /// Signs.
    Used,
    /// Signs no more, and is still in the JWK set for what it signed.
    Retiring,
    /// No longer in the JWK set.
    Retired,
}

/// How long the steps of a rotation take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Seconds from published to used: no less than relying parties cache the JWK set.
    pub publish_seconds: u32,
    /// Seconds that the set before stays published once the new one is used: no less than an ID token is good for.
    pub overlap_seconds: u32,
}

/// The next set of the ring is still published under an earlier phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the next of the 8 key sets is still published")]
pub struct RingFull;

/// A realm's phases; none: set 0, from ever and for ever.
pub(super) fn phases(phases: &[KeyPhase]) -> &[KeyPhase] {
    if phases.is_empty() { &[KeyPhase::FIRST] } else { phases }
}

/// Which phase signs at `now`: the latest that is used by then. Where a clock was set back before all of them, the first.
pub(super) fn signing(phases: &[KeyPhase], now: Timestamp) -> usize {
    phases.iter().rposition(|phase| phase.used_from <= now).unwrap_or_default()
}

/// Where each phase stands at `now`; `None`: it is not even published, as the clock was set back before it.
pub(super) fn status(phases: &[KeyPhase], at: usize, now: Timestamp) -> Option<KeyStatus> {
    let (signing, phase) = (signing(phases, now), phases.get(at)?);
    if at == signing {
        Some(KeyStatus::Used)
    } else if phase.published_at > now {
        None
    } else if phase.is_retired(now) {
        Some(KeyStatus::Retired)
    } else if at > signing {
        Some(KeyStatus::Published)
    } else {
        Some(KeyStatus::Retiring)
    }
}

/// Begins a rotation at `now`: publishes the next set, to be used after its lead, and retires the one before after the
/// overlap.
///
/// A set that waits and would be used later than this one gives way and is brought forward instead: it has signed nothing.
/// So does whatever lies ahead because the clock was set back.
///
/// # Errors
/// [`RingFull`], and nothing is changed.
pub fn rotate(kept: &mut Vec<KeyPhase>, now: Timestamp, pace: Pace) -> Result<(), RingFull> {
    let used_from = now.plus_seconds(pace.publish_seconds.into());
    let mut next = phases(kept).to_vec();
    // The first phase is the one that signs before all others, so it never gives way.
    let stay = next.iter().rposition(|phase| phase.used_from <= used_from).unwrap_or_default() + 1;
    let waiting = next.get(stay).copied();
    next.truncate(stay);
    let Some(last) = next.last_mut() else { return Err(RingFull) };
    last.published_at = last.published_at.min(used_from);
    last.used_from = last.used_from.min(used_from);
    last.retired_at = Some(used_from.plus_seconds(pace.overlap_seconds.into()));
    let set = waiting.map_or((last.set + 1) % SETS, |phase| phase.set);
    if next.iter().any(|phase| phase.set == set && !phase.is_retired(now)) {
        return Err(RingFull);
    }
    next.retain(|phase| phase.set != set);
    let published_at = waiting.map_or(now, |phase| phase.published_at.min(now));
    next.push(KeyPhase { set, published_at, used_from, retired_at: None });
    *kept = next;
    Ok(())
}

/// A rotation that time brought, and whether it could be done.
pub type DueRotation = (Timestamp, Result<(), RingFull>);

/// Does every rotation that is due by `now`, each at its own moment, `days` apart from `due` on; answers when the next one
/// is due and what happened.
///
/// Where a long overlap still holds the next set, that rotation is left out and the one after it tries again: a request is
/// never refused for it.
pub fn run_due_rotations(
    kept: &mut Vec<KeyPhase>,
    mut due: Timestamp,
    now: Timestamp,
    days: u16,
    pace: Pace,
) -> (Timestamp, Vec<DueRotation>) {
    let mut turns = Vec::new();
    while due <= now {
        turns.push((due, rotate(kept, due, pace)));
        let next = days_after(due, days);
        // At the end of time nothing comes next.
        if next <= due {
            return (Timestamp::MAX, turns);
        }
        due = next;
    }
    (due, turns)
}

/// The moment that many days later.
pub fn days_after(at: Timestamp, days: u16) -> Timestamp {
    at.plus_seconds(i64::from(days) * 24 * 3600)
}
