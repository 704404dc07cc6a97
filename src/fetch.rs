//! The network behind the use cases: bounded in time and size, without redirects, and never into the private network
//! unless the operator says so.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};

use crate::flow::outside::{NetworkFuture, Outside, OutsideError};

/// Largest document, in bytes.
const LARGEST: usize = 64 * 1024;

/// The network.
pub(crate) struct Network {
    client: std::sync::OnceLock<Option<Client>>,
    private: bool,
    patience: Duration,
}

impl Network {
    /// `private`: loopback and private addresses, and plain http, may be asked too; `patience`: for one exchange.
    pub(crate) const fn new(private: bool, patience: Duration) -> Self {
        Self { client: std::sync::OnceLock::new(), private, patience }
    }

    /// The client, made when it is first needed: most simulators never ask anything.
    fn client(&self) -> Result<&Client, OutsideError> {
        let made = self.client.get_or_init(|| {
            let builder = Client::builder()
                .redirect(Policy::none())
                .timeout(self.patience)
                .no_proxy()
                .user_agent("mock-vneid (simulation)");
            let private = self.private;
            let built = builder.dns_resolver(PublicOnlyResolver { private }).build();
            built.inspect_err(|error| tracing::error!(%error, "no HTTP client")).ok()
        });
        made.as_ref().ok_or(OutsideError::Unusable)
    }

    /// RFC 9700 §4.11-like: what an outsider names is asked only where outsiders may ask.
    fn allowed(&self, url: &str) -> Result<Url, OutsideError> {
        let url = Url::parse(url).map_err(|_| OutsideError::Forbidden)?;
        if self.private {
            return Ok(url);
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        // A literal address never reaches the resolver.
        let literal = host.parse::<IpAddr>().is_ok_and(|address| !is_public(address));
        if url.scheme() == "https" && !literal { Ok(url) } else { Err(OutsideError::Forbidden) }
    }
}

impl Network {
    async fn post(
        &self,
        url: &str,
        kind: &str,
        body: String,
        headers: &[(&'static str, String)],
    ) -> Result<(), OutsideError> {
        let url = self.allowed(url)?;
        let mut request = self.client()?.post(url).header("content-type", kind).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.map_err(unusable)?;
        if answer.status().is_success() { Ok(()) } else { Err(OutsideError::Unusable) }
    }
}

impl Outside for Network {
    fn get<'a>(&'a self, url: &'a str) -> NetworkFuture<'a, Vec<u8>> {
        Box::pin(async move {
            let url = self.allowed(url)?;
            let answer = self.client()?.get(url).send().await.map_err(unusable)?;
            if answer.status() != reqwest::StatusCode::OK {
                return Err(OutsideError::Unusable);
            }
            let mut answer = answer;
            let mut document = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(unusable)? {
                document.extend_from_slice(&chunk);
                if document.len() > LARGEST {
                    return Err(OutsideError::Unusable);
                }
            }
            Ok(document)
        })
    }

    fn post_form<'a>(&'a self, url: &'a str, body: String) -> NetworkFuture<'a, ()> {
        Box::pin(async move {
            let kind = "application/x-www-form-urlencoded";
            self.post(url, kind, body, &[]).await
        })
    }

    fn post_json<'a>(
        &'a self,
        url: &'a str,
        body: String,
        headers: &'a [(&'static str, String)],
    ) -> NetworkFuture<'a, ()> {
        Box::pin(self.post(url, "application/json", body, headers))
    }

    fn may_ask(&self, url: &str) -> bool {
        self.allowed(url).is_ok()
    }
}

fn unusable(error: reqwest::Error) -> OutsideError {
    // Without its address: it may hold what a client would not have in a log.
    tracing::debug!(error = %error.without_url(), "the network gave no answer");
    OutsideError::Unusable
}

/// Looks names up, and forgets every address that is not public: a name cannot lead inside either (DNS rebinding).
struct PublicOnlyResolver {
    private: bool,
}

impl Resolve for PublicOnlyResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| private || is_public(address.ip())).collect();
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address belongs to nobody's inside (RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4() {
                return is_public(IpAddr::V4(v4));
            }
            let first = v6.segments()[0];
            // Global unicast is 2000::/3; NAT64 and 6to4 carry addresses of version 4 that may be private.
            first & 0xe000 == 0x2000
                && first != 0x2002
                && !(first == 0x2001 && v6.segments()[1] <= 0x1ff)
        }
    }
}
