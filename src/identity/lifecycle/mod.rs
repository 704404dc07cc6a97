//! The states × commands × holders tables as text: `docs/lifecycle.md` is this output, so the picture cannot lie.

#![expect(clippy::format_push_string, reason = "a document is written once")]

mod regimes;

pub use regimes::document as regimes_document;

use super::{
    holder::{HolderKind, Regime, Who},
    level::Level,
    life::{AccountCommand, AccountState, Life, Standing},
    lock::{By, LockReason},
    otp,
    registration::{self, Evidence, RegistrationStatus, Rejection},
    request,
};
use crate::clock::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);
const LATER: Timestamp = NOW.plus_seconds(3600);
const BEFORE: Timestamp = NOW.plus_seconds(-1);

/// One example of every state, as `docs/lifecycle.md` names them.
pub fn states() -> Vec<(&'static str, Life)> {
    use Level::{One, Two};
    use Standing::{Active, Approved, Level0};
    let open = |standing| Life::new(AccountState::Open(standing));
    let active = Active { level: Two, upgrade: None };
    let locked = |reason: LockReason| {
        Life::new(AccountState::Locked { reason, by: reason.usual_party(), standing: active })
    };
    vec![
        ("unregistered", Life::new(AccountState::Unregistered)),
        ("level0", open(Level0)),
        ("approved 1", open(Approved { level: One, until: LATER })),
        ("approved 2", open(Approved { level: Two, until: LATER })),
        ("activation_overdue 1", open(Approved { level: One, until: BEFORE })),
        ("active 1", open(Active { level: One, upgrade: None })),
        ("active 1, 2 approved", open(Active { level: One, upgrade: Some(LATER) })),
        ("active 1, 2 overdue", open(Active { level: One, upgrade: Some(BEFORE) })),
        ("active 2", open(active)),
        ("active 2, 4 wrong", Life { wrong_passwords: 4, ..open(active) }),
        (
            "temporarily_locked",
            Life::new(AccountState::TemporarilyLocked { until: LATER, standing: active }),
        ),
        ("locked holders_request", locked(LockReason::HoldersRequest)),
        ("locked breach_of_terms", locked(LockReason::BreachOfTerms)),
        ("locked card_revoked", locked(LockReason::CardRevoked)),
        ("locked card_expired", locked(LockReason::CardExpired)),
        ("locked authoritys_request", locked(LockReason::AuthoritysRequest)),
        ("locked passport_expired", locked(LockReason::PassportExpired)),
        ("locked residence_expired", locked(LockReason::ResidenceExpired)),
        ("locked dissolved", locked(LockReason::Dissolved)),
        ("locked phone_reclaimed", locked(LockReason::PhoneReclaimed)),
        ("locked death", locked(LockReason::Death)),
        ("approved, no level", open(Approved { level: Level::Unlevelled, until: LATER })),
        ("active, no level", open(Active { level: Level::Unlevelled, upgrade: None })),
    ]
}

/// One example of every command.
pub fn commands() -> Vec<(&'static str, AccountCommand)> {
    let lock_until = LATER;
    let lock = |reason: LockReason| AccountCommand::Lock { reason, by: reason.usual_party() };
    let follow = |ground| AccountCommand::FollowRegistry { ground };
    vec![
        ("open_level0", AccountCommand::OpenLevel0),
        ("expire_level0", AccountCommand::ExpireLevel0),
        ("approve 1", AccountCommand::Approve { level: Level::One }),
        ("approve 2", AccountCommand::Approve { level: Level::Two }),
        ("approve, no level", AccountCommand::Approve { level: Level::Unlevelled }),
        ("activate", AccountCommand::Activate),
        ("extend_activation", AccountCommand::ExtendActivation),
        ("right password", AccountCommand::CheckPassword { correct: true, lock_until }),
        ("wrong password", AccountCommand::CheckPassword { correct: false, lock_until }),
        ("right OTP", AccountCommand::CheckOtp { correct: true, lock_until }),
        ("wrong OTP", AccountCommand::CheckOtp { correct: false, lock_until }),
        ("sign_in", AccountCommand::SignIn { consented: false }),
        ("sign_in, consented", AccountCommand::SignIn { consented: true }),
        ("change_phone (desk)", AccountCommand::ChangePhone { reactivate: true }),
        ("change_phone (app)", AccountCommand::ChangePhone { reactivate: false }),
        ("reset_password", AccountCommand::ResetPassword),
        ("lock (holder)", lock(LockReason::HoldersRequest)),
        ("lock (card_expired)", lock(LockReason::CardExpired)),
        ("lock (passport_expired)", lock(LockReason::PassportExpired)),
        ("lock (dissolved)", lock(LockReason::Dissolved)),
        ("lock (phone_reclaimed)", lock(LockReason::PhoneReclaimed)),
        ("lock (death)", lock(LockReason::Death)),
        ("unlock (holder)", AccountCommand::Unlock { by: By::Holder }),
        ("unlock (ministry)", AccountCommand::Unlock { by: By::Ministry }),
        ("unlock (authority)", AccountCommand::Unlock { by: By::Authority }),
        ("unlock (registry)", AccountCommand::Unlock { by: By::Registry }),
        ("follow_registry (no ground)", follow(None)),
        ("follow_registry (card_revoked)", follow(Some(LockReason::CardRevoked))),
        ("follow_registry (residence_expired)", follow(Some(LockReason::ResidenceExpired))),
        ("follow_registry (dissolved)", follow(Some(LockReason::Dissolved))),
        ("follow_registry (death)", follow(Some(LockReason::Death))),
    ]
}

