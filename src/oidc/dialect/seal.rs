//! What a partner gets is sealed for its key: AES in ECB mode, the AES key by RSA (facts §4.3). Stock Java opens it with
//! `RSA/ECB/PKCS1Padding` and `AES`.
//!
//! ECB and PKCS#1 v1.5 are what the real integration is reported to use, not what anybody should choose.

use aws_lc_rs::cipher::{AES_256, PaddedBlockEncryptingKey, UnboundCipherKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rsa::{
    Pkcs1v15Encrypt, RsaPublicKey,
    pkcs1::DecodeRsaPublicKey as _,
    pkcs8::DecodePublicKey as _,
    rand_core::{CryptoRng, RngCore, impls},
    traits::PublicKeyParts as _,
};
use serde::Serialize;

use super::Dialect;
use crate::oidc::{client::Client, digest::sha256};

/// A sealed payload, both parts in Base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// The payload, by AES-256 in ECB mode with PKCS#7 padding. The key's length is invented.
    pub data: String,
    /// The AES key, by RSA with PKCS#1 v1.5 padding.
    pub key: String,
}

/// A partner's RSA public key.
pub struct SealingKey(RsaPublicKey);

impl SealingKey {
    /// Reads `-----BEGIN PUBLIC KEY-----` or `-----BEGIN RSA PUBLIC KEY-----`, of 2048 to 8192 bits.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let pem = pem.trim();
        let key = RsaPublicKey::from_public_key_pem(pem)
            .or_else(|_| RsaPublicKey::from_pkcs1_pem(pem).map_err(rsa::pkcs8::spki::Error::from));
        key.ok().filter(|key| (2048..=8192).contains(&key.n().bits())).map(Self)
    }

    /// Seals `payload` under `key`, which was drawn for it alone; the padding follows from the key, so that a seeded realm
    /// answers the same bytes again.
    pub fn seal(&self, payload: &[u8], key: &[u8; 32]) -> Option<Sealed> {
        let aes = UnboundCipherKey::new(&AES_256, key).ok()?;
        let aes = PaddedBlockEncryptingKey::ecb_pkcs7(aes).ok()?;
        let mut data = payload.to_vec();
        aes.encrypt(&mut data).ok()?;
        let mut padding = Padding { key, block: 0 };
        let sealed = self.0.encrypt(&mut padding, Pkcs1v15Encrypt, key).ok()?;
        Some(Sealed { data: STANDARD.encode(data), key: STANDARD.encode(sealed) })
    }
}

/// Bytes for the padding: as unforeseeable as the drawn key that they follow from.
struct Padding<'a> {
    key: &'a [u8; 32],
    block: u64,
}

impl RngCore for Padding<'_> {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let mut seed = b"padding".to_vec();
            seed.extend_from_slice(self.key);
            seed.extend_from_slice(&self.block.to_be_bytes());
            chunk.copy_from_slice(&sha256(seed)[..chunk.len()]);
            self.block += 1;
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Padding<'_> {}

/// Seals what a partner gets, under a key of its own that follows from something drawn; others get it plain.
pub fn seal_for(client: &Client, payload: &[u8], drawn: &str) -> Option<Sealed> {
    let pem = client.encryption_public_key.as_deref();
    let pem = pem.filter(|_| client.dialect == Dialect::Partner)?;
    SealingKey::from_pem(pem)?.seal(payload, &sha256(format!("aes {drawn}")))
}
