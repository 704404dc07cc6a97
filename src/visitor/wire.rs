//! How a request gets to a server: into a router of this process, or over the network.

use std::time::Duration;

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Limited};
use tower::ServiceExt as _;

use crate::telemetry::chain;

/// Largest answer that is read, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreached(pub String);

/// The way to a server. Redirects are not followed here.
#[derive(Debug, Clone)]
pub enum Wire {
    /// A router, without a socket.
    InProcess(Router),
    /// Whatever the address names.
    Network(reqwest::Client),
}

impl Wire {
    /// Over the network: no redirects, no cookies, 30 seconds at most.
    ///
    /// # Errors
    /// [`Unreached`] if no client can be made.
    pub fn network() -> Result<Self, Unreached> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build();
        client.map(Self::Network).map_err(|error| Unreached(chain(&error)))
    }

    /// One request with an absolute address, one answer.
    ///
    /// # Errors
    /// [`Unreached`] with the reason.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreached> {
        let (parts, body) = match self {
            Self::InProcess(router) => {
                let Ok(response) = router.clone().oneshot(request.map(Body::from)).await;
                response.into_parts()
            }
            Self::Network(client) => {
                let request = reqwest::Request::try_from(request);
                let request = request.map_err(|error| Unreached(chain(&error)))?;
                let response = client.execute(request).await;
                let response: Response<reqwest::Body> =
                    response.map_err(|error| Unreached(chain(&error)))?.into();
                let (parts, body) = response.into_parts();
                (parts, Body::new(body))
            }
        };
        let whole = Limited::new(body, LARGEST).collect().await;
        let whole = whole.map_err(|error| Unreached(chain(&*error)))?;
        Ok(Response::from_parts(parts, whole.to_bytes()))
    }
}
