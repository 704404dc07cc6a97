//! Bodies, queries and paths, read within bounds, refused in our own shape.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{
        FromRequest, FromRequestParts, OptionalFromRequest, Request, rejection::JsonRejection,
    },
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use futures_util::stream;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::{error::Problem, secrets::is_secret, words::words};
use crate::{
    flow::LONGEST_WAIT,
    identity::{IdNumber, Phone},
    oidc::params::{Malformed, Params},
};

/// Largest body of any door, in bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

/// Why a form cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Larger than [`LARGEST_BODY`].
    #[error("the body is longer than 65536 bytes")]
    TooLarge,
    /// Cut off, or not framed as HTTP/1.1 has it (RFC 9112 §7, §8).
    #[error("the body is incomplete or its framing is broken")]
    Broken,
    /// Not whole in time, see [`BodyTimeout`].
    #[error("the body did not arrive in time")]
    Late,
    /// Not `application/x-www-form-urlencoded`.
    #[error("the content type must be application/x-www-form-urlencoded")]
    ContentType,
    /// Its parameters are malformed.
    #[error("{0}")]
    Params(#[from] Malformed),
}

impl FormError {
    /// The code of a problem document.
    const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Late => "too_slow",
            Self::Broken => "broken_body",
            Self::ContentType => "content_type",
            Self::Params(_) => "invalid_form",
        }
    }

    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Params(_) | Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<FormError> for Problem {
    fn from(fault: FormError) -> Self {
        Self::new(fault.status(), fault.code(), fault.to_string())
    }
}

/// How long a whole body may take to arrive; the server sets it as an extension of the request.
#[derive(Debug, Clone, Copy)]
pub struct BodyTimeout(pub Duration);

impl Default for BodyTimeout {
    fn default() -> Self {
        Self(Duration::from_secs(20))
    }
}

/// Largest snapshot, in bytes.
pub const LARGEST_SNAPSHOT: usize = 32 * 1024 * 1024;

/// The whole body, if it is within bounds of size and time.
pub(crate) async fn body_of(request: Request) -> Result<Bytes, FormError> {
    body_within(request, LARGEST_BODY).await
}

/// The same with a bound of the door's own.
pub(crate) async fn body_within(request: Request, largest: usize) -> Result<Bytes, FormError> {
    let patience = request.extensions().get::<BodyTimeout>().copied().unwrap_or_default();
    let limited = Limited::new(request.into_body(), largest);
    match tokio::time::timeout(patience.0, limited.collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(FormError::TooLarge),
        Ok(Err(_)) => Err(FormError::Broken),
        Err(_) => Err(FormError::Late),
    }
}

/// The request with its body read within the bounds of every door, and that body; one that cannot be read stays unreadable, for
/// the door to refuse in its own shape.
pub(crate) async fn with_whole_body(request: Request) -> (Request, Option<Bytes>) {
    let (parts, body) = request.into_parts();
    let mut whole = Request::new(body);
    whole.extensions_mut().clone_from(&parts.extensions);
    let whole = body_of(whole).await.ok();
    let body = whole.clone().map_or_else(unreadable, Body::from);
    (Request::from_parts(parts, body), whole)
}

fn unreadable() -> Body {
    let broken = Err::<Bytes, _>(io::Error::other("unreadable"));
    Body::from_stream(stream::iter([broken]))
}

/// Whether the body is declared as a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// A posted form; the handler decides the shape of a refusal.
pub struct PostedForm(pub Result<Params, FormError>);

impl<S: Send + Sync> FromRequest<S> for PostedForm {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        if !is_form(request.headers()) {
            return Ok(Self(Err(FormError::ContentType)));
        }
        let body = body_of(request).await;
        Ok(Self(body.and_then(|body| Params::parse(&body).map_err(FormError::from))))
    }
}

/// The query, strictly read.
pub struct Queried(pub Result<Params, Malformed>);

impl<S: Send + Sync> FromRequestParts<S> for Queried {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Params::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

/// A JSON body of the APIs.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "the content type must be application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", detail));
        }
        let body = body_of(request).await?;
        // First whether it is JSON at all: a type that stops reading early never learns that.
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&body) else {
            let detail = "the body is not JSON in UTF-8";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_json", detail));
        };
        // Serde would read an array as a struct's fields in their order.
        if !value.is_object() {
            return Err(Problem::invalid("body", "must be a JSON object"));
        }
        parse_json(&body).map(Self)
    }
}

fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    match axum::Json::<T>::from_bytes(body) {
        Ok(axum::Json(value)) => Ok(value),
        Err(rejection) => Err(unfit(&rejection)),
    }
}

/// A document that was put together of several, read as a body is.
pub(crate) fn read_json<T: DeserializeOwned>(document: &serde_json::Value) -> Result<T, Problem> {
    parse_json(document.to_string().as_bytes())
}

