//! Logout tokens: what a portal is told, and that nobody can use one for anything else.

use std::sync::Arc;

use axum::{Router, extract::State, routing::post};
use mock_vneid::Config;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{is_signed_in, signed_in, text};
use crate::harness::{Sim, actors::Portal, payload};

type Heard = Arc<Mutex<Vec<String>>>;

/// A portal's back channel, and what it was told.
async fn back_channel() -> (String, Heard) {
    let heard = Heard::default();
    let hear = |State(heard): State<Heard>, body: String| async move { heard.lock().push(body) };
    let router = Router::new().route("/logout", post(hear)).with_state(Arc::clone(&heard));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/logout", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, heard)
}

async fn sim() -> Sim {
    Sim::with(Config { allow_private_fetch: true, ..Config::default() }).await
}

fn token(body: &str) -> String {
    let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    assert_eq!(fields.len(), 1, "nothing but the token: {body}");
    assert_eq!(fields[0].0, "logout_token");
    fields[0].1.clone().into_owned()
}

#[tokio::test]
async fn attack_58_a_logout_token_is_what_the_specification_says_and_nothing_else() {
    let sim = sim().await;
    let (address, heard) = back_channel().await;
    let portal = Portal::registered(&sim, json!({"backchannel_logout_uri": address})).await;
    let (mut browser, tokens) = signed_in(&sim, &portal, "openid").await;
    let id_token = payload(text(&tokens, "id_token"));
    let path = format!("/oidc/logout?id_token_hint={}", text(&tokens, "id_token"));
    browser.open(&path).await.status(200);
    let bodies = heard.lock().clone();
    assert_eq!(bodies.len(), 1, "told once, before the browser went on");
    let token = token(&bodies[0]);
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    let claims = payload(&token);
    for name in ["iss", "aud", "sub", "sid"] {
        assert_eq!(claims[name], id_token[name], "{name}");
    }
    assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    let now = sim.seconds();
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 120)));
    assert!(claims["jti"].as_str().unwrap().len() >= 22);
    assert!(claims.get("nonce").is_none(), "§2.4: a nonce would make it pass for an ID token");
    let jwks = sim.get("/oauth2/jwks").await.json();
    let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_value(jwks).unwrap();
    let key =
        jsonwebtoken::DecodingKey::from_jwk(jwks.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut checks = jsonwebtoken::Validation::new(header.alg);
    checks.validate_exp = false;
    checks.set_audience(&[&portal.client_id]);
    jsonwebtoken::decode::<Value>(&token, &key, &checks).unwrap();
    // It is signed by the same keys, and opens nothing.
    sim.bearer("/oauth2/userinfo", &token).await.status(401);
    let hinted = portal.request(&[("id_token_hint", &token), ("prompt", "none")]);
    assert_eq!(portal.error(&sim.get(&hinted).await), "invalid_request");
    // Nobody is left to tell.
    browser.open(&path).await.status(200);
    assert_eq!(heard.lock().len(), 1, "a session ends once");
}

#[tokio::test]
async fn every_portal_of_the_session_is_told_and_no_other() {
    let sim = sim().await;
    let mut told = Vec::new();
    for _ in 0..3 {
        let (address, heard) = back_channel().await;
        let portal = Portal::registered(&sim, json!({"backchannel_logout_uri": address})).await;
        told.push((portal, heard));
    }
    let deaf = json!({"backchannel_logout_uri": "http://127.0.0.1:9/logout"});
    let deaf = Portal::registered(&sim, deaf).await;
    let silent = Portal::plain(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &told[0].0, "openid").await;
    for portal in [&told[1].0, &deaf, &silent] {
        portal.code(&browser.open(&portal.request(&[])).await);
    }
    // Another browser's session is another session.
    let (mut other, _) = signed_in(&sim, &told[2].0, "openid").await;
    let path = format!("/oidc/logout?id_token_hint={}", text(&tokens, "id_token"));
    browser.open(&path).await.status(200);
    let counts: Vec<usize> = told.iter().map(|(_, heard)| heard.lock().len()).collect();
    assert_eq!(counts, [1, 1, 0], "a portal that does not answer keeps nobody");
    assert!(!is_signed_in(&mut browser, &silent).await);
    assert!(is_signed_in(&mut other, &silent).await);
    assert_eq!(payload(&token(&told[1].1.lock()[0]))["aud"], told[1].0.client_id);
}
