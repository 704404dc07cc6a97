//! A state as fixtures and the admin API ask for it: a name and, where it needs them, level, reason and terms.

use serde::{Deserialize, Serialize};

use super::{
    holder::HolderKind,
    level::Level,
    life::{ACTIVATION_SECONDS, AccountState, Standing},
    lock::LockReason,
};
use crate::clock::Timestamp;

/// The names of the states, as every document writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// Nothing asked for yet.
    Unregistered,
    /// The app account before level 1.
    Level0,
    /// Approved within the last 7 days.
    Approved,
    /// Approved more than 7 days ago.
    ActivationOverdue,
    /// In use.
    #[default]
    Active,
    /// After wrong tries.
    TemporarilyLocked,
    /// On a ground of the law.
    Locked,
}

impl StateName {
    /// Every name as it is written.
    pub const ALL: [&str; 7] = [
        "unregistered",
        "level0",
        "approved",
        "activation_overdue",
        "active",
        "temporarily_locked",
        "locked",
    ];
}

/// The card a wanted person holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WantedCard {
    /// Good for more than 30 days.
    Valid,
    /// Good for less than 30 days.
    Expiring,
    /// Out of date since yesterday.
    Expired,
    /// Reported lost: revoked.
    Lost,
    /// Never issued.
    None,
}

/// A wish for a state; what is left out has a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedState {
    /// Which state; `active` if left out.
    #[serde(default)]
    pub state: StateName,
    /// 1 or 2; the account's own if left out, the highest where it has none.
    pub level: Option<Level>,
    /// For `locked`; the holder's request if left out.
    pub reason: Option<LockReason>,
    /// For `active` at level 1: level 2 is approved and waits for activation.
    #[serde(default)]
    pub upgrade_approved: bool,
}

impl WantedState {
    /// The level a kind of holder is to have: the wanted one, else the highest; none for an organisation.
    pub fn level_for(self, kind: HolderKind) -> Level {
        let highest = match kind {
            HolderKind::Organisation => return Level::Unlevelled,
            HolderKind::YoungChild | HolderKind::YoungForeigner => Level::One,
            _ => Level::Two,
        };
        self.level.unwrap_or(highest)
    }

    /// The state, its terms counted from `now`; `lock_seconds` is the realm's temporary lock.
    pub fn at(self, now: Timestamp, lock_seconds: u32) -> AccountState {
        let level = self.level.unwrap_or(Level::Two);
        let until = now.plus_seconds(ACTIVATION_SECONDS);
        let waits = self.upgrade_approved && level == Level::One;
        let standing = Standing::Active { level, upgrade: waits.then_some(until) };
        match self.state {
            StateName::Unregistered => AccountState::Unregistered,
            StateName::Level0 => AccountState::Open(Standing::Level0),
            StateName::Approved => AccountState::Open(Standing::Approved { level, until }),
            StateName::ActivationOverdue => {
                AccountState::Open(Standing::Approved { level, until: now.plus_seconds(-1) })
            }
            StateName::Active => AccountState::Open(standing),
            StateName::TemporarilyLocked => AccountState::TemporarilyLocked {
                until: now.plus_seconds(i64::from(lock_seconds)),
                standing,
            },
            StateName::Locked => {
                let reason = self.reason.unwrap_or(LockReason::HoldersRequest);
                AccountState::Locked { reason, by: reason.usual_party(), standing }
            }
        }
    }
}
