//! Faults at doors: another answer, a late one, a broken one; and the store failing beneath one request.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use futures_util::stream;
use http_body_util::BodyExt as _;
use serde_json::json;

use super::{
    error::Problem,
    extract::{is_form, is_json, with_whole_body},
};
use crate::{
    faults::{Call, Rule, menu::DoorFault},
    flow::{Realm, realm::door_faults::DoorFaults},
    journal::exchange::basic_client,
    oidc::params::Params,
};

/// Carries a request out as the realm's faults let it.
pub(crate) async fn run(realm: &Realm, path: &str, request: Request, next: Next) -> Response {
    // Read before a rule answers in the door's stead: what came is kept, and the connection stays good.
    let (request, body) = with_whole_body(request).await;
    let (client_id, citizen) =
        if realm.faults_ask_who() { who(&request, body) } else { (None, None) };
    let method = request.method().to_string();
    let call = Call {
        door: Some((&method, path)),
        client_id: client_id.as_deref(),
        citizen: citizen.as_deref(),
        ..Call::default()
    };
    let DoorFaults { doors, store } = realm.door_faults(&call);
    for (_, rule) in doors.iter().filter(|(door, _)| *door == DoorFault::Delay) {
        tokio::time::sleep(millis(rule)).await;
    }
    if let Some(instead) = doors.iter().find_map(|(door, rule)| instead(*door, rule)) {
        return instead;
    }
    let mut response = match store {
        Some((failure, count)) => realm.with_failing_store(failure, count, next.run(request)).await,
        None => next.run(request).await,
    };
    for (door, rule) in &doors {
        response = broken(response, *door, rule).await;
    }
    response
}

fn millis(rule: &Rule) -> Duration {
    Duration::from_millis(rule.milliseconds.unwrap_or(1_000).into())
}

/// An answer that is given without asking the door.
fn instead(door: DoorFault, rule: &Rule) -> Option<Response> {
    let status = |usual| rule.status.and_then(|it| StatusCode::from_u16(it).ok()).unwrap_or(usual);
    let detail = "a fault of the realm's rules";
    Some(match door {
        DoorFault::Status => {
            Problem::new(status(StatusCode::SERVICE_UNAVAILABLE), "fault", detail).into_response()
        }
        DoorFault::TooMany => {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "fault", detail);
            let mut response = problem.into_response();
            let seconds = HeaderValue::from(rule.seconds.unwrap_or(30));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
        DoorFault::OAuthError => {
            let error = rule.error.as_deref().unwrap_or("server_error");
            let body = json!({ "error": error, "error_description": detail });
            (status(StatusCode::BAD_REQUEST), Json(body)).into_response()
        }
        DoorFault::Html => {
            let page = "<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1><p>mock-vneid: mô phỏng, simulation";
            (status(StatusCode::BAD_GATEWAY), Html(page)).into_response()
        }
        DoorFault::Delay
        | DoorFault::Drip
        | DoorFault::Cut
        | DoorFault::Truncate
        | DoorFault::Empty
        | DoorFault::ContentType => {
            return None;
        }
    })
}

/// What becomes of a sound answer.
async fn broken(response: Response, door: DoorFault, rule: &Rule) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let asked = rule.bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    let body = match door {
        DoorFault::Drip => {
            parts.headers.remove(header::CONTENT_LENGTH);
            dripping(whole, asked.unwrap_or(1).max(1), millis(rule))
        }
        DoorFault::Cut => {
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(1)));
            let sent = whole.slice(..asked.unwrap_or(0).min(whole.len()));
            cut_after(sent)
        }
        DoorFault::Truncate => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Body::from(whole.slice(..asked.unwrap_or(whole.len() / 2).min(whole.len())))
        }
        DoorFault::Empty => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Body::empty()
        }
        DoorFault::ContentType => {
            let value = rule.value.as_deref().unwrap_or("text/plain");
            if let Ok(value) = HeaderValue::from_str(value) {
                parts.headers.insert(header::CONTENT_TYPE, value);
            }
            Body::from(whole)
        }
        DoorFault::Status
        | DoorFault::TooMany
        | DoorFault::OAuthError
        | DoorFault::Html
        | DoorFault::Delay => Body::from(whole),
    };
    Response::from_parts(parts, body)
}

/// Some bytes, which are on the wire before the connection ends; without any not even the head is.
fn cut_after(sent: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(sent), |sent| async move {
        match sent {
            Some(sent) if !sent.is_empty() => Some((Ok(sent), Some(Bytes::new()))),
            Some(_) => {
                // A body that waits is when the server flushes what it has.
                tokio::time::sleep(Duration::from_millis(10)).await;
                let cut = "a fault of the realm's rules";
                Some((Err(io::Error::new(io::ErrorKind::ConnectionReset, cut)), None))
            }
            None => None,
        }
    }))
}

fn dripping(whole: Bytes, size: usize, pause: Duration) -> Body {
    Body::from_stream(stream::unfold((whole, false), move |(mut rest, waits)| async move {
        if rest.is_empty() {
            return None;
        }
        if waits {
            tokio::time::sleep(pause).await;
        }
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Infallible>(piece), (rest, true)))
    }))
}

/// Whose request it is and whom it is about, as far as query, form, JSON or Basic say so.
fn who(request: &Request, body: Option<Bytes>) -> (Option<String>, Option<String>) {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = Params::parse(query.as_bytes()).unwrap_or_default().into_pairs();
    let (form, object) = (is_form(request.headers()), is_json(request.headers()));
    if form || object {
        pairs.extend(body.map(|whole| said(&whole, form)).unwrap_or_default());
    }
    let find = |names: &[&str]| {
        let found = pairs.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.clone())
    };
    let client = find(&["client_id"]).or_else(|| {
        let given = request.headers().get(header::AUTHORIZATION)?;
        basic_client(given.to_str().ok()?)
    });
    let citizen = find(&["username", "number", "citizen", "login_hint"]);
    (client, citizen)
}

fn said(body: &Bytes, form: bool) -> Vec<(String, String)> {
    if form {
        return Params::parse(body).unwrap_or_default().into_pairs();
    }
    let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body);
    let members = object.unwrap_or_default().into_iter();
    members.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}
