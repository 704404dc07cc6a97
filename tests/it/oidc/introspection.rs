//! Introspection and revocation: what a token is worth, and how it is given back.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    payload,
};

#[tokio::test]
async fn a_live_token_says_what_it_is_and_how_strong_the_sign_in_was() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    let claims = payload(tokens["id_token"].as_str().unwrap());
    let now = sim.seconds();
    let said = portal.introspects(&sim, tokens["access_token"].as_str().unwrap()).await;
    let expected = json!({
        "active": true, "scope": tokens["scope"], "client_id": portal.client_id, "token_type": "Bearer",
        "exp": now + 3600, "iat": now, "sub": claims["sub"], "iss": "http://localhost:8080",
        "acr": "LoA2", "amr": ["pwd", "otp", "sms"], "auth_time": now, "vneid_mock": true,
    });
    assert_eq!(said, expected);
    let said = portal.introspects(&sim, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(said["active"], true);
    assert_eq!(said["exp"], now + 30 * 24 * 3600);
    assert!(said.get("token_type").is_none());
}

/// RFC 7662 §2.2: a refresh token that was used is worth nothing any more, and so is its family from the last moment on.
#[tokio::test]
async fn a_used_or_outlived_refresh_token_is_not_active() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let first = portal.offline_tokens(&sim, LAN).await;
    let used = first["refresh_token"].as_str().unwrap();
    let next = portal.refreshes(&sim, used, &[]).await.status(200).json();
    let next = next["refresh_token"].as_str().unwrap();
    assert_eq!(portal.introspects(&sim, used).await, json!({"active": false}));
    assert_eq!(portal.introspects(&sim, next).await["active"], true);
    let end = portal.introspects(&sim, next).await["exp"].as_i64().unwrap();
    sim.advance(end - sim.seconds() - 1);
    assert_eq!(portal.introspects(&sim, next).await["active"], true);
    sim.advance(1);
    assert_eq!(portal.introspects(&sim, next).await, json!({"active": false}));
}

#[tokio::test]
async fn attack_40_another_clients_token_is_worth_nothing_and_stays() {
    let sim = Sim::new().await;
    let (portal, other) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let tokens = portal.offline_tokens(&sim, LAN).await;
    for name in ["access_token", "refresh_token"] {
        let token = tokens[name].as_str().unwrap();
        assert_eq!(other.introspects(&sim, token).await, json!({"active": false}));
        other.revokes(&sim, token).await;
        assert_eq!(portal.introspects(&sim, token).await["active"], true);
    }
}

#[tokio::test]
async fn a_resource_server_may_ask_about_every_clients_tokens() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let service = Portal::registered(&sim, json!({"resource_server": true})).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    for name in ["access_token", "refresh_token"] {
        let said = service.introspects(&sim, tokens[name].as_str().unwrap()).await;
        assert_eq!(said["active"], true);
        assert_eq!(said["client_id"], portal.client_id);
        service.revokes(&sim, tokens[name].as_str().unwrap()).await;
    }
    sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.status(200);
}

#[tokio::test]
async fn attack_40_whoever_does_not_prove_himself_learns_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let public = json!({"client_id": "spa", "token_endpoint_auth_method": "none"});
    Portal::registered(&sim, public).await;
    let token = portal.access_token_for(&sim, LAN).await;
    for door in ["/oauth2/introspect", "/oauth2/revoke"] {
        let fields = [("token", token.as_str())];
        sim.form(door, None, &fields).await.oauth(401, "invalid_client");
        let wrong = Some((portal.client_id.as_str(), "wrong"));
        sim.form(door, wrong, &fields).await.oauth(401, "invalid_client");
        let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
        sim.form(door, basic, &[]).await.oauth(400, "invalid_request");
    }
    let as_spa = [("client_id", "spa"), ("token", token.as_str())];
    sim.form("/oauth2/introspect", None, &as_spa).await.oauth(401, "invalid_client");
    sim.bearer("/oauth2/userinfo", &token).await.status(200);
}

#[tokio::test]
async fn a_token_given_back_is_dead_and_giving_it_back_again_is_no_error() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    let access = tokens["access_token"].as_str().unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    portal.revokes(&sim, access).await;
    portal.revokes(&sim, access).await;
    sim.bearer("/oauth2/userinfo", access).await.status(401);
    let next = portal.refreshes(&sim, refresh, &[]).await.status(200).json();
    let (access, refresh) =
        (next["access_token"].as_str().unwrap(), next["refresh_token"].as_str().unwrap());
    // RFC 7009 §2.1: with the refresh token go the access tokens of its grant.
    portal.revokes(&sim, refresh).await;
    sim.bearer("/oauth2/userinfo", access).await.status(401);
    portal.refreshes(&sim, refresh, &[]).await.oauth(400, "invalid_grant");
    for never in ["x", "x.y", &"x".repeat(8000)] {
        portal.revokes(&sim, never).await;
        assert_eq!(portal.introspects(&sim, never).await, json!({"active": false}));
    }
}

#[tokio::test]
async fn jwt_access_tokens_are_of_rfc_9068_and_live_by_the_same_rules() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"access_token_format": "jwt"})).await;
    let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
    let token = tokens["access_token"].as_str().unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    let (claims, now) = (payload(token), sim.seconds());
    assert_eq!(claims["iss"], "http://localhost:8080");
    assert_eq!(claims["aud"], "http://localhost:8080");
    assert_eq!(claims["sub"], payload(tokens["id_token"].as_str().unwrap())["sub"]);
    assert_eq!(claims["client_id"], portal.client_id);
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 3600)));
    assert_eq!((&claims["acr"], &claims["auth_time"]), (&json!("LoA2"), &json!(now)));
    assert_eq!(claims["scope"], tokens["scope"]);
    assert!(claims["jti"].as_str().unwrap().len() >= 22);
    assert_eq!(claims["vneid_mock"], true);
    sim.bearer("/oauth2/userinfo", token).await.status(200);
    assert_eq!(portal.introspects(&sim, token).await["active"], true);
    // RFC 9068 §4: an ID token is no access token.
    sim.bearer("/oauth2/userinfo", tokens["id_token"].as_str().unwrap()).await.status(401);
    portal.revokes(&sim, token).await;
    sim.bearer("/oauth2/userinfo", token).await.status(401);
}
