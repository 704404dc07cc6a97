//! The states × commands tables as text: `docs/lifecycle.md` is this output, so the picture cannot lie.

#![expect(clippy::format_push_string, reason = "a document is written once")]

use super::{
    level::Level,
    life::{Command, Life, Standing, State},
    lock::{By, LockReason},
    otp,
    registration::{self, Evidence, Rejection, Status},
};
use crate::clock::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);
const LATER: Timestamp = NOW.plus_seconds(3600);
const BEFORE: Timestamp = NOW.plus_seconds(-1);

/// One example of every state, as `docs/lifecycle.md` names them.
pub fn states() -> Vec<(&'static str, Life)> {
    use Level::{One, Two};
    use Standing::{Active, Approved, Level0};
    let open = |standing| Life::new(State::Open(standing));
    let active = Active { level: Two, upgrade: None };
    let locked = |reason: LockReason| {
        Life::new(State::Locked { reason, by: reason.usual_party(), standing: active })
    };
    vec![
        ("unregistered", Life::new(State::Unregistered)),
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
            Life::new(State::TemporarilyLocked { until: LATER, standing: active }),
        ),
        ("locked holders_request", locked(LockReason::HoldersRequest)),
        ("locked breach_of_terms", locked(LockReason::BreachOfTerms)),
        ("locked card_revoked", locked(LockReason::CardRevoked)),
        ("locked card_expired", locked(LockReason::CardExpired)),
        ("locked authoritys_request", locked(LockReason::AuthoritysRequest)),
        ("locked death", locked(LockReason::Death)),
    ]
}

/// One example of every command.
pub fn commands() -> Vec<(&'static str, Command)> {
    let lock_until = LATER;
    vec![
        ("open_level0", Command::OpenLevel0),
        ("approve 1", Command::Approve { level: Level::One }),
        ("approve 2", Command::Approve { level: Level::Two }),
        ("activate", Command::Activate),
        ("extend_activation", Command::ExtendActivation),
        ("right password", Command::CheckPassword { correct: true, lock_until }),
        ("wrong password", Command::CheckPassword { correct: false, lock_until }),
        ("right OTP", Command::CheckOtp { correct: true, lock_until }),
        ("wrong OTP", Command::CheckOtp { correct: false, lock_until }),
        ("sign_in", Command::SignIn),
        ("lock (holder)", Command::Lock { reason: LockReason::HoldersRequest, by: By::Holder }),
        ("lock (death)", Command::Lock { reason: LockReason::Death, by: By::Registry }),
        ("unlock (holder)", Command::Unlock { by: By::Holder }),
        ("unlock (ministry)", Command::Unlock { by: By::Ministry }),
        ("unlock (authority)", Command::Unlock { by: By::Authority }),
        ("unlock (registry)", Command::Unlock { by: By::Registry }),
    ]
}

fn life_name(life: Life) -> String {
    let level = life.level();
    let upgrade = match life.state.standing() {
        Some(Standing::Active { upgrade: Some(_), .. }) => ", 2 approved",
        _ => "",
    };
    match life.state {
        State::Unregistered | State::Open(Standing::Level0) => life.reads(NOW).to_owned(),
        State::Open(_) => format!("{} {level}{upgrade}", life.reads(NOW)),
        State::TemporarilyLocked { .. } => "temporarily_locked".to_owned(),
        State::Locked { .. } => "locked".to_owned(),
    }
}

/// What a command does to a life, in one cell.
pub fn cell(life: Life, command: Command) -> String {
    let (next, answer) = life.decide(command, NOW);
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
            out.push_str(&format!("| {command_name} | {} |\n", cell(life, command)));
        }
    }
}

fn registration_statuses() -> Vec<Status> {
    vec![
        Status::Submitted,
        Status::Matching,
        Status::UnderReview,
        Status::Approved,
        Status::Rejected(Rejection::Portrait { evidence: Evidence::Mismatch }),
        Status::Withdrawn,
    ]
}

fn registration_commands() -> Vec<registration::Command> {
    use registration::Command;
    let rejection = Rejection::Portrait { evidence: Evidence::Mismatch };
    vec![
        Command::BeginMatching,
        Command::RecordFindings(None),
        Command::RecordFindings(Some(rejection.clone())),
        Command::Approve,
        Command::Reject(rejection),
        Command::Withdraw,
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
    use otp::{Challenge, Command};
    let check = |code: &str| Command::Check { code: code.to_owned() };
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
            [check("123456"), check("000000"), Command::Resend { code: "654321".to_owned() }]
        {
            let (_, answer) = challenge.clone().decide(&command, NOW);
            let text = answer.map_or_else(|no| format!("✗ `{}`", no.code()), |()| "✓".to_owned());
            out.push_str(&format!(" {text} |"));
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
    out.push_str(
        "\n## Account\n\nEvery state with every command, read at one moment. `✓` changes nothing and is \
         granted; `✗` is refused with that code.\n",
    );
    account_tables(&mut out);
    out
}

const HEAD: &str = "<!-- Generated from src/identity by `cargo run -- docs --write`; compared by tests/it/docs.rs. -->
# Lifecycle

```mermaid
stateDiagram-v2
  [*] --> unregistered
  unregistered --> level0: open_level0
  unregistered --> approved: approve (registration approved)
  level0 --> approved: approve
  approved --> activation_overdue: 7 days
  activation_overdue --> approved: extend_activation (hotline)
  approved --> active: activate
  active --> active: level 2 approved, then activated
  active --> temporarily_locked: 5 wrong passwords
  temporarily_locked --> active: time passes
  active --> locked: lock (reason)
  locked --> active: unlock (by whoever the reason allows)
  locked --> [*]: death
```

A lock keeps what is beneath it: an unlock returns to exactly that standing.
";
