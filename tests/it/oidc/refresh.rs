//! Refresh tokens: used once, for the same or less, and a used one that comes back ends what came of it.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    payload,
};

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name} in {tokens}"))
}

async fn set(sim: &Sim, policy: Value) {
    sim.put("/admin/v1/policy", policy).await.status(200);
}

#[tokio::test]
async fn a_refresh_token_comes_with_offline_access_and_to_whoever_may_refresh() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let online = portal.tokens_for(&sim, LAN, json!({})).await;
    assert!(online.get("refresh_token").is_none());
    let offline = portal.offline_tokens(&sim, LAN).await;
    assert_eq!(text(&offline, "refresh_token").len(), 22 + 1 + 43);
    assert!(text(&offline, "scope").ends_with(" offline_access"));
    let code_alone = json!({"grant_types": ["authorization_code"]});
    let without = Portal::registered(&sim, code_alone).await;
    let tokens = without.offline_tokens(&sim, LAN).await;
    assert!(tokens.get("refresh_token").is_none());
    assert!(!text(&tokens, "scope").contains("offline_access"));
}

#[tokio::test]
async fn a_refreshed_id_token_says_the_same_of_the_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    sim.advance(600);
    let reply = portal.refreshes(&sim, text(&first, "refresh_token"), &[]).await.status(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let second = reply.json();
    for name in ["access_token", "refresh_token", "id_token"] {
        assert_ne!(text(&first, name), text(&second, name), "{name}");
    }
    assert_eq!(second["scope"], first["scope"]);
    let before = payload(text(&first, "id_token"));
    let after = payload(text(&second, "id_token"));
    // OIDC Core §12.2.
    for name in ["iss", "sub", "aud", "auth_time", "acr", "amr"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_eq!(after["iat"], sim.seconds());
    assert_eq!(before["nonce"], "n-1");
    assert!(after.get("nonce").is_none());
    for tokens in [&first, &second] {
        sim.bearer("/oauth2/userinfo", text(tokens, "access_token")).await.status(200);
    }
}

#[tokio::test]
async fn attack_36_the_scope_of_a_refresh_is_the_same_or_less() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let scope = json!({"scope": "openid profile offline_access"});
    let first = portal.tokens_for(&sim, LAN, scope).await;
    let token = text(&first, "refresh_token");
    for more in ["openid phone", "openid profile vneid.identity", "email", "x"] {
        portal.refreshes(&sim, token, &[("scope", more)]).await.oauth(400, "invalid_scope");
    }
    let less = portal.refreshes(&sim, token, &[("scope", "openid")]).await.status(200).json();
    assert_eq!(less["scope"], "openid");
    let claims = sim.bearer("/oauth2/userinfo", text(&less, "access_token")).await.json();
    assert!(claims.get("name").is_none(), "{claims}");
    // The family keeps what was granted.
    let whole = portal.refreshes(&sim, text(&less, "refresh_token"), &[]).await.status(200).json();
    assert_eq!(whole["scope"], "openid profile offline_access");
    let claims = sim.bearer("/oauth2/userinfo", text(&whole, "access_token")).await.json();
    assert!(claims.get("name").is_some());
}

