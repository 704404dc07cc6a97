//! What every response gets: the mark of a simulation, safe headers, one log line, a panic turned into a 500.

use std::time::Duration;

use axum::{
    extract::{MatchedPath, Request},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, uri::Authority,
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::{
    error::Problem,
    refusal_note::{Cause, LoggedRefusal},
    unread,
};

/// What the metrics call a path that no door has.
const UNMATCHED: &str = "unmatched";
/// The most characters of such a path in a log line.
const LONGEST_PATH: usize = 200;

/// Says what this is on every response.
pub const MOCK_HEADER: HeaderName = HeaderName::from_static("x-vneid-mock");

/// Marks, hardens and logs. The query is never logged: it may hold a code or a number.
pub(crate) async fn around(mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let asked = if path == UNMATCHED { cut(request.uri().path()) } else { path.clone() };
    let method = request.method().clone();
    let rest = unread::lend(&mut request);
    let may_enter = is_probe(&path) || has_one_host(&request);
    let mut response = if may_enter { next.run(request).await } else { unknown_host() };
    if let Some(rest) = rest {
        rest.settle(&mut response).await;
    }
    note(&method, &asked, &response);
    let status = response.status();
    metrics::counter!("mock_vneid_requests_total", "path" => path, "status" => status.as_str().to_owned())
        .increment(1);
    let headers = response.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static("mock-vneid (simulation)"));
    headers.insert(MOCK_HEADER, HeaderValue::from_static("simulation; not VNeID"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert_with(|| HeaderValue::from_static("no-store"));
    response
}

/// One line for each request: what was asked, what came of it, and the refusal's code.
fn note(method: &Method, path: &str, response: &Response) {
    let status = response.status();
    let told = response.extensions().get::<LoggedRefusal>().cloned().unwrap_or_default();
    let (code, expected) = (&*told.code, &*told.expected);
    if status.is_server_error() {
        let cause = response.extensions().get::<Cause>().map_or("", |cause| cause.0.as_str());
        tracing::error!(%method, path, status = status.as_u16(), code, cause, "failed");
    } else if status.is_client_error() || !code.is_empty() {
        tracing::info!(%method, path, status = status.as_u16(), code, expected, "refused");
    } else {
        tracing::debug!(%method, path, status = status.as_u16(), "answered");
    }
}

/// The path of a request that no door answers, as far as a log line has room for it.
fn cut(path: &str) -> String {
    path.chars().take(LONGEST_PATH).collect()
}

/// Load balancers ask these by whatever address they have, and need to know no name.
fn is_probe(path: &str) -> bool {
    ["/livez", "/readyz", "/metrics"].contains(&path)
}

/// RFC 9112 §3.2: exactly one `Host` of HTTP/1.1, and one that can be read; HTTP/1.0 needs none.
fn has_one_host(request: &Request) -> bool {
    let headers = request.headers();
    if request.version() == Version::HTTP_10 && !headers.contains_key(header::HOST) {
        return true;
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| {
        let after = authority.as_str().strip_prefix(authority.host());
        // The parser takes any digits for a port.
        let port_fits = after.is_some_and(|after| {
            after.is_empty()
                || after.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
        });
        port_fits && !authority.host().contains(',')
    })
}

fn unknown_host() -> Response {
    let detail = "a request has one Host header that can be read";
    Problem::new(StatusCode::BAD_REQUEST, "invalid_host", detail).into_response()
}

/// Any origin may call: pages with PKCE live by it. No cookie counts at these doors, so a page that sends its credentials along, as
/// keycloak-js does, learns no more than one that does not; a browser shows it the answer only if its own origin is named.
pub(crate) fn readable_by_pages() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        // Whatever a page's library or its tracing adds: no cookie counts here.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::WWW_AUTHENTICATE, header::RETRY_AFTER])
        .max_age(Duration::from_mins(10))
}

/// The same for an answer that comes instead of such a door's own: a page must see what went wrong.
pub(crate) fn let_pages_read(
    path: &str,
    origin: Option<&HeaderValue>,
    headers: &mut HeaderMap,
) {
    let back = path.starts_with("/.well-known/")
        || path.starts_with("/oauth2/") && path != "/oauth2/authorize";
    let Some(origin) = origin.filter(|_| back) else { return };
    if !headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let yes = HeaderValue::from_static("true");
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        let shown = HeaderValue::from_static("www-authenticate,retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, shown);
    }
}
