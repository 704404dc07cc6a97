//! The life of an account: one enum, one pure function that moves it, and "no" as the default answer.

use serde::{Deserialize, Serialize};

use super::{
    level::Level,
    lock::{By, LockReason},
    refused::Refused,
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
pub enum State {
    /// Nothing asked for yet.
    Unregistered,
    /// No lock on it.
    Open(Standing),
    /// Too many wrong passwords or OTPs.
    TemporarilyLocked {
        /// When it opens by itself.
        until: Timestamp,
        /// What it opens to.
        #[serde(flatten)]
        standing: Standing,
    },
    /// Locked on a ground of the law.
    Locked {
        /// The ground.
        reason: LockReason,
        /// Who asked.
        by: By,
        /// What an unlock returns to.
        #[serde(flatten)]
        standing: Standing,
    },
}

/// What may happen to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
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
    SignIn,
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
pub enum Effect {
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
    /// End every session and token of the account.
    RevokeSessions,
}

/// State and the tries that count against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The state.
    pub state: State,
    /// Wrong passwords since the last right one.
    pub wrong_passwords: u8,
    /// Wrong OTPs since the last accepted one.
    pub wrong_otps: u8,
}

type Decision = (Life, Result<Vec<Effect>, Refused>);

impl Life {
    /// An account in `state`, with no wrong tries.
    pub const fn new(state: State) -> Self {
        Self { state, wrong_passwords: 0, wrong_otps: 0 }
    }

    const fn with(self, state: State) -> Self {
        Self { state, ..self }
    }

    const fn forgiven(self, state: State) -> Self {
        Self::new(state)
    }

    /// Temporary locks end by themselves.
    #[must_use]
    pub fn settled(self, now: Timestamp) -> Self {
        match self.state {
            State::TemporarilyLocked { until, standing } if now >= until => {
                self.forgiven(State::Open(standing))
            }
            _ => self,
        }
    }

    /// The new life, kept even when the answer is a refusal, and what to do or why not.
    pub fn decide(self, command: Command, now: Timestamp) -> Decision {
        let life = self.settled(now);
        match command {
            Command::OpenLevel0 | Command::Approve { .. } => life.registered(command, now),
            Command::Activate | Command::ExtendActivation => life.activated(command, now),
            Command::CheckPassword { correct, lock_until } => life.password(correct, lock_until),
            Command::CheckOtp { correct, lock_until } => life.otp(correct, lock_until),
            Command::SignIn => {
                let answer = life.may_sign_in(now).map(|_| vec![]);
                (life, answer)
            }
            Command::Lock { reason, by } => life.lock(reason, by),
            Command::Unlock { by } => life.unlock(by),
        }
    }

    fn refuse(self, command: Command, now: Timestamp) -> Decision {
        (self, Err(self.out_of_turn(command, now)))
    }

    fn out_of_turn(self, command: Command, now: Timestamp) -> Refused {
        match self.state {
            State::TemporarilyLocked { until, .. } => Refused::TemporarilyLocked { until },
            State::Locked { reason, .. } => Refused::Locked { reason },
            State::Unregistered | State::Open(_) => {
                Refused::OutOfTurn { state: self.reads(now), command: command.name() }
            }
        }
    }

    fn registered(self, command: Command, now: Timestamp) -> Decision {
        let until = now.plus_seconds(ACTIVATION_SECONDS);
        match (self.state, command) {
            (State::Unregistered, Command::OpenLevel0) => {
                (self.with(State::Open(Standing::Level0)), Ok(vec![]))
            }
            (State::Unregistered | State::Open(Standing::Level0), Command::Approve { level }) => {
                let state = State::Open(Standing::Approved { level, until });
                (self.with(state), Ok(vec![Effect::SendApproval { level }]))
            }
            (State::Open(standing), Command::Approve { level }) => {
                match standing.raised(level, until) {
                    Some(raised) => {
                        (self.with(State::Open(raised)), Ok(vec![Effect::SendApproval { level }]))
                    }
                    None => (self, Err(Refused::LevelNotHigher)),
                }
            }
            _ => self.refuse(command, now),
        }
    }

    fn activated(self, command: Command, now: Timestamp) -> Decision {
        let extended = now.plus_seconds(ACTIVATION_SECONDS);
        match (self.state, command) {
            (State::Open(standing), Command::Activate) => match standing.activated(now) {
                Ok((active, level)) => (
                    self.with(State::Open(active)),
                    Ok(vec![Effect::SendActivated { level }, Effect::RevokeSessions]),
                ),
                Err(refused) => (self, Err(refused)),
            },
            (State::Unregistered, Command::Activate) => (self, Err(Refused::RegistrationRequired)),
            (State::Open(Standing::Approved { level, .. }), Command::ExtendActivation) => {
                let state = State::Open(Standing::Approved { level, until: extended });
                (self.with(state), Ok(vec![Effect::SendApproval { level }]))
            }
            (
                State::Open(Standing::Active { level, upgrade: Some(_) }),
                Command::ExtendActivation,
            ) => {
                let state = State::Open(Standing::Active { level, upgrade: Some(extended) });
                (self.with(state), Ok(vec![Effect::SendApproval { level: Level::Two }]))
            }
            _ => self.refuse(command, now),
        }
    }