#[tokio::test]
async fn attack_35_a_used_refresh_token_ends_the_family() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    let bystander = portal.offline_tokens(&sim, LAN).await;
    let second = portal.refreshes(&sim, text(&first, "refresh_token"), &[]).await.json();
    portal.refreshes(&sim, text(&first, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
    let newest = text(&second, "refresh_token");
    portal.refreshes(&sim, newest, &[]).await.oauth(400, "invalid_grant");
    for tokens in [&first, &second] {
        sim.bearer("/oauth2/userinfo", text(tokens, "access_token")).await.status(401);
    }
    portal.refreshes(&sim, text(&bystander, "refresh_token"), &[]).await.status(200);
}

#[tokio::test]
async fn within_the_grace_a_lost_answer_is_given_again() {
    let sim = Sim::new().await;
    set(&sim, json!({"refresh_grace_seconds": 30})).await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    let token = text(&first, "refresh_token");
    let lost = portal.refreshes(&sim, token, &[]).await.status(200).json();
    sim.advance(29);
    let again = portal.refreshes(&sim, token, &[]).await.status(200).json();
    assert_ne!(text(&lost, "refresh_token"), text(&again, "refresh_token"));
    let next = portal.refreshes(&sim, text(&again, "refresh_token"), &[]).await.status(200).json();
    sim.advance(1);
    portal.refreshes(&sim, token, &[]).await.oauth(400, "invalid_grant");
    portal.refreshes(&sim, text(&next, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn a_family_lives_to_the_millisecond() {
    let sim = Sim::new().await;
    set(&sim, json!({"refresh_seconds": 100})).await;
    let portal = Portal::plain(&sim).await;
    let mut token = text(&portal.offline_tokens(&sim, LAN).await, "refresh_token").to_owned();
    sim.clock.advance_millis(99_999);
    let last = portal.refreshes(&sim, &token, &[]).await.status(200).json();
    text(&last, "refresh_token").clone_into(&mut token);
    sim.clock.advance_millis(1);
    portal.refreshes(&sim, &token, &[]).await.oauth(400, "invalid_grant");
    // Its access tokens have a life of their own, within the record of the family.
    sim.bearer("/oauth2/userinfo", text(&last, "access_token")).await.status(401);
}

#[tokio::test]
async fn attack_38_a_refresh_token_is_its_clients_alone() {
    let sim = Sim::new().await;
    let (portal, other) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let first = portal.offline_tokens(&sim, LAN).await;
    let token = text(&first, "refresh_token");
    other.refreshes(&sim, token, &[]).await.oauth(400, "invalid_grant");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    sim.form("/oauth2/token", None, &fields).await.oauth(401, "invalid_client");
    let wrong = Some((portal.client_id.as_str(), "wrong"));
    sim.form("/oauth2/token", wrong, &fields).await.oauth(401, "invalid_client");
    portal.refreshes(&sim, token, &[]).await.status(200);
}

#[tokio::test]
async fn attack_14_an_altered_refresh_token_is_nobodys_and_ends_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    let token = text(&first, "refresh_token");
    let (family, secret) = token.split_once('.').unwrap();
    let flipped = if secret.starts_with('A') { "B" } else { "A" };
    let changed = format!("{family}.{flipped}{}", &secret[1..]);
    let cut = &token[..token.len() - 1];
    for odd in [&changed, cut, family, secret, ".", "x.y", &format!("{token}x"), &"x".repeat(8000)]
    {
        portal.refreshes(&sim, odd, &[]).await.oauth(400, "invalid_grant");
    }
    portal.refreshes(&sim, "", &[]).await.oauth(400, "invalid_request");
    portal.refreshes(&sim, token, &[]).await.status(200);
}

#[tokio::test]
async fn what_ends_an_account_ends_its_refresh_tokens() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for (number, command, body) in [
        (LAN, "lock", json!({"reason": "holders_request"})),
        (DUC, "change_phone", json!({"phone": "0987111222"})),
    ] {
        let tokens = portal.offline_tokens(&sim, number).await;
        sim.command(number.number, command, body).await.ok();
        let token = text(&tokens, "refresh_token");
        portal.refreshes(&sim, token, &[]).await.oauth(400, "invalid_grant");
        assert_eq!(portal.introspects(&sim, token).await, json!({"active": false}));
        sim.bearer("/oauth2/userinfo", text(&tokens, "access_token")).await.status(401);
    }
}

#[tokio::test]
async fn attack_13_a_replayed_code_ends_the_refresh_tokens_it_gave() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let scope = json!({"scope": "openid offline_access"});
    let code = portal.code_for(&sim, LAN, scope).await;
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let next = portal.refreshes(&sim, text(&tokens, "refresh_token"), &[]).await.json();
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    portal.refreshes(&sim, text(&next, "refresh_token"), &[]).await.oauth(400, "invalid_grant");
    for tokens in [&tokens, &next] {
        sim.bearer("/oauth2/userinfo", text(tokens, "access_token")).await.status(401);
    }
}

/// outside.md T20: within the grace eight tokens of a family are good at once, and no more: whoever comes a ninth time
/// has not lost an answer.
#[tokio::test]
async fn t20_the_ninth_use_within_the_grace_ends_the_family() {
    let sim = Sim::new().await;
    set(&sim, json!({"refresh_grace_seconds": 300})).await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    let token = text(&first, "refresh_token");
    let mut given = Vec::new();
    for _ in 0..8 {
        given.push(portal.refreshes(&sim, token, &[]).await.status(200).json());
    }
    for tokens in &given {
        assert_eq!(portal.introspects(&sim, text(tokens, "refresh_token")).await["active"], true);
    }
    portal.refreshes(&sim, token, &[]).await.oauth(400, "invalid_grant");
    for tokens in &given {
        portal
            .refreshes(&sim, text(tokens, "refresh_token"), &[])
            .await
            .oauth(400, "invalid_grant");
        sim.bearer("/oauth2/userinfo", text(tokens, "access_token")).await.status(401);
    }
}
