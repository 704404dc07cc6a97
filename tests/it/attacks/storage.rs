//! A store that fails in the middle, and a process that starts again: no half-issued grant, nothing used comes back.

use std::sync::Arc;

use mock_vneid::{
    Config,
    config::StoreChoice,
    store::{faulty::Faulty, memory::Memory},
};
use serde_json::json;
use tempfile::TempDir;

use super::{ASSERTION, assertion, is_signed_in, portal_with_key, pushes, signed_in, text};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
};

async fn failing() -> (Sim, Arc<Faulty>) {
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new())));
    (Sim::over(faulty.clone()).await, faulty)
}

#[tokio::test]
async fn attack_69_a_refresh_that_was_not_stored_gives_nothing_and_costs_nothing() {
    let (sim, faulty) = failing().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    let token = text(&tokens, "refresh_token");
    faulty.fail_commits(1);
    portal.refreshes(&sim, token, &[]).await.problem(503, "store_failed");
    portal.refreshes(&sim, token, &[]).await.status(200);
}

#[tokio::test]
async fn attack_69_a_code_that_was_not_stored_as_used_gives_nothing() {
    let (sim, faulty) = failing().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    faulty.fail_commits(1);
    portal.redeems(&sim, &code, &[]).await.problem(503, "store_failed");
    portal.redeems(&sim, &code, &[]).await.status(200);
}

#[tokio::test]
async fn attack_69_what_was_not_ended_goes_on() {
    let (sim, faulty) = failing().await;
    let portal = Portal::plain(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal, "openid").await;
    let access = text(&tokens, "access_token");
    faulty.fail_commits(1);
    let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
    let revoked = sim.form("/oauth2/revoke", basic, &[("token", access)]).await;
    revoked.problem(503, "store_failed");
    sim.bearer("/oauth2/userinfo", access).await.status(200);
    faulty.fail_commits(1);
    let path = format!("/oidc/logout?id_token_hint={}", text(&tokens, "id_token"));
    browser.open(&path).await.status(503);
    assert!(is_signed_in(&mut browser, &portal).await);
}

#[tokio::test]
async fn attack_69_pushes_registrations_and_assertions_fail_whole() {
    let (sim, faulty) = failing().await;
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let portal = portal_with_key(&sim).await;
    let plain = Portal::plain(&sim).await;
    let before = sim.get("/admin/v1/clients").await.json();
    faulty.fail_commits(1);
    let body = json!({"redirect_uris": ["https://rp.example/cb"]});
    sim.post("/oauth2/register", body).await.problem(503, "store_failed");
    assert_eq!(sim.get("/admin/v1/clients").await.json(), before);
    faulty.fail_commits(1);
    let basic = Some((plain.client_id.as_str(), plain.secret.as_str()));
    let fields =
        [("response_type", "code"), ("scope", "openid"), ("redirect_uri", &*plain.redirect_uri)];
    sim.form("/oauth2/par", basic, &fields).await.problem(503, "store_failed");
    pushes(&sim, &plain).await;
    let assertion = assertion(&sim, &portal.client_id, "j-1");
    let fields =
        [("client_assertion_type", ASSERTION), ("client_assertion", &*assertion), ("token", "x")];
    faulty.fail_commits(1);
    sim.form("/oauth2/introspect", None, &fields).await.problem(503, "store_failed");
    // It was not counted, so it is still good.
    sim.form("/oauth2/introspect", None, &fields).await.status(200);
}

#[tokio::test]
async fn attack_69_a_restart_brings_back_nothing_that_was_used() {
    let dir = TempDir::new().unwrap();
    let open = || async {
        let store = StoreChoice::sled(dir.path());
        Sim::with(Config { store, ..Config::default() }).await
    };
    let sim = open().await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    let kept = portal.offline_tokens(&sim, LAN).await;
    let second = portal.refreshes(&sim, text(&first, "refresh_token"), &[]).await.json();
    let code = portal.code_for(&sim, LAN, json!({})).await;
    drop(sim);

    let sim = open().await;
    // Codes are passing: lost, and so never twice.
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    portal.refreshes(&sim, text(&kept, "refresh_token"), &[]).await.status(200);
    portal.refreshes(&sim, text(&first, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
    portal.refreshes(&sim, text(&second, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
    drop(sim);

    let sim = open().await;
    portal.refreshes(&sim, text(&second, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
    portal.refreshes(&sim, text(&kept, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
}
