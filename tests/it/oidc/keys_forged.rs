//! What a forger tries (attacks 30 and 31): every token here must be refused.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair,
};
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::sign;
use mock_vneid::oidc::digest::base64url;
use mock_vneid::oidc::keys::{Algorithm, KeyError, KeyRing, install};
use serde_json::{Value, json};

const RS256: &[u8] = include_bytes!("../../../src/oidc/keys/dev/rs256.der");
const ES256: &[u8] = include_bytes!("../../../src/oidc/keys/dev/es256.der");

fn claims() -> Value {
    json!({ "iss": "https://vneid.test", "sub": "079200000001", "aud": "portal" })
}

fn kid(algorithm: Algorithm) -> String {
    KeyRing::development().kid(algorithm).expect("a kid").to_owned()
}

fn message(header: &Value) -> String {
    format!("{}.{}", base64url(header.to_string()), base64url(claims().to_string()))
}

/// A token with this header, signed with this key by `jsonwebtoken`.
fn forged(header: &Value, key: &EncodingKey, algorithm: jsonwebtoken::Algorithm) -> String {
    install();
    let message = message(header);
    let signature = sign(message.as_bytes(), key, algorithm).expect("a signature");
    format!("{message}.{signature}")
}

/// A token with this header whose signature is the provider's own, so that only the header can be refused.
fn own(header: &Value) -> String {
    forged(header, &EncodingKey::from_rsa_der(RS256), jsonwebtoken::Algorithm::RS256)
}

fn refusal(token: &str) -> Option<KeyError> {
    KeyRing::development().verify::<Value>(token).err()
}

#[test]
fn the_forge_is_able_to_make_a_good_token() {
    let header = json!({ "alg": "RS256", "kid": kid(Algorithm::Rs256), "unknown": "is ignored" });
    assert_eq!(refusal(&own(&header)), None);
}

#[test]
fn attack_30_31_alg_none_in_four_spellings() {
    for alg in ["none", "None", "NONE", "nOnE"] {
        let header = json!({ "alg": alg, "kid": kid(Algorithm::Rs256) });
        let message = message(&header);
        assert_eq!(refusal(&format!("{message}.")), Some(KeyError::Malformed));
        assert_eq!(refusal(&format!("{message}.AA")), Some(KeyError::Algorithm));
        assert_eq!(refusal(&own(&header)), Some(KeyError::Algorithm));
    }
}

#[test]
fn attack_30_31_hs256_with_the_public_key_or_nothing_as_the_secret() {
    let ring = KeyRing::development();
    let set: Value = serde_json::from_str(ring.jwks().unwrap()).unwrap();
    let n = set["keys"][0]["n"].as_str().unwrap();
    let jwk = set["keys"][0].to_string();
    for secret in [n.as_bytes(), jwk.as_bytes(), ring.jwks().unwrap().as_bytes(), b""] {
        for algorithm in Algorithm::ALL.iter().copied() {
            let key = EncodingKey::from_secret(secret);
            let header = json!({ "alg": "HS256", "kid": kid(algorithm) });
            let token = forged(&header, &key, jsonwebtoken::Algorithm::HS256);
            assert_eq!(refusal(&token), Some(KeyError::Algorithm));
            let header = json!({ "alg": algorithm.as_str(), "kid": kid(algorithm) });
            let token = forged(&header, &key, jsonwebtoken::Algorithm::HS256);
            assert_eq!(refusal(&token), Some(KeyError::Signature));
        }
    }
}

#[test]
fn attack_30_31_kid_as_path_query_or_nothing() {
    let padded = format!("{} ", kid(Algorithm::Rs256));
    let other = kid(Algorithm::Es256);
    let kids = [
        "../../../../dev/null",
        "/etc/passwd",
        "' OR '1'='1",
        "x' UNION SELECT 'secret' --",
        "\0",
        "",
        &padded,
        &other,
    ];
    for kid in kids {
        let token = own(&json!({ "alg": "RS256", "kid": kid }));
        assert_eq!(refusal(&token), Some(KeyError::UnknownKey), "{kid:?}");
    }
    for kid in [json!(null), json!(1), json!([kid(Algorithm::Rs256)]), json!({})] {
        let token = own(&json!({ "alg": "RS256", "kid": kid }));
        assert_eq!(refusal(&token), Some(KeyError::UnknownKey), "{kid}");
    }
    assert_eq!(refusal(&own(&json!({ "alg": "RS256" }))), Some(KeyError::UnknownKey));
}

#[test]
fn attack_30_31_foreign_key_with_the_right_kid() {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let rsa = AsDer::<Pkcs8V1Der>::as_der(&rsa).unwrap();
    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let ec = ec.to_pkcs8v1().unwrap();
    let ed = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
    let keys = [
        (EncodingKey::from_rsa_der(rsa.as_ref()), jsonwebtoken::Algorithm::RS256),
        (EncodingKey::from_ec_der(ec.as_ref()), jsonwebtoken::Algorithm::ES256),
        (EncodingKey::from_ed_der(ed.as_ref()), jsonwebtoken::Algorithm::EdDSA),
    ];
    for (algorithm, (key, jose)) in Algorithm::ALL.iter().copied().zip(&keys) {
        let header = json!({ "alg": algorithm.as_str(), "kid": kid(algorithm) });
        assert_eq!(refusal(&forged(&header, key, *jose)), Some(KeyError::Signature));
    }
    let ring =
        KeyRing::from_pkcs8(rsa.as_ref().to_vec(), ec.as_ref().to_vec(), ed.as_ref().to_vec());
    for algorithm in Algorithm::ALL.iter().copied() {
        let token = ring.sign(algorithm, None, &claims()).unwrap();
        assert_eq!(ring.verify::<Value>(&token), Ok(claims()));
        assert_eq!(refusal(&token), Some(KeyError::UnknownKey));
    }
}

