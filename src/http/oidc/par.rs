//! `POST /oauth2/par`: a request is pushed (RFC 9126).

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::token::{read, refused};
use crate::{flow::Realm, http::extract::PostedForm};

#[derive(Serialize)]
struct PushedResponse {
    request_uri: String,
    expires_in: i64,
}

/// RFC 9126 §2.
pub(crate) async fn post(
    realm: Realm,
    headers: HeaderMap,
    PostedForm(params): PostedForm,
) -> Response {
    let (credentials, params) = match read(&realm, "/oauth2/par", &headers, params).await {
        Ok(read) => read,
        Err(refused) => return *refused,
    };
    match realm.push(&credentials, &params).await {
        Ok(pushed) => {
            let kept =
                PushedResponse { request_uri: pushed.request_uri, expires_in: pushed.expires_in };
            (StatusCode::CREATED, Json(kept)).into_response()
        }
        Err(error) => refused(&realm, error, &credentials, &params).await,
    }
}
