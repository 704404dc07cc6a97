//! The life of an account: exact moves, and invariants that no walk of commands breaks.

use mock_vneid::{
    clock::Timestamp,
    identity::{
        HolderKind, Level, Refused, Regime, Who,
        life::{
            AccountCommand, AccountEffect, AccountState, Life, OTP_TRIES, PASSWORD_TRIES, Standing,
        },
        lifecycle,
        lock::{By, LockReason},
        otp::{self, Challenge},
        registration::{self, Evidence, RegistrationStatus, Rejection},
    },
};
use proptest::prelude::*;

fn moment(seconds: i64) -> Timestamp {
    Timestamp::parse("2026-01-01T00:00:00Z").unwrap().plus_seconds(seconds)
}

#[test]
fn every_state_answers_every_command() {
    let (mut cells, mut granted) = (0, 0);
    for who in everybody() {
        for (_, life) in lifecycle::states() {
            for (_, command) in lifecycle::commands() {
                let cell = lifecycle::cell(life, command, who);
                assert!(cell.starts_with(['→', '✓', '✗']), "{cell}");
                cells += 1;
                granted += usize::from(!cell.starts_with('✗'));
            }
        }
    }
    let (kinds, regimes) = (HolderKind::ALL.len(), Regime::ALL.len());
    let wanted = lifecycle::states().len() * lifecycle::commands().len() * kinds * regimes;
    assert_eq!(cells, wanted);
    // Most of them say no: a new state can do nothing until it is taught.
    assert!(granted > 1_000 && granted < cells / 2, "{granted} of {cells}");
}

/// Every kind of holder under both decrees.
fn everybody() -> Vec<Who> {
    let regimes = Regime::ALL.iter().copied();
    regimes
        .flat_map(|regime| HolderKind::ALL.iter().map(move |&kind| Who { kind, regime }))
        .collect()
}

/// What is stored is read back as it was.
fn stored(life: Life) -> Life {
    serde_json::from_str(&serde_json::to_string(&life).unwrap()).unwrap()
}

#[test]
fn every_state_is_read_back_as_it_was_stored() {
    let lives: Vec<Life> = lifecycle::states().into_iter().map(|(_, life)| life).collect();
    for life in &lives {
        assert_eq!(stored(*life), *life);
        for (_, command) in lifecycle::commands() {
            for who in everybody() {
                let (next, _) = life.decide(command, who, moment(0));
                assert_eq!(stored(next), next);
            }
        }
    }
}

#[test]
fn the_samples_hold_every_ground() {
    for reason in LockReason::ALL.iter().copied() {
        let found = lifecycle::states().into_iter().any(|(_, life)| {
            matches!(life.state, AccountState::Locked { reason: given, .. } if given == reason)
        });
        assert!(found, "{reason:?} is not in the table");
    }
}

fn commands() -> impl Strategy<Value = AccountCommand> {
    let level = prop_oneof![Just(Level::One), Just(Level::Two), Just(Level::Unlevelled)];
    let by =
        prop_oneof![Just(By::Holder), Just(By::Ministry), Just(By::Authority), Just(By::Registry)];
    let reason = proptest::sample::select(LockReason::ALL.to_vec());
    let lock_until = Timestamp::MAX;
    prop_oneof![
        Just(AccountCommand::OpenLevel0),
        level.prop_map(|level| AccountCommand::Approve { level }),
        Just(AccountCommand::Activate),
        Just(AccountCommand::ExtendActivation),
        any::<bool>()
            .prop_map(move |correct| AccountCommand::CheckPassword { correct, lock_until }),
        any::<bool>().prop_map(move |correct| AccountCommand::CheckOtp { correct, lock_until }),
        any::<bool>().prop_map(|consented| AccountCommand::SignIn { consented }),
        Just(AccountCommand::ExpireLevel0),
        any::<bool>().prop_map(|reactivate| AccountCommand::ChangePhone { reactivate }),
        Just(AccountCommand::ResetPassword),
        proptest::option::of(reason.clone())
            .prop_map(|ground| AccountCommand::FollowRegistry { ground }),
        (reason, by.clone()).prop_map(|(reason, by)| AccountCommand::Lock { reason, by }),
        by.prop_map(|by| AccountCommand::Unlock { by }),
    ]
}

fn is_active(life: Life) -> bool {
    matches!(life.state.standing(), Some(Standing::Active { .. }))
}