#[test]
fn attack_30_31_key_and_algorithm_of_different_pairs() {
    let ec = EncodingKey::from_ec_der(ES256);
    for (alg, kid) in [
        ("RS256", kid(Algorithm::Es256)),
        ("ES256", kid(Algorithm::Rs256)),
        ("EdDSA", kid(Algorithm::Es256)),
    ] {
        let header = json!({ "alg": alg, "kid": kid });
        assert_eq!(refusal(&own(&header)), Some(KeyError::UnknownKey));
        let token = forged(&header, &ec, jsonwebtoken::Algorithm::ES256);
        assert_eq!(refusal(&token), Some(KeyError::UnknownKey));
    }
    for alg in ["RS384", "RS512", "PS256", "ES384", "HS512", "rs256", "RS256\0", ""] {
        let token = own(&json!({ "alg": alg, "kid": kid(Algorithm::Rs256) }));
        assert_eq!(refusal(&token), Some(KeyError::Algorithm), "{alg:?}");
    }
}

#[test]
fn attack_30_31_jku_x5u_and_embedded_keys() {
    let members = [
        ("jku", json!("https://evil.test/jwks.json")),
        ("x5u", json!("https://evil.test/cert.pem")),
        ("jwk", json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" })),
        ("jwk", json!(null)),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AA")),
        ("x5t#S256", json!("AA")),
    ];
    for (name, value) in members {
        let token = own(&json!({ "alg": "RS256", "kid": kid(Algorithm::Rs256), name: value }));
        assert_eq!(refusal(&token), Some(KeyError::ForeignKey), "{name}");
    }
}

#[test]
fn attack_30_31_critical_extensions() {
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!(null), json!("alg")] {
        let header =
            json!({ "alg": "RS256", "kid": kid(Algorithm::Rs256), "crit": crit, "b64": false });
        assert_eq!(refusal(&own(&header)), Some(KeyError::Critical), "{crit}");
    }
}

#[test]
fn attack_30_31_psychic_signatures() {
    let message = message(&json!({ "alg": "ES256", "kid": kid(Algorithm::Es256) }));
    // r = s = 0, and r = s = the order of P-256, which is zero to a careless reader (CVE-2022-21449).
    let zero = base64url([0; 64]);
    let order =
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVH_____AAAAAP__________vOb6racXnoTzucrC_GMlUQ";
    for signature in [zero.as_str(), order, &base64url([0; 1]), &base64url([1; 65])] {
        assert_eq!(refusal(&format!("{message}.{signature}")), Some(KeyError::Signature));
    }
    let der = base64url([0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]);
    assert_eq!(refusal(&format!("{message}.{der}")), Some(KeyError::Signature));
}

#[test]
fn attack_30_31_one_changed_character_anywhere() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let token = KeyRing::development().sign(algorithm, None, &claims()).unwrap();
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            for other in [other, ".", "=", "é"] {
                let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                assert!(changed == token || refusal(&changed).is_some(), "{algorithm} {at}");
            }
        }
    }
}

#[test]
fn attack_30_31_the_last_character_has_no_stray_bits() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for algorithm in Algorithm::ALL.iter().copied() {
        let token = KeyRing::development().sign(algorithm, None, &claims()).unwrap();
        let (front, last) = token.split_at(token.len() - 1);
        let accepted: String =
            alphabet.chars().filter(|c| refusal(&format!("{front}{c}")).is_none()).collect();
        assert_eq!(accepted, last, "{algorithm}");
    }
}

#[test]
fn attack_30_31_truncated_lengthened_and_misshapen() {
    let token = KeyRing::development().sign(Algorithm::EdDsa, None, &claims()).unwrap();
    for end in 0..token.len() {
        assert!(refusal(&token[..end]).is_some(), "{end}");
    }
    let parts: Vec<&str> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let misshapen = [
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{token}..{signature}"),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{header}.{payload}."),
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("Bearer {token}"),
        "...".to_owned(),
        "..".to_owned(),
        String::new(),
    ];
    for token in misshapen {
        let refusal = refusal(&token);
        assert!(matches!(refusal, Some(KeyError::Malformed | KeyError::Signature)), "{token}");
    }
}

#[test]
fn attack_30_31_a_header_that_is_no_object() {
    let deep = "[".repeat(40_000);
    for header in ["[]", "[\"RS256\"]", "\"RS256\"", "null", "{", "{}x", "\u{feff}{}", "", &deep] {
        let token = format!("{}.e30.AA", base64url(header));
        assert_eq!(refusal(&token), Some(KeyError::Malformed));
    }
}

#[test]
fn attack_30_31_huge_tokens() {
    let ring = KeyRing::development();
    let fitting = json!({ "sub": "x".repeat(40_000) });
    let token = ring.sign(Algorithm::EdDsa, None, &fitting).unwrap();
    assert_eq!(ring.verify::<Value>(&token), Ok(fitting));
    let huge = json!({ "sub": "x".repeat(1_000_000) });
    let token = ring.sign(Algorithm::EdDsa, None, &huge).unwrap();
    assert_eq!(refusal(&token), Some(KeyError::Malformed));
    assert_eq!(refusal(&".".repeat(1_000_000)), Some(KeyError::Malformed));
}
