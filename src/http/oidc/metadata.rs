//! `GET /.well-known/openid-configuration` and `GET /oauth2/jwks`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use crate::{
    http::{
        error::Problem,
        state::{self, Ask},
    },
    oidc::discovery,
};

/// OIDC Discovery 1.0 §4. The issuer never follows the request; the back channel does when so set.
pub(crate) async fn discovery(
    State(state): State<state::State>,
    ask: Ask,
    headers: HeaderMap,
) -> Response {
    let issuer = ask.realm.issuer();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let back = match host {
        Some(host) if state.doors.dynamic_backchannel => {
            // Who comes by the issuer's name comes through its TLS; whoever comes by another came straight here.
            let own = issuer.split_once("//").is_some_and(|(_, rest)| rest.starts_with(host));
            let scheme = if own && state.is_secure() { "https" } else { "http" };
            format!("{scheme}://{host}{}", ask.realm.path())
        }
        _ => issuer.clone(),
    };
    let registers = ask.realm.policy().dynamic_registration;
    let document = discovery::document(&issuer, &back, registers);
    Json(ask.realm.published_metadata(document, ask.now)).into_response()
}

/// RFC 7517 §5.
pub(crate) async fn jwks(ask: Ask) -> Result<Response, Problem> {
    let keys = ask.realm.published_keys(ask.now)?;
    let kind = (header::CONTENT_TYPE, "application/json");
    Ok(([kind, (header::CACHE_CONTROL, "public, max-age=60")], keys).into_response())
}
