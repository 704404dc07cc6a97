//! A client proves itself with a JWT (RFC 7523 §3, OIDC Core §9): pure checks; that it counts once is the store's.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::jwks::ClientKeys;
use crate::clock::WireTime;
use crate::identity::secret::Secret;

/// `client_assertion_type` (RFC 7523 §2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longest life of an assertion, in seconds: its `jti` is remembered that long. Invented.
pub const LONGEST: i64 = 3600;
/// How far a client's clock may be ahead, in seconds. Invented.
const SKEW: i64 = 60;
/// Longest assertion, in bytes.
const LARGEST: usize = 8192;

/// Algorithms of keys that a client publishes, as discovery lists them.
pub const ASYMMETRIC: [(&str, Algorithm); 4] = [
    ("RS256", Algorithm::RS256),
    ("PS256", Algorithm::PS256),
    ("ES256", Algorithm::ES256),
    ("EdDSA", Algorithm::EdDSA),
];
/// Algorithms of a shared secret.
pub const SYMMETRIC: [(&str, Algorithm); 3] =
    [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)];

/// RFC 7515 §4.1.11; RFC 8725 §3.10: a key that the token brings or points to is nobody's.
const REFUSED: [&str; 7] = ["crit", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"];

/// What the signature is checked with.
#[derive(Debug, Clone, Copy)]
pub enum AssertionKey<'a> {
    /// The client's secret: `client_secret_jwt`.
    Shared(&'a Secret),
    /// The client's public keys: `private_key_jwt`.
    Public(&'a ClientKeys),
}

/// An assertion that was taken apart, and not believed yet.
#[derive(Debug)]
pub struct Assertion<'a> {
    message: &'a str,
    signature: &'a str,
    algorithm: String,
    /// The header's `kid`.
    pub kid: Option<String>,
    claims: Claims,
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    exp: Number,
    nbf: Option<Number>,
    iat: Option<Number>,
    jti: Option<String>,
}

/// What makes a believed assertion count once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Its `jti`.
    pub jti: String,
    /// Until when it is remembered.
    pub until: WireTime,
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

/// A `NumericDate` in whole seconds (RFC 7519 §2): it may have a fraction.
fn seconds(date: &Number) -> Option<i64> {
    date.as_i64().or_else(|| date.to_string().split('.').next()?.parse().ok())
}

impl<'a> Assertion<'a> {
    /// Takes an assertion apart.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LARGEST {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        if payload.contains('.') {
            return None;
        }
        let header: Map<String, Value> = serde_json::from_slice(&decode(header)?).ok()?;
        if REFUSED.iter().any(|name| header.contains_key(*name)) {
            return None;
        }
        let text = |name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
        let claims = serde_json::from_slice(&decode(payload)?).ok()?;
        Some(Self { message, signature, algorithm: text("alg")?, kid: text("kid"), claims })
    }

    /// Whose it says it is.
    pub fn client_id(&self) -> &str {
        &self.claims.sub
    }

    /// RFC 7523 §3, point by point.
    pub fn verify(
        &self,
        key: AssertionKey<'_>,
        audiences: &[String],
        moment: WireTime,
    ) -> Result<Proof, &'static str> {
        if !self.is_signed(key) {
            return Err("the client assertion is not signed by a key of the client");
        }
        let claims = &self.claims;
        if claims.iss != claims.sub {
            return Err("iss and sub of the client assertion are not both the client");
        }
        let names_us =
            |value: &Value| value.as_str().is_some_and(|aud| audiences.iter().any(|a| a == aud));
        let for_us = match &claims.aud {
            Value::Array(many) => many.iter().any(names_us),
            one => names_us(one),
        };
        if !for_us {
            return Err("aud of the client assertion is not this provider");
        }
        let now_seconds = moment.numeric_date();
        let exp = seconds(&claims.exp).filter(|exp| *exp > now_seconds);
        let exp = exp.ok_or("the client assertion has expired")?;
        if exp > now_seconds + LONGEST {
            return Err("the client assertion lives longer than 3600 seconds");
        }
        let ahead = |at: &Option<Number>| {
            at.as_ref().is_some_and(|at| seconds(at).is_none_or(|at| at > now_seconds + SKEW))
        };
        if ahead(&claims.nbf) || ahead(&claims.iat) {
            return Err("the client assertion is of the future");
        }
        match &claims.jti {
            Some(jti) if (1..=512).contains(&jti.len()) => {
                Ok(Proof { jti: jti.clone(), until: moment.plus_seconds(exp - now_seconds + 1) })
            }
            _ => Err("the client assertion has no jti"),
        }
    }

    fn is_signed(&self, key: AssertionKey<'_>) -> bool {
        let known = match key {
            AssertionKey::Shared(_) => &SYMMETRIC[..],
            AssertionKey::Public(_) => &ASYMMETRIC[..],
        };
        let found = known.iter().find(|(name, _)| *name == self.algorithm);
        let Some((_, algorithm)) = found.copied() else { return false };
        let right = |key: &DecodingKey| {
            let (signature, message) = (self.signature, self.message.as_bytes());
            jsonwebtoken::crypto::verify(signature, message, key, algorithm).unwrap_or(false)
        };
        match key {
            AssertionKey::Shared(secret) => {
                right(&DecodingKey::from_secret(secret.reveal().as_bytes()))
            }
            AssertionKey::Public(keys) => {
                keys.candidates(self.kid.as_deref(), algorithm).any(|key| right(&key))
            }
        }
    }
}

/// The `jti` of a client's assertion that was used: named `client_id`, zero, hash (RFC 7523 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedAssertion;
