//! Plans `oidcc-basic-certification-test-plan` and, with `form_post`, `oidcc-formpost-basic-certification-test-plan`.

use axum::http::{Method, header};
use serde_json::{Value, json};

use super::{
    grants::{
        oidcc_claims_essential, oidcc_codereuse, oidcc_codereuse_30seconds,
        oidcc_ensure_post_request_succeeds, oidcc_ensure_registered_redirect_uri,
        oidcc_ensure_request_object_with_redirect_uri,
        oidcc_ensure_request_with_valid_pkce_succeeds, oidcc_refresh_token,
        oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
        oidcc_server_client_secret_post,
        oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
    },
    suite::{NONCE, STATE, Suite},
};
use crate::harness::{actors::LAN, browser::Browser, request};

/// Every module, in the response mode of its plan.
macro_rules! modules {
    ($($name:ident),* $(,)?) => {
        mod query { $(#[tokio::test] async fn $name() { super::$name("query").await; })* }
        pub(super) mod formpost { $(
            #[tokio::test] async fn $name() { super::$name("form_post").await; }
        )* }
    };
}

modules!(
    oidcc_server,
    oidcc_response_type_missing,
    oidcc_idtoken_signature,
    oidcc_userinfo_get,
    oidcc_userinfo_post_header,
    oidcc_userinfo_post_body,
    oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
    oidcc_scope_profile,
    oidcc_scope_email,
    oidcc_scope_address,
    oidcc_scope_phone,
    oidcc_scope_all,
    oidcc_alternate_happy_flow,
    oidcc_display_page,
    oidcc_display_popup,
    oidcc_prompt_login,
    oidcc_prompt_none_not_logged_in,
    oidcc_prompt_none_logged_in,
    oidcc_max_age_1,
    oidcc_max_age_10000,
    oidcc_ensure_request_with_unknown_parameter_succeeds,
    oidcc_id_token_hint,
    oidcc_login_hint,
    oidcc_ui_locales,
    oidcc_claims_locales,
    oidcc_ensure_request_with_acr_values_succeeds,
    oidcc_codereuse,
    oidcc_codereuse_30seconds,
    oidcc_ensure_registered_redirect_uri,
    oidcc_ensure_post_request_succeeds,
    oidcc_server_client_secret_post,
    oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
    oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
    oidcc_claims_essential,
    oidcc_ensure_request_object_with_redirect_uri,
    oidcc_refresh_token,
    oidcc_ensure_request_with_valid_pkce_succeeds,
);

/// A happy flow with these parameters; what came of it.
async fn happy(mode: &'static str, added: &[(&str, &str)]) -> Value {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (_, code) = suite.signs_in(&client, added).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    suite.done(&client).await;
    tokens.claims
}

async fn oidcc_server(mode: &'static str) {
    happy(mode, &[]).await;
}

async fn oidcc_response_type_missing(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let reply = suite.sim.get(&suite.asks(&client, &[("response_type", "")])).await;
    assert_eq!(suite.error(&client, &reply, Some(STATE)), "invalid_request");
}

async fn oidcc_idtoken_signature(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    let head = jsonwebtoken::decode_header(tokens.text("id_token")).unwrap();
    assert_eq!(head.alg, jsonwebtoken::Algorithm::RS256, "OIDC Registration §2: the default");
    assert!(head.kid.is_some());
}

async fn oidcc_userinfo_get(mode: &'static str) {
    happy(mode, &[]).await;
}

async fn userinfo_by_post(mode: &'static str, in_header: bool) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    let access = tokens.text("access_token");
    let mut post = request(Method::POST, "/oauth2/userinfo");
    let mut body = String::new();
    if in_header {
        post = post.header(header::AUTHORIZATION, format!("Bearer {access}"));
    } else {
        post = post.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        body = format!("access_token={access}");
    }
    let info = suite.sim.send(post.body(body.into()).unwrap()).await.status(200).json();
    assert_eq!(info["sub"], tokens.claims["sub"]);
}

async fn oidcc_userinfo_post_header(mode: &'static str) {
    userinfo_by_post(mode, true).await;
}

async fn oidcc_userinfo_post_body(mode: &'static str) {
    userinfo_by_post(mode, false).await;
}

async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (_, code) = suite.signs_in(&client, &[("nonce", "")]).await;
    suite.exchanges(&client, &code, None).await;
}

/// OIDC Core §5.4: the claims of a scope come from userinfo.
async fn scope(mode: &'static str, scope: &str, claims: &[&str]) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (_, code) = suite.signs_in(&client, &[("scope", scope)]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    let info = suite.userinfo(tokens.text("access_token")).await;
    for claim in claims {
        assert!(info.get(claim).is_some(), "{claim} of {scope}: {info}");
    }
}

/// The suite warns of what a person of the population database does not have: nickname, `preferred_username`, profile, picture,
/// website, `updated_at`.
const PROFILE: [&str; 8] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "birthdate",
    "gender",
    "locale",
    "zoneinfo",
];

