//! What every request meets before its door: its realm at a moment, the realm's quotas and faults, the journal.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    http::{Method, StatusCode, header::ORIGIN},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body_util::BodyExt as _;
use parking_lot::Mutex;

use super::{error::Problem, faulty, layers, refusal_note::RefusalNote, secrets, state};
use crate::{
    flow::{DEFAULT, Error, Realm, base::notes::within},
    journal::{
        Event, Exchange,
        kept::{self, Headers, MOST_BODY},
    },
};

/// RFC 8414 §3.1: the well-known part stands between the host and the issuer's path.
pub(crate) const METADATA: &str = "/.well-known/oauth-authorization-server";

/// Realm and path beneath it.
fn split(path: &str) -> (&str, &str) {
    if let Some(name) = path.strip_prefix(METADATA).and_then(|it| it.strip_prefix("/realms/")) {
        return (name, METADATA);
    }
    match path.strip_prefix("/realms/").and_then(|rest| rest.find('/').map(|at| rest.split_at(at)))
    {
        Some((name, path)) => (name, path),
        None => (DEFAULT, path),
    }
}

/// What must always work: the doors that take faults back, and the ones that read what happened.
fn is_spared(path: &str) -> bool {
    // A script may be larger than what is read ahead for a rule.
    ["/admin/v1/faults", "/admin/v1/journal", "/admin/v1/realms", "/admin/v1/scenarios"]
        .iter()
        .any(|door| path.starts_with(door))
}

/// A program that watches the realm, such as the console, asks with `X-Vneid-Journal: off`: only what it reads of the admin
/// API is left out, never what it does.
fn only_watches(path: &str, request: &Request) -> bool {
    path.starts_with("/admin/")
        && request.method() == Method::GET
        && request.headers().get("x-vneid-journal").is_some_and(|it| it == "off")
}

/// Testers may always look, and delete.
async fn within_quotas(realm: &Realm, path: &str, method: &Method) -> Result<(), Error> {
    let is_admin = path.starts_with("/admin/");
    if !is_admin && !realm.may_ask() {
        return Err(Error::Limit("the requests of the realm's quota"));
    }
    let keeps = !is_admin || ![Method::GET, Method::DELETE].contains(method);
    if keeps && !realm.has_room().await? {
        return Err(Error::Limit("the entries of the realm's quota"));
    }
    Ok(())
}

pub(crate) async fn enter(
    State(state): State<state::HttpState>,
    mut request: Request,
    next: Next,
) -> Response {
    let whole = request.uri().path().to_owned();
    let (name, path) = split(&whole);
    let realm = match state.flow.realm(name).await {
        Ok(realm) => realm,
        // The door's to refuse, in its own shape; who looks for the request finds it in the default realm.
        Err(error) => {
            request.extensions_mut().insert(state::Entered(Err(Arc::new(error))));
            return match state.flow.realm(DEFAULT).await {
                Ok(realm) if realm.journals() => recorded(&realm, &whole, request, next).await,
                _ => next.run(request).await,
            };
        }
    };
    if let Err(error) = within_quotas(&realm, path, request.method()).await {
        let mut response = Problem::from(error).into_response();
        layers::let_pages_read(path, request.headers().get(ORIGIN), response.headers_mut());
        return response;
    }
    request.extensions_mut().insert(state::Entered(Ok(realm.clone())));
    let unrecorded =
        path.starts_with("/admin/v1/journal") || only_watches(path, &request) || !realm.journals();
    if unrecorded {
        let response = carried(&realm, path, request, next).await;
        realm.after_answer().await;
        note_refusal(&realm, path, None, &response);
        return response;
    }
    recorded(&realm, path, request, next).await
}

/// Carries a request out and keeps what came and went.
async fn recorded(realm: &Realm, path: &str, mut request: Request, next: Next) -> Response {
    let number = realm.begin_request();
    let (mut exchange, read) = begun(number, path, &mut request);
    let began = instant();
    let response = within(number, async {
        let response = carried(realm, path, request, next).await;
        realm.after_answer().await;
        response
    })
    .await;
    let (response, answer) = answered(response).await;
    exchange.micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    exchange.status = response.status().as_u16();
    note_refusal(realm, path, Some(number), &response);
    exchange.answered = Headers::of(response.headers());
    exchange.answer = kept::Body::of(&exchange.answered, &answer);
    exchange.body = kept::Body::of(&exchange.headers, &read.lock());
    realm.keep_exchange(exchange);
    response
}

/// What the rules refused is an event of its own, whatever shape it was answered in.
fn note_refusal(realm: &Realm, path: &str, request: Option<u64>, response: &Response) {
    let Some(told) = response.extensions().get::<RefusalNote>() else { return };
    let event = Event::new("refused", format!("{}: {}", told.code, told.sentence));
    let event = event.of_client(&told.client_id).with("error", told.code).with("endpoint", path);
    let citizen = told.citizen.map(|number| number.to_string());
    realm.note(Event { request, citizen, ..event });
}

/// Carries the request out, as the realm's faults let it.
async fn carried(realm: &Realm, path: &str, request: Request, next: Next) -> Response {
    // A preflight is the browser's own: it uses up no rule of the request that follows it.
    let spared = is_spared(path) || request.method() == Method::OPTIONS;
    if realm.has_faults() && !spared {
        let origin = request.headers().get(ORIGIN).cloned();
        // Apart, so that a request without faults does not carry the room for it.
        let mut response = Box::pin(faulty::run(realm, path, request, next)).await;
        layers::let_pages_read(path, origin.as_ref(), response.headers_mut());
        response
    } else {
        next.run(request).await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long an answer took is a fact of the computer, no rule asks for it"
)]
fn instant() -> std::time::Instant {
    std::time::Instant::now()
}

type Read = Arc<Mutex<Vec<Bytes>>>;

/// What is known before the door is asked; the body is kept as the door reads it.
fn begun(number: u64, path: &str, request: &mut Request) -> (Exchange, Read) {
    let read = Read::default();
    let exchange = Exchange {
        number,
        method: request.method().to_string(),
        path: path.to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: Headers::of(request.headers()),
        is_secret: secrets::is_secret,
        ..Exchange::default()
    };
    if !request.body().is_end_stream() {
        let kept = Arc::clone(&read);
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Body::new(body.map_frame(move |frame| {
            if let Some(data) = frame.data_ref() {
                let mut kept = kept.lock();
                if kept.iter().map(Bytes::len).sum::<usize>() < MOST_BODY {
                    kept.push(data.clone());
                }
            }
            frame
        }));
    }
    (exchange, read)
}

/// The answer, and its body as the journal keeps it. Streaming or truncated bodies pass through unread.
async fn answered(response: Response) -> (Response, Vec<Bytes>) {
    if response.body().size_hint().exact().is_none() {
        return (response, Vec::new());
    }
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(whole) => {
            let whole = whole.to_bytes();
            (Response::from_parts(parts, Body::from(whole.clone())), vec![whole])
        }
        Err(error) => {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response.extensions_mut().insert(super::refusal_note::Cause(error.to_string()));
            (response, Vec::new())
        }
    }
}
