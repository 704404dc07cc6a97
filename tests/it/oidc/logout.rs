//! Logout: where it may lead, what it ends, and that nobody signs somebody else out by a link.

use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
    payload, query,
};

const AFTER: &str = "https://portal.example/goodbye";

async fn portal(sim: &Sim) -> Portal {
    Portal::registered(sim, json!({"post_logout_redirect_uris": [AFTER]})).await
}

fn address(fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/oidc/logout?{query}")
}

/// A signed-in browser and its tokens.
async fn signed_in<'a>(sim: &'a Sim, portal: &Portal) -> (Browser<'a>, serde_json::Value) {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(sim, &code, &[]).await.status(200).json();
    (browser, tokens)
}

async fn is_signed_in(browser: &mut Browser<'_>, portal: &Portal) -> bool {
    let back = browser.open(&portal.request(&[("prompt", "none")])).await.location();
    query(&back, "code").is_some()
}

#[tokio::test]
async fn a_hint_and_a_registered_address_lead_back_with_the_state_and_nothing_else() {
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let state = "s".repeat(128);
    let fields = [("id_token_hint", hint), ("post_logout_redirect_uri", AFTER), ("state", &*state)];
    let reply = browser.open(&address(&fields)).await;
    assert_eq!(reply.location(), format!("{AFTER}?state={state}"));
    let again = sim.get(&address(&fields[..2])).await;
    assert_eq!(again.location(), AFTER, "and nothing is added where there is no state");
    assert!(!is_signed_in(&mut browser, &portal).await);
    // What was bound to the session is dead.
    let access = tokens["access_token"].as_str().unwrap();
    sim.bearer("/oauth2/userinfo", access).await.status(401);
    assert_eq!(portal.introspects(&sim, access).await, json!({"active": false}));
}

#[tokio::test]
async fn attack_39_codes_of_the_session_die_and_what_was_granted_offline_lives() {
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal).await;
    let offline = [("scope", "openid offline_access")];
    let kept = portal.code(&browser.open(&portal.request(&offline)).await);
    let kept = portal.redeems(&sim, &kept, &[]).await.status(200).json();
    let pending = portal.code(&browser.open(&portal.request(&[])).await);
    let hint = [("id_token_hint", tokens["id_token"].as_str().unwrap())];
    browser.open(&address(&hint)).await.status(200);
    portal.redeems(&sim, &pending, &[]).await.oauth(400, "invalid_grant");
    sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.status(401);
    sim.bearer("/oauth2/userinfo", kept["access_token"].as_str().unwrap()).await.status(200);
    let refresh = kept["refresh_token"].as_str().unwrap();
    portal.refreshes(&sim, refresh, &[]).await.status(200);
}

#[tokio::test]
async fn attack_57_no_address_but_a_registered_one_of_the_hinted_client() {
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let other = Portal::plain(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal).await;
    let (_, others) = signed_in(&sim, &other).await;
    let hint = tokens["id_token"].as_str().unwrap();
    for uri in [
        "https://portal.example/goodbye/",
        "https://portal.example/goodbye?foo=bar",
        "https://portal.example/callback",
        "https://evil.example/",
        "https://portal.example@evil.example/goodbye",
        "javascript:alert(1)",
    ] {
        let reply = browser
            .open(&address(&[("id_token_hint", hint), ("post_logout_redirect_uri", uri)]))
            .await;
        reply.status(400);
    }
    let wrong = [
        ("id_token_hint", others["id_token"].as_str().unwrap()),
        ("post_logout_redirect_uri", AFTER),
    ];
    browser.open(&address(&wrong)).await.status(400);
    let differs = [("id_token_hint", hint), ("client_id", &*other.client_id)];
    browser.open(&address(&differs)).await.status(400);
    assert!(is_signed_in(&mut browser, &portal).await);
}

fn asks(reply: &Reply) {
    assert_eq!(reply.status, 200);
    assert!(reply.text().contains("name=\"form\""), "{}", reply.text());
}

#[tokio::test]
async fn attack_56_without_a_hint_the_holder_is_asked() {
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let (mut browser, _) = signed_in(&sim, &portal).await;
    for fields in [
        &[][..],
        &[("state", "x")],
        &[("post_logout_redirect_uri", AFTER)],
        &[("id_token_hint", "x")],
    ] {
        asks(&browser.open(&address(fields)).await);
        assert!(is_signed_in(&mut browser, &portal).await);
    }
    browser.open("/oidc/logout").await.status(200);
    browser.post("/oidc/logout", &[("form", "x")]).await.status(403);
    assert!(is_signed_in(&mut browser, &portal).await);
    browser.open("/oidc/logout").await.status(200);
    let form = browser.form();
    browser.post("/oidc/logout", &[("form", &form)]).await.status(200);
    assert!(!is_signed_in(&mut browser, &portal).await);
    browser.open("/oidc/logout").await.status(200);
    assert!(!browser.page.contains("name=\"form\""), "nobody is left to ask");
}

#[tokio::test]
async fn a_hint_about_somebody_else_asks_too() {
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let (mut browser, _) = signed_in(&sim, &portal).await;
    let ducs = portal.tokens_for(&sim, DUC, json!({})).await;
    let fields = [
        ("id_token_hint", ducs["id_token"].as_str().unwrap()),
        ("post_logout_redirect_uri", AFTER),
    ];
    asks(&browser.open(&address(&fields)).await);
    assert!(is_signed_in(&mut browser, &portal).await);
}

#[tokio::test]
async fn attack_31_a_forged_hint_leads_nowhere() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal).await;
    let real = tokens["id_token"].as_str().unwrap();
    let claims = real.split('.').nth(1).unwrap();
    for alg in ["none", "None", "NONE", "nOnE", "HS256"] {
        let head = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
        let forged = format!("{head}.{claims}.");
        let fields = [("id_token_hint", forged.as_str()), ("post_logout_redirect_uri", AFTER)];
        asks(&browser.open(&address(&fields)).await);
        assert!(is_signed_in(&mut browser, &portal).await);
    }
}

#[tokio::test]
async fn a_session_of_another_browser_is_ended_by_its_own_hint() {
    let sim = Sim::new().await;
    let portal = portal(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal).await;
    let hint = tokens["id_token"].as_str().unwrap();
    assert_eq!(payload(hint)["sid"].as_str().unwrap().len(), 43);
    sim.get(&address(&[("id_token_hint", hint)])).await.status(200);
    assert!(!is_signed_in(&mut browser, &portal).await);
}
