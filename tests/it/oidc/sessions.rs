//! Sessions: no fixation, cookies that scripts and neighbours cannot have, realms that share nothing.

use axum::http::header;
use mock_vneid::Config;
use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    browser::Browser,
    query,
};

const SESSION: &str = "vneid_mock_session_default_p22MPpTr";
const BROWSER: &str = "vneid_mock_browser_default_p22MPpTr";

fn cookies(reply: &Reply) -> Vec<String> {
    let all = reply.headers.get_all(header::SET_COOKIE).iter();
    all.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn attack_41_a_planted_session_is_worth_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for planted in ["x".to_owned(), "a".repeat(43), String::new()] {
        let mut victim = Browser::new(&sim);
        victim.cookies.insert(SESSION.to_owned(), planted.clone());
        victim.open(&portal.request(&[])).await.status(200);
        portal.code(&LAN.signs_in(&mut victim).await);
        assert_ne!(victim.cookies[SESSION], planted);
        let mut thief = Browser::new(&sim);
        thief.cookies.insert(SESSION.to_owned(), planted);
        let silent = thief.open(&portal.request(&[("prompt", "none")])).await;
        assert_eq!(portal.error(&silent), "login_required");
    }
}

#[tokio::test]
async fn attack_41_every_sign_in_has_a_session_of_its_own() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    assert!(!browser.cookies.contains_key(SESSION), "nobody is signed in before the OTP");
    LAN.types_password(&mut browser).await.status(200);
    assert!(!browser.cookies.contains_key(SESSION), "nobody is signed in before the OTP");
    portal.code(&LAN.types_otp(&mut browser).await);
    let first = browser.cookies[SESSION].clone();
    browser.open(&portal.request(&[("prompt", "login")])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    assert_ne!(browser.cookies[SESSION], first);
    assert_eq!(first.len(), 43);
}

#[tokio::test]
async fn attack_41_a_browser_cookie_of_an_odd_length_is_replaced() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for planted in ["", "x", &"a".repeat(42), &"a".repeat(44)] {
        let mut browser = Browser::new(&sim);
        browser.cookies.insert(BROWSER.to_owned(), planted.to_owned());
        browser.open(&portal.request(&[])).await.status(200);
        assert_ne!(browser.cookies[BROWSER], planted);
    }
}

#[tokio::test]
async fn attack_42_cookies_are_out_of_reach() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    let mut set = cookies(&sim.get(&portal.request(&[])).await.status(303));
    browser.open(&portal.request(&[])).await.status(200);
    set.extend(cookies(&LAN.signs_in(&mut browser).await));
    assert_eq!(set.len(), 2, "{set:?}");
    for (cookie, name) in set.iter().zip([BROWSER, SESSION]) {
        assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/"), "{cookie}");
    }
}

#[tokio::test]
async fn attack_42_under_https_they_are_secure_and_of_this_host_alone() {
    let config = Config { issuer: Some("https://id.example".to_owned()), ..Config::default() };
    let sim = Sim::trusting(config).await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    let mut set = cookies(&sim.get(&portal.request(&[])).await.status(303));
    browser.open(&portal.request(&[])).await.status(200);
    set.extend(cookies(&LAN.signs_in(&mut browser).await.status(303)));
    assert_eq!(set.len(), 2, "{set:?}");
    for cookie in &set {
        // RFC 6265bis §4.1.3.2: Secure, Path=/, no Domain, or browsers drop it.
        assert!(cookie.starts_with("__Host-vneid_mock_"), "{cookie}");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/"), "{cookie}");
        assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
    }
    // A neighbour's cookie without the prefix is not looked at.
    let mark = mock_vneid::oidc::digest::mark("https://id.example");
    let name = format!("__Host-vneid_mock_session_default_{mark}");
    let session = browser.cookies[&name].clone();
    let mut neighbour = Browser::new(&sim);
    neighbour.cookies.insert(SESSION.to_owned(), session);
    let back = neighbour.open(&portal.request(&[("prompt", "none")])).await.location();
    assert_eq!(query(&back, "error").as_deref(), Some("login_required"));
    assert_eq!(query(&back, "iss").as_deref(), Some("https://id.example"));
}

