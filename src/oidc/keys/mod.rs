//! The keys of a provider: it signs tokens, checks them, and publishes what others need to check them.
//!
//! Checking here is about the signature alone. Whether a token is still valid, and for whom, is asked
//! with the realm's clock by those who know it.

mod algorithm;
mod compact;
mod key;
pub mod provider;
pub mod schedule;
mod sets;
mod signer;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::algorithm::Algorithm;
use self::compact::Compact;
use self::key::{LazyKey, Ready};
pub use self::provider::Timetable;
pub use self::schedule::KeyPhase;
pub use self::signer::install;
use super::digest::base64url;

/// Why a token was not made, or not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not three base64url parts with a JSON object in front (RFC 7515 §7.1), or longer than 64 KiB.
    #[error("the token is not a compact JWS")]
    Malformed,
    /// The header's `alg` is missing or none of ours: `none`, `HS256` and the like (RFC 8725 §3.1).
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// The header's `kid` is missing, or not the key that goes with its `alg`.
    #[error("the token's key is not one of the provider's")]
    UnknownKey,
    /// The header has a `crit` member (RFC 7515 §4.1.11).
    #[error("the token has a critical header that is not understood")]
    Critical,
    /// The header brings or points to a key: `jku`, `jwk`, `x5u`, `x5c`, `x5t` (RFC 8725 §3.10).
    #[error("the token names a key of its own")]
    ForeignKey,
    /// The header's `typ` is not the one asked for (RFC 8725 §3.11).
    #[error("the token is of another type")]
    Type,
    /// The signature is not the key's over these bytes.
    #[error("the token's signature is wrong")]
    Signature,
    /// The claims could not be written as JSON, or read from it.
    #[error("the token's claims do not have the expected shape")]
    Claims,
    /// A key of the ring cannot be used: not PKCS#8, another kind, or RSA below 2048 bits.
    #[error("the signing key is unusable")]
    Unusable,
    /// The key is sound, yet the signature was not made.
    #[error("the token could not be signed")]
    Signing,
}

/// The keys of a provider, one for each [`Algorithm`]; cloning it is cheap, and a key is parsed at its
/// first use.
#[derive(Clone)]
pub struct KeyRing(Arc<Keys>);

struct Keys {
    rs256: LazyKey,
    es256: LazyKey,
    eddsa: LazyKey,
    jwks: OnceLock<Result<String, KeyError>>,
}

impl KeyRing {
    /// What stands before the keys in the text of a JWK set, and after them.
    pub(crate) const JWKS_HEAD: &str = "{\"keys\":[";
    pub(crate) const JWKS_TAIL: &str = "]}";

    /// The first development keys that ship with the simulator, the same in every copy.
    ///
    /// They are public: anyone can read them; a token signed by them proves nothing. They exist so that a
    /// start costs nothing and a relying party under test sees the same key set every time.
    pub fn development() -> Self {
        sets::set(0).clone()
    }

    /// A ring of other keys: RSA (2048 bits or more), P-256 and Ed25519, each as PKCS#8 DER.
    ///
    /// Nothing is parsed yet: a key that is no good is [`KeyError::Unusable`] at its first use.
    pub fn from_pkcs8(rs256: Vec<u8>, es256: Vec<u8>, eddsa: Vec<u8>) -> Self {
        Self::new(Cow::Owned(rs256), Cow::Owned(es256), Cow::Owned(eddsa))
    }

    fn new(
        rs256: Cow<'static, [u8]>,
        es256: Cow<'static, [u8]>,
        eddsa: Cow<'static, [u8]>,
    ) -> Self {
        Self(Arc::new(Keys {
            rs256: LazyKey::new(Algorithm::Rs256, rs256),
            es256: LazyKey::new(Algorithm::Es256, es256),
            eddsa: LazyKey::new(Algorithm::EdDsa, eddsa),
            jwks: OnceLock::new(),
        }))
    }

    /// Signs `claims` as a compact JWS (RFC 7515 §3.1) whose header has `alg`, `kid`, and `typ`, which
    /// is `JWT` where none is given. RS256 and `EdDSA` give the same token for the same claims.
    ///
    /// # Errors
    /// [`KeyError::Claims`] if they are not JSON; [`KeyError::Unusable`] or [`KeyError::Signing`].
    pub fn sign<C: Serialize>(
        &self,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &C,
    ) -> Result<String, KeyError> {
        let key = self.key(algorithm)?;
        jsonwebtoken::encode(&header(algorithm, typ, key), claims, &key.encoding).map_err(|error| {
            if matches!(error.kind(), ErrorKind::Json(_)) {
                KeyError::Claims
            } else {
                KeyError::Signing
            }
        })
    }

    /// The same for a realm with a seed: ES256 too gives the same token for the same claims (RFC 6979).
    ///
    /// # Errors
    /// As [`KeyRing::sign`].
    pub fn sign_repeatably<C: Serialize>(
        &self,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &C,
    ) -> Result<String, KeyError> {
        if algorithm != Algorithm::Es256 {
            return self.sign(algorithm, typ, claims);
        }
        let header = header(algorithm, typ, self.key(algorithm)?);
        let header = serde_json::to_vec(&header).map_err(|_| KeyError::Claims)?;
        let payload = serde_json::to_vec(claims).map_err(|_| KeyError::Claims)?;
        self.sign_parts(algorithm, &header, &payload)
    }