/// A body that may be left out altogether; one that is there, or only declared, is read like any other.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let declared = request.headers().contains_key(header::CONTENT_TYPE);
        if !declared && request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// A field that is an object or left out: serde alone would take an array of its members too.
pub(crate) fn maybe_object<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: DeserializeOwned,
{
    use serde::{Deserialize as _, de::Error as _};
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::Null => Ok(None),
        value if value.is_object() => {
            serde_json::from_value(value).map(Some).map_err(D::Error::custom)
        }
        _ => Err(D::Error::custom("expected an object")),
    }
}

/// A field that is an object and must be there.
pub(crate) fn object<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: DeserializeOwned,
{
    use serde::de::Error as _;
    maybe_object(from)?.ok_or_else(|| D::Error::custom("expected an object"))
}

/// A list of objects.
pub(crate) fn objects<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: DeserializeOwned,
{
    use serde::{Deserialize as _, de::Error as _};
    let values = Vec::<serde_json::Map<_, _>>::deserialize(from)?.into_iter();
    let read = values.map(|it| serde_json::from_value(serde_json::Value::Object(it)));
    read.collect::<Result<_, _>>().map_err(D::Error::custom)
}

/// Whether the body is declared as JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        ["application/json", "application/merge-patch+json"]
            .iter()
            .any(|known| essence.eq_ignore_ascii_case(known))
    })
}

/// JSON that does not fit the type, with the path of the field.
fn unfit(rejection: &JsonRejection) -> Problem {
    let text = rejection.body_text();
    let text = ["target type: ", "body as JSON: "]
        .iter()
        .fold(text.as_str(), |text, lead| text.split_once(lead).map_or(text, |(_, rest)| rest));
    let (field, message) = match text.split_once(": ") {
        Some((field, message)) if !field.contains(' ') => (field, message),
        _ => ("body", text),
    };
    // A place within JSON says little to who wrote a form or a script.
    let message = message.split(" at line ").next().unwrap_or(message);
    // What was typed where a secret belongs is repeated to nobody: an answer is kept in the journal.
    let name = field.rsplit('.').next().unwrap_or(field);
    let message = if is_secret(name) || message.starts_with("invalid type: string") {
        message.rsplit(", ").next().filter(|it| it.starts_with("expected")).unwrap_or("wrong type")
    } else {
        message
    };
    Problem::invalid(field, words(message))
}

/// A typed query of the APIs; unknown parameters are refused by the type.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // The library reads what is not UTF-8 as something else.
        if let Err(malformed) = Params::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            let detail = malformed.to_string();
            return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_query", detail));
        }
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                let text = text.rsplit("query string: ").next().unwrap_or(&text);
                let told = match text.split_once(": ") {
                    Some((field, message)) if !field.contains(' ') => {
                        format!("{field} {}", words(message))
                    }
                    _ => words(text),
                };
                Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_query", told))
            }
        }
    }
}

/// A typed path of the APIs.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        // What was sent is not repeated: it may be long.
        let detail = "a part of the address cannot be read";
        let refused = |_| Problem::new(StatusCode::BAD_REQUEST, "invalid_path", detail);
        read.map(|axum::extract::Path(value)| Self(value)).map_err(refused)
    }
}

/// An ID number in a field.
pub(crate) fn number(field: &'static str, text: &str) -> Result<IdNumber, Problem> {
    IdNumber::typed(text)
        .map_err(|error| Problem::invalid(field, format!("is not an ID number: {error}")))
}

/// A phone number in a field.
pub(crate) fn phone(field: &'static str, text: &str) -> Result<Phone, Problem> {
    Phone::parse(text.trim())
        .map_err(|error| Problem::invalid(field, format!("is not a mobile number: {error}")))
}

/// How many items a list may have.
pub const LONGEST_LIST: usize = 1000;

/// `?limit=` of a list: 1 to 1000, 100 if left out.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked.unwrap_or(100) {
        limit @ 1..=LONGEST_LIST => Ok(limit),
        _ => Err(Problem::invalid("limit", "must be 1 to 1000")),
    }
}

/// `?wait=` of a reader, in seconds of real time: 0 to 60, 0 if left out.
pub(crate) fn wait(asked: Option<&str>) -> Result<u64, Problem> {
    let text = asked.unwrap_or("0");
    let digits = text.strip_suffix('s').unwrap_or(text);
    match digits.parse::<u64>() {
        Ok(seconds) if seconds <= LONGEST_WAIT && !digits.starts_with('+') => Ok(seconds),
        _ => Err(Problem::invalid("wait", "must be 0s to 60s")),
    }
}

/// The id in a path.
#[derive(Debug, Deserialize)]
pub(crate) struct ById {
    pub(crate) id: String,
}

/// The client in a path.
#[derive(Debug, Deserialize)]
pub(crate) struct ByClientId {
    pub(crate) client_id: String,
}

/// The ID number in a path.
#[derive(Debug, Deserialize)]
pub(crate) struct ByNumber {
    pub(crate) number: String,
}

/// A page of a list without conditions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}
