//! A request and its answer, kept as they travelled and masked when they are read.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::{
    kept::{Body, Headers},
    mask,
};

/// A request and its answer.
#[derive(Debug)]
pub struct Exchange {
    /// The request's number in the realm.
    pub number: u64,
    /// Its method.
    pub method: String,
    /// Its path beneath the realm.
    pub path: String,
    /// Its query.
    pub query: String,
    /// Its headers.
    pub headers: Headers,
    /// Its body, as far as it was read.
    pub body: Body,
    /// The answer's status.
    pub status: u16,
    /// Its headers.
    pub answered: Headers,
    /// Its body.
    pub answer: Body,
    /// Microseconds of real time.
    pub micros: u64,
    /// What it is linked by, read once when somebody first asks.
    pub handles: OnceLock<Handles>,
    /// Which of its parameters and members are masked.
    pub is_secret: mask::IsSecret,
}

/// What ties requests of one sign-in together.
#[derive(Debug, Default)]
pub struct Handles {
    /// In the request.
    pub asked: Vec<String>,
    /// In the answer.
    pub given: Vec<String>,
}

/// Parameters that come back in a later request.
const LINKS: [&str; 8] = [
    "interaction",
    "code",
    "refresh_token",
    "token",
    "access_token",
    "request_uri",
    "id_token_hint",
    "id_token",
];

impl Default for Exchange {
    /// Nothing is shown until somebody says what is a secret.
    fn default() -> Self {
        Self {
            number: 0,
            method: String::new(),
            path: String::new(),
            query: String::new(),
            headers: Headers::default(),
            body: Body::default(),
            status: 0,
            answered: Headers::default(),
            answer: Body::default(),
            micros: 0,
            handles: OnceLock::new(),
            is_secret: |_| true,
        }
    }
}

impl Exchange {
    pub(super) fn weight(&self) -> usize {
        let texts = self.path.len() + self.query.len();
        let bodies = self.body.shown.len() + self.answer.shown.len();
        400 + texts + bodies + self.headers.weight() + self.answered.weight()
    }

    fn is(headers: &Headers, kind: &str) -> bool {
        headers.get("content-type").contains(kind)
    }

    /// The pairs of the query.
    pub fn queried(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// The pairs of a posted form.
    pub fn posted(&self) -> Vec<(String, String)> {
        if Self::is(&self.headers, "x-www-form-urlencoded") {
            form_urlencoded::parse(&self.body.shown).into_owned().collect()
        } else {
            Vec::new()
        }
    }

    fn sent_json(&self) -> Option<Value> {
        Self::is(&self.headers, "json")
            .then(|| serde_json::from_slice(&self.body.shown).ok())
            .flatten()
    }

    fn answered_json(&self) -> Option<Value> {
        Self::is(&self.answered, "json")
            .then(|| serde_json::from_slice(&self.answer.shown).ok())
            .flatten()
    }

    /// Where the answer leads.
    pub fn location(&self) -> &str {
        self.answered.get("location")
    }

    /// The pairs that the browser takes along to there, in the query or in the fragment.
    fn led_with(&self) -> Vec<(String, String)> {
        let parts = self.location().split(['?', '#']).skip(1);
        parts.flat_map(|part| form_urlencoded::parse(part.as_bytes()).into_owned()).collect()
    }

    /// Which browser asks, as its cookie tells.
    pub fn browser(&self) -> Option<&str> {
        let mut pairs = self.headers.get("cookie").split("; ").filter_map(|it| it.split_once('='));
        pairs.find(|(name, _)| name.contains("vneid_mock_browser_")).map(|(_, value)| value)
    }

    /// Whose request it is, as far as it says so.
    pub fn client_id(&self) -> Option<String> {
        let named = |pairs: Vec<(String, String)>| {
            pairs.into_iter().find(|(name, _)| name == "client_id").map(|(_, value)| value)
        };
        named(self.queried())
            .or_else(|| named(self.posted()))
            .or_else(|| basic_client(self.headers.get("authorization")))
            .or_else(|| self.sent_json()?.get("client_id")?.as_str().map(str::to_owned))
    }

    /// What it is linked by.
    pub fn handles(&self) -> &Handles {
        self.handles.get_or_init(|| {
            let mut handles = Handles::default();
            let link = |name: &str| LINKS.contains(&name);
            for (name, value) in self.queried().into_iter().chain(self.posted()) {
                if link(&name) {
                    handles.asked.push(value);
                }
            }
            let bearer = self.headers.get("authorization");
            if let Some((scheme, token)) = bearer.split_once(' ')
                && scheme.eq_ignore_ascii_case("bearer")
            {
                handles.asked.push(token.to_owned());
            }
            let led = self.led_with().into_iter();
            handles.given.extend(led.filter(|(name, _)| link(name)).map(|(_, value)| value));
            if let Some(Value::Object(members)) = self.answered_json() {
                let texts = members.iter().filter(|(name, _)| link(name));
                handles
                    .given
                    .extend(texts.filter_map(|(_, value)| value.as_str().map(str::to_owned)));
            }
            handles
        })
    }

    /// As it is shown.
    pub fn view(&self) -> Map<String, Value> {
        let mut view = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() && value.as_object().is_none_or(|members| !members.is_empty()) {
                view.insert(name.to_owned(), value);
            }
        };
        put("kind", "request".into());
        put("request", self.number.into());
        put("method", self.method.as_str().into());
        put("path", self.path.as_str().into());
        put("status", self.status.into());
        put("micros", self.micros.into());
        put("client_id", json!(self.client_id()));
        put("query", masked(self.queried(), self.is_secret));
        put("form", masked(self.posted(), self.is_secret));
        let json_of = |value: Option<Value>| {
            let mut value = value.unwrap_or_default();
            mask::json(&mut value, self.is_secret);
            value
        };
        put("json", json_of(self.sent_json()));
        put("headers", headers(&self.headers, self.is_secret));
        let mut answer = Map::new();
        answer.insert("headers".to_owned(), headers(&self.answered, self.is_secret));
        let led = self.led_with();
        if !led.is_empty() {
            answer.insert("query".to_owned(), masked(led, self.is_secret));
        }
        if let Some(body) = Some(json_of(self.answered_json())).filter(|body| !body.is_null()) {
            answer.insert("json".to_owned(), body);
        }
        put("answer", Value::Object(answer));
        view
    }

