//! The authorization code: once, for its client, for 60 seconds, at its redirect URI.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    crowd::at_once,
};

#[tokio::test]
async fn attack_13_code_replay_revokes() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let token = tokens["access_token"].as_str().unwrap();
    sim.bearer("/oauth2/userinfo", token).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    sim.bearer("/oauth2/userinfo", token).await.status(401);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn attack_13_a_late_replay_revokes_too() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let token = tokens["access_token"].as_str().unwrap();
    sim.clock.advance_millis(3_599_999);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    sim.bearer("/oauth2/userinfo", token).await.status(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_13_of_64_redemptions_at_once_exactly_one_wins() {
    let sim = Arc::new(Sim::new().await);
    let portal = Arc::new(Portal::plain(&sim).await);
    for _ in 0..4 {
        let code = portal.code_for(&sim, LAN, json!({})).await;
        let redeems = |_| {
            let (sim, portal, code) = (Arc::clone(&sim), Arc::clone(&portal), code.clone());
            async move { portal.redeems(&sim, &code, &[]).await }
        };
        let mut winners = Vec::new();
        for reply in at_once((0..64).map(redeems)).await {
            match reply.status.as_u16() {
                200 => winners.push(reply.json()),
                _ => drop(reply.oauth(400, "invalid_grant")),
            }
        }
        assert_eq!(winners.len(), 1);
        // The others were replays: what the winner got is revoked.
        let token = winners[0]["access_token"].as_str().unwrap();
        sim.bearer("/oauth2/userinfo", token).await.status(401);
    }
}

#[tokio::test]
async fn a_code_lives_60_seconds_to_the_millisecond() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (early, late) =
        (portal.code_for(&sim, LAN, json!({})).await, portal.code_for(&sim, LAN, json!({})).await);
    sim.clock.advance_millis(59_999);
    portal.redeems(&sim, &early, &[]).await.status(200);
    sim.clock.advance_millis(1);
    portal.redeems(&sim, &late, &[]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn attack_68_a_clock_set_back_makes_no_used_code_good_again() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    portal.redeems(&sim, &code, &[]).await.status(200);
    sim.post("/admin/v1/clock/advance", json!({"duration": "-P1D"})).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_is_for_the_client_it_was_given_to() {
    let sim = Sim::new().await;
    let (mine, other) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let code = mine.code_for(&sim, LAN, json!({})).await;
    other.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    // The attempt of a stranger does not spend it, and a replay by a stranger revokes nothing.
    let tokens = mine.redeems(&sim, &code, &[]).await.status(200).json();
    other.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    let token = tokens["access_token"].as_str().unwrap();
    sim.bearer("/oauth2/userinfo", token).await.status(200);
}

#[tokio::test]
async fn attack_3_the_redirect_uri_is_said_again_to_the_letter() {
    let sim = Sim::new().await;
    let two = ["https://portal.example/callback", "https://portal.example/other"];
    let portal = Portal::registered(&sim, json!({"redirect_uris": two})).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    for uri in [two[1], "https://portal.example/callback/", "https://portal.example/Callback", ""] {
        let reply = portal.redeems(&sim, &code, &[("redirect_uri", uri)]).await;
        reply.oauth(400, "invalid_grant");
    }
    portal.redeems(&sim, &code, &[]).await.status(200);
}

#[tokio::test]
async fn attack_14_no_other_text_is_the_code() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let mut others: Vec<String> = (1..code.len()).map(|end| code[..end].to_owned()).collect();
    for place in 0..code.len() {
        let other = if code.as_bytes()[place] == b'A' { "B" } else { "A" };
        others.push(format!("{}{other}{}", &code[..place], &code[place + 1..]));
    }
    others.extend([
        format!("{code}A"),
        format!("{code}="),
        format!(" {code}"),
        format!("{code} "),
        format!("{code}\n"),
        code.to_uppercase(),
        code.chars().rev().collect(),
        "ｃｏｄｅ".to_owned(),
        "*".to_owned(),
        "a".repeat(8000),
    ]);
    for other in others {
        portal.redeems(&sim, &other, &[]).await.oauth(400, "invalid_grant");
    }
    portal.redeems(&sim, &code, &[]).await.status(200);
}

#[tokio::test]
async fn attack_15_codes_and_tokens_are_256_bits_without_a_pattern() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        let code = portal.code_for(&sim, LAN, json!({})).await;
        let token = portal.access_token_for(&sim, DUC).await;
        for text in [code, token] {
            assert_eq!(text.len(), 43, "256 bits in base64url");
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
            assert!(seen.insert(text[..8].to_owned()), "a prefix repeats");
        }
    }
}

#[tokio::test]
async fn attack_39_a_code_dies_with_the_account_and_with_its_client() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    sim.command(LAN.number, "unlock", json!({})).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    let code = portal.code_for(&sim, LAN, json!({})).await;
    sim.delete(&format!("/admin/v1/clients/{}", portal.client_id)).await.status(204);
    portal.redeems(&sim, &code, &[]).await.oauth(401, "invalid_client");
}

#[tokio::test]
async fn attack_24_the_answer_is_stored_by_nobody() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let reply = portal.redeems(&sim, &code, &[]).await.status(200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("pragma"), "no-cache");
    let tokens = reply.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert!(tokens.get("refresh_token").is_none());
}
