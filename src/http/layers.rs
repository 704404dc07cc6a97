//! What every response gets: the mark of a simulation, safe headers, one log line, a panic turned into a 500.

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::error::Cause;

/// Says what this is on every response.
pub const MOCK_HEADER: HeaderName = HeaderName::from_static("x-vneid-mock");

/// Marks, hardens and logs. The query is never logged: it may hold a code or a number.
pub(crate) async fn around(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let mut response = next.run(request).await;
    let status = response.status();
    let cause = response.extensions().get::<Cause>().map_or("", |cause| cause.0.as_str());
    if status.is_server_error() {
        tracing::error!(%method, path, status = status.as_u16(), cause, "failed");
    } else if status.is_client_error() {
        tracing::info!(%method, path, status = status.as_u16(), "refused");
    } else {
        tracing::debug!(%method, path, status = status.as_u16(), "answered");
    }
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
