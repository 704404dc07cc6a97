//! Keys rotated on command: published, then used, then retired, at the millisecond, and no sign-in fails meanwhile.

use std::{path::Path, sync::Arc};

use axum::{
    body::Body,
    http::{Method, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use mock_vneid::{Config, config::StoreChoice};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
    request,
};

/// The JWK set of a realm (`""`: the default one).
pub(super) async fn jwks(sim: &Sim, realm: &str) -> JwkSet {
    let reply = sim.get(&format!("{realm}/oauth2/jwks")).await.status(200);
    // Short: who reads it again before the new key is used knows that key.
    assert_eq!(reply.header("cache-control"), "public, max-age=60");
    serde_json::from_value(reply.json()).unwrap()
}

/// Numbers and standings of the sets, as the admin API tells them.
pub(super) async fn sets(sim: &Sim, realm: &str) -> Vec<(u64, String)> {
    let keys = sim.get(&format!("{realm}/admin/v1/keys")).await.status(200).json();
    let keys = keys.as_array().unwrap().iter().step_by(3);
    let told =
        keys.map(|key| (key["set"].as_u64().unwrap(), key["status"].as_str().unwrap().to_owned()));
    told.collect()
}

/// The number of the set whose key has this `kid`.
async fn set_of(sim: &Sim, kid: &str) -> u64 {
    let keys = sim.get("/admin/v1/keys").await.status(200).json();
    let key = keys.as_array().unwrap().iter().find(|key| key["kid"] == kid);
    key.unwrap_or_else(|| panic!("{kid} is not told: {keys}"))["set"].as_u64().unwrap()
}

pub(super) fn told(sets: &[(u64, &str)]) -> Vec<(u64, String)> {
    sets.iter().map(|(set, status)| (*set, (*status).to_owned())).collect()
}

fn kid(token: &str) -> String {
    decode_header(token).unwrap().kid.unwrap()
}

/// Whether a relying party that has this JWK set believes the token; times are another matter.
fn believes(jwks: &JwkSet, token: &str) -> bool {
    let head = decode_header(token).unwrap();
    let Some(key) = jwks.find(&head.kid.unwrap()) else { return false };
    let mut validation = Validation::new(head.alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).is_ok()
}

async fn id_token(sim: &Sim, portal: &Portal) -> String {
    let tokens = portal.tokens_for(sim, LAN, json!({})).await;
    tokens["id_token"].as_str().unwrap().to_owned()
}

async fn rotated(sim: &Sim, body: Value) -> Value {
    sim.post("/admin/v1/keys/rotate", body).await.status(200).json()
}

/// After a manual rotation the JWK set has a new signing key, and still the old one.
#[tokio::test]
async fn oidcc_server_rotate_keys() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let old = jwks(&sim, "").await;
    let first = id_token(&sim, &portal).await;
    assert!(believes(&old, &first));
    rotated(&sim, json!({"publish_seconds": 0})).await;
    let new = jwks(&sim, "").await;
    assert_eq!((old.keys.len(), new.keys.len()), (3, 6));
    assert!(old.keys.iter().all(|key| new.keys.contains(key)), "the old keys are still there");
    assert_eq!(new.keys[3..], old.keys[..], "the signing keys come first");
    let second = id_token(&sim, &portal).await;
    assert_ne!(kid(&first), kid(&second));
    assert!(believes(&new, &second) && believes(&new, &first));
    assert!(!believes(&old, &second), "only whoever reads the JWK set again knows the new key");
}