fn life_name(life: Life) -> String {
    let level = life.level();
    let upgrade = match life.state.standing() {
        Some(Standing::Active { upgrade: Some(_), .. }) => ", 2 approved",
        _ => "",
    };
    match life.state {
        AccountState::Unregistered | AccountState::Open(Standing::Level0) => {
            life.reads(NOW).to_owned()
        }
        AccountState::Open(_) => format!("{} {level}{upgrade}", life.reads(NOW)),
        AccountState::TemporarilyLocked { .. } => "temporarily_locked".to_owned(),
        AccountState::Locked { .. } => "locked".to_owned(),
    }
}

/// What a command does to the life of a kind of holder, in one cell.
pub fn cell(life: Life, command: AccountCommand, who: Who) -> String {
    let (next, answer) = life.decide(command, who, NOW);
    let moved = if next == life { String::new() } else { format!("→ {}", life_name(next)) };
    let counted = |what: &str, before: u8, after: u8| {
        if after > before { format!(" ({what} {after})") } else { String::new() }
    };
    let tries = counted("wrong passwords", life.wrong_passwords, next.wrong_passwords)
        + &counted("wrong OTPs", life.wrong_otps, next.wrong_otps);
    match answer {
        Ok(_) if moved.is_empty() => "✓".to_owned(),
        Ok(_) => format!("{moved}{tries}"),
        Err(refused) if moved.is_empty() => format!("✗ `{}`", refused.code()),
        Err(refused) => format!("✗ `{}` {moved}{tries}", refused.code()),
    }
}

fn account_tables(out: &mut String) {
    for (name, life) in states() {
        out.push_str(&format!("\n### {name}\n\n| command | answer |\n|---|---|\n"));
        for (command_name, command) in commands() {
            out.push_str(&format!("| {command_name} | {} |\n", cell(life, command, Who::CITIZEN)));
        }
    }
}

/// The cells in which another holder, or the other decree, answers otherwise than for a citizen.
fn differences(out: &mut String) {
    for regime in Regime::ALL.iter().copied().rev() {
        for kind in HolderKind::ALL.iter().copied() {
            let who = Who { kind, regime };
            if who == Who::CITIZEN {
                continue;
            }
            let (name, regime) = (kind.name(), regime.name());
            out.push_str(&format!("\n### {name}, regime {regime}\n\n"));
            let mut rows = String::new();
            for (command_name, command) in commands() {
                row_of_differences(&mut rows, command_name, command, who);
            }
            if rows.is_empty() {
                out.push_str("Every cell is a citizen's.\n");
            } else {
                out.push_str("| command | answer | in these states |\n|---|---|---|\n");
                out.push_str(&rows);
            }
        }
    }
}

/// One line for each answer that differs, with the states it is given in.
fn row_of_differences(rows: &mut String, name: &str, command: AccountCommand, who: Who) {
    let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
    for (state, life) in states() {
        let answer = cell(life, command, who);
        if answer == cell(life, command, Who::CITIZEN) {
            continue;
        }
        match answers.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, states)) => states.push(state),
            None => answers.push((answer, vec![state])),
        }
    }
    for (answer, states) in answers {
        let all = states.len() == self::states().len();
        let states = if all { "every state".to_owned() } else { states.join("; ") };
        rows.push_str(&format!("| {name} | {answer} | {states} |\n"));
    }
}

fn registration_statuses() -> Vec<RegistrationStatus> {
    vec![
        RegistrationStatus::Submitted,
        RegistrationStatus::Matching,
        RegistrationStatus::UnderReview,
        RegistrationStatus::Approved,
        RegistrationStatus::Rejected(Rejection::Portrait { evidence: Evidence::Mismatch }),
        RegistrationStatus::Withdrawn,
    ]
}

fn registration_commands() -> Vec<registration::RegistrationCommand> {
    use registration::RegistrationCommand;
    let rejection = Rejection::Portrait { evidence: Evidence::Mismatch };
    vec![
        RegistrationCommand::BeginMatching,
        RegistrationCommand::RecordFindings(None),
        RegistrationCommand::RecordFindings(Some(rejection.clone())),
        RegistrationCommand::Approve,
        RegistrationCommand::Reject(rejection),
        RegistrationCommand::Withdraw,
    ]
}

