//! What stands where the demo's sites would, in a build without them: no client, no page, the network as it is.

use std::sync::Arc;

use axum::Router;

use super::state::HttpState;
use crate::{
    flow::outside::{NetworkFuture, Outside},
    oidc::client::Client,
};

/// The network, without sites in it.
pub(crate) struct Home(Arc<dyn Outside>);

impl Home {
    pub(crate) const fn new(network: Arc<dyn Outside>) -> Self {
        Self(network)
    }
}

impl Outside for Home {
    fn get<'a>(&'a self, url: &'a str) -> NetworkFuture<'a, Vec<u8>> {
        self.0.get(url)
    }

    fn post_form<'a>(&'a self, url: &'a str, body: String) -> NetworkFuture<'a, ()> {
        self.0.post_form(url, body)
    }

    fn post_json<'a>(
        &'a self,
        url: &'a str,
        body: String,
        headers: &'a [(&'static str, String)],
    ) -> NetworkFuture<'a, ()> {
        self.0.post_json(url, body, headers)
    }

    fn may_ask(&self, url: &str) -> bool {
        self.0.may_ask(url)
    }
}

pub(crate) const fn clients(_: &str, _: &str) -> Vec<Client> {
    Vec::new()
}

pub(crate) fn router(_: &Router, _: &HttpState, _: &str, _: &Home) -> Router {
    Router::new()
}
