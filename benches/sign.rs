//! What a signature costs: through the ring, through stock `jsonwebtoken`, and bare, in one run.

use std::hint::black_box;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use criterion::Criterion;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{EncodingKey, Header};
use mock_vneid::oidc::digest::{base64url, sha256};
use mock_vneid::oidc::keys::{Algorithm, KeyRing, install};
use serde_json::{Value, json};

const RS256: &[u8] = include_bytes!("../src/oidc/keys/dev/rs256.der");
const ES256: &[u8] = include_bytes!("../src/oidc/keys/dev/es256.der");
const EDDSA: &[u8] = include_bytes!("../src/oidc/keys/dev/eddsa.der");

/// 557 bytes of JSON.
fn claims() -> Value {
    json!({
        "iss": "https://vneid.example/realms/default", "sub": "01J9Z8Q4W7X5V3T1R0PNMKHGFE",
        "aud": "portal", "azp": "portal", "exp": 1_767_225_600, "iat": 1_767_222_000,
        "auth_time": 1_767_221_990, "nonce": "n-0S6_WzA2MjQ4tLk9fR2c", "acr": "urn:vneid:loa:2",
        "amr": ["pwd", "otp", "mfa"], "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
        "sid": "01J9Z8Q4W7X5V3T1R0PNMKHGFF", "name": "Nguyễn Thị Lan", "gender": "female",
        "birthdate": "1990-02-28", "phone_number": "+84912345678", "phone_number_verified": true,
        "citizen_id": "079190000001", "address": { "country": "VN", "region": "Hồ Chí Minh" },
        "email": "lan@example.vn",
    })
}

/// What `jsonwebtoken::encode` does with its stock provider (only one can be installed in a process).
fn stock(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    let signer = (DEFAULT_PROVIDER.signer_factory)(&header.alg, key).expect("a signer");
    let part = |json: serde_json::Result<Vec<u8>>| base64url(json.expect("JSON"));
    let message = [part(serde_json::to_vec(header)), part(serde_json::to_vec(claims))].join(".");
    let signature = base64url(signer.try_sign(message.as_bytes()).expect("a signature"));
    [message, signature].join(".")
}

fn stock_key(algorithm: Algorithm) -> (Header, EncodingKey) {
    use jsonwebtoken::Algorithm as Jose;
    let (jose, key) = match algorithm {
        // The stock signer reads PKCS#1: what is left of PKCS#8 without its wrapper.
        Algorithm::Rs256 => (Jose::RS256, EncodingKey::from_rsa_der(&RS256[26..])),
        Algorithm::Es256 => (Jose::ES256, EncodingKey::from_ec_der(ES256)),
        Algorithm::EdDsa => (Jose::EdDSA, EncodingKey::from_ed_der(EDDSA)),
    };
    let kid = KeyRing::development().kid(algorithm).expect("a kid").to_owned();
    (Header { kid: Some(kid), ..Header::new(jose) }, key)
}

type Sign = Box<dyn Fn(&[u8])>;

/// The signature alone, with a key that is held.
fn primitive(algorithm: Algorithm) -> Sign {
    let random = SystemRandom::new();
    match algorithm {
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::from_pkcs8(RS256).expect("an RSA key");
            Box::new(move |message| {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect("signed");
                black_box(signature);
            })
        }
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ES256);
            let pair = pair.expect("a P-256 key");
            Box::new(move |message| {
                black_box(pair.sign(&random, message).expect("signed"));
            })
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::from_pkcs8(EDDSA).expect("an Ed25519 key");
            Box::new(move |message| {
                black_box(pair.sign(message));
            })
        }
    }
}

fn one(criterion: &mut Criterion, algorithm: Algorithm) {
    let (ring, claims) = (KeyRing::development(), claims());
    let token = ring.sign(algorithm, None, &claims).expect("a token");
    let message = token.rsplit_once('.').expect("a token").0.as_bytes().to_vec();
    let (header, key) = stock_key(algorithm);
    let bare = primitive(algorithm);
    let mut group = criterion.benchmark_group(algorithm.as_str());
    group.bench_function("sign, primitive", |b| b.iter(|| bare(black_box(&message))));
    group.bench_function("sign, ring", |b| {
        b.iter(|| ring.sign(algorithm, None, black_box(&claims)).expect("a token"));
    });
    group.bench_function("sign, stock", |b| b.iter(|| stock(&header, black_box(&claims), &key)));
    group.bench_function("verify, ring", |b| {
        b.iter(|| ring.verify::<Value>(black_box(&token)).expect("claims"));
    });
    group.finish();
}

fn main() {
    install();
    let mut criterion = Criterion::default().configure_from_args();
    for algorithm in Algorithm::ALL.iter().copied() {
        one(&mut criterion, algorithm);
    }
    let token = KeyRing::development().sign(Algorithm::Rs256, None, &claims()).expect("a token");
    criterion.bench_function("sha256 of a token", |b| b.iter(|| sha256(black_box(&token))));
    criterion.bench_function("sha256 of 43 bytes", |b| b.iter(|| sha256(black_box(&token[..43]))));
    criterion.bench_function("half_hash", |b| {
        b.iter(|| Algorithm::Rs256.half_hash(black_box(&token)));
    });
    criterion.final_summary();
}
