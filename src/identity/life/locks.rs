//! Locks on the grounds of the law: they come by request or with a database, and end the way they came.

use super::{AccountCommand, AccountEffect, AccountState, Life, decide::DecideResult};
use crate::identity::{
    holder::Who,
    lock::{By, LockReason},
    refused::Refused,
};

/// What a lock sets off.
fn locked(reason: LockReason) -> Vec<AccountEffect> {
    match reason {
        // Law 26/2023 Art. 34: the holder is told, except when he died.
        LockReason::Death => vec![AccountEffect::RevokeSessions],
        _ => vec![AccountEffect::SendLocked { reason }, AccountEffect::RevokeSessions],
    }
}

impl Life {
    pub(super) fn lock(self, reason: LockReason, by: By, who: Who) -> DecideResult {
        if !reason.applies_to(who) {
            return (self, Err(Refused::GroundNotForHolder { holder: who.kind, reason }));
        }
        match self.state {
            AccountState::Open(standing) | AccountState::TemporarilyLocked { standing, .. } => {
                (Self::new(AccountState::Locked { reason, by, standing }), Ok(locked(reason)))
            }
            // Death replaces every other ground; nothing replaces death.
            AccountState::Locked { reason: old, standing, .. }
                if reason == LockReason::Death && old != LockReason::Death =>
            {
                (self.with(AccountState::Locked { reason, by, standing }), Ok(locked(reason)))
            }
            AccountState::Locked { reason: old, .. } => {
                (self, Err(Refused::Locked { reason: old }))
            }
            AccountState::Unregistered => (self, Err(Refused::RegistrationRequired)),
        }
    }

    pub(super) fn unlock(self, by: By) -> DecideResult {
        match self.state {
            AccountState::Locked { reason, standing, .. } => match reason.may_end(by) {
                Ok(()) => {
                    (self.with(AccountState::Open(standing)), Ok(vec![AccountEffect::SendUnlocked]))
                }
                Err(refused) => (self, Err(refused)),
            },
            // The hotline may end a temporary lock before its time.
            AccountState::TemporarilyLocked { standing, .. } if by == By::Ministry => {
                (Self::new(AccountState::Open(standing)), Ok(vec![AccountEffect::SendUnlocked]))
            }
            _ => {
                let command = AccountCommand::Unlock { by }.name();
                (self, Err(Refused::OutOfTurn { state: self.state.name().into(), command: command.into() }))
            }
        }
    }

    /// Decree 69/2024 Art. 15, 29, 30: an account is locked, and unlocked, by itself with what the databases say. A lock
    /// that somebody asked for stays until they take it back.
    pub(super) fn follow(self, ground: Option<LockReason>, who: Who) -> DecideResult {
        let ground = ground.filter(|ground| ground.applies_to(who));
        match (self.state, ground) {
            (
                AccountState::Open(standing) | AccountState::TemporarilyLocked { standing, .. },
                Some(reason),
            ) => {
                let state = AccountState::Locked { reason, by: By::Registry, standing };
                (Self::new(state), Ok(locked(reason)))
            }
            (AccountState::Locked { reason: LockReason::Death, .. }, _) => (self, Ok(vec![])),
            (AccountState::Locked { standing, reason: old, .. }, Some(reason))
                if reason == LockReason::Death || (old.is_registered() && old != reason) =>
            {
                let state = AccountState::Locked { reason, by: By::Registry, standing };
                (self.with(state), Ok(locked(reason)))
            }
            (AccountState::Locked { reason, standing, .. }, None) if reason.is_registered() => {
                (self.with(AccountState::Open(standing)), Ok(vec![AccountEffect::SendUnlocked]))
            }
            _ => (self, Ok(vec![])),
        }
    }
}

impl LockReason {
    /// Law 26/2023 Art. 34.3, Decree 69/2024 Art. 30: each ground ends by the party it came from.
    pub fn may_end(self, by: By) -> Result<(), Refused> {
        if self == Self::Death {
            return Err(Refused::DeathIsFinal);
        }
        if by == self.usual_party() { Ok(()) } else { Err(Refused::MayNotUnlock { reason: self }) }
    }
}
