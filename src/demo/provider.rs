//! The provider as the sites see it: HTTP carried into its router, without a socket; for `openidconnect`, and for what a demo shows of
//! the simulator: its time and its people.

use std::pin::Pin;

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::clock::Timestamp;

/// Largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 256 * 1024;

/// The provider, one call away: a process behind a proxy or a port map need not reach its own public address.
#[derive(Clone)]
pub(crate) struct InProcessProvider {
    router: Router,
    /// `iss`, without a slash at its end.
    pub(crate) issuer: String,
    /// The admin API's, where it wants one.
    admin_token: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CarryError {
    /// Longer than [`LARGEST_ANSWER`].
    #[error("the answer is longer than 262144 bytes")]
    TooLong,
    /// It broke off.
    #[error("the answer broke off")]
    BrokenOff,
}

/// What tokens of the provider show.
pub(crate) struct ShownClock {
    pub(crate) now: Timestamp,
    /// The realm's clock, not the computer's.
    pub(crate) is_virtual: bool,
}

impl InProcessProvider {
    pub(crate) const fn new(router: Router, issuer: String, admin_token: Option<String>) -> Self {
        Self { router, issuer, admin_token }
    }

    /// What a door of the admin API answers; the journal does not keep that it was asked.
    pub(crate) async fn read(&self, path: &str) -> Option<Value> {
        let mut request =
            Request::get(path).header(header::HOST, "localhost").header("x-vneid-journal", "off");
        if let Some(token) = &self.admin_token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let answer = self.carry(request.body(Vec::new()).ok()?).await.ok()?;
        answer.status().is_success().then(|| serde_json::from_slice(answer.body()).ok()).flatten()
    }

    /// The moment that the default realm's tokens show; none where the simulator fails.
    pub(crate) async fn now(&self) -> Option<Timestamp> {
        self.clock().await.map(|shown| shown.now)
    }

    /// The same, and which clock it is of.
    pub(crate) async fn clock(&self) -> Option<ShownClock> {
        let clock = self.read("/admin/v1/clock").await?;
        let now = Timestamp::parse(clock["wire_now"].as_str()?).ok()?;
        Some(ShownClock { now, is_virtual: clock["wire_time"] == "virtual" })
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, CarryError> {
        let request = request.map(Body::from);
        let answered = self.router.clone().oneshot(request).await;
        let (parts, body) = match answered {
            Ok(response) => response.into_parts(),
            Err(impossible) => match impossible {},
        };
        let body = Limited::new(body, LARGEST_ANSWER).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { CarryError::TooLong } else { CarryError::BrokenOff }
        })?;
        Ok(HttpResponse::from_parts(parts, body.to_bytes().into()))
    }
}

impl<'c> AsyncHttpClient<'c> for InProcessProvider {
    type Error = CarryError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CarryError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
