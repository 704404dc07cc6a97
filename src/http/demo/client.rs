//! The back channel of the demo: `openidconnect`'s requests carried into the provider's router, without a socket.

use std::pin::Pin;

use axum::{Router, body::Body};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use tower::ServiceExt as _;

/// Largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 256 * 1024;

/// The provider, one call away: a process behind a proxy or a port map need not reach its own public address.
pub(crate) struct InProcess {
    provider: Router,
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

impl InProcess {
    pub(crate) const fn new(provider: Router) -> Self {
        Self { provider }
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, CarryError> {
        let request = request.map(Body::from);
        let answered = self.provider.clone().oneshot(request).await;
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

impl<'c> AsyncHttpClient<'c> for InProcess {
    type Error = CarryError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CarryError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
