//! What a partner gets is sealed for its key: AES in ECB mode, the AES key by RSA (facts §4.3). Stock Java opens it with
//! `RSA/ECB/PKCS1Padding` and `AES`.
//!
//! ECB and PKCS#1 v1.5 are what the real integration is reported to use, not what anybody should choose.

use aws_lc_rs::{
    cipher::{AES_256, PaddedBlockEncryptingKey, UnboundCipherKey},
    rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::Dialect;
use crate::oidc::{client::Client, digest::sha256};

/// A sealed payload, both parts in Base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// The payload, by AES-256 in ECB mode with PKCS#7 padding. The key's length is invented.
    pub data: String,
    /// The AES key, by RSA with PKCS#1 v1.5 padding, which is random in the library.
    pub key: String,
}

/// A partner's RSA public key.
pub struct SealingKey(Pkcs1PublicEncryptingKey);

/// DER of `AlgorithmIdentifier { rsaEncryption, NULL }` (RFC 8017 A.1).
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

impl SealingKey {
    /// Reads `-----BEGIN PUBLIC KEY-----` or `-----BEGIN RSA PUBLIC KEY-----`, of 2048 to 8192 bits.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let body = |label: &str| {
            let (begin, end) =
                (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
            let body = pem.trim().strip_prefix(&begin)?.strip_suffix(&end)?;
            let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            STANDARD.decode(body).ok()
        };
        let der = body("PUBLIC KEY").or_else(|| Some(wrapped(&body("RSA PUBLIC KEY")?)))?;
        let key = PublicEncryptingKey::from_der(&der).ok()?;
        let key = Pkcs1PublicEncryptingKey::new(key).ok()?;
        (2048..=8192).contains(&key.key_size_bits()).then_some(Self(key))
    }

    /// Seals `payload` under `key`, which was drawn for it alone.
    pub fn seal(&self, payload: &[u8], key: &[u8; 32]) -> Option<Sealed> {
        let aes = UnboundCipherKey::new(&AES_256, key).ok()?;
        let aes = PaddedBlockEncryptingKey::ecb_pkcs7(aes).ok()?;
        let mut data = payload.to_vec();
        aes.encrypt(&mut data).ok()?;
        let mut sealed = vec![0; self.0.ciphertext_size()];
        let sealed = self.0.encrypt(key, &mut sealed).ok()?;
        Some(Sealed { data: STANDARD.encode(data), key: STANDARD.encode(sealed) })
    }
}

/// Seals what a partner gets, under a key of its own that follows from something drawn; others get it plain.
pub fn seal_for(client: &Client, payload: &[u8], drawn: &str) -> Option<Sealed> {
    let pem = client.encryption_public_key.as_deref();
    let pem = pem.filter(|_| client.dialect == Dialect::Partner)?;
    SealingKey::from_pem(pem)?.seal(payload, &sha256(format!("aes {drawn}")))
}

/// A PKCS#1 key as a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
fn wrapped(pkcs1: &[u8]) -> Vec<u8> {
    let mut bits = vec![0];
    bits.extend_from_slice(pkcs1);
    let mut inner = RSA_ENCRYPTION.to_vec();
    inner.extend(element(0x03, &bits));
    element(0x30, &inner)
}

/// A DER element (X.690 §8.1).
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let first = length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1);
    let significant = &length[first..];
    let mut whole = vec![tag];
    if content.len() >= 0x80 {
        whole.push(0x80 | u8::try_from(significant.len()).unwrap_or(u8::MAX));
    }
    whole.extend_from_slice(significant);
    whole.extend_from_slice(content);
    whole
}
