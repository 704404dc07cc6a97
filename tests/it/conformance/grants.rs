//! The second half of the basic plan: codes, redirect URIs, request objects, refresh tokens.

use axum::http::header;
use serde_json::json;

use super::suite::{NONCE, STATE, Suite};
use crate::harness::{
    actors::{DUC, LAN},
    browser::Browser,
};

async fn code_reuse(mode: &'static str, wait: i64) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    suite.sim.advance(wait);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
    ];
    let refused = suite.token_request(&client, &fields).await.oauth(400, "invalid_grant");
    assert_eq!(refused.header("content-type"), "application/json");
    suite.sim.bearer("/oauth2/userinfo", tokens.text("access_token")).await.status(401);
}

pub(super) async fn oidcc_codereuse(mode: &'static str) {
    code_reuse(mode, 0).await;
}

pub(super) async fn oidcc_codereuse_30seconds(mode: &'static str) {
    code_reuse(mode, 30).await;
}

pub(super) async fn oidcc_ensure_registered_redirect_uri(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let other = format!("{}/q7r2", client.callback);
    let page = suite.sim.get(&suite.asks(&client, &[("redirect_uri", &other)])).await.status(400);
    assert!(page.headers.get(header::LOCATION).is_none());
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.text().contains("<form"));
}

pub(super) async fn oidcc_ensure_post_request_succeeds(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let address = suite.asks(&client, &[]);
    let (path, form) = address.split_once('?').unwrap();
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let mut browser = Browser::new(&suite.sim);
    let next = browser.post(path, &fields).await.location();
    browser.open(&next).await.status(200);
    let code = suite.code(&client, &LAN.signs_in(&mut browser).await, Some(STATE));
    suite.exchanges(&client, &code, Some(NONCE)).await;
}

pub(super) async fn oidcc_server_client_secret_post(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let methods = suite.metadata().await["token_endpoint_auth_methods_supported"].clone();
    assert!(methods.as_array().unwrap().contains(&json!("client_secret_post")));
    let by_post = json!({"token_endpoint_auth_method": "client_secret_post"});
    let client = suite.registers(by_post).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
    ];
    let reply = suite.sim.form("/oauth2/token", None, &fields).await;
    suite.granted(&client, &reply, Some(NONCE)).await;
}

pub(super) async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    mode: &'static str,
) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let by_uri = [("request_uri", "https://suite.example/request.jwt")];
    let reply = suite.sim.get(&suite.asks(&client, &by_uri)).await;
    assert_eq!(suite.error(&client, &reply, Some(STATE)), "request_uri_not_supported");
}

/// `{"alg":"none"}` and a nonce of its own.
const UNSIGNED: &str = "eyJhbGciOiJub25lIn0.eyJub25jZSI6ImlubmVyIn0.";

pub(super) async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    mode: &'static str,
) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let reply = suite.sim.get(&suite.asks(&client, &[("request", UNSIGNED)])).await;
    assert_eq!(suite.error(&client, &reply, Some(STATE)), "request_not_supported");
    assert_eq!(suite.metadata().await["request_parameter_supported"], false);
}

pub(super) async fn oidcc_claims_essential(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let claims = json!({"userinfo": {"name": {"essential": true}}}).to_string();
    let (_, code) = suite.signs_in(&client, &[("claims", &claims)]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    assert_eq!(suite.userinfo(tokens.text("access_token")).await["name"], "Nguyễn Thị Lan");
}

pub(super) async fn oidcc_ensure_request_object_with_redirect_uri(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let bad = format!("{}/other", client.callback);
    let both = [("redirect_uri", bad.as_str()), ("request", UNSIGNED)];
    let page = suite.sim.get(&suite.asks(&client, &both)).await.status(400);
    assert!(page.headers.get(header::LOCATION).is_none());
}

pub(super) async fn oidcc_refresh_token(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let (one, two) = (suite.registers(json!({})).await, suite.registers(json!({})).await);
    let wish = [("scope", "openid offline_access"), ("prompt", "consent")];
    let mut kept = Vec::new();
    for (client, who, scope) in [(&one, LAN, true), (&two, DUC, false)] {
        let mut browser = Browser::new(&suite.sim);
        let code = suite.signs_in_with(&mut browser, client, &wish, who).await;
        let first = suite.exchanges(client, &code, Some(NONCE)).await;
        suite.sim.advance(1);
        let refresh = first.text("refresh_token").to_owned();
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", &*refresh)];
        if scope {
            fields.push(("scope", "openid offline_access"));
        }
        let reply = suite.token_request(client, &fields).await;
        let second = suite.granted(client, &reply, None).await;
        assert_ne!(first.text("access_token"), second.text("access_token"));
        // OIDC Core §12.2.
        for name in ["iss", "sub", "aud", "auth_time"] {
            assert_eq!(first.claims[name], second.claims[name], "{name}");
        }
        assert!(second.claims["iat"].as_i64() > first.claims["iat"].as_i64());
        kept.push(second.text("refresh_token").to_owned());
    }
    let foreign = [("grant_type", "refresh_token"), ("refresh_token", kept[1].as_str())];
    suite.token_request(&one, &foreign).await.oauth(400, "invalid_grant");
}

pub(super) async fn oidcc_ensure_request_with_valid_pkce_succeeds(mode: &'static str) {
    use crate::harness::direct::{CHALLENGE, VERIFIER};
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let (_, code) = suite.signs_in(&client, &pkce).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
        ("code_verifier", VERIFIER),
    ];
    let reply = suite.token_request(&client, &fields).await;
    suite.granted(&client, &reply, Some(NONCE)).await;
}
