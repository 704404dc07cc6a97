//! Cookies: read, set, taken back; and the two of a browser: which one it is, and who is signed in.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

use super::state::HttpState;
use crate::flow::{Realm, provider::sign_in::Browser};

/// `__Host-` under https: only this host, only over TLS, whatever a neighbour sets (RFC 6265bis §4.1.3).
fn name(state: &HttpState, realm: &Realm, what: &str) -> String {
    let prefix = if state.is_secure() { "__Host-" } else { "" };
    format!("{prefix}vneid_mock_{what}_{}", realm.name())
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

/// The same without a value, for browsers to forget.
pub(crate) fn taken_back(name: &str, secure: bool) -> Cookie<'static> {
    let mut cookie = guarded(name, "", secure);
    // RFC 6265 §5.2.2: zero is the earliest time there is.
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// One for the whole origin, out of reach of scripts and of foreign posts.
pub(crate) fn guarded(name: &str, value: &str, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::new(name.to_owned(), value.to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    // Written only where it is so: `Secure` is dropped by browsers on http.
    cookie.set_secure(secure.then_some(true));
    cookie
}

/// Adds `Set-Cookie`.
pub(crate) fn append(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    if let Ok(line) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, line);
    }
}

/// The value of a cookie.
pub(crate) fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
    pairs.into_iter().find(|it| it.name() == name).map(|it| it.value().to_owned())
}