async fn oidcc_scope_profile(mode: &'static str) {
    scope(mode, "openid profile", &PROFILE).await;
}

async fn oidcc_scope_email(mode: &'static str) {
    scope(mode, "openid email", &["email", "email_verified"]).await;
}

async fn oidcc_scope_address(mode: &'static str) {
    scope(mode, "openid address", &["address"]).await;
}

async fn oidcc_scope_phone(mode: &'static str) {
    scope(mode, "openid phone", &["phone_number", "phone_number_verified"]).await;
}

async fn oidcc_scope_all(mode: &'static str) {
    let mut all = PROFILE.to_vec();
    all.extend(["email", "email_verified", "address", "phone_number", "phone_number_verified"]);
    scope(mode, "openid profile email address phone", &all).await;
}

async fn oidcc_alternate_happy_flow(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let scope = [("scope", "phone address email profile openid")];
    let address = suite.asks(&client, &scope);
    let (path, query) = address.split_once('?').unwrap();
    let reversed: Vec<&str> = query.split('&').rev().collect();
    let mut browser = Browser::new(&suite.sim);
    browser.open(&format!("{path}?{}", reversed.join("&"))).await.status(200);
    let code = suite.code(&client, &LAN.signs_in(&mut browser).await, Some(STATE));
    suite.exchanges(&client, &code, Some(NONCE)).await;
}

async fn oidcc_display_page(mode: &'static str) {
    happy(mode, &[("display", "page")]).await;
}

async fn oidcc_display_popup(mode: &'static str) {
    happy(mode, &[("display", "popup")]).await;
}

async fn oidcc_prompt_login(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (mut browser, code) = suite.signs_in(&client, &[]).await;
    let first = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    suite.sim.advance(1);
    let again = [("prompt", "login")];
    let code = suite.signs_in_with(&mut browser, &client, &again, LAN).await;
    let second = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    assert_eq!(first["sub"], second["sub"]);
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

async fn oidcc_prompt_none_not_logged_in(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let state = "s".repeat(128);
    let silent = [("prompt", "none"), ("state", state.as_str())];
    let reply = suite.sim.get(&suite.asks(&client, &silent)).await;
    assert_eq!(suite.error(&client, &reply, Some(&state)), "login_required");
}

async fn oidcc_prompt_none_logged_in(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (mut browser, code) = suite.signs_in(&client, &[]).await;
    let first = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    suite.sim.advance(5);
    let reply = browser.open(&suite.asks(&client, &[("prompt", "none")])).await;
    let code = suite.code(&client, &reply, Some(STATE));
    let second = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

async fn oidcc_max_age_1(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (mut browser, code) = suite.signs_in(&client, &[]).await;
    let first = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    suite.sim.advance(2);
    let young = [("max_age", "1")];
    let code = suite.signs_in_with(&mut browser, &client, &young, LAN).await;
    let second = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    assert_eq!(second["auth_time"], suite.sim.seconds());
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

async fn oidcc_max_age_10000(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (mut browser, code) = suite.signs_in(&client, &[("max_age", "15000")]).await;
    let first = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    suite.sim.advance(5);
    let reply = browser.open(&suite.asks(&client, &[("max_age", "10000")])).await;
    let code = suite.code(&client, &reply, Some(STATE));
    let second = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    assert_eq!(first["auth_time"], second["auth_time"]);
}

async fn oidcc_ensure_request_with_unknown_parameter_succeeds(mode: &'static str) {
    happy(mode, &[("extra", "foobar")]).await;
}

async fn oidcc_id_token_hint(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let client = suite.registers(json!({})).await;
    let (mut browser, code) = suite.signs_in(&client, &[]).await;
    let first = suite.exchanges(&client, &code, Some(NONCE)).await;
    let hinted = [("prompt", "none"), ("id_token_hint", first.text("id_token"))];
    let reply = browser.open(&suite.asks(&client, &hinted)).await;
    let code = suite.code(&client, &reply, Some(STATE));
    let second = suite.exchanges(&client, &code, Some(NONCE)).await.claims;
    assert_eq!(first.claims["sub"], second["sub"]);
}

async fn oidcc_login_hint(mode: &'static str) {
    happy(mode, &[("login_hint", "buffy@suite.example")]).await;
}

async fn oidcc_ui_locales(mode: &'static str) {
    happy(mode, &[("ui_locales", "se")]).await;
}

async fn oidcc_claims_locales(mode: &'static str) {
    happy(mode, &[("claims_locales", "se")]).await;
}

async fn oidcc_ensure_request_with_acr_values_succeeds(mode: &'static str) {
    let suite = Suite::new(mode).await;
    let supported = suite.metadata().await["acr_values_supported"].clone();
    let values: Vec<&str> =
        supported.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    let claims = happy(mode, &[("acr_values", &values.join(" "))]).await;
    assert!(values.contains(&claims["acr"].as_str().unwrap()));
}
