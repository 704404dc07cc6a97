//! Pushed authorization requests: checked in the back channel, used once in the front channel.

use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

async fn pushes(sim: &Sim, portal: &Portal, more: &[(&str, &str)]) -> Reply {
    let mut fields = vec![
        ("redirect_uri", portal.redirect_uri.as_str()),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "s-1"),
        ("nonce", "n-1"),
    ];
    for (name, value) in more {
        fields.retain(|(given, _)| given != name);
        fields.push((name, value));
    }
    sim.form("/oauth2/par", Some((&portal.client_id, &portal.secret)), &fields).await
}

fn address(portal: &Portal, uri: &str) -> String {
    let pairs = [("client_id", portal.client_id.as_str()), ("request_uri", uri)];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/oauth2/authorize?{query}")
}

#[tokio::test]
async fn a_pushed_request_signs_in_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let pushed = pushes(&sim, &portal, &[]).await.status(201).json();
    assert_eq!(pushed["expires_in"], 90);
    let uri = pushed["request_uri"].as_str().unwrap();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
    let address = address(&portal, uri);
    let mut browser = Browser::new(&sim);
    browser.open(&address).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(tokens["scope"], "openid profile");
    browser.open(&address).await.status(400);
}

#[tokio::test]
async fn what_the_browser_adds_to_a_pushed_request_is_not_looked_at() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let uri = pushes(&sim, &portal, &[]).await.status(201).json()["request_uri"].clone();
    let more = "&redirect_uri=https%3A%2F%2Fevil.example&scope=openid+phone&state=x";
    let address = format!("{}{more}", address(&portal, uri.as_str().unwrap()));
    let mut browser = Browser::new(&sim);
    browser.open(&address).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(tokens["scope"], "openid profile");
}

#[tokio::test]
async fn it_waits_ninety_seconds_and_only_for_its_own_client() {
    let sim = Sim::new().await;
    let (portal, other) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let one = pushes(&sim, &portal, &[]).await.status(201).json()["request_uri"].clone();
    let two = pushes(&sim, &portal, &[]).await.status(201).json()["request_uri"].clone();
    sim.get(&address(&other, one.as_str().unwrap())).await.status(400);
    sim.clock.advance_millis(89_999);
    sim.get(&address(&portal, one.as_str().unwrap())).await.status(303);
    sim.clock.advance_millis(1);
    sim.get(&address(&portal, two.as_str().unwrap())).await.status(400);
}

#[tokio::test]
async fn a_push_is_checked_like_a_request() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for (name, value, error) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "profile", "invalid_scope"),
        ("prompt", "none login", "invalid_request"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
        ("request", "e30.e30.", "request_not_supported"),
        ("claims", "[]", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
    ] {
        pushes(&sim, &portal, &[(name, value)]).await.oauth(400, error);
    }
    sim.form("/oauth2/par", None, &[("response_type", "code")]).await.oauth(401, "invalid_client");
    sim.get("/oauth2/par").await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn a_client_that_must_push_is_not_served_otherwise() {
    let sim = Sim::new().await;
    let must = json!({"require_pushed_authorization_requests": true});
    let portal = Portal::registered(&sim, must).await;
    sim.get(&portal.request(&[])).await.status(400);
    let uri = pushes(&sim, &portal, &[]).await.status(201).json()["request_uri"].clone();
    sim.get(&address(&portal, uri.as_str().unwrap())).await.status(303);
}
