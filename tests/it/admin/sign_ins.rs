//! Sign-ins without pages: the rules are those of the pages.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{ALL_SCOPES, DUC, LAN, Portal},
    direct::{CHALLENGE, VERIFIER},
    payload, query,
};

const PATH: &str = "/admin/v1/sign-ins";

#[tokio::test]
async fn a_code_is_the_one_a_browser_would_have_got() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"require_pkce": true})).await;
    let body = json!({"client_id": portal.client_id, "citizen": LAN.number, "state": "s & t",
        "nonce": "n-1", "code_challenge": CHALLENGE, "scope": "openid phone"});
    let done = sim.post(PATH, body).await.status(200).json();
    let back = done["redirect"].as_str().unwrap();
    assert!(back.starts_with("https://portal.example/callback?"));
    assert_eq!(query(back, "code").as_deref(), done["code"].as_str());
    assert_eq!(query(back, "state").as_deref(), Some("s & t"));
    assert_eq!(query(back, "iss").as_deref(), Some("http://localhost:8080"));
    let code = done["code"].as_str().unwrap();
    portal.redeems(&sim, code, &[]).await.oauth(400, "invalid_grant");
    let reply = portal.redeems(&sim, code, &[("code_verifier", VERIFIER)]).await.status(200);
    let claims = payload(reply.json()["id_token"].as_str().unwrap());
    assert_eq!(claims["nonce"], "n-1");
    assert_eq!(reply.json()["scope"], "openid phone");
    assert!(done.get("access_token").is_none());
}

#[tokio::test]
async fn tokens_are_the_ones_of_a_sign_in_with_pages() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let with_pages = portal.signs_in(&sim, LAN).await;
    let direct = portal.tokens_for(&sim, LAN, json!({"nonce": "n-1"})).await;
    let claims = |tokens: &Value| {
        let mut claims = payload(tokens["id_token"].as_str().unwrap());
        claims.as_object_mut().unwrap().remove("at_hash");
        // A session needs a browser.
        claims.as_object_mut().unwrap().remove("sid");
        claims
    };
    assert_eq!(claims(&with_pages), claims(&direct));
    assert_eq!(with_pages["scope"], direct["scope"]);
    assert!(direct.get("code").is_none(), "the code is spent");
    assert!(sim.messages().await.len() == 1, "no OTP is sent for a direct sign-in");
    let scope = json!({"client_id": portal.client_id, "citizen": LAN.number, "exchange": true});
    let standard = sim.post(PATH, scope).await.status(200).json();
    assert_eq!(standard["scope"], "openid profile");
    assert!(ALL_SCOPES.starts_with("openid profile"));
}

#[tokio::test]
async fn who_may_not_sign_in_gets_neither_code_nor_tokens() {
    let sim = Sim::new().await;
    let high = Portal::registered(&sim, json!({"minimum_level": 2})).await;
    for exchange in [true, false] {
        let ask = |citizen: &str| json!({"client_id": high.client_id, "citizen": citizen, "exchange": exchange});
        sim.post(PATH, ask(LAN.number)).await.status(200);
        sim.post(PATH, ask(DUC.number)).await.problem(403, "level_too_low");
        for (citizen, code) in [
            ("097300000033", "activation_required"),
            ("097095000044", "registration_required"),
            ("097306000055", "registration_required"),
            ("097078000066", "activation_overdue"),
            ("097188000077", "temporarily_locked"),
            ("098160000088", "locked"),
            ("098040000099", "locked"),
            ("098300000101", "locked"),
        ] {
            sim.post(PATH, ask(citizen)).await.problem(403, code);
        }
        sim.post(PATH, ask("096190000011")).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_code_of_a_direct_sign_in_dies_like_any_other() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    sim.post("/admin/v1/clock/advance", json!({"duration": "PT60S"})).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}
