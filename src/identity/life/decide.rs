//! The one function that moves a life; the last arm refuses.

use super::{ACTIVATION_SECONDS, AccountCommand, AccountEffect, AccountState, Life, Standing};
use crate::{
    clock::Timestamp,
    identity::{
        holder::{HolderKind, Who},
        level::Level,
        lock::LockReason,
        refused::Refused,
    },
};

pub(super) type DecideResult = (Life, Result<Vec<AccountEffect>, Refused>);

impl Life {
    /// An account in `state`, with no wrong tries.
    pub const fn new(state: AccountState) -> Self {
        Self { state, wrong_passwords: 0, wrong_otps: 0, blocked_until: None }
    }

    pub(super) const fn with(self, state: AccountState) -> Self {
        Self { state, ..self }
    }

    /// Temporary locks end by themselves.
    #[must_use]
    pub fn settled(self, now: Timestamp) -> Self {
        match self.state {
            AccountState::TemporarilyLocked { until, standing } if now >= until => {
                Self::new(AccountState::Open(standing))
            }
            state if self.blocked_until.is_some_and(|until| now >= until) => Self::new(state),
            _ => self,
        }
    }

    /// The new life, kept even when the answer is a refusal, and what to do or why not.
    pub fn decide(self, command: AccountCommand, who: Who, now: Timestamp) -> DecideResult {
        let life = self.settled(now);
        if let Err(refused) = not_for(who, command) {
            return (life, Err(refused));
        }
        match command {
            AccountCommand::OpenLevel0
            | AccountCommand::Approve { .. }
            | AccountCommand::ExpireLevel0 => life.registered(command, now),
            AccountCommand::Activate | AccountCommand::ExtendActivation => {
                life.activated(command, now)
            }
            AccountCommand::ChangePhone { .. } | AccountCommand::ResetPassword => {
                life.changed(command, now)
            }
            AccountCommand::CheckPassword { correct, lock_until } => {
                life.password(correct, lock_until)
            }
            AccountCommand::CheckOtp { correct, lock_until } => life.otp(correct, lock_until),
            AccountCommand::SignIn { .. } => {
                let answer = life.may_sign_in(now).map(|_| vec![]);
                (life, answer)
            }
            AccountCommand::Lock { reason, by } => life.lock(reason, by, who),
            AccountCommand::Unlock { by } => life.unlock(by),
            AccountCommand::FollowRegistry { ground } => life.follow(ground, who),
        }
    }

    fn refuse(self, command: AccountCommand, now: Timestamp) -> DecideResult {
        (self, Err(self.out_of_turn(command, now)))
    }

    fn out_of_turn(self, command: AccountCommand, now: Timestamp) -> Refused {
        match self.state {
            AccountState::TemporarilyLocked { until, .. } => Refused::TemporarilyLocked { until },
            AccountState::Locked { reason, .. } => Refused::Locked { reason },
            AccountState::Unregistered | AccountState::Open(_) => {
                Refused::OutOfTurn { state: self.reads(now).into(), command: command.name().into() }
            }
        }
    }

    fn registered(self, command: AccountCommand, now: Timestamp) -> DecideResult {
        let until = now.plus_seconds(ACTIVATION_SECONDS);
        match (self.state, command) {
            (AccountState::Unregistered, AccountCommand::OpenLevel0) => {
                (self.with(AccountState::Open(Standing::Level0)), Ok(vec![]))
            }
            (AccountState::Open(Standing::Level0), AccountCommand::ExpireLevel0) => {
                let effects = vec![AccountEffect::ReleasePhone, AccountEffect::RevokeSessions];
                (Self::new(AccountState::Unregistered), Ok(effects))
            }
            (
                AccountState::Unregistered | AccountState::Open(Standing::Level0),
                AccountCommand::Approve { level },
            ) => {
                let state = AccountState::Open(Standing::Approved { level, until });
                (self.with(state), Ok(vec![AccountEffect::SendApproval { level }]))
            }
            (AccountState::Open(standing), AccountCommand::Approve { level }) => {
                match standing.raised(level, until) {
                    Some(raised) => (
                        self.with(AccountState::Open(raised)),
                        Ok(vec![AccountEffect::SendApproval { level }]),
                    ),
                    None => (self, Err(Refused::LevelNotHigher)),
                }
            }
            _ => self.refuse(command, now),
        }
    }

    fn activated(self, command: AccountCommand, now: Timestamp) -> DecideResult {
        let extended = now.plus_seconds(ACTIVATION_SECONDS);
        match (self.state, command) {
            (AccountState::Open(standing), AccountCommand::Activate) => match standing
                .activated(now)
            {
                Ok((active, level)) => (
                    self.with(AccountState::Open(active)),
                    Ok(vec![AccountEffect::SendActivated { level }, AccountEffect::RevokeSessions]),
                ),
                Err(refused) => (self, Err(refused)),
            },
            (AccountState::Unregistered, AccountCommand::Activate) => {
                (self, Err(Refused::RegistrationRequired))
            }
            (
                AccountState::Open(Standing::Approved { level, .. }),
                AccountCommand::ExtendActivation,
            ) => {
                let state = AccountState::Open(Standing::Approved { level, until: extended });
                (self.with(state), Ok(vec![AccountEffect::SendApproval { level }]))
            }
            (
                AccountState::Open(Standing::Active { level, upgrade: Some(_) }),
                AccountCommand::ExtendActivation,
            ) => {
                let state = AccountState::Open(Standing::Active { level, upgrade: Some(extended) });
                (self.with(state), Ok(vec![AccountEffect::SendApproval { level: Level::Two }]))
            }
            _ => self.refuse(command, now),
        }
    }

