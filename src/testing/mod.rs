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
//! vneid.clock().advance("PT3M").await?;
//! vneid.journal().verify(json!({"expect": [{"match": {"kind": "fault"}, "count": 1}]})).await?;
//! # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
//! ```

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};
use tower::ServiceExt as _;

mod builder;
mod clock;
mod inbox;
mod journal;

pub use builder::Builder;
pub use clock::TestClock;
pub use inbox::Inbox;
pub use journal::TestJournal;

/// Why the simulator did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
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

/// A running simulator. Dropped, it stops to listen and forgets everything.
#[derive(Debug)]
pub struct MockVneid {
    url: String,
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
    /// [`CallError::Start`].
    pub async fn start() -> Result<Self, CallError> {
        Self::builder().start().await
    }

    /// One that is set up first.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The admin API's token, where one is in force.
    pub fn admin_token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Stops as a server that is told to: what is under way ends first, and everything is on disk.
    ///
    /// # Errors
    /// [`CallError::Start`] if serving failed.
    pub async fn stop(mut self) -> Result<(), CallError> {
        drop(self.stop.take());
        let served = (&mut self.served).await.map_err(std::io::Error::other).flatten();
        served.map_err(|error| CallError::Start(error.to_string()))
    }

    /// Where it listens: `http://localhost:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The issuer of the default realm: its URL, unless the configuration names another.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// "Give me an account like this": `level`, `state`, `age`, `kind`, … → `number`, `password`, `phone`, …
    ///
    /// # Errors
    /// [`CallError::Answer`], as of every method below.
    pub async fn person(&self, like: Value) -> Result<Value, CallError> {
        self.post("/admin/v1/accounts", like).await
    }

    /// Registers a client (RFC 7591's fields) → `client_id`, `client_secret`, …
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn client(&self, metadata: Value) -> Result<Value, CallError> {
        self.post("/admin/v1/clients", metadata).await
    }

    /// Adds a fault, see `docs/faults.md`; its id takes it away again.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use axum::http::Method;
    /// use mock_vneid::{MockVneid, testing::CallError};
    /// use serde_json::json;
    ///
    /// let vneid = MockVneid::start().await?;
    /// let busy = vneid.fault(json!({"effect": "door.status", "door": "/oauth2/jwks", "status": 503})).await?;
    /// let keys = || vneid.call(Method::GET, "/oauth2/jwks", None);
    /// assert!(matches!(keys().await, Err(CallError::Answer(503, _))));
    /// let rule = format!("/admin/v1/faults/{}", busy["id"].as_str().unwrap());
    /// vneid.call(Method::DELETE, &rule, None).await?;
    /// keys().await?;
    /// # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn fault(&self, rule: Value) -> Result<Value, CallError> {
        self.post("/admin/v1/faults", rule).await
    }

    /// Signs a citizen in without pages: `client_id`, `citizen`, … → `code`, or tokens with `exchange`.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn sign_in(&self, wish: Value) -> Result<Value, CallError> {
        self.post("/admin/v1/sign-ins", wish).await
    }

    /// Its time.
    pub const fn clock(&self) -> TestClock<'_> {
        TestClock { vneid: self }
    }

    /// Its messages.
    pub const fn inbox(&self) -> Inbox<'_> {
        Inbox { vneid: self }
    }

    /// What happened in it.
    pub const fn journal(&self) -> TestJournal<'_> {
        TestJournal { vneid: self }
    }

    /// Starts the country again: people, clock, messages, clients, faults, chance.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn reset(&self) -> Result<Value, CallError> {
        self.call(Method::POST, "/admin/v1/realms/default/reset", None).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, CallError> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Any door, without the socket; the body of the answer as JSON, null where there is none.
    ///
    /// Everything the admin API does is had in this way, such as a snapshot that every test goes back to:
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use axum::http::Method;
    /// use mock_vneid::MockVneid;
    /// use serde_json::json;
    ///
    /// let vneid = MockVneid::builder().seed("my-test").start().await?;
    /// let snapshot = "/admin/v1/realms/default/snapshot";
    /// let before = vneid.call(Method::GET, snapshot, None).await?;
    /// let another = vneid.person(json!({"level": 1})).await?;
    /// vneid.call(Method::PUT, snapshot, Some(before)).await?;
    ///
    /// // With a seed chance comes back too: the next person is the same one.
    /// assert_eq!(vneid.person(json!({"level": 1})).await?, another);
    /// # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`CallError::Answer`] for a status of 400 or more.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, CallError> {
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).map_err(|error| CallError::Start(error.to_string()))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let whole = response.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        let value = serde_json::from_slice(&whole.unwrap_or_default()).unwrap_or_default();
        if status.is_success() { Ok(value) } else { Err(CallError::Answer(status.as_u16(), value)) }
    }
}

/// What the doors wait: whole seconds, none too few, a minute at most.
fn seconds(patience: std::time::Duration) -> u64 {
    patience.as_secs().saturating_add(u64::from(patience.subsec_nanos() > 0)).min(60)
}

impl Drop for MockVneid {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.served.abort();
    }
}
