//! What an honest party sees of the keys: tokens that verify, a key set that others can use.

use std::thread;

use jsonwebtoken::crypto::sign;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use mock_vneid::oidc::digest::sha256_base64url;
use mock_vneid::oidc::keys::{Algorithm, KeyError, KeyRing, install};
use proptest::prelude::*;
use serde_json::{Value, json};

const RS256: &[u8] = include_bytes!("../../../src/oidc/keys/dev/rs256.der");
const ES256: &[u8] = include_bytes!("../../../src/oidc/keys/dev/es256.der");
const EDDSA: &[u8] = include_bytes!("../../../src/oidc/keys/dev/eddsa.der");

fn claims() -> Value {
    json!({ "iss": "https://vneid.test", "sub": "079200000001", "exp": 1, "name": "Nguyễn Thị Lan" })
}

fn published(ring: &KeyRing) -> Vec<Value> {
    let set: Value = serde_json::from_str(ring.jwks().expect("a key set")).expect("JSON");
    set["keys"].as_array().expect("keys").clone()
}

#[test]
fn every_algorithm_signs_what_the_ring_verifies() {
    let ring = KeyRing::development();
    for algorithm in Algorithm::ALL.iter().copied() {
        let token = ring.sign(algorithm, None, &claims()).unwrap();
        assert_eq!(ring.verify::<Value>(&token), Ok(claims()), "{algorithm}");
    }
}

#[test]
fn the_header_says_alg_kid_and_typ_and_nothing_else() {
    let ring = KeyRing::development();
    for algorithm in Algorithm::ALL.iter().copied() {
        for (asked, said) in [(None, "JWT"), (Some("at+jwt"), "at+jwt")] {
            let token = ring.sign(algorithm, asked, &claims()).unwrap();
            let header = serde_json::to_value(decode_header(&token).unwrap()).unwrap();
            let kid = ring.kid(algorithm).unwrap();
            assert_eq!(header, json!({ "alg": algorithm.as_str(), "kid": kid, "typ": said }));
        }
    }
}

#[test]
fn a_relying_party_verifies_with_the_published_keys_alone() {
    install();
    let ring = KeyRing::development();
    let set: JwkSet = serde_json::from_str(ring.jwks().unwrap()).unwrap();
    for algorithm in Algorithm::ALL.iter().copied() {
        let token = ring.sign(algorithm, None, &claims()).unwrap();
        let header = decode_header(&token).unwrap();
        let jwk = set.find(header.kid.as_deref().unwrap()).unwrap();
        let mut validation = Validation::new(header.alg);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        let key = DecodingKey::from_jwk(jwk).unwrap();
        assert_eq!(decode::<Value>(&token, &key, &validation).unwrap().claims, claims());
    }
}

