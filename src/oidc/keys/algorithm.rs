//! The three signature algorithms of the provider, and the half hash that belongs to each.

use std::fmt;

use aws_lc_rs::digest::{SHA512, digest};
use serde::{Deserialize, Serialize};

use crate::oidc::digest::{base64url, sha256};

/// A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1), in the order in which the keys are published.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every relying party can check (OIDC Core §15.1).
    #[default]
    #[serde(rename = "RS256")]
    #[strum(serialize = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    #[strum(serialize = "ES256")]
    Es256,
    /// `EdDSA` on Ed25519.
    #[serde(rename = "EdDSA")]
    #[strum(serialize = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// Every algorithm, in the order of the published key set.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The registered name, as `alg` carries it (RFC 7518 §3.1).
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The algorithm of that name; names are case-sensitive (RFC 7515 §4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.as_str() == name)
    }

    /// `at_hash` or `c_hash` of `value`: the left half of its digest, as base64url.
    ///
    /// OIDC Core §3.1.3.6 and §3.3.2.11: the digest is the one of the ID token's algorithm, so SHA-256
    /// for RS256 and ES256, and SHA-512 for Ed25519, which hashes with SHA-512 (RFC 8032 §5.1).
    pub fn half_hash(self, value: &str) -> String {
        match self {
            Self::Rs256 | Self::Es256 => base64url(&sha256(value)[..16]),
            Self::EdDsa => base64url(&digest(&SHA512, value.as_bytes()).as_ref()[..32]),
        }
    }

    /// The same algorithm in the vocabulary of `jsonwebtoken`.
    pub(super) const fn jose(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }

    /// The algorithm of that `jsonwebtoken` name, if it is one of ours.
    pub(super) fn from_jose(jose: jsonwebtoken::Algorithm) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.jose() == jose)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
