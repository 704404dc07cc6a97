//! The admin API and registration, driven by their own documents: no token, another realm, fields of nobody's.

use axum::{
    body::Body,
    http::{Method, header},
};
use mock_vneid::{Config, oidc::client::Metadata};
use serde_json::{Value, json};
use utoipa::PartialSchema as _;

use crate::{
    bad_input::{Fire, oauth},
    harness::{
        Sim,
        actors::{LAN, Portal},
        request,
    },
};

/// Method and address of every documented door of the admin API.
fn admin_doors() -> Vec<(Method, String)> {
    let document = mock_vneid::http::api_document();
    let mut doors = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if !path.starts_with("/admin/") {
            continue;
        }
        let path: String = path.split('/').fold(String::new(), |all, step| {
            let step = if step.starts_with('{') { "x" } else { step };
            if step.is_empty() { all } else { format!("{all}/{step}") }
        });
        for method in operations.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            doors.push((method, path.clone()));
        }
    }
    doors
}

#[tokio::test]
async fn attack_67_every_documented_admin_door_wants_the_token() {
    let config = Config { admin_token: Some("the-admins-token".to_owned()), ..Config::default() };
    let sim = Sim::with(config).await;
    let doors = admin_doors();
    assert!(doors.len() > 40, "only {} doors", doors.len());
    for (method, path) in doors {
        for prefix in ["", "/realms/default", "/realms/nope"] {
            for authorization in ["", "Bearer x", "Bearer the-admins-toke", "Basic dGhlOnRva2Vu"] {
                // Realms are made and removed, and scenarios played, at the root alone.
                let at_root = ["/admin/v1/realms", "/admin/v1/scenarios"];
                if !prefix.is_empty() && at_root.iter().any(|root| path.starts_with(root)) {
                    continue;
                }
                let path = format!("{prefix}{path}");
                let mut asks =
                    request(method.clone(), &path).header(header::CONTENT_TYPE, "application/json");
                if !authorization.is_empty() {
                    asks = asks.header(header::AUTHORIZATION, authorization);
                }
                let reply = sim.send(asks.body(Body::from("{}")).unwrap()).await;
                assert_eq!(reply.status, 401, "{method} {path} {authorization:?}");
                assert_eq!(reply.json()["code"], "unauthorized", "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn attack_67_one_realm_reads_and_writes_nothing_of_another() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let portal = Portal::plain(&sim).await;
    let body = json!({"redirect_uris": ["https://rp.example/cb"]});
    let own = sim.post("/oauth2/register", body).await.status(201).json();
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    let client = format!("/admin/v1/clients/{}", portal.client_id);
    sim.get(&format!("/realms/x{client}")).await.problem(404, "not_found");
    sim.delete(&format!("/realms/x{client}")).await.problem(404, "not_found");
    let changed = json!({"client_name": "x", "redirect_uris": ["https://evil.example/"]});
    // It makes one of its own there, and leaves the other's.
    sim.put(&format!("/realms/x{client}"), changed).await.status(201);
    assert_ne!(sim.get(&client).await.json()["client_name"], "x");
    let theirs = sim.get(&format!("/realms/x/admin/v1/accounts/{}", LAN.number)).await.json();
    assert_eq!(theirs["state"], "active", "a lock is of one realm");
    let messages = sim.get("/realms/x/admin/v1/messages").await.json();
    assert_eq!(messages["items"].as_array().unwrap().len(), 0, "{messages}");
    // A policy is of one realm, and a registration access token too.
    let body = json!({"redirect_uris": ["https://rp.example/cb"]});
    sim.post("/realms/x/oauth2/register", body).await.problem(404, "not_found");
    sim.put("/realms/x/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let path = format!("/realms/x/oauth2/register/{}", own["client_id"].as_str().unwrap());
    let token = own["registration_access_token"].as_str().unwrap();
    sim.bearer(&path, token).await.status(401);
    sim.bearer(&path.replace("/realms/x", ""), token).await.status(200);
    sim.get(&client).await.status(200);
}

#[tokio::test]
async fn attack_67_nobody_assigns_himself_what_the_provider_gives() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let hash = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
    for field in ["registration_token_hash", "secret", "secret_hash", "vneid_mock", "epoch"] {
        let mut body = json!({"client_name": "x", "redirect_uris": ["https://rp.example/cb"]});
        body[field] = hash.into();
        sim.post("/admin/v1/clients", body.clone()).await.problem(422, "invalid");
        // RFC 7591 §2: a client's own words are ignored where they are not understood.
        let made = sim.post("/oauth2/register", body).await.status(201).json();
        assert!(made.get(field).is_none_or(|value| *value != hash), "{made}");
        let path = format!("/oauth2/register/{}", made["client_id"].as_str().unwrap());
        sim.bearer(&path, "test").await.status(401);
    }
    // Whoever sees every client's tokens is named by the tester, not by himself, at first or later.
    let mut body = json!({"redirect_uris": ["https://rp.example/cb"], "resource_server": true});
    let made = sim.post("/oauth2/register", body.clone()).await.status(201).json();
    let stored = format!("/admin/v1/clients/{}", made["client_id"].as_str().unwrap());
    assert_ne!(sim.get(&stored).await.json()["resource_server"], true);
    body["client_id"] = made["client_id"].clone();
    let token = made["registration_access_token"].as_str().unwrap();
    let path = format!("/oauth2/register/{}", made["client_id"].as_str().unwrap());
    let changes = request(Method::PUT, &path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    sim.send(changes.body(Body::from(body.to_string())).unwrap()).await.status(200);
    assert_ne!(sim.get(&stored).await.json()["resource_server"], true);
    for field in ["realm", "generation", "seed", "clock", "x"] {
        sim.put("/admin/v1/policy", json!({field: "x"})).await.problem(422, "invalid");
    }
}

/// Values that fit no field of metadata of that type.
fn misfits(kind: &str) -> Vec<Value> {
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let all =
        [json!(1), json!(true), json!("\u{0}"), json!({"x": 1}), json!([[1]]), json!(1e300), deep];
    let fits = |value: &Value| match kind {
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "object" => value.is_object(),
        _ => false,
    };
    all.into_iter().filter(|value| !fits(value)).collect()
}

#[tokio::test]
async fn attack_53_67_no_field_of_registration_takes_what_it_is_not() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let mut fire = Fire::at(sim).await;
    let schema = serde_json::to_value(Metadata::schema()).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    assert!(properties.len() > 25, "only {} fields", properties.len());
    for (field, of) in properties {
        // The client does not choose these; whatever it says is left out.
        if ["client_id", "client_secret", "resource_server"].contains(&field.as_str()) {
            continue;
        }
        let kinds = of["type"].as_array().cloned().unwrap_or_else(|| vec![of["type"].clone()]);
        let kind = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
        for misfit in misfits(kind.unwrap_or_default()) {
            let mut body = json!({"redirect_uris": ["https://rp.example/cb"]});
            body[field] = misfit;
            let name = format!("{body:.120}");
            let sent = request(Method::POST, "/oauth2/register")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap();
            let error = if *field == "redirect_uris" { "" } else { "invalid_client_metadata" };
            fire.fire(&name, sent, |reply| match error {
                "" if reply.status == 400 => Ok(()),
                error => oauth(400, error)(reply),
            })
            .await;
        }
        fire.look(field).await;
    }
    fire.done();
}
