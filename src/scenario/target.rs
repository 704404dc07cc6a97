//! The simulator a script is played on, and one request to it.

use axum::http::{Method, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use url::Url;

use crate::visitor::{self, Wire};

/// The door that plays scenarios.
pub(crate) const DOOR: &str = "/admin/v1/scenarios";

/// A simulator.
#[derive(Debug, Clone)]
pub struct Target {
    /// How it is reached.
    pub wire: Wire,
    /// Where its default realm is.
    pub url: Url,
    /// The admin API's token, where one is in force.
    pub admin_token: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// Whoever may use the admin API.
    Tester,
    /// Nobody in particular.
    Anybody,
    /// Who has this token.
    Bearer(String),
    /// A client and its secret.
    Client(String, String),
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) enum RequestBody {
    Nothing,
    Json(Value),
    Form(Vec<(String, String)>),
}

/// An answer: its body as an object, with the HTTP status as `http`, and `refused` where it is a refusal.
#[derive(Debug, Clone)]
pub(crate) struct HttpAnswer(pub(crate) Map<String, Value>);

impl HttpAnswer {
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_default()
    }

    /// The code of a refusal.
    pub(crate) fn refused(&self) -> Option<&str> {
        self.get("refused").as_str()
    }

    pub(crate) fn of(status: u16, body: Value) -> Self {
        let mut members = match body {
            Value::Object(members) => members,
            Value::Array(items) => Map::from_iter([("items".to_owned(), Value::Array(items))]),
            Value::Null => Map::new(),
            other => Map::from_iter([("body".to_owned(), other)]),
        };
        if let Some(items) = members.get("items").and_then(Value::as_array) {
            let count = items.len();
            members.insert("count".to_owned(), count.into());
        }
        if status >= 400 {
            // RFC 9457 with our `code`; RFC 6749 §5.2; anything else by its status.
            let code = members.get("code").or_else(|| members.get("error")).cloned();
            members.insert("refused".to_owned(), code.unwrap_or_else(|| json!("status")));
        }
        members.insert("http".to_owned(), status.into());
        Self(members)
    }
}

impl Target {
    /// Whether a simulator is there.
    ///
    /// # Errors
    /// A sentence that says who is not.
    pub async fn meet(&self) -> Result<(), String> {
        let asked = self.ask(&Caller::Anybody, "GET", "/livez", RequestBody::Nothing).await;
        match asked {
            Ok(answer) if answer.refused().is_none() => Ok(()),
            Ok(answer) => {
                Err(format!("{} is no mock-vneid: /livez answers {}", self.url, answer.get("http")))
            }
            Err(why) => Err(format!("{} gives no answer: {why}", self.url)),
        }
    }

    /// One request; `path` begins with `/`.
    pub(crate) async fn ask(
        &self,
        asker: &Caller,
        method: &str,
        path: &str,
        sent: RequestBody,
    ) -> Result<HttpAnswer, String> {
        let url = self.url.join(path).map_err(|error| format!("path {path}: {error}"))?;
        if url.origin() != self.url.origin() {
            return Err(format!("path {path} leads away from the simulator"));
        }
        if url.path().ends_with(DOOR) {
            return Err("a scenario plays no other".to_owned());
        }
        let method = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
        let mut headers = Vec::new();
        let authorization = match asker {
            Caller::Tester => self.admin_token.as_ref().map(|token| format!("Bearer {token}")),
            Caller::Anybody => None,
            Caller::Bearer(token) => Some(format!("Bearer {token}")),
            Caller::Client(id, secret) => {
                let encode = |text: &String| -> String {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect()
                };
                Some(format!(
                    "Basic {}",
                    STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
                ))
            }
        };
        headers.extend(authorization.map(|value| (header::AUTHORIZATION, value)));
        let (kind, body) = match sent {
            RequestBody::Nothing => (None, String::new()),
            RequestBody::Json(value) => (Some("application/json"), value.to_string()),
            RequestBody::Form(fields) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(fields);
                (Some("application/x-www-form-urlencoded"), form.finish())
            }
        };
        headers.extend(kind.map(|kind| (header::CONTENT_TYPE, kind.to_owned())));
        let request = visitor::request(method, &url, headers, Bytes::from(body));
        let request = request.map_err(|error| error.to_string())?;
        let response = self.wire.send(request).await.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(response.body());
        let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        let body = if text.is_empty() { Value::Null } else { body };
        Ok(HttpAnswer::of(response.status().as_u16(), body))
    }
}
