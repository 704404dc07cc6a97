//! Attack 66: whatever is logged, it is no OTP, password, code, token, secret or ID number.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DAT, LAN, Portal},
    browser::Browser,
    log::Log,
    query,
};

/// A whole life and sign-in; returns what must not be told.
async fn everything(sim: &Sim) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    DAT.registers_in_the_app(sim).await;
    DAT.activates(sim).await.status(200);
    let portal = Portal::registered(sim, json!({"consent": "always"})).await;
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[("login_hint", DAT.number)])).await.status(200);
    browser.submit("/login", &[("username", DAT.number), ("password", "Wrong@1234")]).await;
    DAT.types_password(&mut browser).await.status(200);
    browser.submit("/login/otp", &[("otp", "999999")]).await;
    DAT.types_otp(&mut browser).await.status(200);
    let back = browser.submit("/login/consent", &[("decision", "allow")]).await;
    let code = portal.code(&back);
    let state = query(&back.location(), "state").unwrap();
    assert_eq!(state, "s-1");
    sim.form("/oauth2/token", Some((&portal.client_id, "wrong-secret-of-portal")), &[]).await;
    let tokens = portal.redeems(sim, &code, &[]).await.status(200).json();
    portal.redeems(sim, &code, &[]).await.status(400);
    let access = tokens["access_token"].as_str().unwrap();
    sim.bearer("/oauth2/userinfo", access).await.status(401);
    sim.get(&format!("/oauth2/userinfo?access_token={access}")).await.status(400);
    sim.get(&format!("/admin/v1/accounts/{}", LAN.number)).await.status(200);
    sim.get("/admin/v1/accounts/12345").await.status(422);
    sim.post("/admin/v1/accounts", json!({"level": 7})).await.status(422);
    for message in sim.messages().await {
        secrets.extend(message["code"].as_str().map(str::to_owned));
    }
    secrets.extend(browser.cookies.values().cloned());
    secrets.extend(
        [&code, access, &portal.secret, DAT.number, DAT.password, DAT.phone].map(str::to_owned),
    );
    secrets.push(tokens["id_token"].as_str().unwrap().to_owned());
    secrets.extend(
        ["Wrong@1234", "wrong-secret-of-portal", "135790", "Trường Hoa Sen"].map(str::to_owned),
    );
    secrets.push(browser.form());
    secrets
}

#[tokio::test]
async fn attack_66_nothing_secret_reaches_the_log() {
    let log = Log::begin();
    let sim = Sim::new().await;
    let secrets = everything(&sim).await;
    let log = log.text();
    assert!(log.contains("/oauth2/token") && log.contains("refused"), "there is a log: {log}");
    assert!(secrets.len() > 14, "{}", secrets.len());
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        assert!(!log.contains(secret.as_str()), "the log tells {secret}");
    }
}
