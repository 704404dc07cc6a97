//! The life of an account: one enum, one pure function that moves it, and "no" as the default answer.

mod decide;
mod locks;
mod tries;

use serde::{Deserialize, Serialize};

use super::{
    level::Level,
    lock::{By, LockReason},
};
use crate::clock::Timestamp;

/// Wrong passwords before the temporary lock (facts §5.2, documented).
pub const PASSWORD_TRIES: u8 = 5;
/// Wrong OTPs across sign-ins, since the last success, before the temporary lock. Invented.
pub const OTP_TRIES: u8 = 10;
/// Decree 69/2024 Art. 14.1: activate within 7 days of the notice.
pub const ACTIVATION_SECONDS: i64 = 7 * 24 * 3600;

/// How far an account has come, apart from any lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "standing")]
pub enum Standing {
    /// The app account that precedes level 1.
    Level0,
    /// Approved by the ministry, to be activated by the holder.
    Approved {
        /// The level that was approved.
        level: Level,
        /// The last moment of activation without the hotline.
        until: Timestamp,
    },
    /// In use.
    Active {
        /// The level in use.
        level: Level,
        /// Level 2 is approved; it starts when it is activated before this moment.
        upgrade: Option<Timestamp>,
    },
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AccountState {
    /// Nothing asked for yet.
    Unregistered,
    /// No lock on it.
    Open(Standing),
    /// Too many wrong passwords or OTPs.
    TemporarilyLocked {
        /// When it opens by itself.
        until: Timestamp,
        /// What it opens to.
        standing: Standing,
    },
    /// Locked on a ground of the law.
    Locked {
        /// The ground.
        reason: LockReason,
        /// Who asked.
        by: By,
        /// What an unlock returns to.
        standing: Standing,
    },
}

/// What may happen to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AccountCommand {
    /// The citizen makes the app account (level 0).
    OpenLevel0,
    /// The ministry approves a registration.
    Approve {
        /// The level of the registration.
        level: Level,
    },
    /// The holder finishes activation.
    Activate,
    /// The hotline, after an identity check, opens activation for another 7 days.
    ExtendActivation,
    /// Somebody typed a password.
    CheckPassword {
        /// Whether it is the right one.
        correct: bool,
        /// When a temporary lock that begins now would end.
        lock_until: Timestamp,
    },
    /// Somebody who knows the password typed an OTP.
    CheckOtp {
        /// Whether it was accepted.
        correct: bool,
        /// When a temporary lock that begins now would end.
        lock_until: Timestamp,
    },
    /// The holder signs in to a portal.
    SignIn {
        /// Whether the representative of a child or ward has consented.
        consented: bool,
    },
    /// A time without a registration passes: the app account is deleted.
    ExpireLevel0,
    /// The holder has another phone number.
    ChangePhone {
        /// At a desk or by the hotline the account is activated again; in the app an OTP proved the number.
        reactivate: bool,
    },
    /// The holder, who forgot the password, sets another.
    ResetPassword,
    /// A database was read: the ground it gives for a lock now, if any.
    FollowRegistry {
        /// The ground.
        ground: Option<LockReason>,
    },
    /// A ground for a lock appears.
    Lock {
        /// The ground.
        reason: LockReason,
        /// Who asks.
        by: By,
    },
    /// The ground is gone, or whoever asked takes it back.
    Unlock {
        /// Who asks.
        by: By,
    },
}

/// What must be done once the new state is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountEffect {
    /// Send the approval notice.
    SendApproval {
        /// The approved level.
        level: Level,
    },
    /// Tell the holder that the account is active at this level.
    SendActivated {
        /// The level in use.
        level: Level,
    },
    /// Tell the holder about a lock.
    SendLocked {
        /// The ground.
        reason: LockReason,
    },
    /// Tell the holder that the lock ended.
    SendUnlocked,
    /// Tell the holder that the account has another phone number.
    SendPhoneChanged,
    /// Tell the holder that the password was changed.
    SendPasswordChanged,
    /// The account is gone: its phone number is free.
    ReleasePhone,
    /// End every session and token of the account.
    RevokeSessions,
}

/// State and the tries that count against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The state.
    pub state: AccountState,
    /// Wrong passwords since the last right one.
    pub wrong_passwords: u8,
    /// Wrong OTPs since the last accepted one.
    pub wrong_otps: u8,
    /// Until then no password is looked at, where there is nothing that a temporary lock could lock.
    #[serde(default)]
    pub blocked_until: Option<Timestamp>,
}

impl AccountState {
    /// The name without regard to the time.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unregistered => "unregistered",
            Self::Open(Standing::Level0) => "level0",
            Self::Open(Standing::Approved { .. }) => "approved",
            Self::Open(Standing::Active { .. }) => "active",
            Self::TemporarilyLocked { .. } => "temporarily_locked",
            Self::Locked { .. } => "locked",
        }
    }

    /// What is beneath any lock.
    pub const fn standing(self) -> Option<Standing> {
        match self {
            Self::Unregistered => None,
            Self::Open(standing)
            | Self::TemporarilyLocked { standing, .. }
            | Self::Locked { standing, .. } => Some(standing),
        }
    }
}

impl AccountCommand {
    /// The command's name as documents and the admin API write it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
