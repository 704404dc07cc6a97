//! `docs/claims.md`: which scope gives which claim at which level, from the table itself.

use std::fmt::Write as _;

use super::{Basis, Claim, PROTOCOL, all};
use crate::identity::Level;

const HEAD: &str = "# Scopes and claims

Generated from `src/oidc/scopes`; a test compares it.

A client asks for scopes; the holder sees what they mean and agrees; the granted ones give their claims in userinfo. A scope of level 2
gives nothing while the account has level 1. A claim without a value is left out. A single claim can be asked for by name with the
`claims` parameter (OIDC Core §5.5), in userinfo or the ID token, as far as the client's own scopes would give it.

Basis: a clause is a public standard; *named* says that the name is invented and what it says is known; *invented* claims nothing
about VNeID ([fidelity](fidelity.md)).
";

/// The document.
pub fn document() -> String {
    let mut text = HEAD.to_owned();
    for scope in all() {
        let level = if scope.level == Level::Two { 2 } else { 1 };
        let also = if scope.in_id_token { ", also in the ID token" } else { "" };
        write!(
            text,
            "\n## `{}`\n\n{} · {} · level {level}{also}\n",
            scope.name, scope.vietnamese, scope.english
        )
        .expect("a text takes every write");
        table(&mut text, scope.claims);
    }
    text.push_str("\n## In every token of its kind, whatever the scope\n");
    table(&mut text, PROTOCOL);
    text
}

fn table(text: &mut String, claims: &[Claim]) {
    if claims.is_empty() {
        return;
    }
    text.push_str("\n| claim | nội dung | what it says | basis |\n|---|---|---|---|\n");
    for claim in claims {
        let basis = match claim.basis {
            Basis::Standard(clause) => clause.to_owned(),
            Basis::Named(source) => format!("named: {source}"),
            Basis::Invented => "invented".to_owned(),
        };
        writeln!(text, "| `{}` | {} | {} | {basis} |", claim.name, claim.vietnamese, claim.english)
            .expect("a text takes every write");
    }
}
