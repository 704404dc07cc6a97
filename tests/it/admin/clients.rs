//! Clients: registered, shown, changed, deleted; a secret is shown once.

use serde_json::{Value, json};

use crate::harness::Sim;

fn body(more: impl Into<Value>) -> Value {
    let mut body = json!({"client_name": "Cổng", "redirect_uris": ["https://a.example/cb"]});
    body.as_object_mut().unwrap().extend(more.into().as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn defaults_are_the_ones_of_the_document() {
    let sim = Sim::new().await;
    let client = sim.post("/admin/v1/clients", body(json!({}))).await.status(201).json();
    assert_eq!(client["client_id"].as_str().unwrap().len(), 28);
    assert_eq!(client["client_secret"].as_str().unwrap().len(), 43);
    assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(client["id_token_signed_response_alg"], "RS256");
    assert_eq!(client["minimum_level"], 1);
    assert_eq!(client["consent"], "never");
    assert_eq!(client["require_pkce"], false);
    assert_eq!(client["dialect"], "oidc");
    assert_eq!(
        client["scope"],
        "openid profile phone email address vneid.identity vneid.card vneid.residence \
         vneid.dependants vneid.driving vneid.vehicle vneid.health_insurance \
         vneid.social_insurance vneid.tax vneid.health offline_access"
    );
}

#[tokio::test]
async fn a_secret_is_shown_once_and_never_again() {
    let sim = Sim::new().await;
    let made = sim.post("/admin/v1/clients", body(json!({"client_id": "c"}))).await.json();
    let secret = made["client_secret"].as_str().unwrap();
    let path = "/admin/v1/clients/c";
    let changed = body(json!({"client_name": "Khác", "minimum_level": 2}));
    for reply in [
        sim.get(path).await.status(200),
        sim.get("/admin/v1/clients").await.status(200),
        sim.put(path, changed).await.status(200),
    ] {
        assert!(!reply.text().contains("secret\""), "{}", reply.text());
        assert!(!reply.text().contains(secret), "{}", reply.text());
        assert!(!reply.text().contains("secret_hash"), "{}", reply.text());
    }
    assert_eq!(sim.get(path).await.json()["client_name"], "Khác");
    assert_eq!(sim.get(path).await.json()["minimum_level"], 2);
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_must_use_pkce() {
    let sim = Sim::new().await;
    let public = json!({"client_id": "p", "token_endpoint_auth_method": "none"});
    let made = sim.post("/admin/v1/clients", body(public)).await.status(201).json();
    assert!(made.get("client_secret").is_none());
    assert_eq!(made["require_pkce"], true);
    let confidential = body(json!({"token_endpoint_auth_method": "client_secret_post"}));
    sim.put("/admin/v1/clients/p", confidential).await.problem(422, "invalid");
    let with_secret = body(json!({"client_secret": "0123456789abcdef"}));
    sim.put("/admin/v1/clients/p", with_secret).await.status(200);
    let back = body(json!({"token_endpoint_auth_method": "none"}));
    sim.put("/admin/v1/clients/p", back).await.status(200);
    assert_eq!(sim.get("/admin/v1/clients/p").await.json()["require_pkce"], true);
}

#[tokio::test]
async fn lists_are_paged_by_id_and_forget_what_was_deleted() {
    let sim = Sim::new().await;
    for id in ["a", "b", "zz"] {
        sim.post("/admin/v1/clients", body(json!({"client_id": id}))).await.status(201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = sim.get(&format!("/admin/v1/clients?limit=1{after}")).await.status(200).json();
        for client in page["items"].as_array().unwrap() {
            seen.push(client["client_id"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let all = [
        "a",
        "b",
        "demo-bca",
        "demo-bhxh",
        "demo-client",
        "demo-dvcqg",
        "demo-partner",
        "demo-portal",
        "zz",
    ];
    assert_eq!(seen, all);
    for id in ["b", "demo-bhxh"] {
        sim.delete(&format!("/admin/v1/clients/{id}")).await.status(204);
        sim.get(&format!("/admin/v1/clients/{id}")).await.problem(404, "not_found");
        sim.delete(&format!("/admin/v1/clients/{id}")).await.problem(404, "not_found");
    }
    let left = sim.get("/admin/v1/clients").await.json();
    assert_eq!(left["items"].as_array().unwrap().len(), 7);
    // A deleted id is free again, with another secret.
    sim.post("/admin/v1/clients", body(json!({"client_id": "b"}))).await.status(201);
}

#[tokio::test]
async fn attack_67_no_field_assigns_what_is_not_the_callers() {
    let sim = Sim::new().await;
    for field in ["secret_hash", "created_at", "admin", "realm", "__proto__", "id"] {
        sim.post("/admin/v1/clients", body(json!({field: "x"}))).await.problem(422, "invalid");
    }
    for field in ["subject", "epoch", "life", "wrong_passwords", "password", "number"] {
        sim.post("/admin/v1/accounts", json!({field: "x"})).await.problem(422, "invalid");
    }
}
