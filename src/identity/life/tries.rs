//! Wrong passwords, passcodes and OTPs: they count, they lock for a while, and a guesser learns nothing.

use super::{AccountState, Life, OTP_TRIES, PASSWORD_TRIES, decide::DecideResult};
use crate::{clock::Timestamp, identity::refused::Refused};

impl Life {
    /// Facts §5.2: five wrong passwords, then a temporary lock; a message with each failure.
    pub(super) fn password(self, correct: bool, lock_until: Timestamp) -> DecideResult {
        match self.closed_until() {
            Some(until) => (self, Err(Refused::TemporarilyLocked { until })),
            None if correct => (Self { wrong_passwords: 0, ..self }, Ok(vec![])),
            None => {
                let wrong = self.wrong_passwords.saturating_add(1);
                if wrong >= PASSWORD_TRIES {
                    return self.locked_for_a_while(lock_until);
                }
                let left = PASSWORD_TRIES - wrong;
                let life = Self { wrong_passwords: wrong, ..self };
                (life, Err(Refused::WrongCredentials { left }))
            }
        }
    }

    /// An OTP dies after five tries; this counter outlives it, so that signing in anew is no way round.
    pub(super) fn otp(self, correct: bool, lock_until: Timestamp) -> DecideResult {
        match self.closed_until() {
            Some(until) => (self, Err(Refused::TemporarilyLocked { until })),
            None if correct => (Self { wrong_otps: 0, ..self }, Ok(vec![])),
            None => {
                let wrong = self.wrong_otps.saturating_add(1);
                if wrong >= OTP_TRIES {
                    return self.locked_for_a_while(lock_until);
                }
                (Self { wrong_otps: wrong, ..self }, Ok(vec![]))
            }
        }
    }

    /// A lawful lock outlasts a temporary one, and there is nothing to lock where nothing was registered: both answer
    /// like a temporary lock for as long as one lasts, so that a guesser learns nothing and gets no more tries.
    fn locked_for_a_while(self, until: Timestamp) -> DecideResult {
        let life = match self.state {
            AccountState::Open(standing) => {
                Self::new(AccountState::TemporarilyLocked { until, standing })
            }
            other => Self { blocked_until: Some(until), ..Self::new(other) },
        };
        (life, Err(Refused::TemporarilyLocked { until }))
    }

    /// The end of whatever keeps passwords and OTPs from being looked at.
    const fn closed_until(self) -> Option<Timestamp> {
        match self.state {
            AccountState::TemporarilyLocked { until, .. } => Some(until),
            _ => self.blocked_until,
        }
    }
}
