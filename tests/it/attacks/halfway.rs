//! A store that fails in the middle of what takes several commits: whatever was done, nobody holds half of a grant.

use std::sync::Arc;

use mock_vneid::store::{faulty::Faulty, memory::Memory};
use serde_json::json;

use super::{ASSERTION, assertion, portal_with_key, pushed_address, signed_in, text};
use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

async fn failing() -> (Sim, Arc<Faulty>) {
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new())));
    (Sim::over(faulty.clone()).await, faulty)
}

/// The form of a client that proves itself anew.
async fn proving(sim: &Sim, portal: &Portal, path: &str, jti: &str, own: &[(&str, &str)]) -> Reply {
    let assertion = assertion(sim, &portal.client_id, jti);
    let mut fields = own.to_vec();
    fields.extend([("client_assertion_type", ASSERTION), ("client_assertion", &*assertion)]);
    sim.form(path, None, &fields).await
}

#[tokio::test]
async fn attack_69_after_any_failed_commit_the_same_request_is_as_good_as_new() {
    let (sim, faulty) = failing().await;
    let portal = portal_with_key(&sim).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let refresh = text(&tokens, "refresh_token");
    let redirect = portal.redirect_uri.as_str();
    let of_code =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", redirect)];
    let of_refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let of_push = [("response_type", "code"), ("scope", "openid"), ("redirect_uri", redirect)];
    let of_revoke = [("token", refresh)];
    let mut failed = 0;
    for (path, own, good) in [
        ("/oauth2/token", &of_code[..], 200),
        ("/oauth2/par", &of_push, 201),
        ("/oauth2/revoke", &of_revoke, 200),
        // The family was revoked just now: a refresh is refused, however often the store failed before.
        ("/oauth2/token", &of_refresh, 400),
    ] {
        for passing in 0.. {
            faulty.fail_commit_after(passing);
            let reply = proving(&sim, &portal, path, &format!("{path}{good}{passing}"), own).await;
            faulty.fail_commits(0);
            if reply.status != 503 {
                assert_eq!(reply.status, good, "{path}: {}", reply.text());
                assert!(passing > 0, "{path} writes something");
                break;
            }
            failed += 1;
            let told = reply.text();
            for part in ["access_token", "refresh_token", "request_uri", "injected"] {
                assert!(!told.contains(part), "{path}: {told}");
            }
        }
    }
    assert!(failed >= 7, "{failed} commits failed: the assertion's and the request's own");
}

#[tokio::test]
async fn attack_69_a_sign_in_cut_off_anywhere_goes_on_from_where_it_was() {
    let (sim, faulty) = failing().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    for passing in 0.. {
        faulty.fail_commit_after(passing);
        let opened = browser.open(&portal.request(&[])).await;
        faulty.fail_commits(0);
        if opened.status == 200 {
            break;
        }
        opened.status(503);
    }
    for passing in 0.. {
        let mut tries = browser.clone();
        faulty.fail_commit_after(passing);
        let reply = LAN.types_password(&mut tries).await;
        faulty.fail_commits(0);
        if reply.status == 200 {
            browser = tries;
            break;
        }
        reply.status(503);
    }
    let otp = sim.otp(LAN.phone).await;
    for passing in 0.. {
        let mut tries = browser.clone();
        faulty.fail_commit_after(passing);
        let reply = tries.submit("/login/otp", &[("otp", &otp)]).await;
        faulty.fail_commits(0);
        if reply.status == 303 {
            let code = portal.code(&reply);
            portal.redeems(&sim, &code, &[]).await.status(200);
            break;
        }
        assert!(reply.status(503).headers.get("set-cookie").is_none(), "no session of a failure");
    }
}

#[tokio::test]
async fn attack_69_a_pushed_request_is_opened_once_or_not_at_all() {
    let (sim, faulty) = failing().await;
    let portal = Portal::plain(&sim).await;
    let uri = super::pushes(&sim, &portal).await;
    faulty.fail_commits(1);
    sim.get(&pushed_address(&portal, &uri)).await.status(503);
    sim.get(&pushed_address(&portal, &uri)).await.status(303);
    // Used up, and then the page was not stored: the portal pushes again.
    let uri = super::pushes(&sim, &portal).await;
    faulty.fail_commit_after(1);
    sim.get(&pushed_address(&portal, &uri)).await.status(503);
    faulty.fail_commits(0);
    sim.get(&pushed_address(&portal, &uri)).await.status(400);
}

#[tokio::test]
async fn attack_69_a_lost_answer_counts_as_used() {
    let (sim, faulty) = failing().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    faulty.lose_answers(1);
    portal.redeems(&sim, &code, &[]).await.problem(503, "store_failed");
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    let tokens = portal.offline_tokens(&sim, LAN).await;
    faulty.lose_answers(1);
    let refresh = text(&tokens, "refresh_token");
    portal.refreshes(&sim, refresh, &[]).await.problem(503, "store_failed");
    portal.refreshes(&sim, refresh, &[]).await.oauth(400, "invalid_grant");
    sim.bearer("/oauth2/userinfo", text(&tokens, "access_token")).await.status(401);
    let (mut browser, tokens) = signed_in(&sim, &portal, "openid").await;
    faulty.lose_answers(1);
    let path = format!("/oidc/logout?id_token_hint={}", text(&tokens, "id_token"));
    browser.open(&path).await.status(503);
    assert!(!super::is_signed_in(&mut browser, &portal).await);
    sim.bearer("/oauth2/userinfo", text(&tokens, "access_token")).await.status(401);
}

#[tokio::test]
async fn attack_69_a_deletion_cut_off_leaves_the_next_client_of_that_name_nothing() {
    for passing in 1..4 {
        let (sim, faulty) = failing().await;
        let portal = Portal::registered(&sim, json!({"client_id": "again"})).await;
        let tokens = portal.offline_tokens(&sim, LAN).await;
        let code = portal.code_for(&sim, LAN, json!({})).await;
        faulty.fail_commit_after(passing);
        let deleted = sim.delete("/admin/v1/clients/again").await;
        faulty.fail_commits(0);
        assert!([204, 503].contains(&deleted.status.as_u16()), "{}", deleted.status);
        let next = Portal::registered(&sim, json!({"client_id": "again"})).await;
        sim.bearer("/oauth2/userinfo", text(&tokens, "access_token")).await.status(401);
        next.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
        let refresh = text(&tokens, "refresh_token");
        next.refreshes(&sim, refresh, &[]).await.oauth(400, "invalid_grant");
    }
}
