//! `GET /.well-known/openid-configuration` and `GET /oauth2/jwks`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use crate::{
    flow::Realm,
    http::{error::Problem, state},
    oidc::discovery,
};

/// OIDC Discovery 1.0 §4. The issuer never follows the request; the back channel does when so set.
pub(crate) async fn discovery(
    State(state): State<state::HttpState>,
    realm: Realm,
    headers: HeaderMap,
) -> Response {
    let issuer = realm.issuer();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let back = match host {
        Some(host) if state.doors.dynamic_backchannel => {
            // Who comes by the issuer's name comes through its TLS; whoever comes by another came straight here.
            let own = issuer.split_once("//").is_some_and(|(_, rest)| rest.starts_with(host));
            let scheme = if own && state.is_secure() { "https" } else { "http" };
            format!("{scheme}://{host}{}", realm.path())
        }
        _ => issuer.clone(),
    };
    let registers = realm.policy().dynamic_registration;
    let document = discovery::document(&issuer, &back, registers);
    Json(realm.published_metadata(document)).into_response()
}

/// RFC 7517 §5.
pub(crate) async fn jwks(realm: Realm) -> Result<Response, Problem> {
    let keys = realm.published_keys()?;
    let kind = (header::CONTENT_TYPE, "application/json");
    Ok(([kind, (header::CACHE_CONTROL, "public, max-age=60")], keys).into_response())
}