    /// Facts §5.2: five wrong passwords, then a temporary lock; a message with each failure.
    fn password(self, correct: bool, lock_until: Timestamp) -> Decision {
        match self.state {
            State::TemporarilyLocked { until, .. } => {
                (self, Err(Refused::TemporarilyLocked { until }))
            }
            _ if correct => (Self { wrong_passwords: 0, ..self }, Ok(vec![])),
            _ => {
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
    fn otp(self, correct: bool, lock_until: Timestamp) -> Decision {
        match self.state {
            State::TemporarilyLocked { until, .. } => {
                (self, Err(Refused::TemporarilyLocked { until }))
            }
            _ if correct => (Self { wrong_otps: 0, ..self }, Ok(vec![])),
            _ => {
                let wrong = self.wrong_otps.saturating_add(1);
                if wrong >= OTP_TRIES {
                    return self.locked_for_a_while(lock_until);
                }
                (Self { wrong_otps: wrong, ..self }, Ok(vec![]))
            }
        }
    }

    /// A lawful lock outlasts a temporary one, and there is nothing to lock where nothing was registered:
    /// both answer like a temporary lock, so that a guesser learns nothing.
    fn locked_for_a_while(self, until: Timestamp) -> Decision {
        let state = match self.state {
            State::Open(standing) => State::TemporarilyLocked { until, standing },
            other => other,
        };
        (self.forgiven(state), Err(Refused::TemporarilyLocked { until }))
    }

    fn lock(self, reason: LockReason, by: By) -> Decision {
        let notice = |reason| match reason {
            // Law 26/2023 Art. 34: the holder is told, except when he died.
            LockReason::Death => vec![Effect::RevokeSessions],
            _ => vec![Effect::SendLocked { reason }, Effect::RevokeSessions],
        };
        match self.state {
            State::Open(standing) | State::TemporarilyLocked { standing, .. } => {
                (self.forgiven(State::Locked { reason, by, standing }), Ok(notice(reason)))
            }
            // Death replaces every other ground; nothing replaces death.
            State::Locked { reason: old, standing, .. }
                if reason == LockReason::Death && old != LockReason::Death =>
            {
                (self.with(State::Locked { reason, by, standing }), Ok(notice(reason)))
            }
            State::Locked { reason: old, .. } => (self, Err(Refused::Locked { reason: old })),
            State::Unregistered => (self, Err(Refused::RegistrationRequired)),
        }
    }

    fn unlock(self, by: By) -> Decision {
        match self.state {
            State::Locked { reason, standing, .. } => match reason.may_end(by) {
                Ok(()) => (self.with(State::Open(standing)), Ok(vec![Effect::SendUnlocked])),
                Err(refused) => (self, Err(refused)),
            },
            // The hotline may end a temporary lock before its time.
            State::TemporarilyLocked { standing, .. } if by == By::Ministry => {
                (self.forgiven(State::Open(standing)), Ok(vec![Effect::SendUnlocked]))
            }
            _ => (
                self,
                Err(Refused::OutOfTurn {
                    state: self.state.name(),
                    command: Command::Unlock { by }.name(),
                }),
            ),
        }
    }

    /// The level a holder signs in with, or what stands in the way.
    pub fn may_sign_in(self, now: Timestamp) -> Result<Level, Refused> {
        match self.settled(now).state {
            State::Open(Standing::Active { level, .. }) => Ok(level),
            State::Open(Standing::Approved { until, .. }) if now > until => {
                Err(Refused::ActivationOverdue)
            }
            State::Open(Standing::Approved { .. }) => Err(Refused::ActivationRequired),
            State::Unregistered | State::Open(Standing::Level0) => {
                Err(Refused::RegistrationRequired)
            }
            State::TemporarilyLocked { until, .. } => Err(Refused::TemporarilyLocked { until }),
            State::Locked { reason, .. } => Err(Refused::Locked { reason }),
        }
    }

    /// The state's name as people and documents see it at `now`.
    pub fn reads(self, now: Timestamp) -> &'static str {
        match self.settled(now).state {
            State::Open(Standing::Approved { until, .. }) if now > until => "activation_overdue",
            other => other.name(),
        }
    }

    /// The level in use, 0 before any.
    pub fn level(self) -> u8 {
        match self.state.standing() {
            Some(Standing::Active { level, .. } | Standing::Approved { level, .. }) => level.into(),
            Some(Standing::Level0) | None => 0,
        }
    }
}

impl State {
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

impl Standing {
    /// The standing after an approval of `level`; `None` when that is nothing new.
    fn raised(self, level: Level, until: Timestamp) -> Option<Self> {
        match self {
            Self::Level0 => Some(Self::Approved { level, until }),
            Self::Approved { level: old, .. } if level > old => {
                Some(Self::Approved { level, until })
            }
            // The account stays usable at level 1 until level 2 is activated.
            Self::Active { level: Level::One, upgrade: None } if level == Level::Two => {
                Some(Self::Active { level: Level::One, upgrade: Some(until) })
            }
            Self::Approved { .. } | Self::Active { .. } => None,
        }
    }

    /// The standing after activation and the level it has then.
    fn activated(self, now: Timestamp) -> Result<(Self, Level), Refused> {
        match self {
            Self::Level0 => Err(Refused::RegistrationRequired),
            Self::Approved { until, .. } | Self::Active { upgrade: Some(until), .. }
                if now > until =>
            {
                Err(Refused::ActivationOverdue)
            }
            Self::Approved { level, .. } => Ok((Self::Active { level, upgrade: None }, level)),
            Self::Active { upgrade: Some(_), .. } => {
                Ok((Self::Active { level: Level::Two, upgrade: None }, Level::Two))
            }
            Self::Active { upgrade: None, .. } => Err(Refused::AlreadyActivated),
        }
    }
}

impl Command {
    /// The command's name as documents and the admin API write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenLevel0 => "open_level0",
            Self::Approve { .. } => "approve",
            Self::Activate => "activate",
            Self::ExtendActivation => "extend_activation",
            Self::CheckPassword { .. } => "check_password",
            Self::CheckOtp { .. } => "check_otp",
            Self::SignIn => "sign_in",
            Self::Lock { .. } => "lock",
            Self::Unlock { .. } => "unlock",
        }
    }
}
