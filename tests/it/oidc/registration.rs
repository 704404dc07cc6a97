//! Dynamic registration: off unless enabled; a client registers, reads, changes and removes itself.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    request,
};

const DOOR: &str = "/oauth2/register";

async fn open() -> Sim {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    sim
}

fn metadata() -> Value {
    json!({"redirect_uris": ["https://rp.example/cb"]})
}

async fn own(sim: &Sim, method: Method, client: &Value, token: &str, body: Option<Value>) -> Reply {
    let path = format!("{DOOR}/{}", client["client_id"].as_str().unwrap());
    let mut request =
        request(method, &path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    sim.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn it_is_off_unless_the_realm_enables_it() {
    let sim = Sim::new().await;
    sim.post(DOOR, metadata()).await.problem(404, "not_found");
    let discovery = "/.well-known/openid-configuration";
    assert!(sim.get(discovery).await.json().get("registration_endpoint").is_none());
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    assert_eq!(
        sim.get(discovery).await.json()["registration_endpoint"],
        "http://localhost:8080/oauth2/register"
    );
    sim.post(DOOR, metadata()).await.status(201);
}

#[tokio::test]
async fn a_client_registers_signs_in_and_reads_changes_and_removes_itself() {
    let sim = open().await;
    let client = sim.post(DOOR, metadata()).await.status(201).json();
    assert_eq!(client["client_secret_expires_at"], 0);
    assert_eq!(client["grant_types"], json!(["authorization_code"]));
    assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
    let token = client["registration_access_token"].as_str().unwrap().to_owned();
    let uri = client["registration_client_uri"].as_str().unwrap();
    assert!(uri.ends_with(client["client_id"].as_str().unwrap()));
    let portal = Portal {
        client_id: client["client_id"].as_str().unwrap().to_owned(),
        secret: client["client_secret"].as_str().unwrap().to_owned(),
        redirect_uri: "https://rp.example/cb".to_owned(),
    };
    portal.signs_in(&sim, LAN).await;
    let read = own(&sim, Method::GET, &client, &token, None).await.status(200).json();
    assert_eq!(read["redirect_uris"], client["redirect_uris"]);
    assert!(read.get("client_secret").is_none());
    let mut changed = metadata();
    changed["client_id"] = client["client_id"].clone();
    changed["client_name"] = "Tên khác".into();
    let read =
        own(&sim, Method::PUT, &client, &token, Some(changed.clone())).await.status(200).json();
    assert_eq!(read["client_name"], "Tên khác");
    portal.signs_in(&sim, LAN).await;
    changed["client_secret"] = "a-secret-of-ones-own-choice".into();
    own(&sim, Method::PUT, &client, &token, Some(changed))
        .await
        .oauth(400, "invalid_client_metadata");
    own(&sim, Method::DELETE, &client, &token, None).await.status(204);
    own(&sim, Method::GET, &client, &token, None).await.status(401);
    sim.get(&portal.request(&[])).await.status(400);
}

#[tokio::test]
async fn attack_54_a_foreign_registration_token_opens_nothing() {
    let sim = open().await;
    let one = sim.post(DOOR, metadata()).await.status(201).json();
    let two = sim.post(DOOR, metadata()).await.status(201).json();
    let twos = two["registration_access_token"].as_str().unwrap();
    for token in [twos, "x", two["client_secret"].as_str().unwrap()] {
        for method in [Method::GET, Method::DELETE] {
            own(&sim, method, &one, token, None).await.status(401);
        }
        let mut changed = metadata();
        changed["client_id"] = one["client_id"].clone();
        own(&sim, Method::PUT, &one, token, Some(changed)).await.status(401);
    }
    // Clients that the tester made have no such token.
    let made = Portal::plain(&sim).await;
    own(&sim, Method::GET, &json!({"client_id": made.client_id}), twos, None).await.status(401);
    sim.get(&format!("{DOOR}/{}", one["client_id"].as_str().unwrap())).await.status(401);
}

#[tokio::test]
async fn attack_53_bad_metadata_is_named_and_registers_nobody() {
    let sim = open().await;
    let before = sim.get("/admin/v1/clients").await.json()["items"].as_array().unwrap().len();
    for (more, error) in [
        (json!({"redirect_uris": []}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["data:text/html,x"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["https://rp.example/cb#x"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["https://rp.example/\u{0}"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": "https://rp.example/cb"}), "invalid_client_metadata"),
        (json!({"redirect_uris": [1]}), "invalid_client_metadata"),
        (json!({"response_types": ["token"]}), "invalid_client_metadata"),
        (json!({"grant_types": ["password"]}), "invalid_client_metadata"),
        (json!({"id_token_signed_response_alg": "none"}), "invalid_client_metadata"),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), "invalid_client_metadata"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "invalid_client_metadata"),
        (json!({"jwks": {"keys": []}}), "invalid_client_metadata"),
        (json!({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}), "invalid_client_metadata"),
        (json!({"initiate_login_uri": "http://rp.example/start"}), "invalid_client_metadata"),
        (json!({"sector_identifier_uri": "https://127.0.0.1/s.json"}), "invalid_client_metadata"),
        (json!({"logo_uri": "javascript:alert(1)"}), "invalid_client_metadata"),
        (json!({"client_name": "x".repeat(101)}), "invalid_client_metadata"),
        (json!({"scope": "openid root"}), "invalid_client_metadata"),
    ] {
        let mut body = metadata();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reply = sim.post(DOOR, body).await;
        assert_eq!(reply.status, 400, "{more}: {}", reply.text());
        assert_eq!(reply.json()["error"], error, "{more}: {}", reply.text());
    }
    for body in ["", "[]", "x", "1", &"[".repeat(10_000)] {
        let sent = request(Method::POST, DOOR).header(header::CONTENT_TYPE, "application/json");
        let reply = sim.send(sent.body(body.to_owned().into()).unwrap()).await;
        reply.oauth(400, "invalid_client_metadata");
    }
    let huge = json!({"redirect_uris": ["https://rp.example/cb"], "x": "x".repeat(70_000)});
    sim.post(DOOR, huge).await.status(413);
    let after = sim.get("/admin/v1/clients").await.json()["items"].as_array().unwrap().len();
    assert_eq!(before, after);
}

#[tokio::test]
async fn what_is_not_understood_is_ignored_and_ids_and_secrets_are_not_chosen() {
    let sim = open().await;
    let mut body = metadata();
    body["client_id"] = "demo-client".into();
    body["client_secret"] = "chosen-by-the-client-itself".into();
    body["software_statement"] = "x".into();
    body["unknown"] = json!({"x": [1]});
    let client = sim.post(DOOR, body).await.status(201).json();
    assert_ne!(client["client_id"], "demo-client");
    assert_ne!(client["client_secret"], "chosen-by-the-client-itself");
    assert!(client.get("unknown").is_none());
}
