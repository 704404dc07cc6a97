//! What every door shares, and the request's realm and moment.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, RawPathParams, rejection::RawPathParamsRejection},
    http::{StatusCode, request::Parts},
};

use super::error::Problem;
use crate::flow::{DEFAULT, Error, Flow, Realm};

/// How the doors are set.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// The admin API's bearer token; without one only loopback names may reach it.
    pub admin_token: Option<String>,
    /// Token, userinfo and JWKS URLs in discovery follow the request's own host.
    pub dynamic_backchannel: bool,
}

/// The state of the router.
#[derive(Clone)]
pub struct HttpState {
    pub(crate) flow: Arc<Flow>,
    pub(crate) doors: Arc<HttpSettings>,
    /// Tells the cookies of two simulators on one host apart: cookies know no ports.
    pub(crate) mark: Arc<str>,
}

impl HttpState {
    pub(crate) fn new(flow: Arc<Flow>, doors: HttpSettings) -> Self {
        let mark = crate::oidc::digest::mark(&flow.settings.issuer).into();
        Self { flow, doors: Arc::new(doors), mark }
    }

    /// Whether cookies are marked `Secure`: the issuer is https.
    pub(crate) fn is_secure(&self) -> bool {
        self.flow.settings.issuer.starts_with("https://")
    }
}

/// The realm at the request's moment, read once; or why it could not be read.
#[derive(Clone)]
pub(crate) struct Entered(pub(crate) Result<Realm, Arc<Error>>);

/// One request: its realm and its moment, read once before the door; what has become due is done first.
impl<S: Send + Sync> FromRequestParts<S> for Realm
where
    HttpState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = match RawPathParams::from_request_parts(parts, state).await {
            Ok(params) => Some(params),
            Err(RawPathParamsRejection::MissingPathParams(_)) => None,
            // A realm whose name cannot be read is not the default one.
            Err(unreadable) => {
                let detail = unreadable.body_text();
                return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_path", detail));
            }
        };
        let named = params.as_ref().and_then(|params| {
            params.iter().find(|(name, _)| *name == "realm").map(|(_, value)| value)
        });
        let name = named.unwrap_or(DEFAULT);
        // Read once, before the door.
        let entered = parts.extensions.get::<Entered>().cloned();
        let realm = match entered {
            Some(Entered(Ok(realm))) if realm.name() == name => realm,
            Some(Entered(Err(error))) => {
                return Err(error.of_store().unwrap_or(Error::Missing("realm")).into());
            }
            // A percent-encoded realm name bypassed the middleware: no quota, faults or journal were applied.
            Some(Entered(_)) => return Err(Error::Missing("realm").into()),
            None => HttpState::from_ref(state).flow.realm(name).await?,
        };
        // What has become due happens first, each thing at its own moment.
        realm.run_due().await?;
        Ok(realm.with_rotated_keys().await?)
    }
}
