//! `POST /oauth2/token`, and what the back-channel endpoints share: a form, a client that proves itself.

use std::fmt;

use axum::{
    Json,
    extract::{FromRequest as _, Request},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::{
    flow::{
        Error as FlowError, Realm,
        provider::{
            explain::RefusalContext,
            tokens::{Basic, Credentials},
        },
    },
    http::{
        error::TokenRefusal,
        extract::{FormError, PostedForm, body_of, is_json},
    },
    oidc::{
        error::{Code, Error},
        params::Params,
    },
};

/// RFC 6749 §3.2: POST, a form, and an answer nobody may store.
pub(crate) async fn post(realm: Realm, request: Request) -> Response {
    let headers = request.headers().clone();
    let params = if is_json(&headers) {
        json(&realm, request).await
    } else {
        let Ok(PostedForm(params)) = PostedForm::from_request(request, &()).await;
        params
    };
    let (credentials, params) = match read(&realm, "/oauth2/token", &headers, params).await {
        Ok(read) => read,
        Err(refused) => return *refused,
    };
    let mut response = match realm.exchange(&credentials, &params).await {
        Ok(tokens) => Json(tokens).into_response(),
        Err(error) => refused(&realm, error, &credentials, &params).await,
    };
    // RFC 6749 §5.1.
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// The partners' document says JSON, and that it may give 415 (facts §4.3): a client may be let use it.
async fn json(realm: &Realm, request: Request) -> Result<Params, FormError> {
    let body = body_of(request).await?;
    let Ok(Members(fields)) = serde_json::from_slice(&body) else {
        return Err(FormError::ContentType);
    };
    let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let params = Params::parse(encoded.as_bytes())?;
    let client = realm.client(params.text("client_id")).await.ok().flatten();
    if !client.is_some_and(|client| client.json_token_requests) {
        return Err(FormError::ContentType);
    }
    Ok(params)
}

/// The members of a JSON object as they came: one that comes twice is there twice, and refused as a parameter is.
struct Members(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(InOrder)
    }
}

/// Credentials and parameters of a back-channel request, or its refusal.
pub(super) async fn read(
    realm: &Realm,
    endpoint: &'static str,
    headers: &HeaderMap,
    params: Result<Params, FormError>,
) -> Result<(Credentials, Params), Box<Response>> {
    let params = match params {
        Ok(params) => params,
        Err(fault) => return Err(Box::new(unreadable(realm, endpoint, &fault))),
    };
    match basic(headers) {
        Ok(basic) => Ok((Credentials { basic, endpoint }, params)),
        Err(error) => {
            let none = Credentials { basic: None, endpoint };
            Err(Box::new(refused(realm, error.into(), &none, &params).await))
        }
    }
}

/// A refusal in the shape of RFC 6749 §5.2, with the way to its explanation.
pub(super) async fn refused(
    realm: &Realm,
    error: FlowError,
    credentials: &Credentials,
    params: &Params,
) -> Response {
    let explained = match &error {
        FlowError::Protocol(error) => {
            let id = credentials.basic.as_ref().map(|basic| basic.id.as_str());
            let id = id.unwrap_or_else(|| params.text("client_id"));
            let client = realm.client(id).await.ok().flatten();
            let about = RefusalContext::request(id, credentials.endpoint, params);
            let about = client.as_ref().map_or(about, |client| about.of(client));
            realm.explain(error, about)
        }
        _ => None,
    };
    TokenRefusal(error, explained).into_response()
}

fn unreadable(realm: &Realm, endpoint: &str, fault: &FormError) -> Response {
    let error = Error::said(Code::InvalidRequest, &fault.to_string())
        .by("RFC 6749 §3.2, Appendix B: application/x-www-form-urlencoded")
        .expecting("a whole form of at most 65536 bytes, in UTF-8");
    let explained = realm.explain(&error, RefusalContext::client("", endpoint));
    let mut response = TokenRefusal(error.into(), explained).into_response();
    *response.status_mut() = fault.status();
    response
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before they are joined; Basic is RFC 7617.
fn basic(headers: &HeaderMap) -> Result<Option<Basic>, Error> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::new(Code::InvalidRequest, "more than one Authorization header")
            .by("RFC 9110 §11.6.2: one Authorization header")
            .expecting("one Authorization header"));
    }
    let broken = || {
        let sentence = "the Authorization header cannot be read";
        let error = Error::new(Code::InvalidClient, sentence);
        let error = error.by("RFC 7617 §2, RFC 6749 §2.3.1");
        error.expecting("Authorization: Basic with base64 of client_id:client_secret, each form-encoded")
    };
    let text = value.to_str().map_err(|_| broken())?;
    let (scheme, encoded) = text.split_once(' ').ok_or_else(broken)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(broken());
    }
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| broken())?;
    let pair = String::from_utf8(bytes).map_err(|_| broken())?;
    let (id, secret) = pair.split_once(':').ok_or_else(broken)?;
    let (id, raw) = (form_decoded(id), secret.to_owned());
    Ok(Some(Basic { id, secret: form_decoded(secret), raw }))
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
