//! A simulator inside a test process: on a port of its own, set up by a builder, gone when it is dropped.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use mock_vneid::MockVneid;
//! use serde_json::json;
//!
//! let vneid = MockVneid::builder().seed("my-test").at("2026-03-02T09:00:00+07:00").start().await?;
//! let lan = vneid.person(json!({"level": 2, "state": "active"})).await?;
//! let portal = vneid.client(json!({
//!     "client_name": "Portal", "redirect_uris": ["https://portal.example/callback"],
//! })).await?;
//! vneid.fault(json!({"effect": "id_token.expired", "client_id": portal["client_id"], "times": 1})).await?;
//!
//! // Here your own application signs her in at `vneid.issuer()`; a test of an API asks for tokens at once.
//! let tokens = vneid.sign_in(json!({
//!     "client_id": portal["client_id"], "citizen": lan["number"], "exchange": true,
//! })).await?;
//! assert!(tokens["id_token"].is_string());
//!
//! vneid.advance("PT3M").await?;
//! vneid.journal().verify(json!({"expect": [{"match": {"kind": "fault"}, "count": 1}]})).await?;
//! # Ok::<(), mock_vneid::testing::Refused>(()) }).unwrap();
//! ```

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::ServiceExt as _;

use crate::{App, Config, clock::SystemClock};

mod inbox;
mod journal;

pub use inbox::Inbox;
pub use journal::Journal;

/// A port that the system chooses.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Why the simulator did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It did not start.
    #[error("the simulator did not start: {0}")]
    Start(String),
    /// It answered with a problem: status and body.
    #[error("{0}: {1}")]
    Answer(u16, Value),
    /// What was verified is not so: the whole outcome, with near misses.
    #[error("verification failed: {0:#}")]
    NotSo(Value),
}

/// What a simulator begins with.
#[derive(Debug, Clone)]
pub struct Builder {
    config: Config,
    at: Option<String>,
    prepared: Vec<(&'static str, Value)>,
}

impl Builder {
    /// Same seed, same requests, same virtual times: the same bytes.
    #[must_use]
    pub fn seed(mut self, seed: &str) -> Self {
        self.config.seed = Some(seed.to_owned());
        self
    }

    /// Every setting at once; the port is chosen all the same.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = Config { listen: ANY_PORT, ..config };
        self
    }

    /// Every setting at once, the address too.
    pub(crate) fn exactly(config: Config) -> Self {
        Self { config, at: None, prepared: Vec::new() }
    }

    /// Time stands still at this moment (RFC 3339).
    #[must_use]
    pub fn at(mut self, moment: &str) -> Self {
        self.at = Some(moment.to_owned());
        self
    }

    /// An account like this, see [`MockVneid::person`].
    #[must_use]
    pub fn person(mut self, like: Value) -> Self {
        self.prepared.push(("/admin/v1/accounts", like));
        self
    }

    /// A client, see [`MockVneid::client`].
    #[must_use]
    pub fn client(mut self, metadata: Value) -> Self {
        self.prepared.push(("/admin/v1/clients", metadata));
        self
    }

    /// A fault, see [`MockVneid::fault`].
    #[must_use]
    pub fn fault(mut self, rule: Value) -> Self {
        self.prepared.push(("/admin/v1/faults", rule));
        self
    }

    /// Starts, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`Refused::Start`]; [`Refused::Answer`] for what was prepared wrongly.
    pub async fn start(self) -> Result<MockVneid, Refused> {
        let failed = |error: &dyn std::fmt::Display| Refused::Start(error.to_string());
        let listener =
            TcpListener::bind(self.config.listen).await.map_err(|error| failed(&error))?;
        let port = listener.local_addr().map_err(|error| failed(&error))?.port();
        let app = App::build(&self.config, port, Arc::new(SystemClock)).await;
        let app = app.map_err(|error| failed(&error))?;
        let (stop, told) = oneshot::channel::<()>();
        let (issuer, router) = (app.issuer().to_owned(), app.router());
        let token = app.admin_token().map(str::to_owned);
        let served = tokio::spawn(app.serve(listener, async {
            // An error means that the sender was dropped, which is the signal too.
            drop(told.await);
        }));
        let vneid = MockVneid { issuer, router, token, stop: Some(stop), served };
        if let Some(at) = self.at {
            vneid.post("/admin/v1/clock/freeze", json!({ "at": at })).await?;
        }
        for (path, body) in self.prepared {
            vneid.post(path, body).await?;
        }
        Ok(vneid)
    }
}

