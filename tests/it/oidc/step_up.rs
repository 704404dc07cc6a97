//! How strong a sign-in a request wants, which account, and single claims by name.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    app::App,
    browser::Browser,
    payload,
};

#[tokio::test]
async fn the_best_class_asked_for_that_was_reached_is_asserted() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for (values, acr) in [
        ("LoA1", "LoA1"),
        ("LoA2", "LoA2"),
        ("LoA1 LoA2", "LoA2"),
        ("LoA2 LoA4", "LoA2"),
        ("urn:example:gold", "LoA2"),
        ("LoA4", "LoA2"),
    ] {
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[("acr_values", values)])).await.status(200);
        let code = portal.code(&LAN.signs_in(&mut browser).await);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        assert_eq!(payload(tokens["id_token"].as_str().unwrap())["acr"], acr, "{values}");
    }
}

#[tokio::test]
async fn an_essential_class_that_nobody_reaches_is_an_error_before_the_password() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for values in [json!(["LoA4"]), json!(["urn:example:gold"])] {
        let claims =
            json!({"id_token": {"acr": {"essential": true, "values": values}}}).to_string();
        let reply = sim.get(&portal.request(&[("claims", &claims)])).await;
        assert_eq!(portal.error(&reply), "unmet_authentication_requirements");
    }
    let claims = json!({"id_token": {"acr": {"essential": true, "values": ["LoA4", "LoA2"]}}});
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("claims", &claims.to_string())])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
}

/// RFC 9470 §4: a session of password and OTP is not enough for `LoA3`; the app's face is.
#[tokio::test]
async fn a_stronger_class_asks_for_a_stronger_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let essential =
        json!({"id_token": {"acr": {"essential": true, "values": ["LoA3"]}}}).to_string();
    let wishes = [("acr_values", "LoA3"), ("claims", essential.as_str())];
    for wish in wishes {
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        portal.code(&LAN.signs_in(&mut browser).await);
        // Without pages a voluntary class is not reached, and an essential one is an error.
        let silent = browser.open(&portal.request(&[wish, ("prompt", "none")])).await;
        if wish.0 == "acr_values" {
            let tokens = portal.redeems(&sim, &portal.code(&silent), &[]).await.status(200).json();
            assert_eq!(payload(tokens["id_token"].as_str().unwrap())["acr"], "LoA2");
        } else {
            assert_eq!(portal.error(&silent), "login_required");
        }
        browser.open(&portal.request(&[wish])).await.status(200);
        assert!(browser.page.contains("name=\"password\""));
        let mut by_password = browser.clone();
        browser.acts("begin").await.status(200);
        App::of(&sim, LAN).await.confirms(&browser).await;
        let code = portal.code(&browser.acts("continue").await);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        let claims = payload(tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["acr"], "LoA3");
        // The new session answers it from now on.
        portal.code(&browser.open(&portal.request(&[wish, ("prompt", "none")])).await);
        by_password.open(&portal.request(&[wish])).await.status(200);
        sim.advance(60);
        let back = LAN.signs_in(&mut by_password).await;
        if wish.0 == "acr_values" {
            portal.code(&back);
        } else {
            assert_eq!(portal.error(&back), "unmet_authentication_requirements");
        }
    }
}

#[tokio::test]
async fn claims_come_by_name_within_what_the_client_may_have() {
    let sim = Sim::new().await;
    let narrow = json!({"scope": "openid profile"});
    let (portal, narrow) = (Portal::plain(&sim).await, Portal::registered(&sim, narrow).await);
    let claims = json!({
        "id_token": {"name": {"essential": true}, "birthdate": null, "unknown": null},
        "userinfo": {"phone_number": {"essential": true}, "gender": null},
    });
    for (portal, phone) in [(&portal, true), (&narrow, false)] {
        let mut browser = Browser::new(&sim);
        let more = [("claims", &*claims.to_string()), ("scope", "openid")];
        browser.open(&portal.request(&more)).await.status(200);
        let code = portal.code(&LAN.signs_in(&mut browser).await);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        let id_token = payload(tokens["id_token"].as_str().unwrap());
        assert_eq!(id_token["name"], "Nguyễn Thị Lan");
        assert_eq!(id_token["birthdate"], "1990-03-08");
        assert!(id_token.get("gender").is_none());
        let info = sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await;
        let info = info.status(200).json();
        assert_eq!(info["gender"], "female");
        assert_eq!(info.get("phone_number").is_some(), phone, "{info}");
        assert!(info.get("name").is_none());
    }
}

#[tokio::test]
async fn a_subject_by_claims_is_the_holder_who_must_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let ducs = portal.tokens_for(&sim, DUC, json!({})).await;
    let sub = payload(ducs["id_token"].as_str().unwrap())["sub"].clone();
    let claims = json!({"id_token": {"sub": {"value": sub}}}).to_string();
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    let silent = [("claims", &*claims), ("prompt", "none")];
    assert_eq!(portal.error(&browser.open(&portal.request(&silent)).await), "login_required");
    browser.open(&portal.request(&[("claims", &claims)])).await.status(200);
    assert_eq!(portal.error(&LAN.signs_in(&mut browser).await), "login_required");
}

