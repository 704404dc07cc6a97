//! A client's public keys, as it gives them (RFC 7517).

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, Jwk, JwkSet},
};
use serde_json::Value;

/// Most bytes of a set.
pub const LARGEST: usize = 32 * 1024;
/// Most keys of a set.
pub const MOST: usize = 20;

/// The keys of one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKeys(Vec<Jwk>);

impl ClientKeys {
    /// A set of 1 to [`MOST`] public keys; keys of kinds that are not known are passed over (RFC 7517 §5).
    pub fn parse(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        let small = keys.len() <= MOST && set.to_string().len() <= LARGEST;
        // RFC 7518 §6: members of a private or symmetric key. Whoever sends those shows his secret.
        let private = |key: &Value| ["d", "p", "q", "k"].iter().any(|name| key.get(name).is_some());
        if keys.is_empty() || !small || keys.iter().any(private) {
            return None;
        }
        let known =
            |key: &Value| serde_json::from_value::<JwkSet>(serde_json::json!({"keys": [key]}));
        let known: Vec<Jwk> =
            keys.iter().filter_map(|key| known(key).ok()).flat_map(|set| set.keys).collect();
        if known.is_empty() || !known.iter().all(is_strong) { None } else { Some(Self(known)) }
    }

    /// The same from the bytes of a document.
    pub fn read(document: &[u8]) -> Option<Self> {
        if document.len() > LARGEST {
            return None;
        }
        Self::parse(&serde_json::from_slice(document).ok()?)
    }

    /// Whether a key has this name.
    pub fn names(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.common.key_id.as_deref() == Some(kid))
    }

    /// The keys that may have signed with `algorithm`: those named `kid`, or all where the header names none.
    pub(super) fn candidates<'a>(
        &'a self,
        kid: Option<&'a str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = DecodingKey> + 'a {
        let named =
            move |key: &&Jwk| kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid));
        let fits = move |key: &&Jwk| {
            let declared = key.common.key_algorithm;
            declared.is_none_or(|declared| declared.to_string() == format!("{algorithm:?}"))
        };
        self.0.iter().filter(named).filter(fits).filter_map(|key| DecodingKey::from_jwk(key).ok())
    }
}

/// RFC 7518 §3.3: RSA keys have 2048 bits or more.
fn is_strong(key: &Jwk) -> bool {
    match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => rsa.n.trim_start_matches('A').len() >= 340,
        _ => true,
    }
}
