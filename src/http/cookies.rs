//! The two cookies of a browser: which one it is, and who is signed in.

use axum::http::{HeaderMap, HeaderValue, header};

use super::{extract::cookie, state::HttpState};
use crate::flow::{Realm, provider::sign_in::Browser};

/// `__Host-` under https: only this host, only over TLS, whatever a neighbour sets (RFC 6265bis §4.1.3).
fn name(state: &HttpState, realm: &Realm, what: &str) -> String {
    let prefix = if state.is_secure() { "__Host-" } else { "" };
    format!("{prefix}vneid_mock_{what}_{}", realm.name())
}

/// What the request's cookies say.
pub(crate) fn read(state: &HttpState, realm: &Realm, headers: &HeaderMap) -> Browser {
    Browser {
        key: cookie(headers, &name(state, realm, "browser")).unwrap_or_default(),
        session: cookie(headers, &name(state, realm, "session")),
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
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let name = name(state, realm, what);
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Takes a cookie back.
pub(crate) fn forget(headers: &mut HeaderMap, state: &HttpState, realm: &Realm, what: &str) {
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let name = name(state, realm, what);
    let cookie = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}
