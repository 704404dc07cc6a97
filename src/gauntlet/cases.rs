//! The cases: the menu as far as an application's login meets it, and what the menu has no line for.

use serde_json::{Value, json};

use crate::faults::{
    Verdict, menu,
    menu::{FaultEffect, MenuEntry},
};

/// How a case is made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CaseMethod {
    /// A rule, once, while somebody signs in.
    Once(Value),
    /// New keys, and a rule in force while somebody signs in with them.
    Keys(Option<Value>),
    /// A rule of the metadata in force while somebody signs in; with new keys, or after a restart.
    Metadata(Value),
    /// The end of a good sign-in, opened again in the same browser.
    Again,
    /// The same in another browser.
    Elsewhere,
    /// The end of a sign-in that somebody began, in the browser of somebody else who began one, too.
    Injected,
    /// Nothing is done: the request itself is looked at.
    Request,
    /// Signing out at the provider, with a rule for the logout token.
    SignedOut(Option<Value>),
}

/// What a case needs of the request that begins a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// One of these parameters.
    Asked(&'static [&'static str]),
    /// That the application asks userinfo.
    Userinfo,
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub does: String,
    /// What a good relying party does about it.
    pub verdict: Verdict,
    /// Which clause says so.
    pub clause: &'static str,
    pub(crate) how: CaseMethod,
    pub(crate) needs: Needs,
}

impl Case {
    /// What stands before the first dot.
    pub fn group(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

/// Doors that an application opens while somebody signs in.
const DOORS: [(&str, &str); 2] =
    [("token", "POST /oauth2/token"), ("userinfo", "/oauth2/userinfo")];

/// Every case, in the order in which they are played: what an attacker does first, what changes keys for everybody last.
pub fn cases() -> Vec<Case> {
    let order = [
        "request",
        "callback",
        "id_token",
        "userinfo",
        "logout_token",
        "door",
        "store",
        "keys",
        "jwks",
        "discovery",
    ];
    let mut cases: Vec<Case> = own().into_iter().chain(menu().flat_map(of)).collect();
    cases.sort_by_key(|case| order.iter().position(|name| *name == case.group()));
    cases
}

/// The cases of a line. None where no login meets it: messages go to people, and access tokens to resource servers.
fn of(entry: &MenuEntry) -> Vec<Case> {
    let rule = json!({ "effect": entry.name });
    let how = match entry.effect {
        FaultEffect::Message(_) | FaultEffect::AccessToken(_) => return Vec::new(),
        FaultEffect::Door(_) | FaultEffect::Store(_) => return at_doors(entry),
        FaultEffect::Keys(_) => CaseMethod::Keys(Some(rule)),
        FaultEffect::Discovery => CaseMethod::Metadata(rule),
        FaultEffect::LogoutToken(_) => CaseMethod::SignedOut(Some(rule)),
        FaultEffect::Callback(_) | FaultEffect::IdToken(_) | FaultEffect::Userinfo(_) => {
            CaseMethod::Once(rule)
        }
    };
    let needs = match entry.name {
        "id_token.other_nonce" | "id_token.no_nonce" => Needs::Asked(&["nonce"]),
        // Whoever sends none is not protected by it either: `callback.injected` tells.
        "callback.no_state" | "callback.other_state" => Needs::Asked(&["state"]),
        "id_token.old_sign_in" => Needs::Asked(&["max_age"]),
        "id_token.other_acr" => Needs::Asked(&["acr_values", "claims"]),
        "id_token.other_sub" => Needs::Userinfo,
        _ => Needs::Nothing,
    };
    let (name, does) = (entry.name.to_owned(), entry.does.to_owned());
    vec![Case { name, does, verdict: entry.verdict, clause: entry.clause, how, needs }]
}

fn at_doors(entry: &MenuEntry) -> Vec<Case> {
    let more = match entry.name {
        "door.delay" => json!({ "milliseconds": 2000 }),
        "door.drip" => json!({ "bytes": 64, "milliseconds": 5 }),
        "door.too_many_requests" => json!({ "seconds": 1 }),
        _ => json!({}),
    };
    let at = |(place, door): &(&str, &str)| {
        let mut rule = json!({ "effect": entry.name, "door": door });
        if let (Some(rule), Some(more)) = (rule.as_object_mut(), more.as_object()) {
            rule.extend(more.clone());
        }
        let needs = if *place == "userinfo" { Needs::Userinfo } else { Needs::Nothing };
        Case {
            name: format!("{}.{place}", entry.name),
            does: format!("{door}: {}", entry.does),
            verdict: entry.verdict,
            clause: entry.clause,
            how: CaseMethod::Once(rule),
            needs,
        }
    };
    DOORS.iter().map(at).collect()
}

#[rustfmt::skip]
fn own() -> Vec<Case> {
    let case = |name: &str, how, verdict, does: &str, clause| Case {
        name: name.to_owned(), does: does.to_owned(), verdict, clause, how, needs: Needs::Nothing,
    };
    vec![
        case("request.pkce", CaseMethod::Request, Verdict::Should, "the request has no `code_challenge` of S256", "RFC 9700 §2.1.1, RFC 7636 §4.3"),
        case("callback.again", CaseMethod::Again, Verdict::May, "the address of a good answer is opened again in the same browser", "RFC 6749 §4.1.2: the code is used already"),
        case("callback.in_another_browser", CaseMethod::Elsewhere, Verdict::Refuse, "an answer that nobody has opened yet is opened in a browser that began nothing", "RFC 6749 §10.12, RFC 9700 §4.7: the answer is bound to the browser that asked"),
        case("callback.injected", CaseMethod::Injected, Verdict::Refuse, "an answer to one person's request is opened in the browser of another who began one, too", "RFC 6749 §10.12, RFC 9700 §4.5 and §4.7: the answer is bound to the request"),
        case("logout_token.valid", CaseMethod::SignedOut(None), Verdict::Accept, "the holder signs out at the provider; the logout token is sound", "Back-Channel Logout 1.0 §2.7: the session ends"),
        case("keys.rotated", CaseMethod::Keys(None), Verdict::Accept, "the provider signs with new keys", "OIDC Core §10.1.1: an unknown kid is looked up again"),
    ]
}
