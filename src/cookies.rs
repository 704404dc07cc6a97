//! Cookies as any door writes and reads them: for one origin, out of reach of scripts and of foreign posts.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

/// One for the whole origin.
pub(crate) fn guarded(name: &str, value: &str, secure: bool) -> Cookie<'static> {
    let mut cookie = Cookie::new(name.to_owned(), value.to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    // Written only where it is so: `Secure` is dropped by browsers on http.
    cookie.set_secure(secure.then_some(true));
    cookie
}

/// The same without a value, for browsers to forget.
pub(crate) fn taken_back(name: &str, secure: bool) -> Cookie<'static> {
    let mut cookie = guarded(name, "", secure);
    // RFC 6265 §5.2.2: zero is the earliest time there is.
    cookie.set_max_age(Duration::ZERO);
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
    let mut pairs = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
    pairs.find(|it| it.name() == name).map(|it| it.value().to_owned())
}
