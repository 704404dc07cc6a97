//! The two cookies of a browser: which one it is, and who is signed in.

use axum::http::HeaderMap;

use super::state::HttpState;
use crate::{
    cookies::{append, guarded, taken_back, value},
    flow::{Realm, provider::sign_in::Browser},
};

/// `__Host-` under https: only this host, only over TLS, whatever a neighbour sets (RFC 6265bis §4.1.3).
/// The mark of the issuer keeps two simulators on one host apart.
fn name(state: &HttpState, realm: &Realm, what: &str) -> String {
    let prefix = if state.is_secure() { "__Host-" } else { "" };
    format!("{prefix}vneid_mock_{what}_{}_{}", realm.name(), state.mark)
}

/// What the request's cookies say.
pub(crate) fn read(state: &HttpState, realm: &Realm, headers: &HeaderMap) -> Browser {
    Browser {
        key: value(headers, &name(state, realm, "browser")).unwrap_or_default(),
        session: value(headers, &name(state, realm, "session")),
    }
}

/// Adds a cookie that scripts cannot read and foreign posts do not carry.
pub(crate) fn set(
    headers: &mut HeaderMap,
    state: &HttpState,
    realm: &Realm,
    what: &str,
    value: &str,
) {
    append(headers, &guarded(&name(state, realm, what), value, state.is_secure()));
}

/// Takes a cookie back.
pub(crate) fn forget(headers: &mut HeaderMap, state: &HttpState, realm: &Realm, what: &str) {
    append(headers, &taken_back(&name(state, realm, what), state.is_secure()));
}
