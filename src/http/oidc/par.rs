//! `POST /oauth2/par`: a request is pushed (RFC 9126).

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::token::{read, refused};
use crate::http::{extract::PostedForm, state::Ask};

#[derive(Serialize)]
struct Kept {
    request_uri: String,
    expires_in: i64,
}

/// RFC 9126 §2.
pub(crate) async fn post(ask: Ask, headers: HeaderMap, PostedForm(params): PostedForm) -> Response {
    let (credentials, params) = match read(&ask, "/oauth2/par", &headers, params).await {
        Ok(read) => read,
        Err(refused) => return *refused,
    };
    match ask.realm.push(&credentials, &params, ask.now).await {
        Ok(pushed) => {
            let kept = Kept { request_uri: pushed.request_uri, expires_in: pushed.expires_in };
            (StatusCode::CREATED, Json(kept)).into_response()
        }
        Err(error) => refused(&ask, error, &credentials, &params).await,
    }
}
