//! What a simulator begins with, and its start.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot};

use super::{CallError, MockVneid};
use crate::{App, Config, clock::SystemClock};

/// A port that the system chooses.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What a simulator begins with.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use mock_vneid::MockVneid;
/// use serde_json::json;
///
/// let vneid = MockVneid::builder()
///     .seed("my-test")
///     .at("2026-03-02T09:00:00+07:00")
///     .person(json!({"level": 1, "state": "approved"}))
///     .client(json!({"client_name": "Portal", "redirect_uris": ["https://portal.example/callback"]}))
///     .fault(json!({"effect": "message.lost", "purpose": "otp", "times": 1}))
///     .start()
///     .await?;
/// // What the application under test is configured with:
/// let issuer = vneid.issuer();
/// assert!(issuer.starts_with("http://localhost:"));
/// # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    config: Config,
    at: Option<String>,
    prepared: Vec<(&'static str, Value)>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self::exactly(Config { listen: ANY_PORT, ..Config::default() })
    }

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
    /// [`CallError::Start`]; [`CallError::Answer`] for what was prepared wrongly.
    pub async fn start(self) -> Result<MockVneid, CallError> {
        let failed = |error: &dyn std::fmt::Display| CallError::Start(error.to_string());
        let listener =
            TcpListener::bind(self.config.listen).await.map_err(|error| failed(&error))?;
        let bound = listener.local_addr().map_err(|error| failed(&error))?;
        let app = App::build(&self.config, bound.port(), Arc::new(SystemClock)).await;
        let app = app.map_err(|error| failed(&error))?;
        let (stop, told) = oneshot::channel::<()>();
        let (issuer, router) = (app.issuer().to_owned(), app.router());
        let token = app.admin_token().map(str::to_owned);
        let served = tokio::spawn(app.serve(listener, async {
            // An error means that the sender was dropped, which is the signal too.
            drop(told.await);
        }));
        let vneid =
            MockVneid { url: url_of(bound), issuer, router, token, stop: Some(stop), served };
        if let Some(at) = self.at {
            vneid.post("/admin/v1/clock/freeze", json!({ "at": at })).await?;
        }
        for (path, body) in self.prepared {
            vneid.post(path, body).await?;
        }
        Ok(vneid)
    }
}

/// Where somebody on this machine reaches what listens there.
fn url_of(bound: SocketAddr) -> String {
    if bound.ip().is_loopback() || bound.ip().is_unspecified() {
        format!("http://localhost:{}", bound.port())
    } else {
        format!("http://{bound}")
    }
}