/// A portal of the same id and secret in both realms.
async fn in_two_realms(sim: &Sim) -> Portal {
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    let more = json!({"client_id": "same", "client_secret": "the-same-secret-in-both"});
    let body = json!({"client_id": "same", "client_secret": "the-same-secret-in-both",
        "client_name": "Cổng thử", "redirect_uris": ["https://portal.example/callback"]});
    sim.post("/realms/x/admin/v1/clients", body).await.status(201);
    Portal::registered(sim, more).await
}

#[tokio::test]
async fn realms_do_not_know_each_others_codes_and_tokens() {
    let sim = Sim::new().await;
    let portal = in_two_realms(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let token = portal.access_token_for(&sim, LAN).await;
    sim.bearer("/realms/x/oauth2/userinfo", &token).await.status(401);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &portal.redirect_uri),
    ];
    let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
    sim.form("/realms/x/oauth2/token", basic, &fields).await.oauth(400, "invalid_grant");
    sim.form("/oauth2/token", basic, &fields).await.status(200);
    sim.bearer("/oauth2/userinfo", &token).await.status(200);
}

#[tokio::test]
async fn realms_do_not_know_each_others_sessions_interactions_and_hints() {
    let sim = Sim::new().await;
    let portal = in_two_realms(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let (open, form) = (browser.url.clone(), browser.form());
    let theirs = format!("/realms/x{open}");
    let key = browser.cookies[BROWSER].clone();
    browser.cookies.insert("vneid_mock_browser_x_p22MPpTr".to_owned(), key);
    browser.clone().open(&theirs).await.status(400);
    let fields = [("form", form.as_str()), ("username", LAN.number), ("password", LAN.password)];
    browser.clone().post(&theirs, &fields).await.status(400);
    portal.code(&LAN.signs_in(&mut browser).await);
    let session = browser.cookies[SESSION].clone();
    browser.cookies.insert("vneid_mock_session_x_p22MPpTr".to_owned(), session);
    let there = format!("/realms/x{}", portal.request(&[("prompt", "none")]));
    let back = browser.open(&there).await.location();
    assert_eq!(query(&back, "error").as_deref(), Some("login_required"));
    assert_eq!(query(&back, "iss").as_deref(), Some("http://localhost:8080/realms/x"));
    let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
    let hint = [("prompt", "none"), ("id_token_hint", tokens["id_token"].as_str().unwrap())];
    let back = browser.open(&format!("/realms/x{}", portal.request(&hint))).await.location();
    assert_eq!(
        query(&back, "error").as_deref(),
        Some("invalid_request"),
        "a hint of another issuer"
    );
}

#[tokio::test]
async fn a_client_of_one_realm_is_unknown_in_another() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    let portal = Portal::plain(&sim).await;
    sim.get(&format!("/realms/x{}", portal.request(&[]))).await.status(400);
    let fields = [("grant_type", "authorization_code"), ("code", "x")];
    let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
    sim.form("/realms/x/oauth2/token", basic, &fields).await.oauth(401, "invalid_client");
    sim.get(&format!("/realms/x/admin/v1/clients/{}", portal.client_id)).await.status(404);
}

/// outside.md T8: what a client registered as `default_max_age` counts where its request names no `max_age`
/// (OIDC Dynamic Registration §2).
#[tokio::test]
async fn t8_a_registered_max_age_counts_where_the_request_has_none() {
    let sim = Sim::new().await;
    let strict = Portal::registered(&sim, json!({"default_max_age": 60})).await;
    let plain = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&strict.request(&[])).await.status(200);
    strict.code(&LAN.signs_in(&mut browser).await);
    let silent = strict.request(&[("prompt", "none")]);
    sim.clock.advance_millis(60_000);
    strict.code(&browser.open(&silent).await);
    sim.clock.advance_millis(1);
    assert_eq!(strict.error(&browser.open(&silent).await), "login_required");
    let page = browser.clone().open(&strict.request(&[])).await.status(200).text();
    assert!(page.contains("name=\"password\""), "{page}");
    // The request's own comes first, and other clients know nothing of it.
    strict.code(&browser.open(&strict.request(&[("prompt", "none"), ("max_age", "61")])).await);
    plain.code(&browser.open(&plain.request(&[("prompt", "none")])).await);
}
