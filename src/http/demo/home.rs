//! The network with the demo's own sites in it: their logout tokens are handed over in the process, which need not be allowed,
//! or able, to reach its own address.

use std::sync::{Arc, OnceLock, Weak};

use super::Site;
use crate::{
    flow::outside::{NetworkFuture, Outside, OutsideError},
    oidc::params::Params,
};

/// The network, and the sites at home.
pub(crate) struct Home {
    network: Arc<dyn Outside>,
    /// Weak: the sites hold the simulator, and the simulator this.
    sites: OnceLock<Vec<(String, Weak<Site>)>>,
}

impl Home {
    pub(crate) const fn new(network: Arc<dyn Outside>) -> Self {
        Self { network, sites: OnceLock::new() }
    }

    /// The sites by the address of their back channel.
    pub(super) fn move_in(&self, sites: Vec<(String, Weak<Site>)>) {
        // Once for each simulator.
        drop(self.sites.set(sites));
    }

    fn site(&self, url: &str) -> Option<Arc<Site>> {
        let known = self.sites.get()?.iter().find(|(own, _)| own == url);
        known.and_then(|(_, site)| site.upgrade())
    }
}

impl Outside for Home {
    fn get<'a>(&'a self, url: &'a str) -> NetworkFuture<'a, Vec<u8>> {
        self.network.get(url)
    }

    fn post_form<'a>(&'a self, url: &'a str, body: String) -> NetworkFuture<'a, ()> {
        match self.site(url) {
            Some(site) => Box::pin(async move {
                let form = Params::parse(body.as_bytes()).map_err(|_| OutsideError::Unusable)?;
                site.signed_out(&form).await.map_err(|why| {
                    tracing::info!(%why, "a demo site refused a logout token");
                    OutsideError::Unusable
                })
            }),
            None => self.network.post_form(url, body),
        }
    }

    fn post_json<'a>(
        &'a self,
        url: &'a str,
        body: String,
        headers: &'a [(&'static str, String)],
    ) -> NetworkFuture<'a, ()> {
        self.network.post_json(url, body, headers)
    }

    fn may_ask(&self, url: &str) -> bool {
        self.network.may_ask(url)
    }
}
