//! What a test sent and was answered that nobody may read afterwards.

use std::{collections::BTreeSet, sync::Mutex};

use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;

/// Names of secrets in forms, queries and JSON, written down here: not read from what masks them.
const NAMES: [&str; 24] = [
    "access_token",
    "answer",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "content",
    "form",
    "id_token",
    "id_token_hint",
    "logout_token",
    "new",
    "old",
    "otp",
    "passcode",
    "password",
    "refresh_token",
    "registration_access_token",
    "request",
    "secret",
    "svg",
    "token",
    "encrypt_key",
    "key",
];

/// The secrets of all requests and answers since a test began to listen.
#[derive(Default)]
pub(crate) struct Heard(Mutex<Option<BTreeSet<String>>>);

impl Heard {
    pub(crate) fn listen(&self) {
        *self.0.lock().unwrap() = Some(BTreeSet::new());
    }

    pub(crate) fn all(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().clone().unwrap()
    }

    fn listens(&self) -> bool {
        self.0.lock().unwrap().is_some()
    }

    /// Short words say nothing: `ok`, a refusal's stable code.
    fn add(&self, name: &str, value: &str) {
        let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if NAMES.contains(&name) && value.len() >= 6 && !is_word {
            self.0.lock().unwrap().as_mut().unwrap().insert(value.to_owned());
        }
    }

    fn add_pairs(&self, encoded: &[u8]) {
        for (name, value) in form_urlencoded::parse(encoded) {
            self.add(&name, &value);
        }
    }

    fn add_json(&self, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                if let Some(text) = value.as_str() {
                    self.add(name, text);
                }
                self.add_json(value);
            }),
            Value::Array(items) => items.iter().for_each(|item| self.add_json(item)),
            _ => {}
        }
    }

    fn add_body(&self, headers: &HeaderMap, body: &[u8]) {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        if kind.is_some_and(|kind| kind.contains("x-www-form-urlencoded")) {
            self.add_pairs(body);
        } else if let Ok(value) = serde_json::from_slice::<Value>(body) {
            self.add_json(&value);
        }
    }

    pub(super) async fn hear_request(&self, request: Request<Body>) -> Request<Body> {
        if !self.listens() {
            return request;
        }
        self.add_pairs(request.uri().query().unwrap_or_default().as_bytes());
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        self.add_body(&parts.headers, &body);
        Request::from_parts(parts, Body::from(body))
    }

    pub(super) fn hear_answer(&self, headers: &HeaderMap, body: &[u8]) {
        if self.listens() {
            let location = headers.get(header::LOCATION).and_then(|it| it.to_str().ok());
            let query = location.and_then(|it| it.split_once('?')).map_or("", |(_, query)| query);
            self.add_pairs(query.as_bytes());
            self.add_body(headers, body);
        }
    }
}
