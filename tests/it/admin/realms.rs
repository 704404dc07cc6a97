//! Realms: made, listed, reset, thrown away, gone by themselves; and nothing of one in another.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DAT, LAN, NGOC},
};

async fn realm(sim: &Sim, body: Value) -> Value {
    sim.post("/admin/v1/realms", body).await.status(201).json()
}

async fn names(sim: &Sim, query: &str) -> Vec<String> {
    let list = sim.get(&format!("/admin/v1/realms{query}")).await.status(200).json();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|realm| realm["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_realm_is_made_listed_and_thrown_away() {
    let sim = Sim::new().await;
    let made = realm(&sim, json!({"name": "a-1_x", "seed": "hạt"})).await;
    assert_eq!(
        made,
        json!({"name": "a-1_x", "path": "/realms/a-1_x", "seed": "hạt",
            "issuer": "http://localhost:8080/realms/a-1_x", "created_at": "2026-03-02T02:00:00Z"})
    );
    sim.post("/admin/v1/realms", json!({"name": "a-1_x"})).await.problem(409, "exists");
    realm(&sim, json!({"name": "b"})).await;
    assert_eq!(names(&sim, "").await, ["a-1_x", "b", "default"]);
    assert_eq!(names(&sim, "?limit=1").await, ["a-1_x"]);
    assert_eq!(names(&sim, "?limit=1&after=a-1_x").await, ["b"]);
    assert_eq!(names(&sim, "?after=b").await, ["default"]);
    sim.get("/realms/b/admin/v1/clock").await.status(200);
    sim.delete("/admin/v1/realms/b").await.status(204);
    sim.get("/realms/b/admin/v1/clock").await.problem(404, "not_found");
    sim.delete("/admin/v1/realms/b").await.problem(404, "not_found");
    assert_eq!(names(&sim, "").await, ["a-1_x", "default"]);
}

#[tokio::test]
async fn a_realm_goes_after_its_time_to_the_millisecond_of_real_time() {
    let sim = Sim::new().await;
    let made = realm(&sim, json!({"name": "brief", "ttl": 60})).await;
    assert_eq!(made["expires_at"], "2026-03-02T02:01:00Z");
    // Its own clock has nothing to do with it.
    sim.post("/realms/brief/admin/v1/clock/advance", json!({"duration": "P1Y"})).await.status(200);
    sim.clock.advance_millis(59_999);
    sim.get("/realms/brief/admin/v1/clock").await.status(200);
    assert_eq!(names(&sim, "").await, ["brief", "default"]);
    sim.clock.advance_millis(1);
    sim.get("/realms/brief/admin/v1/clock").await.problem(404, "not_found");
    assert_eq!(names(&sim, "").await, ["default"]);
    let again = realm(&sim, json!({"name": "brief"})).await;
    assert!(again.get("expires_at").is_none());
    let clock = sim.get("/realms/brief/admin/v1/clock").await.json();
    assert_eq!(clock["offset_ms"], 0, "a new realm, not the old one");
}

#[tokio::test]
async fn realms_share_no_people_messages_clocks_clients_and_rules() {
    let sim = Sim::new().await;
    realm(&sim, json!({"name": "x"})).await;
    let body = json!({"number": DAT.number, "phone": DAT.phone});
    sim.post("/realms/x/app/v1/registrations", body).await.status(201);
    sim.post("/realms/x/admin/v1/clock/advance", json!({"duration": "P9D"})).await.status(200);
    sim.put("/realms/x/admin/v1/policy", json!({"review": "manual"})).await.status(200);
    let client =
        json!({"client_id": "c", "client_name": "c", "redirect_uris": ["https://c.example/"]});
    sim.post("/realms/x/admin/v1/clients", client).await.status(201);
    let path = format!("/realms/x/admin/v1/citizens/{}", LAN.number);
    sim.put(&path, json!({"full_name": "Nguyễn Thị Lan Anh"})).await.status(200);

    let here = |path: &str| format!("/admin/v1/{path}");
    let there = |path: &str| format!("/realms/x/admin/v1/{path}");
    for path in [
        format!("accounts/{}", DAT.number),
        format!("citizens/{}", LAN.number),
        "messages".to_owned(),
        "registrations".to_owned(),
        "clock".to_owned(),
        "policy".to_owned(),
        "clients".to_owned(),
        format!("accounts/{}", NGOC.number),
    ] {
        let (one, other) =
            (sim.get(&here(&path)).await.json(), sim.get(&there(&path)).await.json());
        assert_ne!(one, other, "{path}");
    }
    assert_eq!(sim.account(DAT.number).await["state"], "unregistered");
    assert!(sim.messages().await.is_empty());
    let clock = sim.get("/admin/v1/clock").await.json();
    assert_eq!(clock["now"], "2026-03-02T02:00:00Z");
    sim.get("/admin/v1/clients/c").await.problem(404, "not_found");
}

#[tokio::test]
async fn the_same_person_has_another_subject_in_another_realm() {
    let sim = Sim::new().await;
    realm(&sim, json!({"name": "x"})).await;
    let here = sim.account(LAN.number).await;
    let there = sim.get(&format!("/realms/x/admin/v1/accounts/{}", LAN.number)).await.json();
    assert_ne!(here["subject"], there["subject"]);
    assert_eq!(here["full_name"], there["full_name"]);
}

#[tokio::test]
async fn a_reset_starts_everything_again_and_kills_what_was_given() {
    let sim = Sim::new().await;
    realm(&sim, json!({"name": "x", "seed": "s"})).await;
    let wish = json!({"client_id": "demo-portal", "citizen": LAN.number, "exchange": true});
    let first = sim.post("/realms/x/admin/v1/sign-ins", wish.clone()).await.status(200).json();
    let token = first["access_token"].as_str().unwrap();
    sim.post("/realms/x/admin/v1/clock/freeze", json!({})).await.status(200);
    let lock = format!("/realms/x/admin/v1/accounts/{}/lock", LAN.number);
    sim.post(&lock, json!({})).await.status(200);
    sim.delete("/realms/x/admin/v1/clients/demo-bhxh").await.status(204);
    let reset = sim.post("/admin/v1/realms/x/reset", json!({})).await.status(200).json();
    assert_eq!(reset["seed"], "s");
    sim.bearer("/realms/x/oauth2/userinfo", token).await.status(401);
    let account = sim.get(&format!("/realms/x/admin/v1/accounts/{}", LAN.number)).await.json();
    assert_eq!(account["state"], "active");
    assert_eq!(sim.get("/realms/x/admin/v1/clock").await.json()["mode"], "running");
    assert_eq!(sim.get("/realms/x/admin/v1/messages").await.json()["items"], json!([]));
    sim.get("/realms/x/admin/v1/clients/demo-bhxh").await.status(200);
    // The same seed: the same chance again.
    let again = sim.post("/realms/x/admin/v1/sign-ins", wish).await.status(200).json();
    assert_eq!(again["access_token"], first["access_token"]);
}

#[tokio::test]
async fn the_default_realm_has_two_addresses_and_can_only_be_reset() {
    let sim = Sim::new().await;
    sim.post("/realms/default/admin/v1/clock/advance", json!({"duration": "PT1S"}))
        .await
        .status(200);
    assert_eq!(sim.get("/admin/v1/clock").await.json()["offset_ms"], 1000);
    sim.delete("/admin/v1/realms/default").await.problem(422, "invalid");
    sim.post("/admin/v1/realms/default/reset", json!({})).await.status(200);
    assert_eq!(sim.get("/admin/v1/clock").await.json()["offset_ms"], 0);
}
