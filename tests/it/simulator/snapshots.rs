//! A snapshot holds a whole realm: restored, forked, compared, carried from one store to another.

use std::sync::Arc;

use mock_vneid::store::sled::Sled;
use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
};

#[tokio::test]
async fn a_realm_comes_back_whole_on_another_store() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    sim.command(LAN.number, "lock", json!({"reason": "breach_of_terms"})).await.status(200);
    let rule = json!({"effect": "message.lost", "id": "lose"});
    sim.post("/admin/v1/faults", rule).await.status(201);
    let taken = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();

    let folder = tempfile::tempdir().unwrap();
    let other = Sim::over(Arc::new(Sled::open(folder.path()).unwrap())).await;
    other.put("/admin/v1/realms/default/snapshot", taken.clone()).await.status(200);
    assert_eq!(other.account(LAN.number).await, sim.account(LAN.number).await);
    assert_eq!(other.messages().await, sim.messages().await);
    assert_eq!(
        other.get("/admin/v1/faults").await.json(),
        sim.get("/admin/v1/faults").await.json()
    );
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let (here, there) =
        (portal.refreshes(&sim, refresh, &[]).await, portal.refreshes(&other, refresh, &[]).await);
    assert_eq!((here.status, here.text()), (there.status, there.text()));
    // Every field survives the way there and back.
    let mut back = other.get("/admin/v1/realms/default/snapshot").await.status(200).json();
    let mut mine = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
    for one in [&mut back, &mut mine] {
        one["realm"]["created_at"] = json!(null);
    }
    assert_eq!(back, mine);
}

#[tokio::test]
async fn a_fork_goes_its_own_way_and_the_difference_is_told() {
    let sim = Sim::new().await;
    sim.command(LAN.number, "lock", json!({"reason": "breach_of_terms"})).await.status(200);
    sim.post("/admin/v1/realms/default/fork", json!({"name": "b"})).await.status(201);
    let none = sim.get("/admin/v1/realms/default/diff?with=b").await.status(200).json();
    assert_eq!(none, json!([]));
    // Whom nobody touched yet is the same to portals, and so is whoever is drawn next.
    let subject = async |realm: &str| {
        let path = format!("{realm}/admin/v1/accounts/{}", DUC.number);
        sim.get(&path).await.status(200).json()["subject"].clone()
    };
    assert_eq!(subject("").await, subject("/realms/b").await);
    let drawn = async |realm: &str| {
        let path = format!("{realm}/admin/v1/accounts");
        sim.post(&path, json!({"level": 1})).await.status(201).json()
    };
    assert_eq!(drawn("").await, drawn("/realms/b").await);
    sim.post("/admin/v1/realms", json!({"name": "c", "seed": "c"})).await.status(201);
    assert_ne!(subject("").await, subject("/realms/c").await);
    let other = sim.get("/admin/v1/realms/b/diff?with=c").await.status(200).json();
    let of = other.as_array().unwrap().iter().find(|one| one["at"] == "realm.people_of").unwrap();
    assert_eq!((&of["left"], &of["right"]), (&json!("default"), &json!("c")));
    let twin = json!({"name": "d", "seed": "c", "people_of": "c"});
    sim.post("/admin/v1/realms", twin).await.status(201);
    assert_eq!(subject("/realms/c").await, subject("/realms/d").await);
    assert_eq!(drawn("/realms/c").await, drawn("/realms/d").await);
    let nobody = json!({"name": "e", "people_of": "No One"});
    sim.post("/admin/v1/realms", nobody).await.problem(422, "invalid");
    sim.post("/realms/b/admin/v1/clock/advance", json!({"duration": "P1D"})).await.status(200);
    let some = sim.get("/admin/v1/realms/default/diff?with=b").await.status(200).json();
    assert_eq!(some[0]["at"], "realm.clock.offset");
    assert_eq!(some[0]["right"], 86_400_000);
    sim.post("/admin/v1/realms/default/fork", json!({"name": "b"})).await.problem(409, "exists");
}

#[tokio::test]
async fn what_is_no_snapshot_changes_nothing() {
    let sim = Sim::new().await;
    let before = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
    let put = async |body| sim.put("/admin/v1/realms/default/snapshot", body).await;
    put(json!({})).await.problem(422, "invalid");
    let mut other = before.clone();
    other["format"] = 2.into();
    put(other).await.problem(422, "invalid");
    let mut other = before.clone();
    other["census"]["size"] = 5.into();
    let problem = put(other).await.problem(422, "invalid");
    assert!(problem["detail"].as_str().unwrap().contains("--population 5"), "{problem}");
    let mut other = before.clone();
    other["entries"] = json!([{"kind": 17, "name": "eA", "value": {"no": "account"}}]);
    put(other).await.problem(422, "invalid");
    let mut other = before.clone();
    other["entries"] = json!([{"kind": 18, "name": "not base64url!", "value": null}]);
    put(other.clone()).await.problem(422, "invalid");
    let mut lax = before.clone();
    lax["realm"]["policy"]["code_seconds"] = 0.into();
    put(lax).await.problem(422, "invalid");
    let mut odd = before.clone();
    odd["realm"]["faults"] = json!([{"id": "x", "effect": "nope"}]);
    put(odd).await.problem(422, "invalid");
    // A realm that was not there is not made by what cannot be read.
    sim.put("/admin/v1/realms/new/snapshot", other).await.problem(422, "invalid");
    sim.get("/realms/new/oauth2/jwks").await.status(404);
    assert_eq!(sim.get("/admin/v1/realms/default/snapshot").await.status(200).json(), before);
}
