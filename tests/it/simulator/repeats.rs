//! Same seed, same requests, same virtual times: the same bytes, tokens included.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
};

/// Everything a whole sign-in answers, headers and bodies.
async fn told(algorithm: &str) -> Vec<String> {
    let sim = Sim::new().await;
    sim.post("/admin/v1/clock/freeze", json!({"at": "2026-03-02T09:00:00+07:00"}))
        .await
        .status(200);
    let more = json!({"id_token_signed_response_alg": algorithm, "access_token_format": "jwt"});
    let portal = Portal::registered(&sim, more).await;
    let tokens: Value = portal.signs_in(&sim, LAN).await;
    let userinfo = sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await;
    let journal = sim.get("/admin/v1/journal?limit=1000").await.json();
    let messages = json!(sim.messages().await);
    vec![
        portal.secret,
        tokens.to_string(),
        userinfo.text(),
        format!("{:?}", userinfo.headers),
        messages.to_string(),
        journal["items"].to_string(),
    ]
}

#[tokio::test]
async fn a_seeded_realm_answers_the_same_bytes_again() {
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let mut first = told(algorithm).await;
        let mut second = told(algorithm).await;
        // How long an answer took is the computer's.
        first.truncate(5);
        second.truncate(5);
        assert_eq!(first, second, "{algorithm}");
    }
}