/// A running simulator. Dropped, it stops to listen and forgets everything.
#[derive(Debug)]
pub struct MockVneid {
    issuer: String,
    router: Router,
    token: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl MockVneid {
    /// One with the demo's people, on a free port.
    ///
    /// # Errors
    /// [`Refused::Start`].
    pub async fn start() -> Result<Self, Refused> {
        Self::builder().start().await
    }

    /// One that is set up first.
    pub fn builder() -> Builder {
        Builder::exactly(Config { listen: ANY_PORT, ..Config::default() })
    }

    /// The admin API's token, where one is in force.
    pub fn admin_token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Stops as a server that is told to: what is under way ends first, and everything is on disk.
    ///
    /// # Errors
    /// [`Refused::Start`] if serving failed.
    pub async fn stop(mut self) -> Result<(), Refused> {
        drop(self.stop.take());
        let served = (&mut self.served).await.map_err(std::io::Error::other).flatten();
        served.map_err(|error| Refused::Start(error.to_string()))
    }

    /// The issuer of the default realm: `http://localhost:PORT`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// "Give me an account like this": `level`, `state`, `age`, `kind`, … → `number`, `password`, `phone`, …
    ///
    /// # Errors
    /// [`Refused::Answer`], as of every method below.
    pub async fn person(&self, like: Value) -> Result<Value, Refused> {
        self.post("/admin/v1/accounts", like).await
    }

    /// Registers a client (RFC 7591's fields) → `client_id`, `client_secret`, …
    ///
    /// # Errors
    /// [`Refused::Answer`].
    pub async fn client(&self, metadata: Value) -> Result<Value, Refused> {
        self.post("/admin/v1/clients", metadata).await
    }

    /// Adds a fault, see `docs/faults.md`.
    ///
    /// # Errors
    /// [`Refused::Answer`].
    pub async fn fault(&self, rule: Value) -> Result<Value, Refused> {
        self.post("/admin/v1/faults", rule).await
    }

    /// Signs a citizen in without pages: `client_id`, `citizen`, … → `code`, or tokens with `exchange`.
    ///
    /// # Errors
    /// [`Refused::Answer`].
    pub async fn sign_in(&self, wish: Value) -> Result<Value, Refused> {
        self.post("/admin/v1/sign-ins", wish).await
    }

    /// Moves time by an ISO 8601 duration; answers what became due.
    ///
    /// # Errors
    /// [`Refused::Answer`].
    pub async fn advance(&self, duration: &str) -> Result<Value, Refused> {
        self.post("/admin/v1/clock/advance", json!({ "duration": duration })).await
    }

    /// Its messages.
    pub const fn inbox(&self) -> Inbox<'_> {
        Inbox { vneid: self }
    }

    /// What happened in it.
    pub const fn journal(&self) -> Journal<'_> {
        Journal { vneid: self }
    }

    /// Starts the country again: people, clock, messages, clients, faults, chance.
    ///
    /// # Errors
    /// [`Refused::Answer`].
    pub async fn reset(&self) -> Result<Value, Refused> {
        self.call(Method::POST, "/admin/v1/realms/default/reset", None).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, Refused> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Any door, without the socket; the body of the answer as JSON, null where there is none.
    ///
    /// # Errors
    /// [`Refused::Answer`] for a status of 400 or more.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Refused> {
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).map_err(|error| Refused::Start(error.to_string()))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let whole = response.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        let value = serde_json::from_slice(&whole.unwrap_or_default()).unwrap_or_default();
        if status.is_success() { Ok(value) } else { Err(Refused::Answer(status.as_u16(), value)) }
    }
}

impl Drop for MockVneid {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.served.abort();
    }
}