fn registration_table(out: &mut String) {
    out.push_str("| status |");
    for command in registration_commands() {
        out.push_str(&format!(" {} |", command.name()));
    }
    out.push_str("\n|---|---|---|---|---|---|---|\n");
    for status in registration_statuses() {
        out.push_str(&format!("| {} |", status.name()));
        for command in registration_commands() {
            let (next, answer) = status.clone().decide(command);
            match answer {
                Ok(_) => {
                    out.push_str(&format!(" → {} |", next.name()));
                }
                Err(refused) => {
                    out.push_str(&format!(" ✗ `{}` |", refused.code()));
                }
            }
        }
        out.push('\n');
    }
}

fn otp_table(out: &mut String) {
    use otp::{Challenge, OtpCommand};
    let check = |code: &str| OtpCommand::Check { code: code.to_owned() };
    let sent = |at, left| Challenge::Sent { code: "123456".to_owned(), at, left };
    let rows = [
        ("sent, 5 left", sent(NOW, 5)),
        ("sent, 1 left", sent(NOW, 1)),
        ("sent 60 s ago", sent(NOW.plus_seconds(-60), 5)),
        ("sent 180 s ago", sent(NOW.plus_seconds(-180), 5)),
        ("used", Challenge::Used),
        ("used_up", Challenge::UsedUp),
    ];
    out.push_str("| state | right code | wrong code | resend |\n|---|---|---|---|\n");
    for (name, challenge) in rows {
        out.push_str(&format!("| {name} |"));
        for command in
            [check("123456"), check("000000"), OtpCommand::Resend { code: "654321".to_owned() }]
        {
            let (_, answer) = challenge.clone().decide(&command, NOW);
            let text = answer.map_or_else(|no| format!("✗ `{}`", no.code()), |()| "✓".to_owned());
            out.push_str(&format!(" {text} |"));
        }
        out.push('\n');
    }
}

fn request_table(out: &mut String) {
    use request::{RequestCommand, RequestStatus};
    let text = || "…".to_owned();
    let statuses = [
        RequestStatus::Received,
        RequestStatus::Forwarded,
        RequestStatus::Granted,
        RequestStatus::Refused { text: text() },
    ];
    let commands =
        [RequestCommand::Forward, RequestCommand::Grant, RequestCommand::Refuse { text: text() }];
    out.push_str("| status | forward | grant | refuse |\n|---|---|---|---|\n");
    for status in statuses {
        out.push_str(&format!("| {} |", status.name()));
        for command in commands.clone() {
            let (next, answer) = status.clone().decide(command);
            match answer {
                Ok(_) => out.push_str(&format!(" → {} |", next.name())),
                Err(refused) => out.push_str(&format!(" ✗ `{}` |", refused.code())),
            }
        }
        out.push('\n');
    }
}

/// `docs/lifecycle.md`.
pub fn document() -> String {
    let mut out = String::from(HEAD);
    out.push_str("\n## Registration (hồ sơ)\n\n");
    registration_table(&mut out);
    out.push_str("\n## One-time password\n\n");
    otp_table(&mut out);
    out.push_str("\n## Request (agency, desk, hotline)\n\n");
    request_table(&mut out);
    out.push_str(
        "\n## Account\n\nEvery state with every command, read at one moment. `✓` changes nothing and is \
         granted; `✗` is refused with that code.\n",
    );
    account_tables(&mut out);
    out.push_str(
        "\n## Other holders, and Decree 59/2022\n\nWhere the answer is not what a citizen of 14 and over meets under \
         Decree 69/2024.\n",
    );
    differences(&mut out);
    out
}

const HEAD: &str = "<!-- Generated from src/identity by `cargo run -- docs --write`; compared by tests/it/docs.rs. -->
# Lifecycle

```mermaid
stateDiagram-v2
  [*] --> unregistered
  unregistered --> level0: open_level0
  level0 --> unregistered: expire_level0 (no registration in time)
  unregistered --> approved: approve (registration approved)
  level0 --> approved: approve
  approved --> activation_overdue: 7 days
  activation_overdue --> approved: extend_activation (hotline)
  approved --> active: activate
  active --> active: level 2 approved, then activated
  active --> approved: change_phone (desk, hotline)
  active --> temporarily_locked: 5 wrong passwords
  temporarily_locked --> active: time passes
  active --> locked: lock (request), follow_registry (ground)
  locked --> active: unlock (by whoever the reason allows), follow_registry (ground gone)
  locked --> [*]: death
```

A lock keeps what is beneath it: an unlock returns to exactly that standing.

## What it means for sessions, codes and tokens

| what happens | sessions, codes, tokens, the signed-in app |
|---|---|
| lock on any ground, by request or by a database | all end; an unlock brings none back |
| activation, upgrade to level 2 | all end: the next sign-in has the new level |
| forgotten or changed password | all end |
| change of phone at a desk or by the hotline | all end; the account is activated again |
| change of phone in the app | stay; `phone_number` changes at once |
| another name | stay; userinfo gives the new name at once, `sub` stays |
| another ID number (gender, birth year) | all end; `sub` stays |
| card renewed, lost and issued anew | the lock in between ended them |
| temporary lock | stay: it stops new sign-ins |
| app signed in on another device | the app on the old device ends; portals stay |
| organisation locked, or the role in it lost | what was given for the organisation ends |
";