    /// Signs a header and a payload as they are, whatever they say; ES256 repeatably.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] or [`KeyError::Signing`].
    pub fn sign_parts(
        &self,
        algorithm: Algorithm,
        header: &[u8],
        payload: &[u8],
    ) -> Result<String, KeyError> {
        use p256::ecdsa::signature::Signer as _;
        let key = self.key(algorithm)?;
        let message = format!("{}.{}", base64url(header), base64url(payload));
        let signature = if let Some(repeatable) = &key.repeatable {
            let signature: p256::ecdsa::Signature = repeatable.sign(message.as_bytes());
            base64url(signature.to_bytes())
        } else {
            jsonwebtoken::crypto::sign(message.as_bytes(), &key.encoding, algorithm.jose())
                .map_err(|_| KeyError::Signing)?
        };
        Ok(format!("{message}.{signature}"))
    }

    /// The public key for that algorithm as a JWK (RFC 7517 §4).
    ///
    /// # Errors
    /// [`KeyError::Unusable`], which the development keys never are.
    pub fn jwk(&self, algorithm: Algorithm) -> Result<&Jwk, KeyError> {
        self.key(algorithm).map(|key| &key.jwk)
    }

    /// The public key for that algorithm as PEM (RFC 7468 §13).
    ///
    /// # Errors
    /// [`KeyError::Unusable`], which the development keys never are.
    pub fn public_pem(&self, algorithm: Algorithm) -> Result<String, KeyError> {
        let pair = signer::load(algorithm, self.key(algorithm)?.encoding.as_bytes());
        pair.and_then(|pair| pair.public_pem()).map_err(|_| KeyError::Unusable)
    }

    /// The claims of a token that one of these keys signed (RFC 7515 §5.2).
    ///
    /// The header's `alg` must be that of the key with its `kid`; a token that names a key of its own or
    /// has critical extensions is refused, and nothing is ever fetched. **Neither time, issuer, audience
    /// nor `typ` is looked at**: they are the caller's (RFC 7519 §7.2).
    ///
    /// # Errors
    /// Any [`KeyError`] but [`KeyError::Type`] and [`KeyError::Signing`].
    pub fn verify<C: DeserializeOwned>(&self, token: &str) -> Result<C, KeyError> {
        self.open(&Compact::parse(token)?)
    }

    /// The same as [`KeyRing::verify`], for tokens whose `typ` is this one, such as `at+jwt`.
    ///
    /// RFC 9068 §4 and RFC 8725 §3.11: an ID token must not pass for an access token.
    ///
    /// # Errors
    /// Any [`KeyError`] but [`KeyError::Signing`].
    pub fn verify_typed<C: DeserializeOwned>(&self, typ: &str, token: &str) -> Result<C, KeyError> {
        let compact = Compact::parse(token)?;
        if compact.is_a(typ) { self.open(&compact) } else { Err(KeyError::Type) }
    }

    /// The public keys as the JSON text of a JWK set (RFC 7517 §5), in the order of [`Algorithm::ALL`].
    ///
    /// # Errors
    /// [`KeyError::Unusable`], which the development keys never are.
    pub fn jwks(&self) -> Result<&str, KeyError> {
        self.0.jwks.get_or_init(|| self.publish()).as_deref().map_err(|error| *error)
    }

    /// The `kid` of the key for that algorithm: its RFC 7638 thumbprint with SHA-256.
    ///
    /// # Errors
    /// [`KeyError::Unusable`], which the development keys never are.
    pub fn kid(&self, algorithm: Algorithm) -> Result<&str, KeyError> {
        self.key(algorithm).map(|key| key.kid.as_str())
    }

    fn key(&self, algorithm: Algorithm) -> Result<&Ready, KeyError> {
        match algorithm {
            Algorithm::Rs256 => &self.0.rs256,
            Algorithm::Es256 => &self.0.es256,
            Algorithm::EdDsa => &self.0.eddsa,
        }
        .ready()
    }

    fn open<C: DeserializeOwned>(&self, compact: &Compact<'_>) -> Result<C, KeyError> {
        // RFC 8725 §3.1: a key is for one algorithm; the header may choose among pairs, never mix them.
        let key = self.key(compact.algorithm)?;
        if compact.kid != key.kid {
            return Err(KeyError::UnknownKey);
        }
        let message = compact.message.as_bytes();
        let jose = compact.algorithm.jose();
        match jsonwebtoken::crypto::verify(compact.signature, message, &key.decoding, jose) {
            Ok(true) => {}
            Ok(false) | Err(_) => return Err(KeyError::Signature),
        }
        serde_json::from_slice(&compact.payload()?).map_err(|_| KeyError::Claims)
    }

    fn publish(&self) -> Result<String, KeyError> {
        let keys: Result<Vec<_>, _> =
            Algorithm::ALL.iter().copied().map(|each| Ok(self.key(each)?.jwk.clone())).collect();
        serde_json::to_string(&JwkSet { keys: keys? }).map_err(|_| KeyError::Unusable)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").finish_non_exhaustive()
    }
}

/// `alg`, `kid`, and `typ`, which is `JWT` where none is given.
fn header(algorithm: Algorithm, typ: Option<&str>, key: &Ready) -> jsonwebtoken::Header {
    jsonwebtoken::Header {
        typ: Some(typ.unwrap_or("JWT").to_owned()),
        kid: Some(key.kid.clone()),
        ..jsonwebtoken::Header::new(algorithm.jose())
    }
}
