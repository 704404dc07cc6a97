//! The authorization endpoint: what it gives back, to whom, and that nothing is changed or run on the way.

use axum::http::Method;
use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
    payload, query,
};

#[tokio::test]
async fn get_post_and_the_portals_own_address_are_one_door() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let address = portal.request(&[]);
    let (path, parameters) = address.split_once('?').unwrap();
    for path in [path, "/auth"] {
        let got = sim.get(&format!("{path}?{parameters}")).await.location();
        assert!(got.starts_with("/login?interaction="), "{got}");
        let request = crate::harness::request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(parameters.to_owned().into())
            .unwrap();
        let posted = sim.send(request).await.location();
        assert!(posted.starts_with("/login?interaction="), "{posted}");
    }
}

#[tokio::test]
async fn the_portals_own_request_without_state_nonce_and_pkce_is_served() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let address = portal.request(&[("state", ""), ("nonce", "")]);
    let mut browser = Browser::new(&sim);
    browser.open(&address.replace("/oauth2/authorize", "/auth")).await.status(200);
    let back = LAN.signs_in(&mut browser).await.location();
    assert_eq!(query(&back, "state"), None);
    let code = query(&back, "code").unwrap();
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    assert!(payload(tokens["id_token"].as_str().unwrap()).get("nonce").is_none());
}

#[tokio::test]
async fn attack_7_and_9_state_and_nonce_come_back_as_they_went() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    let long = "s".repeat(2048);
    for text in [
        "a\r\nSet-Cookie: x=y\r\n\r\n<html>",
        "<script>alert(1)</script>",
        "\"'`&#;+ %00 %2e",
        "tiếng Việt 🇻🇳 ＡＢＣ",
        "../../..//",
        "\u{7f}\u{1}\t",
        &long,
    ] {
        let reply = browser.open(&portal.request(&[("state", text), ("nonce", text)])).await;
        let back = reply.location();
        assert_eq!(query(&back, "state").as_deref(), Some(text));
        assert!(!back.contains(['\r', '\n', '<', '"', ' ']), "{back}");
        assert_eq!(reply.headers.get_all("location").iter().count(), 1);
        let code = query(&back, "code").unwrap();
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        assert_eq!(payload(tokens["id_token"].as_str().unwrap())["nonce"], text);
    }
}

#[tokio::test]
async fn attack_64_every_answer_names_the_issuer() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    let refused = browser.open(&portal.request(&[("prompt", "none")])).await.location();
    assert_eq!(query(&refused, "iss").as_deref(), Some("http://localhost:8080"));
    browser.open(&portal.request(&[])).await.status(200);
    let granted = LAN.signs_in(&mut browser).await.location();
    assert_eq!(query(&granted, "iss").as_deref(), Some("http://localhost:8080"));
    for secret in ["token", "id_token", "access_token"] {
        assert_eq!(query(&granted, secret), None);
    }
}

#[tokio::test]
async fn attack_16_the_way_back_is_a_303_that_nobody_keeps_or_tells() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let reply = LAN.signs_in(&mut browser).await.status(303);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert!(reply.body.is_empty());
}

#[tokio::test]
async fn a_registered_address_keeps_its_own_query_and_scheme() {
    let sim = Sim::new().await;
    for (registered, begins) in [
        ("https://portal.example/cb?tenant=7", "https://portal.example/cb?tenant=7&code="),
        ("vn.example.app:/callback", "vn.example.app:/callback?code="),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/?code="),
    ] {
        let portal = Portal::registered(&sim, json!({"redirect_uris": [registered]})).await;
        let wish = json!({"client_id": portal.client_id, "citizen": LAN.number});
        let done = sim.post("/admin/v1/sign-ins", wish).await.status(200).json();
        let back = done["redirect"].as_str().unwrap();
        assert!(back.starts_with(begins), "{back}");
        let code = done["code"].as_str().unwrap();
        portal.redeems(&sim, code, &[]).await.status(200);
    }
}

#[tokio::test]
async fn attack_65_no_pages_no_consent_no_code() {
    let sim = Sim::new().await;
    let free = Portal::plain(&sim).await;
    let asking = Portal::registered(&sim, json!({"consent": "first"})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&free.request(&[])).await.status(200);
    free.code(&LAN.signs_in(&mut browser).await);
    let silent = browser.open(&asking.request(&[("prompt", "none")])).await;
    assert_eq!(asking.error(&silent), "consent_required");
}

#[tokio::test]
async fn attack_33_a_hint_of_somebody_else_does_not_use_the_session() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let ducs = portal.tokens_for(&sim, DUC, json!({})).await;
    let hint = ducs["id_token"].as_str().unwrap();
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    let silent = [("prompt", "none"), ("id_token_hint", hint)];
    assert_eq!(portal.error(&browser.open(&portal.request(&silent)).await), "login_required");
    let loud = browser.open(&portal.request(&silent[1..])).await.status(200);
    assert!(loud.text().contains("name=\"password\""));
}

#[tokio::test]
async fn attack_31_a_forged_hint_signs_nobody_in() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let other = Portal::plain(&sim).await;
    let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
    let real = tokens["id_token"].as_str().unwrap();
    let claims = real.split('.').nth(1).unwrap();
    let mut forged: Vec<String> = ["none", "None", "NONE", "nOnE", "HS256"]
        .iter()
        .map(|alg| {
            let head = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
            format!("{head}.{claims}.")
        })
        .collect();
    forged.push(real.rsplit_once('.').unwrap().0.to_owned() + ".");
    forged.push(
        other.tokens_for(&sim, LAN, json!({})).await["id_token"].as_str().unwrap().to_owned(),
    );
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    for hint in &forged {
        let reply = browser.open(&portal.request(&[("id_token_hint", hint)])).await;
        assert_eq!(portal.error(&reply), "invalid_request", "{hint}");
    }
    portal.code(&browser.open(&portal.request(&[("id_token_hint", real)])).await);
}
