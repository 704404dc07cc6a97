//! A one-time password: six digits, 180 seconds, five tries, another after 60 seconds.

use serde::{Deserialize, Serialize};

use super::refused::Refused;
use crate::clock::Timestamp;

/// Seconds an OTP is good for (facts §5.2: three minutes, reported).
pub const VALID_SECONDS: i64 = 180;
/// Wrong tries before it dies. Invented (facts §9).
pub const TRIES: u8 = 5;
/// Seconds before another may be asked for. Invented (facts §9).
pub const RESEND_SECONDS: i64 = 60;

/// The challenge's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Challenge {
    /// Sent and waiting.
    Sent {
        /// The six digits.
        code: String,
        /// When the last SMS went out.
        at: Timestamp,
        /// Tries left; a resend gives none back.
        left: u8,
    },
    /// Accepted.
    Used,
    /// Died of wrong tries.
    UsedUp,
}

/// What may happen to a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OtpCommand {
    /// Somebody typed a code.
    Check {
        /// As typed: spaces count for nothing, and what is not six digits costs no try.
        code: String,
    },
    /// Somebody asks for another SMS; the old code dies.
    Resend {
        /// The new six digits.
        code: String,
    },
}

impl Challenge {
    /// A code that was just sent.
    pub const fn sent(code: String, at: Timestamp) -> Self {
        Self::Sent { code, at, left: TRIES }
    }

    /// The new state, kept even when refused, and the answer.
    pub fn decide(self, command: &OtpCommand, now: Timestamp) -> (Self, Result<(), Refused>) {
        match (self, command) {
            (Self::Sent { at, left, code }, OtpCommand::Resend { code: new }) => {
                let after = at.plus_seconds(RESEND_SECONDS);
                if now < after {
                    return (Self::Sent { code, at, left }, Err(Refused::ResendTooSoon { after }));
                }
                (Self::Sent { code: new.clone(), at: now, left }, Ok(()))
            }
            (Self::Sent { at, left, code }, OtpCommand::Check { code: typed }) => {
                if now >= at.plus_seconds(VALID_SECONDS) {
                    return (Self::Sent { code, at, left }, Err(Refused::OtpExpired));
                }
                let typed = super::without_spaces(typed);
                if typed.len() != code.len() || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
                    return (Self::Sent { code, at, left }, Err(Refused::OtpMalformed));
                }
                if typed == code {
                    return (Self::Used, Ok(()));
                }
                match left.saturating_sub(1) {
                    0 => (Self::UsedUp, Err(Refused::OtpUsedUp)),
                    left => (Self::Sent { code, at, left }, Err(Refused::WrongOtp { left })),
                }
            }
            (Self::Used, _) => (Self::Used, Err(Refused::OtpAlreadyUsed)),
            (Self::UsedUp, _) => (Self::UsedUp, Err(Refused::OtpUsedUp)),
        }
    }
}
