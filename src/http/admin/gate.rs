//! Who may use the admin API: a bearer token where one is set, otherwise only this machine's own names.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    http::{error::Problem, state},
    oidc::digest::constant_time_eq,
};

pub(crate) async fn check(
    State(state): State<state::HttpState>,
    request: Request,
    next: Next,
) -> Response {
    // Beneath `/admin/v1` of any realm; the document and its page hold nothing secret.
    let mut steps = request.uri().path().split('/').skip(1);
    let first = steps.next();
    let first = if first == Some("realms") { steps.nth(1) } else { first };
    if first != Some("admin") || steps.next() != Some("v1") {
        return next.run(request).await;
    }
    let refused = match &state.doors.admin_token {
        Some(token) => unauthorized(request.headers(), token),
        None => from_elsewhere(request.headers()),
    };
    match refused {
        Some(response) => response,
        None => next.run(request).await,
    }
}

fn unauthorized(headers: &HeaderMap, token: &str) -> Option<Response> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split_once(' '));
    let right = given.is_some_and(|(scheme, given)| {
        scheme.eq_ignore_ascii_case("bearer")
            && constant_time_eq(given.as_bytes(), token.as_bytes())
    });
    if right {
        return None;
    }
    let detail = "the admin API wants Authorization: Bearer with its token";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
    let mut response = problem.into_response();
    let challenge = HeaderValue::from_static(r#"Bearer realm="mock-vneid admin""#);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    Some(response)
}

/// Without a token: no page of another site may drive it (cross-site requests, DNS rebinding).
fn from_elsewhere(headers: &HeaderMap) -> Option<Response> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    let own = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host }
        });
        ["localhost", "127.0.0.1", "[::1]"].contains(&name)
    };
    if !own(host) {
        let detail = "without an admin token only localhost may use the admin API";
        return Some(Problem::new(StatusCode::FORBIDDEN, "foreign_host", detail).into_response());
    }
    let foreign_site = text(header::HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| site != "same-origin" && site != "none");
    let foreign_origin = text(header::ORIGIN).is_some_and(|origin| {
        origin.split_once("//").is_none_or(|(_, authority)| authority != host)
    });
    if foreign_site || foreign_origin {
        let detail = "a page of another site may not use the admin API";
        return Some(Problem::new(StatusCode::FORBIDDEN, "cross_site", detail).into_response());
    }
    None
}
