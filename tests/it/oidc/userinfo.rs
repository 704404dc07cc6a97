//! Userinfo: which requests it answers, for how long, and which claims it never gives.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{ALL_SCOPES, DUC, LAN, Portal},
    request,
};

const PATH: &str = "/oauth2/userinfo";

async fn posted(sim: &Sim, token: Option<&str>, kind: &str, body: &str) -> Reply {
    let mut request = request(Method::POST, PATH);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    sim.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn every_way_of_the_rfc_and_of_real_integrators_gives_the_same() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    let claims = sim.bearer(PATH, &token).await.status(200).json();
    assert_eq!(claims["name"], "Nguyễn Thị Lan");
    let form = "application/x-www-form-urlencoded";
    for (with, kind, body) in [
        (Some(token.as_str()), "", String::new()),
        (Some(&token), "application/json", "{}".to_owned()),
        (Some(&token), "application/json", String::new()),
        (Some(&token), form, String::new()),
        (None, form, format!("access_token={token}")),
        (None, "Application/X-WWW-Form-Urlencoded; charset=utf-8", format!("access_token={token}")),
    ] {
        let reply = posted(&sim, with, kind, &body).await.status(200);
        assert_eq!(reply.json(), claims, "{kind} {body}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn attack_26_only_an_access_token_is_an_access_token() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let id_token = tokens["id_token"].as_str().unwrap();
    for wrong in [id_token, &code, &portal.secret, &portal.client_id, LAN.number] {
        let reply = sim.bearer(PATH, wrong).await.status(401);
        assert!(reply.header("www-authenticate").contains("error=\"invalid_token\""));
    }
    let access = tokens["access_token"].as_str().unwrap();
    portal.redeems(&sim, access, &[]).await.oauth(400, "invalid_grant");
    portal.redeems(&sim, id_token, &[]).await.oauth(400, "invalid_grant");
    sim.bearer(PATH, access).await.status(200);
}

#[tokio::test]
async fn attack_28_one_changed_character_is_another_token() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    for place in 0..token.len() {
        let other = if token.as_bytes()[place] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &token[..place], &token[place + 1..]);
        sim.bearer(PATH, &changed).await.status(401);
    }
    sim.bearer(PATH, &token).await.status(200);
}

#[tokio::test]
async fn an_access_token_lives_an_hour_to_the_millisecond() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    sim.clock.advance_millis(3_599_999);
    sim.bearer(PATH, &token).await.status(200);
    sim.clock.advance_millis(1);
    let late = sim.bearer(PATH, &token).await.status(401);
    assert!(late.header("www-authenticate").contains("error=\"invalid_token\""));
}

/// The claims that a scope may give at level 1, and those that need level 2.
const BY_SCOPE: [(&str, &[&str], &[&str]); 8] = [
    ("openid", &["sub", "vneid_mock"], &[]),
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "birthdate",
            "gender",
            "locale",
            "zoneinfo",
        ],
        &[],
    ),
    ("phone", &["phone_number", "phone_number_verified"], &[]),
    ("email", &["email", "email_verified"], &[]),
    ("address", &[], &["address"]),
    (
        "vneid.identity",
        &["vneid_id_number", "vneid_account_level", "vneid_account_type", "vneid_holder"],
        &[],
    ),
    ("vneid.card", &[], &["vneid_card"]),
    ("vneid.residence", &[], &["vneid_residence"]),
];

fn names(claims: &Value) -> BTreeSet<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn attack_29_every_choice_of_scopes_gives_its_claims_and_level_1_none_of_level_2() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for choice in 0..128_u32 {
        let chosen = BY_SCOPE
            .iter()
            .enumerate()
            .filter(|(place, _)| *place == 0 || choice & (1 << (place - 1)) != 0);
        let chosen: Vec<_> = chosen.map(|(_, row)| row).collect();
        let scope = chosen.iter().map(|row| row.0).collect::<Vec<_>>().join(" ");
        for (citizen, level) in [(LAN, 2), (DUC, 1)] {
            let tokens = portal.tokens_for(&sim, citizen, json!({"scope": scope})).await;
            assert_eq!(tokens["scope"], scope.as_str());
            let claims = sim.bearer(PATH, tokens["access_token"].as_str().unwrap()).await.json();
            let mut wanted: BTreeSet<&str> =
                chosen.iter().flat_map(|row| row.1.iter().copied()).collect();
            if level == 2 {
                wanted.extend(chosen.iter().flat_map(|row| row.2));
            } else {
                // Đức gave no e-mail address.
                wanted.retain(|name| !name.starts_with("email"));
            }
            assert_eq!(names(&claims), wanted, "{scope} at level {level}");
            let id_token = crate::harness::payload(tokens["id_token"].as_str().unwrap());
            for level_2 in ["address", "vneid_card", "vneid_residence"] {
                assert!(id_token.get(level_2).is_none(), "{level_2} in the ID token");
            }
        }
    }
}

#[tokio::test]
async fn attack_29_a_client_gets_no_scope_it_was_not_registered_for() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"scope": "openid phone"})).await;
    let asked = format!("{ALL_SCOPES} offline_access admin vneid.*");
    let tokens = portal.tokens_for(&sim, LAN, json!({"scope": asked})).await;
    assert_eq!(tokens["scope"], "openid phone");
    let claims = sim.bearer(PATH, tokens["access_token"].as_str().unwrap()).await.json();
    let wanted = ["sub", "vneid_mock", "phone_number", "phone_number_verified"];
    assert_eq!(names(&claims), wanted.into_iter().collect());
}

#[tokio::test]
async fn attack_39_a_token_dies_with_the_sign_in_it_came_from() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for (command, path) in [("lock", "unlock"), ("lock", "unlock")] {
        let token = portal.access_token_for(&sim, LAN).await;
        sim.command(LAN.number, command, json!({})).await.status(200);
        sim.bearer(PATH, &token).await.status(401);
        sim.command(LAN.number, path, json!({})).await.status(200);
        sim.bearer(PATH, &token).await.status(401);
    }
    let token = portal.access_token_for(&sim, LAN).await;
    let forced = format!("/admin/v1/accounts/{}/state", LAN.number);
    sim.put(&forced, json!({"state": "active", "level": 1})).await.status(200);
    sim.bearer(PATH, &token).await.status(401);
    let token = portal.access_token_for(&sim, LAN).await;
    assert!(sim.bearer(PATH, &token).await.json().get("vneid_card").is_none());
    sim.delete(&format!("/admin/v1/clients/{}", portal.client_id)).await.status(204);
    sim.bearer(PATH, &token).await.status(401);
}

#[tokio::test]
async fn a_deleted_client_of_the_same_name_revives_no_token() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"client_id": "again"})).await;
    let token = portal.access_token_for(&sim, LAN).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    sim.delete("/admin/v1/clients/again").await.status(204);
    let portal = Portal::registered(&sim, json!({"client_id": "again"})).await;
    sim.bearer(PATH, &token).await.status(401);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}