    /// Facts §2.9, §5.1: what a holder changes about the way in.
    fn changed(self, command: AccountCommand, now: Timestamp) -> DecideResult {
        let until = now.plus_seconds(ACTIVATION_SECONDS);
        let standing = match self.state {
            AccountState::Open(standing) | AccountState::TemporarilyLocked { standing, .. } => {
                standing
            }
            // Its ground is gone with the number.
            AccountState::Locked { reason: LockReason::PhoneReclaimed, standing, .. }
                if matches!(command, AccountCommand::ChangePhone { .. }) =>
            {
                standing
            }
            AccountState::Unregistered => return (self, Err(Refused::RegistrationRequired)),
            AccountState::Locked { .. } => return self.refuse(command, now),
        };
        match command {
            AccountCommand::ChangePhone { reactivate: true } => {
                let state = AccountState::Open(standing.to_activate_again(until));
                (
                    Self::new(state),
                    Ok(vec![AccountEffect::SendPhoneChanged, AccountEffect::RevokeSessions]),
                )
            }
            AccountCommand::ChangePhone { reactivate: false } => {
                (Self::new(AccountState::Open(standing)), Ok(vec![AccountEffect::SendPhoneChanged]))
            }
            AccountCommand::ResetPassword if matches!(standing, Standing::Approved { .. }) => {
                self.refuse(command, now)
            }
            _ => {
                let effects =
                    vec![AccountEffect::SendPasswordChanged, AccountEffect::RevokeSessions];
                (Self::new(AccountState::Open(standing)), Ok(effects))
            }
        }
    }

    /// The level a holder signs in with, or what stands in the way.
    pub fn may_sign_in(self, now: Timestamp) -> Result<Level, Refused> {
        match self.settled(now).state {
            AccountState::Open(Standing::Active { level, .. }) => Ok(level),
            AccountState::Open(Standing::Approved { until, .. }) if now > until => {
                Err(Refused::ActivationOverdue)
            }
            AccountState::Open(Standing::Approved { .. }) => Err(Refused::ActivationRequired),
            AccountState::Unregistered | AccountState::Open(Standing::Level0) => {
                Err(Refused::RegistrationRequired)
            }
            AccountState::TemporarilyLocked { until, .. } => {
                Err(Refused::TemporarilyLocked { until })
            }
            AccountState::Locked { reason, .. } => Err(Refused::Locked { reason }),
        }
    }

    /// The state's name as people and documents see it at `now`.
    pub fn reads(self, now: Timestamp) -> &'static str {
        match self.settled(now).state {
            AccountState::Open(Standing::Approved { until, .. }) if now > until => {
                "activation_overdue"
            }
            other => other.name(),
        }
    }

    /// The level in use, 0 before any.
    pub fn level(self) -> u8 {
        self.granted().map_or(0, u8::from)
    }

    /// The level that was granted, if one was.
    pub fn granted(self) -> Option<Level> {
        match self.state.standing() {
            Some(Standing::Active { level, .. } | Standing::Approved { level, .. }) => Some(level),
            Some(Standing::Level0) | None => None,
        }
    }
}

/// What a kind of holder never does, in any state.
fn not_for(who: Who, command: AccountCommand) -> Result<(), Refused> {
    let organisation = who.kind == HolderKind::Organisation;
    match command {
        AccountCommand::Approve { level } => who.kind.may_have(level, who.regime),
        // It is used through its members, each with an account and a phone of his own.
        AccountCommand::OpenLevel0
        | AccountCommand::CheckPassword { .. }
        | AccountCommand::CheckOtp { .. }
        | AccountCommand::ChangePhone { .. }
        | AccountCommand::ResetPassword
            if organisation =>
        {
            Err(Refused::NotForHolder { holder: who.kind, command: command.name().into() })
        }
        // Decree 69/2024 Art. 10.1: the guardian registers, with the guardian's own account.
        AccountCommand::OpenLevel0 if who.kind.is_represented() => {
            Err(Refused::RepresentativeRequired)
        }
        // Decree 69/2024 Art. 14.2.
        AccountCommand::SignIn { consented: false } if who.kind.is_represented() => {
            Err(Refused::ConsentRequired)
        }
        _ => Ok(()),
    }
}

impl Standing {
    /// Facts §2.9: after a change of phone the holder activates again.
    const fn to_activate_again(self, until: Timestamp) -> Self {
        match self {
            Self::Level0 => Self::Level0,
            Self::Active { upgrade: Some(_), .. } => Self::Approved { level: Level::Two, until },
            Self::Approved { level, .. } | Self::Active { level, upgrade: None } => {
                Self::Approved { level, until }
            }
        }
    }

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