#[tokio::test]
async fn a_new_key_is_published_at_once_used_later_and_the_old_one_is_retired() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let before = id_token(&sim, &portal).await;
    let keys = rotated(&sim, json!({})).await;
    let shown = |at: usize, alg: &str, set: u8, status: &str| {
        let key = &keys[at];
        assert_eq!(
            (&key["alg"], &key["set"], &key["status"]),
            (&json!(alg), &json!(set), &json!(status))
        );
        (key["published_at"].clone(), key["used_from"].clone(), key["retired_at"].clone())
    };
    assert_eq!(keys.as_array().unwrap().len(), 6);
    for (at, alg) in ["RS256", "ES256", "EdDSA"].into_iter().enumerate() {
        let none = Value::Null;
        let old = (none.clone(), none.clone(), json!("2026-03-02T03:01:00Z"));
        assert_eq!(shown(at, alg, 0, "used"), old);
        let new = (json!("2026-03-02T02:00:00Z"), json!("2026-03-02T02:01:00Z"), none);
        assert_eq!(shown(at + 3, alg, 1, "published"), new);
    }
    assert_eq!(sim.get("/admin/v1/keys").await.status(200).json(), keys);
    let published = jwks(&sim, "").await;
    assert!(published.find(keys[3]["kid"].as_str().unwrap()).is_some(), "at once");

    sim.clock.advance_millis(59_999);
    let last = id_token(&sim, &portal).await;
    assert_eq!(kid(&last), kid(&before), "still the old key");
    sim.clock.advance_millis(1);
    let first = id_token(&sim, &portal).await;
    assert_eq!(json!(kid(&first)), keys[3]["kid"], "from that moment on the new one");
    assert!(believes(&published, &first), "who read the JWK set a minute ago knows it");
    assert_eq!(sets(&sim, "").await, told(&[(0, "retiring"), (1, "used")]));

    // The last token of the old key lives an hour, and so does the key in the JWK set.
    sim.clock.advance_millis(3_599_999);
    assert!(believes(&jwks(&sim, "").await, &last));
    sim.clock.advance_millis(1);
    let after = jwks(&sim, "").await;
    assert!(!believes(&after, &last) && believes(&after, &first));
    assert_eq!(after.keys.len(), 3);
    assert_eq!(sets(&sim, "").await, told(&[(0, "retired"), (1, "used")]));
}

#[tokio::test]
async fn every_algorithm_rotates() {
    let sim = Sim::new().await;
    for alg in ["RS256", "ES256", "EdDSA"] {
        let portal = Portal::registered(&sim, json!({"id_token_signed_response_alg": alg})).await;
        let old = id_token(&sim, &portal).await;
        rotated(&sim, json!({"publish_seconds": 0})).await;
        let new = id_token(&sim, &portal).await;
        assert_ne!(kid(&old), kid(&new), "{alg}");
        let now = jwks(&sim, "").await;
        assert!(believes(&now, &old) && believes(&now, &new), "{alg}");
    }
}

#[tokio::test]
async fn a_hint_outlives_its_key() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let hint = tokens["id_token"].as_str().unwrap();
    rotated(&sim, json!({"publish_seconds": 0, "overlap_seconds": 0})).await;
    assert!(!believes(&jwks(&sim, "").await, hint), "its key is retired");
    let ask = [("prompt", "none"), ("id_token_hint", hint)];
    portal.code(&browser.open(&portal.request(&ask)).await);
    // No key of the ring that this realm never had.
    let claims = hint.split('.').nth(1).unwrap();
    let head = json!({"alg": "EdDSA", "typ": "JWT", "kid": unused_kid(&sim).await});
    let head = URL_SAFE_NO_PAD.encode(head.to_string());
    let key = include_bytes!("../../../src/oidc/keys/dev/5/eddsa.der");
    let key = jsonwebtoken::EncodingKey::from_ed_der(key);
    let message = format!("{head}.{claims}");
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::EdDSA);
    let strange = format!("{message}.{}", signature.unwrap());
    let ask = [("prompt", "none"), ("id_token_hint", strange.as_str())];
    assert_eq!(portal.error(&browser.open(&portal.request(&ask)).await), "invalid_request");
    // The same bytes count once the ring has come to that key.
    for _ in 0..4 {
        rotated(&sim, json!({"publish_seconds": 0, "overlap_seconds": 0})).await;
    }
    portal.code(&browser.open(&portal.request(&ask)).await);
}

