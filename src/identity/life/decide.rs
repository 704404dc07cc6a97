//! The one function that moves a life; the last arm refuses.

use super::{
    ACTIVATION_SECONDS, Command, Effect, Life, OTP_TRIES, PASSWORD_TRIES, Standing, State,
};
use crate::{
    clock::Timestamp,
    identity::{
        level::Level,
        lock::{By, LockReason},
        refused::Refused,
    },
};

type Decision = (Life, Result<Vec<Effect>, Refused>);

impl Life {
    /// An account in `state`, with no wrong tries.
    pub const fn new(state: State) -> Self {
        Self { state, wrong_passwords: 0, wrong_otps: 0, blocked_until: None }
    }

    const fn with(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// Temporary locks end by themselves.
    #[must_use]
    pub fn settled(self, now: Timestamp) -> Self {
        match self.state {
            State::TemporarilyLocked { until, standing } if now >= until => {
                Self::new(State::Open(standing))
            }
            state if self.blocked_until.is_some_and(|until| now >= until) => Self::new(state),
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
    fn otp(self, correct: bool, lock_until: Timestamp) -> Decision {
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
    fn locked_for_a_while(self, until: Timestamp) -> Decision {
        let life = match self.state {
            State::Open(standing) => Self::new(State::TemporarilyLocked { until, standing }),
            other => Self { blocked_until: Some(until), ..Self::new(other) },
        };
        (life, Err(Refused::TemporarilyLocked { until }))
    }

    /// The end of whatever keeps passwords and OTPs from being looked at.
    const fn closed_until(self) -> Option<Timestamp> {
        match self.state {
            State::TemporarilyLocked { until, .. } => Some(until),
            _ => self.blocked_until,
        }
    }

    fn lock(self, reason: LockReason, by: By) -> Decision {
        let notice = |reason| match reason {
            // Law 26/2023 Art. 34: the holder is told, except when he died.
            LockReason::Death => vec![Effect::RevokeSessions],
            _ => vec![Effect::SendLocked { reason }, Effect::RevokeSessions],
        };
        match self.state {
            State::Open(standing) | State::TemporarilyLocked { standing, .. } => {
                (Self::new(State::Locked { reason, by, standing }), Ok(notice(reason)))
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
                (Self::new(State::Open(standing)), Ok(vec![Effect::SendUnlocked]))
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
