//! `POST /oauth2/introspect` (RFC 7662) and `POST /oauth2/revoke` (RFC 7009).

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use super::{
    token::{read, refused},
    userinfo::bearer,
};
use crate::{
    flow::{Realm, provider::tokens::Credentials},
    http::extract::PostedForm,
};

/// RFC 7662 §2.
pub(crate) async fn introspect(
    realm: Realm,
    headers: HeaderMap,
    PostedForm(params): PostedForm,
) -> Response {
    if let (Ok(Some(token)), Ok(params)) = (bearer(&headers, "", None), &params) {
        let none = Credentials { basic: None, endpoint: "/oauth2/introspect" };
        return match realm.introspect_by_bearer(&token, params).await {
            Ok(answer) => Json(answer).into_response(),
            Err(error) => refused(&realm, error, &none, params).await,
        };
    }
    let (credentials, params) = match read(&realm, "/oauth2/introspect", &headers, params).await {
        Ok(read) => read,
        Err(refused) => return *refused,
    };
    match realm.introspect(&credentials, &params).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refused(&realm, error, &credentials, &params).await,
    }
}

/// RFC 7009 §2: 200, whatever the token was.
pub(crate) async fn revoke(
    realm: Realm,
    headers: HeaderMap,
    PostedForm(params): PostedForm,
) -> Response {
    let (credentials, params) = match read(&realm, "/oauth2/revoke", &headers, params).await {
        Ok(read) => read,
        Err(refused) => return *refused,
    };
    match realm.revoke(&credentials, &params).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refused(&realm, error, &credentials, &params).await,
    }
}
