//! The one table of scopes and claims: consent page, discovery, userinfo, ID token, dialects and `docs/claims.md` read it.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::identity::{Account, Citizen, Level, Organisation, Papers, organisation::Role};

mod document;
mod papers;
mod person;
mod protocol;
mod standard;

pub use document::document;
pub use protocol::PROTOCOL;

/// Asks for a refresh token that outlives the session (OIDC Core §11).
pub const OFFLINE: &str = "offline_access";

/// A scope: what a client asks for, and what the holder agrees to.
#[derive(Debug)]
pub struct Scope {
    /// As requests write it.
    pub name: &'static str,
    /// The account level that is needed for its claims.
    pub level: Level,
    /// What it means to the holder, in Vietnamese.
    pub vietnamese: &'static str,
    /// The same in English.
    pub english: &'static str,
    /// What has to be loaded before its claims can be given.
    pub loads: Loads,
    /// Whether the ID token holds its claims too, not only userinfo.
    pub in_id_token: bool,
    /// Its claims.
    pub claims: &'static [Claim],
}

/// A claim, and where its value comes from.
#[derive(Debug)]
pub struct Claim {
    /// As answers write it.
    pub name: &'static str,
    /// What it says, in Vietnamese.
    pub vietnamese: &'static str,
    /// The same in English.
    pub english: &'static str,
    /// Who says that there is such a claim.
    pub basis: Basis,
    /// The value; none where the holder has none.
    value: fn(&ClaimsHolder<'_>) -> Option<Value>,
}

/// How sure a row is (`docs/fidelity.md`), and where that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A published standard: OIDC, an RFC.
    Standard(&'static str),
    /// The name is invented; what it says is known from a law, a guide or a report.
    Named(&'static str),
    /// Nothing is claimed about VNeID.
    Invented,
}

/// What a claim's value needs beside account and citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loads {
    /// Nothing.
    Nothing,
    /// What the owners of the papers hold.
    Papers,
    /// Children and wards.
    Dependants,
}

/// The holder whose claims are asked for.
#[derive(Debug, Clone, Copy)]
pub struct ClaimsHolder<'a> {
    /// The citizen, as the population database has her today.
    pub citizen: &'a Citizen,
    /// The account.
    pub account: &'a Account,
    /// The account's level.
    pub level: Level,
    /// The organisation the holder acts for, and as what.
    pub organisation: Option<&'a (Organisation, Role)>,
    /// What the databases hold, where a scope loads it.
    pub papers: &'a Papers,
    /// Children under 14 and wards, where a scope loads them.
    pub dependants: &'a [Citizen],
    /// Today in Viet Nam.
    pub today: Date,
}

/// Which claims are asked for.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRequest<'a> {
    /// The granted scopes.
    pub scope: &'a str,
    /// The claims asked for by name (OIDC Core §5.5).
    pub by_name: &'a [String],
    /// The client's own scopes: nothing comes by name that these would not give it.
    pub allowed: &'a str,
}

/// Every scope, in the order discovery lists them.
pub fn all() -> impl Iterator<Item = &'static Scope> {
    standard::SCOPES.iter().chain(person::SCOPES).chain(papers::SCOPES).chain(standard::LAST)
}

/// The names of all scopes.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|scope| scope.name)
}

/// All scopes as a request writes them.
pub fn every() -> String {
    names().collect::<Vec<_>>().join(" ")
}

/// The scope of this name.
pub fn named(name: &str) -> Option<&'static Scope> {
    all().find(|scope| scope.name == name)
}

/// Whether a space-separated list holds a token.
pub fn contains(scope: &str, token: &str) -> bool {
    scope.split(' ').any(|given| given == token)
}

/// The names of all claims that an answer may hold: `claims_supported`.
pub fn claim_names() -> impl Iterator<Item = &'static str> {
    let by_scope = all().flat_map(|scope| scope.claims);
    PROTOCOL.iter().chain(by_scope).map(|claim| claim.name)
}

/// The scopes whose claims an answer may need: those granted, and those a claim asked for by name belongs to.
pub fn needed<'a>(granted: &'a str, by_name: &'a [String]) -> impl Iterator<Item = &'static Scope> {
    all().filter(move |scope| {
        contains(granted, scope.name)
            || scope.claims.iter().any(|claim| by_name.iter().any(|name| name == claim.name))
    })
}

impl Scope {
    /// What it means to the holder, in a language, with the level it needs.
    pub fn words(&self, language: super::language::Language) -> String {
        let words = language.pick(self.vietnamese, self.english);
        match self.level {
            Level::Two => format!("{words} ({})", language.pick("mức 2", "level 2")),
            Level::Unlevelled | Level::One => words.to_owned(),
        }
    }

    /// A level-1 account never yields a level-2 claim (product §6).
    fn is_open_to(&self, holder: &ClaimsHolder<'_>) -> bool {
        holder.level >= self.level
    }

    /// Adds those of its claims that are wanted, that the holder's level opens, and that have a value.
    fn add(
        &self,
        holder: &ClaimsHolder<'_>,
        wanted: impl Fn(&Claim) -> bool,
        claims: &mut Map<String, Value>,
    ) {
        if !self.is_open_to(holder) {
            return;
        }
        for claim in self.claims.iter().filter(|claim| wanted(claim)) {
            if let Some(value) = (claim.value)(holder) {
                claims.insert(claim.name.to_owned(), value);
            }
        }
    }
}

/// The claims of userinfo: those of the granted scopes, those asked for by name, and `sub` (OIDC Core §5.3, §5.5).
pub fn userinfo(
    holder: &ClaimsHolder<'_>,
    sub: &str,
    asked: ClaimRequest<'_>,
) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), sub.into());
    for scope in all().filter(|scope| contains(asked.scope, scope.name)) {
        scope.add(holder, |_| true, &mut claims);
    }
    add_named(holder, asked, &mut claims);
    claims.insert("vneid_mock".to_owned(), true.into());
    claims
}

/// The claims of the holder that the ID token has beside the protocol's own.
pub(super) fn id_token(holder: &ClaimsHolder<'_>, asked: ClaimRequest<'_>) -> Map<String, Value> {
    let mut claims = Map::new();
    for scope in all().filter(|it| it.in_id_token && contains(asked.scope, it.name)) {
        scope.add(holder, |_| true, &mut claims);
    }
    add_named(holder, asked, &mut claims);
    claims
}

/// The claims asked for by name.
fn add_named(holder: &ClaimsHolder<'_>, asked: ClaimRequest<'_>, claims: &mut Map<String, Value>) {
    let ClaimRequest { by_name, allowed, .. } = asked;
    if by_name.is_empty() {
        return;
    }
    for scope in all().filter(|scope| contains(allowed, scope.name)) {
        scope.add(holder, |claim| by_name.iter().any(|name| name == claim.name), claims);
    }
}

/// A holder's value of a claim, if there is such a claim, her level opens it and she has one.
pub(super) fn value(holder: &ClaimsHolder<'_>, name: &str) -> Option<Value> {
    let open = all().filter(|scope| scope.is_open_to(holder));
    let claim = open.flat_map(|scope| scope.claims).find(|claim| claim.name == name)?;
    (claim.value)(holder)
}