fn is_dead(life: Life) -> bool {
    matches!(life.state, AccountState::Locked { reason: LockReason::Death, .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_walk_breaks_an_invariant(
        who in proptest::sample::select(everybody()),
        steps in proptest::collection::vec((commands(), -3600_i64..30 * 24 * 3600), 0..80),
    ) {
        let mut life = Life::new(AccountState::Unregistered);
        let mut approved = None;
        let mut now = moment(0);
        for (command, later) in steps {
            now = now.plus_seconds(later);
            // Temporary locks of this walk end after an hour.
            let command = match command {
                AccountCommand::CheckPassword { correct, .. } =>
                    AccountCommand::CheckPassword { correct, lock_until: now.plus_seconds(3600) },
                AccountCommand::CheckOtp { correct, .. } =>
                    AccountCommand::CheckOtp { correct, lock_until: now.plus_seconds(3600) },
                other => other,
            };
            let before = life.settled(now);
            let (after, answer) = life.decide(command, who, now);
            if let (AccountCommand::Approve { level }, Ok(_)) = (command, &answer) {
                approved = approved.max(Some(level));
            }
            // Nobody is active without an approval, nor above what was approved.
            if is_active(after) {
                prop_assert!(approved.is_some_and(|level| u8::from(level) >= after.level()));
            }
            // Nobody ever has a level that the law does not give to this kind of holder.
            if let Some(Standing::Approved { level, .. } | Standing::Active { level, .. }) = after.state.standing() {
                prop_assert!(who.kind.may_have(level, who.regime).is_ok());
            }
            // Nor a lock on a ground that does not exist for it.
            if let AccountState::Locked { reason, .. } = after.state {
                prop_assert!(reason.applies_to(who));
            }
            // A terminal state stays terminal.
            if is_dead(before) {
                prop_assert!(is_dead(after));
                prop_assert!(after.may_sign_in(now).is_err());
            }
            // Tries never rise after a success, and never pass their bound.
            if answer.is_ok() && matches!(command, AccountCommand::CheckPassword { .. }) {
                prop_assert_eq!(after.wrong_passwords, 0);
            }
            prop_assert!(after.wrong_passwords < PASSWORD_TRIES && after.wrong_otps < OTP_TRIES);
            // A refusal moves nothing but tries and temporary locks.
            if answer.is_err() && !matches!(command, AccountCommand::CheckPassword { .. } | AccountCommand::CheckOtp { .. }) {
                prop_assert_eq!(after, before);
            }
            // The level never falls, but with the end of a level-0 account; only an activation raises it in use.
            prop_assert!(after.level() >= before.level());
            // Whatever takes the account out of use ends what it gave.
            let open = matches!(after.state, AccountState::Open(Standing::Active { .. }));
            let was_open = matches!(before.state, AccountState::Open(Standing::Active { .. }));
            if was_open && !open && answer.is_ok() {
                prop_assert!(answer.as_ref().is_ok_and(|it| it.contains(&AccountEffect::RevokeSessions)));
            }
            // A sign-in is granted exactly to an open, active account.
            prop_assert_eq!(after.settled(now).may_sign_in(now).is_ok(), open);
            prop_assert_eq!(stored(after), after);
            life = after;
        }
    }

    #[test]
    fn an_otp_is_accepted_at_most_once(
        steps in proptest::collection::vec((0_u8..3, 0_i64..100), 0..40),
    ) {
        let mut challenge = Challenge::sent("111111".to_owned(), moment(0));
        let (mut now, mut accepted, mut wrong) = (0, 0, 0);
        for (kind, later) in steps {
            now += later;
            let command = match kind {
                0 => otp::OtpCommand::Check { code: "111111".to_owned() },
                1 => otp::OtpCommand::Check { code: "000000".to_owned() },
                _ => otp::OtpCommand::Resend { code: "111111".to_owned() },
            };
            let (next, answer) = challenge.decide(&command, moment(now));
            accepted += u8::from(kind == 0 && answer.is_ok());
            wrong += u8::from(matches!(answer, Err(Refused::WrongOtp { .. })));
            challenge = next;
        }
        prop_assert!(accepted <= 1 && wrong < otp::TRIES);
    }

    #[test]
    fn a_decided_registration_stays_decided(steps in proptest::collection::vec(0_u8..6, 0..20)) {
        let rejection = || Rejection::Portrait { evidence: Evidence::Mismatch };
        let mut status = RegistrationStatus::Submitted;
        for step in steps {
            let command = match step {
                0 => registration::RegistrationCommand::BeginMatching,
                1 => registration::RegistrationCommand::RecordFindings(None),
                2 => registration::RegistrationCommand::RecordFindings(Some(rejection())),
                3 => registration::RegistrationCommand::Approve,
                4 => registration::RegistrationCommand::Reject(rejection()),
                _ => registration::RegistrationCommand::Withdraw,
            };
            let before = status.clone();
            let (after, answer) = status.decide(command);
            prop_assert!(!before.is_final() || (after == before && answer.is_err()));
            if after == RegistrationStatus::Approved && before != RegistrationStatus::Approved {
                prop_assert_eq!(before, RegistrationStatus::UnderReview);
            }
            status = after;
        }
    }
}