/// The `kid` of set 5's Ed25519 key, learnt in another realm.
async fn unused_kid(sim: &Sim) -> String {
    sim.post("/admin/v1/realms", json!({"name": "five"})).await.status(201);
    let mut keys = Value::Null;
    for _ in 0..5 {
        let body = json!({"publish_seconds": 0});
        keys = sim.post("/realms/five/admin/v1/keys/rotate", body).await.status(200).json();
    }
    let all = keys.as_array().unwrap();
    let key = all.iter().find(|key| key["set"] == 5 && key["alg"] == "EdDSA").unwrap();
    key["kid"].as_str().unwrap().to_owned()
}

/// Many sign-ins around a rotation: none fails, and each token is believed by who reads the JWK set at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_70_key_rotation_under_load() {
    let sim = Arc::new(Sim::new().await);
    let portal = Arc::new(Portal::plain(&sim).await);
    let mut before = jwks(&sim, "").await;
    let mut used = std::collections::BTreeSet::new();
    for round in 0..6 {
        let tasks: Vec<_> = (0..24)
            .map(|at| {
                let (sim, portal) = (Arc::clone(&sim), Arc::clone(&portal));
                let citizen = if at % 2 == 0 { LAN } else { DUC };
                tokio::spawn(async move {
                    if at == 12 {
                        rotated(&sim, json!({"overlap_seconds": 3600})).await;
                    }
                    let code = portal.code_for(&sim, citizen, json!({})).await;
                    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
                    let token = tokens["id_token"].as_str().unwrap().to_owned();
                    assert!(believes(&jwks(&sim, "").await, &token), "round {round}");
                    token
                })
            })
            .collect();
        let mut tokens = Vec::new();
        for task in tasks {
            tokens.push(task.await.unwrap());
        }
        // Also by who cached the JWK set when this minute began.
        assert!(tokens.iter().all(|token| believes(&before, token)), "round {round}");
        used.extend(tokens.iter().map(|token| kid(token)));
        before = jwks(&sim, "").await;
        sim.advance(60);
    }
    assert_eq!(used.len(), 6, "every round had its own key");
    // Every key stays for as long as an ID token of it may live: an hour after its minute, to the millisecond.
    let kept = async || {
        let keys = jwks(&sim, "").await;
        used.iter().filter(|kid| keys.find(kid).is_some()).count()
    };
    sim.advance(3600 - 5 * 60);
    for left in (0..6).rev() {
        sim.clock.advance_millis(-1);
        assert_eq!(kept().await, left + 1);
        sim.clock.advance_millis(1);
        assert_eq!(kept().await, left);
        sim.advance(60);
    }
}

#[tokio::test]
async fn a_full_ring_refuses_and_changes_nothing() {
    let sim = Sim::new().await;
    for _ in 0..7 {
        rotated(&sim, json!({"publish_seconds": 0})).await;
    }
    assert_eq!(jwks(&sim, "").await.keys.len(), 24);
    let before = sim.get("/admin/v1/keys").await.json();
    let body = json!({"publish_seconds": 0, "overlap_seconds": 0});
    sim.post("/admin/v1/keys/rotate", body.clone()).await.problem(429, "limit_reached");
    assert_eq!(sim.get("/admin/v1/keys").await.json(), before);
    sim.advance(3600);
    rotated(&sim, body).await;
    assert_eq!(sets(&sim, "").await.last().unwrap(), &(0, "used".to_owned()), "round again");
}

#[tokio::test]
async fn the_body_may_be_left_out_and_has_bounds() {
    let sim = Sim::new().await;
    let path = "/admin/v1/keys/rotate";
    let bare = request(Method::POST, path).body(Body::empty()).unwrap();
    let keys = sim.send(bare).await.status(200).json();
    assert_eq!(keys[3]["used_from"], "2026-03-02T02:01:00Z", "the policy's");
    let empty = request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
    sim.send(empty.body(Body::empty()).unwrap()).await.problem(400, "invalid_json");
    let bare = request(Method::POST, path).body(Body::from("{}")).unwrap();
    sim.send(bare).await.problem(415, "content_type");
    for (field, most) in [("publish_seconds", 86_400), ("overlap_seconds", 2_592_000)] {
        for wrong in [json!(most + 1), json!(-1), json!(1.5), json!("60"), json!(4_294_967_296_i64)]
        {
            let told = sim.post(path, json!({field: wrong})).await.problem(422, "invalid");
            assert_eq!(told["field"], field, "{wrong}");
        }
        rotated(&sim, json!({field: most})).await;
    }
    sim.post(path, json!({"lead": 1})).await.problem(422, "invalid");
}

