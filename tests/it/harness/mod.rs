//! The real App over `router.oneshot`, with a clock that moves when told, seeded dice and the memory store.

pub(crate) mod actors;
pub(crate) mod app;
pub(crate) mod between;
pub(crate) mod browser;
pub(crate) mod crowd;
pub(crate) mod direct;
mod documented;
pub(crate) mod log;
pub(crate) mod qr;
mod secrets;
pub(crate) mod tools;

use std::{str::FromStr as _, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mock_vneid::{
    App, Config,
    clock::{ManualClock, Timestamp},
    store::Backend,
};
use serde_json::Value;
use tower::ServiceExt as _;

/// How often something is done: `few` times in every run, as often as the variable says at night (`scripts/nightly`).
#[expect(clippy::disallowed_methods, reason = "a setting of the test run")]
pub(crate) fn rounds(variable: &str, few: u64) -> u64 {
    std::env::var(variable).map_or(few, |rounds| rounds.parse().unwrap())
}

/// Monday, 2 March 2026, 09:00 in Viet Nam.
pub(crate) const START: &str = "2026-03-02T02:00:00Z";

/// A simulator under test.
pub(crate) struct Sim {
    pub(crate) app: App,
    router: Router,
    pub(crate) clock: ManualClock,
    /// Sent along with every request that has no authentication of its own.
    token: Option<String>,
    /// What nobody may read afterwards, once a test listens.
    pub(crate) secrets: secrets::Heard,
}

impl Sim {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let clock = ManualClock::at(Timestamp::parse(START).unwrap());
        let config = Config { seed: config.seed.or_else(|| Some("test".to_owned())), ..config };
        let app = App::build(&config, 8080, Arc::new(clock.clone())).await.unwrap();
        Self { router: app.router(), app, clock, token: None, secrets: secrets::Heard::default() }
    }

    /// The same over a backend of the test's own.
    pub(crate) async fn over(backend: Arc<dyn Backend>) -> Self {
        Self::over_with(Config::default(), backend).await
    }

    pub(crate) async fn over_with(config: Config, backend: Arc<dyn Backend>) -> Self {
        let clock = ManualClock::at(Timestamp::parse(START).unwrap());
        let config = Config { seed: Some("test".to_owned()), ..config };
        let app = App::over(&config, 8080, Arc::new(clock.clone()), backend).await.unwrap();
        Self { router: app.router(), app, clock, token: None, secrets: secrets::Heard::default() }
    }

    /// A simulator that wants an admin token, and a tester who has it.
    pub(crate) async fn trusting(config: Config) -> Self {
        let mut sim = Self::with(config).await;
        sim.token = sim.app.admin_token().map(str::to_owned);
        sim
    }

    /// Moves the clock beneath every realm.
    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance_millis(seconds * 1000);
    }

    /// The computer's moment.
    pub(crate) fn now(&self) -> Timestamp {
        use mock_vneid::clock::Clock as _;
        self.clock.now()
    }

    /// The same in whole seconds, as a `NumericDate` shows it.
    pub(crate) fn seconds(&self) -> i64 {
        self.now().as_millis().div_euclid(1000)
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Reply {
        if let Some(token) = &self.token
            && request.uri().path().contains("/admin/")
        {
            let bearer = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().entry(header::AUTHORIZATION).or_insert(bearer);
        }
        let (method, asked) = (request.method().clone(), request.uri().to_string());
        let request = self.secrets.hear_request(request).await;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, mut body) = response.into_parts();
        // A stream of events never ends: its first piece is the answer.
        let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_vec());
        let body = if kind.as_deref() == Some(b"text/event-stream") {
            body.frame().await.unwrap().unwrap().into_data().unwrap()
        } else {
            body.collect().await.unwrap().to_bytes()
        };
        documented::check(&method, &asked, parts.status, &parts.headers, &body);
        self.secrets.hear_answer(&parts.headers, &body);
        Reply { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(request(Method::DELETE, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.json(Method::POST, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PUT, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PATCH, path, body).await
    }

    async fn json(&self, method: Method, path: &str, body: Value) -> Reply {
        let request = request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A form, with `Authorization: Basic` if given.
    pub(crate) async fn form(
        &self,
        path: &str,
        basic: Option<(&str, &str)>,
        fields: &[(&str, &str)],
    ) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some((id, secret)) = basic {
            request = request.header(header::AUTHORIZATION, basic_header(id, secret));
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn bearer(&self, path: &str, token: &str) -> Reply {
        let request =
            request(Method::GET, path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Every message, in order.
    pub(crate) async fn messages(&self) -> Vec<Value> {
        let list = self.get("/admin/v1/messages?limit=1000").await.ok().json();
        list["items"].as_array().unwrap().clone()
    }

    /// The newest message to a phone.
    pub(crate) async fn sms(&self, to: &str) -> Value {
        self.get(&format!("/admin/v1/messages/latest?to={to}")).await.ok().json()
    }

    /// The newest OTP to a phone.
    pub(crate) async fn otp(&self, to: &str) -> String {
        let path = format!("/admin/v1/messages/latest?to={to}&purpose=otp");
        self.get(&path).await.ok().json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn account(&self, number: &str) -> Value {
        self.get(&format!("/admin/v1/accounts/{number}")).await.ok().json()
    }

    pub(crate) async fn command(&self, number: &str, command: &str, body: Value) -> Reply {
        self.post(&format!("/admin/v1/accounts/{number}/{command}"), body).await
    }
}

pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "localhost:8080")
}

pub(crate) fn basic_header(id: &str, secret: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}

/// An answer, with the body in every failed assertion.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        Value::from_str(&self.text()).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The body, or `null` where there is none.
    pub(crate) fn json_or_null(&self) -> Value {
        Value::from_str(&self.text()).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} {:?}", self.text(), self.headers);
        self
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        self
    }

    /// The `code` of a problem with this status.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        let reply = self.status(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let body = reply.json();
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], status);
        body
    }

    /// The RFC 6749 §5.2 error with this status.
    #[track_caller]
    pub(crate) fn oauth(self, status: u16, error: &str) -> Self {
        let reply = self.status(status);
        assert_eq!(reply.json()["error"], error, "{}", reply.text());
        reply
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header("location").to_owned()
    }
}

/// The value of a query parameter.
pub(crate) fn query(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    form_urlencoded::parse(query.as_bytes())
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.into_owned())
}

/// The payload of a JWT, unverified: the relying-party tests verify.
pub(crate) fn payload(token: &str) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