    /// The request's body as it is shown, and its media type.
    pub fn shown_body(&self) -> Option<(String, String)> {
        shown_body(&self.headers, &self.body, self.is_secret)
    }

    /// The answer's body as it is shown, and its media type.
    pub fn shown_answer(&self) -> Option<(String, String)> {
        shown_body(&self.answered, &self.answer, self.is_secret)
    }
}

fn shown_body(
    headers: &Headers,
    body: &Body,
    is_secret: mask::IsSecret,
) -> Option<(String, String)> {
    let kind = headers.get("content-type").to_owned();
    if body.size == 0 {
        return None;
    }
    let text = if kind.contains("x-www-form-urlencoded") {
        let pairs = form_urlencoded::parse(&body.shown).into_owned();
        let shown = pairs.map(|(name, value)| (mask::parameter(&name, &value, is_secret), name));
        let mut out = form_urlencoded::Serializer::new(String::new());
        shown.for_each(|(value, name)| {
            out.append_pair(&name, &value);
        });
        out.finish()
    } else if kind.contains("json") {
        let mut value = serde_json::from_slice(&body.shown).unwrap_or_default();
        mask::json(&mut value, is_secret);
        serde_json::to_string(&value).unwrap_or_default()
    } else {
        // A page holds form tokens, a JWT is one: neither is repeated.
        format!("[{} bytes]", body.size)
    };
    Some((text, kind))
}

/// The client of `Authorization: Basic` (RFC 6749 §2.3.1).
pub fn basic_client(authorization: &str) -> Option<String> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let (scheme, encoded) = authorization.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded).ok())??;
    let text = String::from_utf8(decoded).ok()?;
    let (id, _) = text.split_once(':')?;
    let id = form_urlencoded::parse(id.as_bytes()).next()?.0;
    Some(id.into_owned())
}

fn masked(pairs: Vec<(String, String)>, is_secret: mask::IsSecret) -> Value {
    let mut shown = Map::new();
    for (name, value) in pairs {
        let value = mask::parameter(&name, &value, is_secret);
        match shown.get_mut(&name) {
            // A parameter that comes twice is shown as a list.
            Some(Value::Array(values)) => values.push(value.into()),
            Some(first) => *first = json!([first.clone(), value]),
            None => {
                shown.insert(name, value.into());
            }
        }
    }
    Value::Object(shown)
}

fn headers(headers: &Headers, is_secret: mask::IsSecret) -> Value {
    let mut shown = Map::new();
    for (name, value) in headers.iter() {
        shown.insert(name.to_owned(), mask::header(name, value, is_secret).into());
    }
    Value::Object(shown)
}
