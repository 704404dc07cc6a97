//! One signing key: its bytes, and what is made of them at first use.

use std::borrow::Cow;
use std::sync::OnceLock;

use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters,
    EllipticCurveKeyType, Jwk, OctetKeyPairParameters, OctetKeyPairType, PublicKeyUse,
    RSAKeyParameters, RSAKeyType, ThumbprintHash,
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::pkcs8::DecodePrivateKey as _;

use super::KeyError;
use super::algorithm::Algorithm;
use super::signer::{Public, install, load};
use crate::oidc::digest::base64url;

/// The bytes that PKCS#8 puts before the PKCS#1 structure of an RSA key of 2048 to 8192 bits.
const RSA_PKCS8_WRAPPER: usize = 26;

/// A key that is parsed when it is first asked for.
pub(super) struct LazyKey {
    algorithm: Algorithm,
    pkcs8: Cow<'static, [u8]>,
    ready: OnceLock<Result<Ready, KeyError>>,
}

/// What signing, checking and publishing need of a key.
pub(super) struct Ready {
    pub(super) kid: String,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    pub(super) jwk: Jwk,
    /// RFC 6979: the same signature for the same bytes; of a P-256 key.
    pub(super) repeatable: Option<p256::ecdsa::SigningKey>,
}

impl LazyKey {
    pub(super) const fn new(algorithm: Algorithm, pkcs8: Cow<'static, [u8]>) -> Self {
        Self { algorithm, pkcs8, ready: OnceLock::new() }
    }

    pub(super) fn ready(&self) -> Result<&Ready, KeyError> {
        self.ready
            .get_or_init(|| Ready::parse(self.algorithm, &self.pkcs8))
            .as_ref()
            .map_err(|e| *e)
    }
}

impl Ready {
    fn parse(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        install();
        let encoding = encoding(algorithm, pkcs8)?;
        let pair = load(algorithm, encoding.as_bytes()).map_err(|_| KeyError::Unusable)?;
        let public = pair.public();
        let mut jwk = jwk(algorithm, &public)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyError::Unusable)?;
        jwk.common.key_id = Some(kid.clone());
        let repeatable = match algorithm {
            Algorithm::Es256 => p256::ecdsa::SigningKey::from_pkcs8_der(pkcs8).ok(),
            // These two have no chance in them.
            Algorithm::Rs256 | Algorithm::EdDsa => None,
        };
        Ok(Self { kid, encoding, decoding: decoding(&public), jwk, repeatable })
    }
}

/// RSA is handed over as PKCS#1, the only form the stock provider reads too.
fn encoding(algorithm: Algorithm, pkcs8: &[u8]) -> Result<EncodingKey, KeyError> {
    Ok(match algorithm {
        Algorithm::Rs256 => {
            EncodingKey::from_rsa_der(pkcs8.get(RSA_PKCS8_WRAPPER..).ok_or(KeyError::Unusable)?)
        }
        Algorithm::Es256 => EncodingKey::from_ec_der(pkcs8),
        Algorithm::EdDsa => EncodingKey::from_ed_der(pkcs8),
    })
}

fn decoding(public: &Public) -> DecodingKey {
    match public {
        Public::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
        Public::Ec(point) => DecodingKey::from_ec_der(point),
        Public::Ed(x) => DecodingKey::from_ed_der(x),
    }
}

fn jwk(algorithm: Algorithm, public: &Public) -> Result<Jwk, KeyError> {
    Ok(Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(algorithm.jose().into()),
            ..CommonParameters::default()
        },
        algorithm: parameters(public)?,
    })
}

/// RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2: coordinates at full length, integers without leading zeros.
fn parameters(public: &Public) -> Result<AlgorithmParameters, KeyError> {
    Ok(match public {
        Public::Rsa { n, e } => AlgorithmParameters::RSA(RSAKeyParameters {
            key_type: RSAKeyType::RSA,
            n: base64url(n),
            e: base64url(e),
        }),
        Public::Ec(point) => {
            let [4, coordinates @ ..] = point.as_slice() else { return Err(KeyError::Unusable) };
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                key_type: EllipticCurveKeyType::EC,
                curve: EllipticCurve::P256,
                x: base64url(x),
                y: base64url(y),
            })
        }
        Public::Ed(x) => AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: base64url(x),
        }),
    })
}
