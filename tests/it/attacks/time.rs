//! A clock that is moved under tokens, sessions, refresh families and pushed requests.

use serde_json::json;

use super::{
    ASSERTION, assertion, is_signed_in, portal_with_key, pushed_address, pushes, signed_in, text,
};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    payload,
};

async fn advance(sim: &Sim, duration: &str) {
    sim.post("/admin/v1/clock/advance", json!({"duration": duration})).await.status(200);
}

#[tokio::test]
async fn attack_68_what_was_ended_stays_ended_when_the_clock_is_set_back() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let scope = "openid offline_access";
    let (mut browser, tokens) = signed_in(&sim, &portal, scope).await;
    let revoked = portal.offline_tokens(&sim, LAN).await;
    portal.revokes(&sim, text(&revoked, "refresh_token")).await;
    let replayed = portal.offline_tokens(&sim, LAN).await;
    let next = portal.refreshes(&sim, text(&replayed, "refresh_token"), &[]).await.json();
    portal.refreshes(&sim, text(&replayed, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
    let opened = pushes(&sim, &portal).await;
    sim.get(&pushed_address(&portal, &opened)).await.status(303);
    let path = format!("/oidc/logout?id_token_hint={}", text(&tokens, "id_token"));
    browser.open(&path).await.status(200);
    for step in ["-PT1M", "-P1D", "-P30D"] {
        advance(&sim, step).await;
        for family in [&revoked, &replayed, &next] {
            let token = text(family, "refresh_token");
            portal.refreshes(&sim, token, &[]).await.oauth(400, "invalid_grant");
            sim.bearer("/oauth2/userinfo", text(family, "access_token")).await.status(401);
        }
        sim.get(&pushed_address(&portal, &opened)).await.status(400);
        assert!(!is_signed_in(&mut browser, &portal).await, "{step}");
    }
}

#[tokio::test]
async fn attack_68_what_is_given_ends_at_its_moment_whatever_the_calendar_says() {
    // The night before a leap day, the last second of 32 bits, and the last day that a clock may show.
    for at in ["2028-02-28T16:59:30Z", "2038-01-19T03:14:07Z", "2199-12-31T00:00:00Z"] {
        let sim = Sim::new().await;
        let portal = Portal::plain(&sim).await;
        sim.post("/admin/v1/clock/set", json!({"at": at})).await.status(200);
        // The wire shows such days only where it is told to show the realm's time.
        sim.patch("/admin/v1/policy", json!({"wire_time": "virtual"})).await.status(200);
        let wish = json!({"situation": "level2_active"});
        let who = sim.post("/admin/v1/accounts", wish).await.status(201).json();
        let wish = json!({
            "client_id": portal.client_id, "citizen": who["number"], "exchange": true,
            "scope": "openid offline_access",
        });
        let tokens = sim.post("/admin/v1/sign-ins", wish).await.status(200).json();
        let claims = payload(text(&tokens, "id_token"));
        let begun = at.parse::<jiff::Timestamp>().unwrap().as_second();
        assert_eq!(claims["iat"], begun, "{at}");
        assert_eq!(claims["exp"], begun + 3600, "{at}");
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        assert_eq!(portal.introspects(&sim, access).await["exp"], begun + 3600);
        let family = portal.introspects(&sim, refresh).await;
        assert_eq!(family["exp"], begun + 30 * 86_400, "{at}: beyond what a clock shows");
        sim.clock.advance_millis(3_599_999);
        sim.bearer("/oauth2/userinfo", access).await.status(200);
        sim.clock.advance_millis(1);
        sim.bearer("/oauth2/userinfo", access).await.status(401);
        portal.refreshes(&sim, refresh, &[]).await.status(200);
    }
}

#[tokio::test]
async fn attack_34_68_an_assertion_that_was_used_stays_used_when_the_clock_is_set_back() {
    let sim = Sim::new().await;
    let portal = portal_with_key(&sim).await;
    let used = assertion(&sim, &portal.client_id, "j-1");
    let fields =
        [("token", "x"), ("client_assertion_type", ASSERTION), ("client_assertion", &*used)];
    sim.form("/oauth2/revoke", None, &fields).await.status(200);
    advance(&sim, "PT5M").await;
    sim.app.flow().sweep().await.unwrap();
    sim.form("/oauth2/revoke", None, &fields).await.oauth(401, "invalid_client");
    advance(&sim, "-PT5M").await;
    sim.form("/oauth2/revoke", None, &fields).await.oauth(401, "invalid_client");
}

#[tokio::test]
async fn attack_68_sessions_pushes_and_families_end_when_the_clock_jumps() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (mut browser, tokens) = signed_in(&sim, &portal, "openid offline_access").await;
    let pushed = pushes(&sim, &portal).await;
    advance(&sim, "PT90S").await;
    sim.get(&pushed_address(&portal, &pushed)).await.status(400);
    assert!(is_signed_in(&mut browser, &portal).await);
    advance(&sim, "P31D").await;
    assert!(!is_signed_in(&mut browser, &portal).await);
    let refresh = text(&tokens, "refresh_token");
    portal.refreshes(&sim, refresh, &[]).await.oauth(400, "invalid_grant");
    // Once swept, nothing of it comes back with the old time.
    sim.app.flow().sweep().await.unwrap();
    advance(&sim, "-P31D").await;
    sim.get(&pushed_address(&portal, &pushed)).await.status(400);
    assert!(!is_signed_in(&mut browser, &portal).await);
    portal.refreshes(&sim, refresh, &[]).await.oauth(400, "invalid_grant");
}