#[tokio::test]
async fn malformed_claims_are_refused() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let many: serde_json::Map<_, _> = (0..101).map(|i| (format!("c{i}"), json!(null))).collect();
    let many = json!({"userinfo": many}).to_string();
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    for claims in ["x", "[]", "1", r#"{"id_token":[]}"#, r#"{"id_token":{"name":1}}"#, &many, &deep]
    {
        let reply = sim.get(&portal.request(&[("claims", claims)])).await;
        assert_eq!(portal.error(&reply), "invalid_request", "{claims}");
    }
}

#[tokio::test]
async fn whoever_is_signed_in_goes_on_or_lets_somebody_else_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    let select = portal.request(&[("prompt", "select_account")]);
    // Nobody is signed in: there is nothing to choose.
    browser.open(&select).await.status(200);
    assert!(browser.page.contains("name=\"password\""));
    portal.code(&LAN.signs_in(&mut browser).await);
    browser.open(&select).await.status(200);
    assert!(browser.url.starts_with("/login/select-account"), "{}", browser.url);
    assert!(browser.page.contains("09********11") && !browser.page.contains(LAN.number));
    portal.code(&browser.submit("/login/select-account", &[("account", "same")]).await);
    let mut second = browser.clone();
    second.open(&select).await.status(200);
    second.submit("/login/select-account", &[("account", "other")]).await.status(200);
    let code = portal.code(&DUC.signs_in(&mut second).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["vneid_id_number"], DUC.number);
    let both = portal.request(&[("prompt", "select_account login")]);
    second.open(&both).await.status(200);
    assert!(second.page.contains("name=\"password\""));
}

#[tokio::test]
async fn pairwise_subjects_differ_by_sector_and_stay() {
    let sim = Sim::new().await;
    let at = |host: &str| json!({"subject_type": "pairwise", "redirect_uris": [format!("https://{host}/cb")]});
    let (one, same, other) = (
        Portal::registered(&sim, at("one.example")).await,
        Portal::registered(&sim, at("one.example")).await,
        Portal::registered(&sim, at("two.example")).await,
    );
    let public = Portal::plain(&sim).await;
    let mut subs = Vec::new();
    for portal in [&one, &same, &other, &public] {
        let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
        let sub = payload(tokens["id_token"].as_str().unwrap())["sub"].as_str().unwrap().to_owned();
        let access = tokens["access_token"].as_str().unwrap();
        let info = sim.bearer("/oauth2/userinfo", access).await.status(200).json();
        assert_eq!(info["sub"], sub);
        assert_eq!(portal.introspects(&sim, access).await["sub"], sub);
        subs.push(sub);
    }
    assert_eq!(subs[0], subs[1]);
    assert_ne!(subs[0], subs[2]);
    assert_ne!(subs[0], subs[3]);
    let two_hosts = json!({
        "client_name": "x", "subject_type": "pairwise",
        "redirect_uris": ["https://one.example/cb", "https://two.example/cb"],
    });
    sim.post("/admin/v1/clients", two_hosts).await.problem(422, "invalid");
}

#[tokio::test]
async fn sessions_end_when_unused_and_in_any_case() {
    let sim = Sim::new().await;
    let policy = json!({"session_idle_seconds": 600, "session_seconds": 1500});
    sim.put("/admin/v1/policy", policy).await.status(200);
    let portal = Portal::plain(&sim).await;
    let silent = portal.request(&[("prompt", "none")]);
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    sim.clock.advance_millis(599_999);
    portal.code(&browser.open(&silent).await);
    sim.clock.advance_millis(600_000);
    assert_eq!(portal.error(&browser.open(&silent).await), "login_required");
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    for _ in 0..2 {
        sim.clock.advance_millis(599_999);
        portal.code(&browser.open(&silent).await);
    }
    sim.clock.advance_millis(300_001);
    portal.code(&browser.open(&silent).await);
    sim.clock.advance_millis(1);
    assert_eq!(portal.error(&browser.open(&silent).await), "login_required");
}

/// outside.md T9: what a client registered as `default_acr_values` counts where its request names no `acr_values`
/// (OIDC Dynamic Registration §2).
#[tokio::test]
async fn t9_registered_acr_values_count_where_the_request_has_none() {
    let sim = Sim::new().await;
    let low = Portal::registered(&sim, json!({"default_acr_values": ["LoA1"]})).await;
    let high = Portal::registered(&sim, json!({"default_acr_values": ["LoA3"]})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&low.request(&[])).await.status(200);
    let code = low.code(&LAN.signs_in(&mut browser).await);
    let tokens = low.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["acr"], "LoA1");
    // The request's own come first.
    let code = low.code(&browser.open(&low.request(&[("acr_values", "LoA2")])).await);
    let tokens = low.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["acr"], "LoA2");
    high.code(&browser.open(&high.request(&[("acr_values", "LoA2")])).await);
    // A session of password and OTP is not enough for `LoA3`.
    let page = browser.open(&high.request(&[])).await.status(200).text();
    assert!(page.contains("name=\"password\""), "{page}");
}