#[tokio::test]
async fn the_policy_sets_the_pace() {
    let sim = Sim::new().await;
    let policy = json!({"key_publish_seconds": 300, "key_overlap_seconds": 7200});
    sim.put("/admin/v1/policy", policy).await.status(200);
    let keys = rotated(&sim, json!({})).await;
    assert_eq!(keys[3]["used_from"], "2026-03-02T02:05:00Z");
    assert_eq!(keys[0]["retired_at"], "2026-03-02T04:05:00Z");
    let keys = rotated(&sim, json!({"overlap_seconds": 0})).await;
    assert_eq!(keys[3]["retired_at"], "2026-03-02T02:05:00Z", "each step on its own");
    for most in [
        json!({"key_rotation_days": 3650, "key_publish_seconds": 86400, "key_overlap_seconds": 2_592_000}),
        json!({"key_rotation_days": 0, "key_publish_seconds": 0, "key_overlap_seconds": 0}),
    ] {
        sim.put("/admin/v1/policy", most).await.status(200);
    }
    let told = sim.put("/admin/v1/policy", json!({"key_rotation_days": 3651})).await;
    assert_eq!(told.problem(422, "invalid")["field"], "key_rotation_days");
}

#[tokio::test]
async fn realms_rotate_apart_and_a_reset_begins_again() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    let body = json!({"publish_seconds": 0});
    sim.post("/realms/x/admin/v1/keys/rotate", body).await.status(200);
    let (here, there) = (jwks(&sim, "").await, jwks(&sim, "/realms/x").await);
    assert_eq!((here.keys.len(), there.keys.len()), (3, 6));
    assert_eq!(sets(&sim, "").await, told(&[(0, "used")]));
    let wish = json!({"client_id": "demo-portal", "citizen": LAN.number, "exchange": true});
    let tokens = sim.post("/realms/x/admin/v1/sign-ins", wish).await.status(200).json();
    let token = tokens["id_token"].as_str().unwrap();
    assert!(believes(&there, token) && !believes(&here, token));
    sim.post("/admin/v1/realms/x/reset", json!({})).await.ok();
    assert_eq!(jwks(&sim, "/realms/x").await, here);
    assert_eq!(sets(&sim, "/realms/x").await, told(&[(0, "used")]));
}

async fn opened(dir: &Path) -> Sim {
    let store = StoreChoice::sled(dir);
    Sim::with(Config { store, ..Config::default() }).await
}

#[tokio::test]
async fn a_restart_keeps_phases_and_schedule() {
    let dir = TempDir::new().unwrap();
    let sim = opened(dir.path()).await;
    sim.put("/admin/v1/policy", json!({"key_rotation_days": 30})).await.status(200);
    let keys = rotated(&sim, json!({})).await;
    let due = sim.get("/admin/v1/clock/due").await.status(200).json();
    let published = jwks(&sim, "").await;
    drop(sim);
    let sim = opened(dir.path()).await;
    assert_eq!(sim.get("/admin/v1/keys").await.status(200).json(), keys);
    assert_eq!(sim.get("/admin/v1/clock/due").await.status(200).json(), due);
    assert_eq!(jwks(&sim, "").await, published);
    drop(sim);
    // What fell due while nobody ran happened at its moment, before the first answer.
    let sim = opened(dir.path()).await;
    sim.advance(30 * 24 * 3600 + 60);
    let portal = Portal::plain(&sim).await;
    let token = id_token(&sim, &portal).await;
    assert_eq!(set_of(&sim, &kid(&token)).await, 2);
    assert!(believes(&jwks(&sim, "").await, &token));
}
