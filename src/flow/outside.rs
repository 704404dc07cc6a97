//! What the provider asks of the network: a client's documents, and where logout tokens go. The waist; `fetch.rs` carries it.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

use parking_lot::Mutex;

use super::Flow;
use crate::{clock::Timestamp, oidc::jwks::ClientKeys};

/// Why there is no answer from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OutsideError {
    /// Not an address that may be asked: no https, or a private or loopback address without `--allow-private-fetch`.
    #[error("this address may not be fetched")]
    Forbidden,
    /// Not answered in time, not with 200, or not within the bound.
    #[error("the address gave no usable answer")]
    Unusable,
}

impl OutsideError {
    /// Stable; tools match on it.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// A future of the network.
pub type NetworkFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, OutsideError>> + Send + 'a>>;

/// The network, as the use cases see it: bounded in time and size, no redirects.
pub trait Outside: Send + Sync + 'static {
    /// A document of at most 64 KiB.
    fn get<'a>(&'a self, url: &'a str) -> NetworkFuture<'a, Vec<u8>>;

    /// Posts a form; answers once it was taken (status 2xx).
    fn post_form<'a>(&'a self, url: &'a str, body: String) -> NetworkFuture<'a, ()>;

    /// Posts JSON with headers; answers once it was taken (status 2xx).
    fn post_json<'a>(
        &'a self,
        url: &'a str,
        body: String,
        headers: &'a [(&'static str, String)],
    ) -> NetworkFuture<'a, ()>;

    /// Whether an address may be asked at all, as far as it says itself.
    fn may_ask(&self, url: &str) -> bool;
}

/// Seconds fetched keys are believed. Invented.
const FRESH: i64 = 300;
/// Milliseconds between two fetches for a key that is not in the set.
const PATIENCE: i64 = 1000;
/// Most addresses remembered.
const CAPACITY: usize = 256;

/// Keys fetched from clients, by address.
#[derive(Default)]
pub(crate) struct Fetched(Mutex<BTreeMap<String, (Arc<ClientKeys>, Timestamp)>>);

impl Flow {
    /// The keys at a `jwks_uri`: remembered, unless they are old or lack the key that is asked for.
    pub(crate) async fn fetched_keys(
        &self,
        uri: &str,
        kid: Option<&str>,
    ) -> Option<Arc<ClientKeys>> {
        // The network knows nothing of a realm's time.
        let now = self.clock.now();
        let known = self.fetched.0.lock().get(uri).cloned();
        if let Some((keys, at)) = &known {
            let age = now.millis_since(*at);
            let lacks = kid.is_some_and(|kid| !keys.names(kid));
            let patient = if lacks { PATIENCE } else { FRESH * 1000 };
            if (0..patient).contains(&age) {
                return Some(Arc::clone(keys));
            }
        }
        let fetched = self.outside.get(uri).await.ok().and_then(|text| ClientKeys::read(&text));
        let Some(keys) = fetched.map(Arc::new) else {
            tracing::warn!("a client's jwks_uri gave no keys");
            return known.map(|(keys, _)| keys);
        };
        let mut all = self.fetched.0.lock();
        if all.len() >= CAPACITY {
            all.clear();
        }
        all.insert(uri.to_owned(), (Arc::clone(&keys), now));
        Some(keys)
    }
}
