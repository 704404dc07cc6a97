//! `POST /oauth2/token`.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    flow::exchange::Credentials,
    http::{
        error::TokenRefusal,
        extract::{FormFault, PostedForm},
        state::Ask,
    },
    oidc::error::{Code, Error},
};

/// RFC 6749 §3.2: POST, a form, and an answer nobody may store.
pub(crate) async fn post(ask: Ask, headers: HeaderMap, PostedForm(params): PostedForm) -> Response {
    let params = match params {
        Ok(params) => params,
        Err(fault) => return unreadable(&fault),
    };
    let credentials = match credentials(&headers) {
        Ok(credentials) => credentials,
        Err(error) => return TokenRefusal(error.into()).into_response(),
    };
    let mut response = match ask.realm.exchange(&credentials, &params, ask.now).await {
        Ok(tokens) => Json(tokens).into_response(),
        Err(error) => TokenRefusal(error).into_response(),
    };
    // RFC 6749 §5.1.
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn unreadable(fault: &FormFault) -> Response {
    let error = Error::said(Code::InvalidRequest, &fault.to_string());
    let mut response = TokenRefusal(error.into()).into_response();
    *response.status_mut() = match fault.status() {
        StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    };
    response
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before they are joined; Basic is RFC 7617.
fn credentials(headers: &HeaderMap) -> Result<Credentials, Error> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(Credentials::default());
    };
    if values.next().is_some() {
        return Err(Error::new(Code::InvalidRequest, "more than one Authorization header"));
    }
    let broken = || Error::new(Code::InvalidClient, "the Authorization header cannot be read");
    let text = value.to_str().map_err(|_| broken())?;
    let (scheme, encoded) = text.split_once(' ').ok_or_else(broken)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(broken());
    }
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| broken())?;
    let pair = String::from_utf8(bytes).map_err(|_| broken())?;
    let (id, secret) = pair.split_once(':').ok_or_else(broken)?;
    Ok(Credentials { basic: Some((form_decoded(id), form_decoded(secret))) })
}

fn form_decoded(text: &str) -> String {
    let joined = format!("v={text}");
    // A lone `&` inside would cut the value; such a secret came un-encoded and stands for itself.
    if text.contains('&') {
        return text.to_owned();
    }
    let decoded = form_urlencoded::parse(joined.as_bytes()).next();
    decoded.map_or_else(|| text.to_owned(), |(_, value)| value.into_owned())
}
