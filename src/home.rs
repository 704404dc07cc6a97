//! The network with the demo's own sites in it: their logout tokens are handed over in the process, which need not be allowed,
//! or able, to reach its own address.

use std::sync::Arc;
#[cfg(feature = "demo")]
use std::sync::OnceLock;

use crate::flow::outside::{NetworkFuture, Outside};
#[cfg(feature = "demo")]
use crate::{demo::BackChannels, flow::outside::OutsideError};

/// The network, and the sites at home.
pub(crate) struct Home {
    network: Arc<dyn Outside>,
    #[cfg(feature = "demo")]
    sites: OnceLock<BackChannels>,
}

impl Home {
    pub(crate) const fn new(network: Arc<dyn Outside>) -> Self {
        Self {
            network,
            #[cfg(feature = "demo")]
            sites: OnceLock::new(),
        }
    }

    /// The sites that live here, once for each simulator.
    #[cfg(feature = "demo")]
    pub(crate) fn move_in(&self, sites: BackChannels) {
        drop(self.sites.set(sites));
    }
}

impl Outside for Home {
    fn get<'a>(&'a self, url: &'a str) -> NetworkFuture<'a, Vec<u8>> {
        self.network.get(url)
    }

    fn post_form<'a>(&'a self, url: &'a str, body: String) -> NetworkFuture<'a, ()> {
        #[cfg(feature = "demo")]
        if let Some(sites) = self.sites.get().filter(|sites| sites.have(url)) {
            return Box::pin(async move {
                sites.post(url, &body).await.map_err(|why| {
                    tracing::info!(%why, "a demo site refused a logout token");
                    OutsideError::Unusable
                })
            });
        }
        self.network.post_form(url, body)
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
