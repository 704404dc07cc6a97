//! A `jsonwebtoken` provider whose signers hold keys that were parsed once.
//!
//! The stock provider parses and checks the private key at every call, which costs an RS256 signature
//! more than the signature itself. This one remembers the parsed pair by the bytes of its encoding key.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Once};

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair, RsaPublicKeyComponents,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::signature::{Error as SignatureError, Signer};
use jsonwebtoken::{AlgorithmFamily, EncodingKey};
use parking_lot::RwLock;

use super::algorithm::Algorithm;

/// How many parsed pairs are remembered. A full memory is emptied: the next signature parses again.
const CAPACITY: usize = 1024;

static LOADED: RwLock<BTreeMap<Vec<u8>, Arc<KeyPair>>> = RwLock::new(BTreeMap::new());

static PROVIDER: LazyLock<CryptoProvider> =
    LazyLock::new(|| CryptoProvider { signer_factory: signer, ..DEFAULT_PROVIDER.clone() });

/// Makes `jsonwebtoken` sign with loaded keys in this process; call it at start.
///
/// Only the first call does anything, from whichever thread it comes. Where `jsonwebtoken` was used or
/// given another provider before, that one stays: signatures are the same, only slower.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        PROVIDER.install_default().ok();
    });
}

/// A private key, parsed and checked.
pub(super) enum KeyPair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

/// The public half of a pair, as raw big-endian bytes.
pub(super) enum Public {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point: 0x04, x, y (SEC 1 §2.3.3).
    Ec(Vec<u8>),
    Ed(Vec<u8>),
}

impl KeyPair {
    /// RSA as PKCS#1 or PKCS#8, the others as PKCS#8; RSA below 2048 bits is refused (RFC 7518 §3.3).
    fn parse(algorithm: Algorithm, der: &[u8]) -> Result<Self> {
        match algorithm {
            Algorithm::Rs256 => RsaKeyPair::from_der(der)
                .or_else(|_| RsaKeyPair::from_pkcs8(der))
                .map(Self::Rsa)
                .map_err(|rejected| new_error(ErrorKind::InvalidRsaKey(rejected.to_string()))),
            Algorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
                .map(Self::Ec)
                .map_err(|_| new_error(ErrorKind::InvalidEcdsaKey)),
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(der)
                .map(Self::Ed)
                .map_err(|_| new_error(ErrorKind::InvalidEddsaKey)),
        }
    }

    const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rs256,
            Self::Ec(_) => Algorithm::Es256,
            Self::Ed(_) => Algorithm::EdDsa,
        }
    }

    /// `-----BEGIN PUBLIC KEY-----` (RFC 7468 §13).
    pub(super) fn public_pem(&self) -> Result<String> {
        let der: std::result::Result<PublicKeyX509Der<'_>, _> = match self {
            Self::Rsa(pair) => pair.public_key().as_der(),
            Self::Ec(pair) => pair.public_key().as_der(),
            Self::Ed(pair) => pair.public_key().as_der(),
        };
        let der = der.map_err(|_| new_error(ErrorKind::InvalidKeyFormat))?;
        let body = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> =
            (0..body.len()).step_by(64).map(|at| &body[at..body.len().min(at + 64)]).collect();
        let (begin, end) = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----");
        Ok(format!("{begin}\n{}\n{end}\n", lines.join("\n")))
    }

    pub(super) fn public(&self) -> Public {
        match self {
            Self::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = pair.public_key().into();
                Public::Rsa { n, e }
            }
            Self::Ec(pair) => Public::Ec(pair.public_key().as_ref().to_vec()),
            Self::Ed(pair) => Public::Ed(pair.public_key().as_ref().to_vec()),
        }
    }
}

/// The pair behind these bytes: remembered, or else parsed and remembered.
pub(super) fn load(algorithm: Algorithm, der: &[u8]) -> Result<Arc<KeyPair>> {
    let known = LOADED.read().get(der).map(Arc::clone);
    let pair = match known {
        Some(pair) => pair,
        None => remember(der, KeyPair::parse(algorithm, der)?),
    };
    if pair.algorithm() == algorithm {
        Ok(pair)
    } else {
        Err(new_error(ErrorKind::InvalidKeyFormat))
    }
}

fn remember(der: &[u8], pair: KeyPair) -> Arc<KeyPair> {
    let mut loaded = LOADED.write();
    if loaded.len() >= CAPACITY {
        loaded.clear();
    }
    Arc::clone(loaded.entry(der.to_vec()).or_insert_with(|| Arc::new(pair)))
}

const fn family(algorithm: Algorithm) -> AlgorithmFamily {
    match algorithm {
        Algorithm::Rs256 => AlgorithmFamily::Rsa,
        Algorithm::Es256 => AlgorithmFamily::Ec,
        Algorithm::EdDsa => AlgorithmFamily::Ed,
    }
}

/// The signer factory: a loaded key for our three algorithms, the stock signer for the rest.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the provider's seam has this type")]
fn signer(jose: &jsonwebtoken::Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let Some(algorithm) = Algorithm::from_jose(*jose) else {
        return (DEFAULT_PROVIDER.signer_factory)(jose, key);
    };
    if key.family() != family(algorithm) {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    Ok(Box::new(LoadedSigner(load(algorithm, key.as_bytes())?)))
}

struct LoadedSigner(Arc<KeyPair>);

impl Signer<Vec<u8>> for LoadedSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        match self.0.as_ref() {
            KeyPair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map(|()| signature)
            }
            KeyPair::Ec(pair) => {
                pair.sign(&SystemRandom::new(), message).map(|signed| signed.as_ref().to_vec())
            }
            KeyPair::Ed(pair) => pair.try_sign(message).map(|signed| signed.as_ref().to_vec()),
        }
        .map_err(SignatureError::from_source)
    }
}

impl JwtSigner for LoadedSigner {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.0.algorithm().jose()
    }
}