#[test]
fn attack_63_the_key_set_is_public_ordered_and_strong() {
    let keys = published(&KeyRing::development());
    let names: Vec<Vec<&str>> = keys
        .iter()
        .map(|key| key.as_object().unwrap().keys().map(String::as_str).collect())
        .map(|mut names: Vec<&str>| {
            names.sort_unstable();
            names
        })
        .collect();
    assert_eq!(names[0], ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!(names[1], ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(names[2], ["alg", "crv", "kid", "kty", "use", "x"]);
    let column =
        |name: &str| keys.iter().map(|key| key[name].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(column("alg"), ["RS256", "ES256", "EdDSA"]);
    assert_eq!(column("kty"), ["RSA", "EC", "OKP"]);
    assert_eq!(column("use"), ["sig"; 3]);
    assert_eq!(keys[0]["e"], "AQAB");
    // 2048 bits: 256 bytes, 342 characters, the first bit set.
    assert_eq!(keys[0]["n"].as_str().unwrap().len(), 342);
    for coordinate in [&keys[1]["x"], &keys[1]["y"], &keys[2]["x"]] {
        assert_eq!(coordinate.as_str().unwrap().len(), 43, "32 bytes, leading zeros kept");
    }
}

#[test]
fn attack_63_the_key_set_has_no_padding() {
    for key in published(&KeyRing::development()) {
        for name in ["n", "e", "x", "y", "kid"] {
            let text = key[name].as_str().unwrap_or_default();
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        }
    }
}

#[test]
fn a_kid_is_the_thumbprint_of_rfc_7638() {
    let ring = KeyRing::development();
    let keys = published(&ring);
    let canonical = [
        format!(r#"{{"e":{},"kty":"RSA","n":{}}}"#, keys[0]["e"], keys[0]["n"]),
        format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, keys[1]["x"], keys[1]["y"]),
        format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, keys[2]["x"]),
    ];
    // Computed beforehand from the DER files with OpenSSL and Python's hashlib.
    let beforehand = [
        "7iH05106P0B4TqInBVDrOYDUX-VYsdzAKW9uOXoVpig",
        "8oYgSO9IR2afLcSQYlZV54wRaNMmwB0RSKqEZXCMwvo",
        "SUHnMbXClhirjmbkha5GSfBXoobHGrsa0vxMi7hY-SQ",
    ];
    for (index, algorithm) in Algorithm::ALL.iter().copied().enumerate() {
        assert_eq!(keys[index]["kid"], sha256_base64url(&canonical[index]));
        assert_eq!(keys[index]["kid"], beforehand[index]);
        assert_eq!(keys[index]["kid"], ring.kid(algorithm).unwrap());
    }
}

#[test]
fn rs256_and_eddsa_give_the_same_bytes_again() {
    let other = KeyRing::from_pkcs8(RS256.to_vec(), ES256.to_vec(), EDDSA.to_vec());
    for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
        let first = KeyRing::development().sign(algorithm, None, &claims()).unwrap();
        assert_eq!(KeyRing::development().sign(algorithm, None, &claims()).unwrap(), first);
        assert_eq!(other.sign(algorithm, None, &claims()).unwrap(), first);
    }
}

#[test]
fn half_hash_gives_the_examples_of_openid_connect_core() {
    // Appendix A.3 and A.4; the SHA-512 halves were computed with Python's hashlib.
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        assert_eq!(algorithm.half_hash(token), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(algorithm.half_hash(code), "LDktKdoQak3Pk0cnXxCltA");
    }
    let ed = Algorithm::EdDsa;
    assert_eq!(ed.half_hash(token), "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM");
    assert_eq!(ed.half_hash(code), "E9z1C-c0Az4eTEzE0Nm3OQ3BS2BhMgxuP7x5JAQj1_4");
}

#[test]
fn algorithm_names_are_exact_everywhere() {
    assert_eq!(Algorithm::default(), Algorithm::Rs256);
    assert_eq!(json!(Algorithm::ALL), json!(["RS256", "ES256", "EdDSA"]));
    for algorithm in Algorithm::ALL.iter().copied() {
        assert_eq!(Algorithm::from_name(algorithm.as_str()), Some(algorithm));
        assert_eq!(serde_json::from_value::<Algorithm>(json!(algorithm)).unwrap(), algorithm);
    }
    for other in ["rs256", "RS256 ", "none", "HS256", "EDDSA", ""] {
        assert_eq!(Algorithm::from_name(other), None);
    }
}

#[test]
fn a_typed_token_passes_only_for_its_type() {
    let ring = KeyRing::development();
    let token = ring.sign(Algorithm::Es256, Some("at+jwt"), &claims()).unwrap();
    assert_eq!(ring.verify_typed::<Value>("at+jwt", &token), Ok(claims()));
    assert_eq!(ring.verify_typed::<Value>("application/AT+JWT", &token), Ok(claims()));
    assert_eq!(ring.verify_typed::<Value>("JWT", &token), Err(KeyError::Type));
}

#[test]
fn keys_are_parsed_at_first_use_and_alone() {
    let ring = KeyRing::from_pkcs8(b"not a key".to_vec(), ES256.to_vec(), RS256.to_vec());
    assert!(ring.sign(Algorithm::Es256, None, &claims()).is_ok());
    assert_eq!(ring.sign(Algorithm::Rs256, None, &claims()), Err(KeyError::Unusable));
    assert_eq!(ring.sign(Algorithm::EdDsa, None, &claims()), Err(KeyError::Unusable));
    assert_eq!(ring.jwks(), Err(KeyError::Unusable));
}

#[test]
fn the_loaded_signer_is_the_one_in_use() {
    install();
    install();
    // The stock signer reads RSA as PKCS#1 alone; the loaded one takes PKCS#8 too.
    let header = Header::new(jsonwebtoken::Algorithm::RS256);
    assert!(encode(&header, &claims(), &EncodingKey::from_rsa_der(RS256)).is_ok());
}

#[test]
fn a_key_is_for_one_algorithm_whatever_is_remembered_about_its_bytes() {
    use jsonwebtoken::Algorithm as Jose;
    KeyRing::development().jwks().unwrap();
    let refused = |key, jose| sign(b"message", &key, jose).is_err();
    assert!(refused(EncodingKey::from_rsa_der(EDDSA), Jose::RS256));
    assert!(refused(EncodingKey::from_ed_der(ES256), Jose::EdDSA));
    assert!(refused(EncodingKey::from_rsa_der(RS256), Jose::ES256));
    assert!(refused(EncodingKey::from_ec_der(EDDSA), Jose::EdDSA));
    assert!(refused(EncodingKey::from_secret(EDDSA), Jose::EdDSA));
}

#[test]
fn threads_may_start_together() {
    let tokens: Vec<_> = thread::scope(|scope| {
        let sign = || KeyRing::development().sign(Algorithm::EdDsa, None, &claims()).unwrap();
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(sign)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(tokens.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn claims_of_another_shape_are_an_error_of_their_own() {
    let ring = KeyRing::development();
    let token = ring.sign(Algorithm::EdDsa, None, &claims()).unwrap();
    assert_eq!(ring.verify::<Vec<u8>>(&token), Err(KeyError::Claims));
    let unwritable = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert_eq!(ring.sign(Algorithm::EdDsa, None, &unwritable), Err(KeyError::Claims));
}

#[test]
fn the_private_half_is_not_in_debug() {
    assert_eq!(format!("{:?}", KeyRing::development()), "KeyRing { .. }");
}

proptest! {
    #[test]
    fn any_claims_come_back(name in ".*", number in any::<i64>()) {
        let ring = KeyRing::development();
        let claims = json!({ "name": name, "number": number });
        let token = ring.sign(Algorithm::EdDsa, None, &claims).unwrap();
        prop_assert_eq!(ring.verify::<Value>(&token), Ok(claims));
    }

    #[test]
    fn no_text_is_a_token_by_chance(text in "[A-Za-z0-9_=+/. -]*\\.?.*\\.?.*") {
        prop_assert!(KeyRing::development().verify::<Value>(&text).is_err());
    }
}
