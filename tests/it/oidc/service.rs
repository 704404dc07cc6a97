//! Client credentials: a client calls for itself, and no person stands behind its token.

use serde_json::{Value, json};

use crate::harness::{Sim, actors::Portal};

async fn service(sim: &Sim, more: Value) -> Portal {
    let mut body = json!({
        "grant_types": ["client_credentials"], "redirect_uris": [], "service_scope": "bhxh.read bhxh.write",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut all = json!({"client_name": "Hệ thống BHXH"});
    all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    let client = sim.post("/admin/v1/clients", all).await.status(201).json();
    Portal {
        client_id: client["client_id"].as_str().unwrap().to_owned(),
        secret: client["client_secret"].as_str().unwrap().to_owned(),
        redirect_uri: String::new(),
    }
}

async fn asks(sim: &Sim, client: &Portal, scope: &[(&str, &str)]) -> crate::harness::Reply {
    let mut fields = vec![("grant_type", "client_credentials")];
    fields.extend_from_slice(scope);
    sim.form("/oauth2/token", Some((&client.client_id, &client.secret)), &fields).await
}

#[tokio::test]
async fn the_token_is_the_clients_own_and_opens_no_person() {
    let sim = Sim::new().await;
    let client = service(&sim, json!({})).await;
    let tokens = asks(&sim, &client, &[("scope", "bhxh.read")]).await.status(200).json();
    assert_eq!(tokens["scope"], "bhxh.read");
    assert_eq!(tokens["expires_in"], 3600);
    for none in ["id_token", "refresh_token"] {
        assert!(tokens.get(none).is_none(), "{none}");
    }
    let token = tokens["access_token"].as_str().unwrap();
    let said = client.introspects(&sim, token).await;
    assert_eq!(said["active"], true);
    assert_eq!(said["sub"], client.client_id);
    assert!(said.get("acr").is_none());
    sim.bearer("/oauth2/userinfo", token).await.oauth(403, "insufficient_scope");
    sim.advance(3600);
    assert_eq!(client.introspects(&sim, token).await, json!({"active": false}));
}

#[tokio::test]
async fn it_asks_for_its_own_scopes_alone() {
    let sim = Sim::new().await;
    let client = service(&sim, json!({})).await;
    let all = asks(&sim, &client, &[]).await.status(200).json();
    assert_eq!(all["scope"], "bhxh.read bhxh.write");
    for scope in ["openid", "bhxh.read openid", "profile", "vneid.identity", "bhxh.delete"] {
        asks(&sim, &client, &[("scope", scope)]).await.oauth(400, "invalid_scope");
    }
    let jwt = service(&sim, json!({"access_token_format": "jwt"})).await;
    let tokens = asks(&sim, &jwt, &[]).await.status(200).json();
    let claims = crate::harness::payload(tokens["access_token"].as_str().unwrap());
    assert_eq!(claims["sub"], jwt.client_id);
    assert_eq!(claims["scope"], "bhxh.read bhxh.write");
}

#[tokio::test]
async fn whoever_is_not_registered_for_it_is_refused() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    asks(&sim, &portal, &[]).await.oauth(400, "unauthorized_client");
    let only = service(&sim, json!({})).await;
    only.redeems(&sim, "x", &[]).await.oauth(400, "unauthorized_client");
    only.refreshes(&sim, "x", &[]).await.oauth(400, "unauthorized_client");
    let public = json!({
        "client_name": "SPA", "redirect_uris": [], "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "none",
    });
    sim.post("/admin/v1/clients", public).await.problem(422, "invalid");
}
