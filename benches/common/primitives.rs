//! The unavoidable cost, measured in the same run: a raw signature, the smallest argon2, SHA-256.

use std::hint::black_box;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};

use super::clock::{best_and_median, micros, start};

const RS256: &[u8] = include_bytes!("../../src/oidc/keys/dev/rs256.der");
const ES256: &[u8] = include_bytes!("../../src/oidc/keys/dev/es256.der");
const EDDSA: &[u8] = include_bytes!("../../src/oidc/keys/dev/eddsa.der");

/// The best of seven rounds, in microseconds.
fn best<T>(count: u32, mut piece: impl FnMut() -> T) -> f64 {
    let rounds = (0..7).map(|_| {
        let started = start();
        for _ in 0..count {
            black_box(piece());
        }
        micros(started.elapsed(), count)
    });
    best_and_median(rounds.collect()).0
}

/// Name and microseconds of each primitive.
pub(crate) fn costs() -> Vec<(&'static str, f64)> {
    let random = SystemRandom::new();
    let message = [b'm'; 600];
    let rsa = RsaKeyPair::from_pkcs8(RS256).unwrap();
    let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ES256).unwrap();
    let ed = Ed25519KeyPair::from_pkcs8(EDDSA).unwrap();
    let params = Params::new(8, 1, 1, Some(32)).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut signature = vec![0; rsa.public_modulus_len()];
    let mut hash = [0; 32];
    vec![
        ("RS256 signature", {
            best(100, || rsa.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature).unwrap())
        }),
        ("ES256 signature", best(1_000, || ec.sign(&random, &message).unwrap())),
        ("EdDSA signature", best(1_000, || ed.sign(&message))),
        ("argon2id, 8 KiB", {
            best(1_000, || argon2.hash_password_into(b"Vn@000011a", &[7; 16], &mut hash).unwrap())
        }),
        ("SHA-256 of 43 bytes", {
            best(100_000, || digest::digest(&digest::SHA256, black_box(&message[..43])))
        }),
    ]
}

/// Prints them.
pub(crate) fn table() {
    super::say("primitive, one core                          µs");
    for (name, cost) in costs() {
        super::say(&format!("  {name:<36} {cost:>9.2}"));
    }
}
