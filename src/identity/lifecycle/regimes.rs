//! The two decrees side by side, as text: `docs/regimes.md` is this output.

#![expect(clippy::format_push_string, reason = "a document is written once")]

use crate::identity::{
    holder::{Entitled, HolderKind, Regime, Who},
    level::Level,
    lock::LockReason,
};

const HEAD: &str = "<!-- Generated from src/identity by `cargo run -- docs --write`; compared by tests/it/docs.rs. -->
# Decree 59/2022 and Decree 69/2024

A realm is under one of them: `PATCH /admin/v1/policy {\"regime\": \"2022\"}` or `\"2024\"` (the default). Every cell is asserted in
`tests/it/regimes.rs`; sources and certainty are in [fidelity](fidelity.md).

## Who may have which level

| holder | level 1, 2022 | level 1, 2024 | level 2, 2022 | level 2, 2024 | no level, 2022 | no level, 2024 |
|---|---|---|---|---|---|---|
";

const fn entitled(entitled: Entitled) -> &'static str {
    match entitled {
        Entitled::Yes => "yes",
        Entitled::OnRequest => "on request",
        Entitled::No => "no",
    }
}

/// `docs/regimes.md`.
pub fn document() -> String {
    let mut out = String::from(HEAD);
    for kind in HolderKind::ALL.iter().copied() {
        out.push_str(&format!("| {} |", kind.name()));
        for level in [Level::One, Level::Two, Level::Unlevelled] {
            for regime in Regime::ALL.iter().copied() {
                out.push_str(&format!(" {} |", entitled(kind.entitled(level, regime))));
            }
        }
        out.push('\n');
    }
    out.push_str(
        "\n## Grounds for a lock\n\nFor whom a ground exists; who invokes it, and may end it.\n\n",
    );
    out.push_str("| ground | by | 2022 | 2024 |\n|---|---|---|---|\n");
    for reason in LockReason::ALL.iter().copied() {
        out.push_str(&format!("| {} | {} |", reason.name(), party(reason)));
        for regime in Regime::ALL.iter().copied() {
            out.push_str(&format!(" {} |", holders(reason, regime)));
        }
        out.push('\n');
    }
    out.push_str(TIMES);
    out
}

fn party(reason: LockReason) -> String {
    let party = format!("{:?}", reason.usual_party()).to_lowercase();
    if reason == LockReason::Death { format!("{party}, never ended") } else { party }
}

fn holders(reason: LockReason, regime: Regime) -> String {
    let applies = |kind: &HolderKind| reason.applies_to(Who { kind: *kind, regime });
    let kinds: Vec<_> = HolderKind::ALL.iter().copied().filter(applies).collect();
    match kinds.len() {
        0 => "–".to_owned(),
        all if all == HolderKind::ALL.len() => "everybody".to_owned(),
        _ => kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "),
    }
}

const TIMES: &str = "
## Legal processing times

Counted from the complete dossier; they end at 17:00 of their last day (invented: the law counts in days). The two decrees agree
wherever both are known; what a source cuts short for 2022 (organisations) is taken from 2024.

| case | time |
|---|---|
| level 1, citizen or foreigner | 1 working day |
| level 2, citizen with a valid card | 3 working days |
| level 2, citizen without one, or with one out of date | 7 working days |
| level 2, foreigner in the immigration database | 3 working days |
| level 2, foreigner not in it | 7 working days |
| organisation in a database | 3 working days |
| organisation in none | 15 days |
| agency's request: forwarded by the police | 1 working day (2022: not known) |
| agency's request: decided by the head of the authority | 2 working days |
| change of phone at a desk or by the hotline | 7 days (reported: 7 to 10) |

## Also

| | 2022 | 2024 |
|---|---|---|
| a citizen's expired card | the account is not locked; sign-in is refused | the account is locked until the card is renewed |
| a child or ward | through parent or guardian | through parent or guardian, with an own level-2 account |
| activation within 7 days, then the hotline | yes | yes |
";
