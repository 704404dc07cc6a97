//! `GET /oidc/initiate-login`: a third party begins a sign-in at a portal (OIDC Core §4), as a link on a page of ours would.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    flow::{Error, Realm},
    http::{extract::Queried, pages},
    oidc::{
        authorize::Untrusted,
        params::{self, Params},
    },
};

/// To the client's `initiate_login_uri`, with `iss`, `login_hint` and `target_link_uri`.
pub(crate) async fn get(realm: Realm, Queried(params): Queried) -> Response {
    match initiated(&realm, params.unwrap_or_default()).await {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(error) => pages::failure(error),
    }
}

async fn initiated(realm: &Realm, params: Params) -> Result<String, Error> {
    if params.check_once(&["client_id", "login_hint", "target_link_uri"]).is_err() {
        return Err(Untrusted::Malformed.into());
    }
    let id = params.get("client_id").ok_or(Untrusted::ClientMissing)?;
    let client = realm.client(id).await?.ok_or(Untrusted::ClientUnknown)?;
    let uri = client.initiate_login_uri.as_deref().ok_or(Untrusted::NotInitiable)?;
    let issuer = realm.issuer();
    Ok(params::append(
        uri,
        &[
            ("iss", Some(&issuer)),
            ("login_hint", params.get("login_hint")),
            ("target_link_uri", params.get("target_link_uri")),
        ],
    ))
}
