//! Keys rotated by time: due that many days after the last rotation, at that moment, before any later request.

use std::sync::Arc;

use serde_json::{Value, json};

use super::key_rotation::{jwks, sets, told};
use crate::harness::{Sim, crowd::at_once};

const DAY: i64 = 24 * 3600;

async fn every(sim: &Sim, days: u16) {
    sim.put("/admin/v1/policy", json!({"key_rotation_days": days})).await.status(200);
}

/// The rotations that are due; what keys come to by themselves left out.
async fn due(sim: &Sim) -> Value {
    let all = sim.get("/admin/v1/clock/due").await.status(200).json();
    all.as_array().unwrap().iter().filter(|it| it["kind"] == "keys").cloned().collect()
}

fn keys_due(at: &str) -> Value {
    json!([{"at": at, "kind": "keys", "to": "provider"}])
}

#[tokio::test]
async fn a_rotation_is_due_listed_and_done_at_its_moment() {
    let sim = Sim::new().await;
    every(&sim, 30).await;
    assert_eq!(due(&sim).await, keys_due("2026-04-01T02:00:00Z"));
    sim.clock.advance_millis(30 * DAY * 1000 - 1);
    assert_eq!(jwks(&sim, "").await.keys.len(), 3);
    sim.clock.advance_millis(1);
    assert_eq!(jwks(&sim, "").await.keys.len(), 6, "the very request that finds it due sees it");
    assert_eq!(sets(&sim, "").await, told(&[(0, "used"), (1, "published")]));
    assert_eq!(due(&sim).await, keys_due("2026-05-01T02:00:00Z"));
    // Found late, it happened at its moment all the same.
    sim.advance(30 * DAY + 59);
    assert_eq!(sets(&sim, "").await, told(&[(0, "retired"), (1, "used"), (2, "published")]));
    let keys = sim.get("/admin/v1/keys").await.status(200).json();
    assert_eq!(keys[6]["published_at"], "2026-05-01T02:00:00Z");
    assert_eq!(keys[6]["used_from"], "2026-05-01T02:01:00Z");
    sim.advance(1);
    assert_eq!(sets(&sim, "").await, told(&[(0, "retired"), (1, "retiring"), (2, "used")]));
}

#[tokio::test]
async fn what_keys_come_to_by_themselves_is_due_too_and_the_clock_goes_there() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/keys/rotate", json!({})).await.status(200);
    let due = sim.get("/admin/v1/clock/due").await.status(200).json();
    let told = json!([
        {"at": "2026-03-02T02:01:00Z", "kind": "key_used", "to": "set 1"},
        {"at": "2026-03-02T03:01:00Z", "kind": "key_retired", "to": "set 0"},
    ]);
    assert_eq!(due, told);
    assert_eq!(sets(&sim, "").await, super::key_rotation::told(&[(0, "used"), (1, "published")]));
    for standing in [[(0, "retiring"), (1, "used")], [(0, "retired"), (1, "used")]] {
        sim.post("/admin/v1/clock/next", json!({})).await.status(200);
        assert_eq!(sets(&sim, "").await, super::key_rotation::told(&standing));
    }
    sim.post("/admin/v1/clock/next", json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_clock_goes_from_rotation_to_rotation() {
    let sim = Sim::new().await;
    every(&sim, 7).await;
    for (at, newest) in [("2026-03-09T02:00:00Z", 1), ("2026-03-16T02:00:00Z", 2)] {
        let mut clock = json!({});
        // Between two rotations the new key is used and the old one retired.
        for _ in 0..if newest == 1 { 1 } else { 3 } {
            clock = sim.post("/admin/v1/clock/next", json!({})).await.status(200).json();
        }
        assert_eq!(clock["now"], at);
        let happened = json!([{"at": at, "to": "provider", "what": "keys_rotated"}]);
        assert_eq!(clock["happened"], happened);
        assert_eq!(sets(&sim, "").await.last().unwrap(), &(newest, "published".to_owned()));
    }
}

#[tokio::test]
async fn another_rule_counts_anew_the_same_rule_goes_on_and_none_ends_it() {
    let sim = Sim::new().await;
    every(&sim, 30).await;
    sim.advance(10 * DAY);
    let same = json!({"key_rotation_days": 30, "review": "manual", "key_publish_seconds": 5});
    sim.put("/admin/v1/policy", same).await.status(200);
    assert_eq!(due(&sim).await, keys_due("2026-04-01T02:00:00Z"));
    every(&sim, 5).await;
    assert_eq!(due(&sim).await, keys_due("2026-03-17T02:00:00Z"), "five days from now");
    // A rotation on command is the last one too.
    sim.advance(2 * DAY);
    sim.post("/admin/v1/keys/rotate", json!({})).await.status(200);
    assert_eq!(due(&sim).await, keys_due("2026-03-19T02:00:00Z"));
    every(&sim, 0).await;
    assert_eq!(due(&sim).await, json!([]));
    sim.advance(400 * DAY);
    assert_eq!(sets(&sim, "").await, told(&[(0, "retired"), (1, "used")]));
    sim.post("/admin/v1/keys/rotate", json!({})).await.status(200);
    assert_eq!(due(&sim).await, json!([]), "on command only");
    // What a policy leaves out has its default: never.
    every(&sim, 5).await;
    sim.put("/admin/v1/policy", json!({})).await.status(200);
    assert_eq!(due(&sim).await, json!([]));
}

#[tokio::test]
async fn a_clock_that_leaps_over_many_periods_ends_right_and_soon() {
    let sim = Sim::new().await;
    every(&sim, 1).await;
    sim.post("/admin/v1/clock/set", json!({"at": "2199-12-31T02:00:30Z"})).await.status(200);
    let due = due(&sim).await;
    assert_eq!(due, keys_due("2200-01-01T02:00:00Z"));
    // 63,491 rotations, each at its own moment: the last one waits, the one before signs, the others have gone.
    let newest = 63_491 % 8;
    let sets = sets(&sim, "").await;
    assert_eq!(sets.len(), 8);
    assert_eq!(sets[7], (newest, "published".to_owned()));
    assert_eq!(sets[6], ((newest + 7) % 8, "used".to_owned()));
    assert!(sets[..6].iter().all(|(_, status)| status == "retired"), "{sets:?}");
    assert_eq!(jwks(&sim, "").await.keys.len(), 6);
}

#[tokio::test]
async fn what_happened_is_told_in_order() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after", "key_rotation_days": 1}))
        .await
        .status(200);
    let body = json!({"number": "097095000044", "phone": "0987654321"});
    sim.post("/app/v1/registrations", body).await.status(201);
    let clock = sim.post("/admin/v1/clock/advance", json!({"duration": "P20D"})).await;
    let happened = clock.status(200).json()["happened"].as_array().unwrap().clone();
    let of = |what: &str| happened.iter().filter(|it| it["what"] == what).count();
    assert_eq!((of("keys_rotated"), of("approved"), of("activation_overdue")), (20, 1, 1));
    let moments: Vec<_> = happened.iter().map(|it| it["at"].as_str().unwrap()).collect();
    assert!(moments.is_sorted(), "{happened:?}");
}

#[tokio::test]
async fn an_overlap_too_long_leaves_rotations_out_and_refuses_no_request() {
    let sim = Sim::new().await;
    let policy = json!({"key_rotation_days": 1, "key_overlap_seconds": 2_592_000});
    sim.put("/admin/v1/policy", policy).await.status(200);
    let clock = sim.post("/admin/v1/clock/advance", json!({"duration": "P10D"})).await;
    let happened = clock.status(200).json()["happened"].as_array().unwrap().clone();
    let what: Vec<_> = happened.iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(what[..7], ["keys_rotated"; 7]);
    assert_eq!(what[7..], ["key_rotation_left_out"; 3]);
    assert_eq!(jwks(&sim, "").await.keys.len(), 24);
    assert_eq!(sets(&sim, "").await[7], (7, "used".to_owned()));
    assert_eq!(due(&sim).await, keys_due("2026-03-13T02:00:00Z"), "the next one tries again");
}

#[tokio::test]
async fn a_reset_realm_has_no_rotation_due() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    let policy = json!({"key_rotation_days": 1});
    sim.put("/realms/x/admin/v1/policy", policy).await.status(200);
    assert_eq!(due(&sim).await, json!([]), "the other realm has none");
    sim.post("/admin/v1/realms/x/reset", json!({})).await.ok();
    sim.advance(3 * DAY);
    let due = sim.get("/realms/x/admin/v1/clock/due").await.status(200).json();
    assert_eq!(due, json!([]));
    assert_eq!(sets(&sim, "/realms/x").await, told(&[(0, "used")]));
}

#[tokio::test]
async fn fixtures_begin_a_realm_with_a_schedule() {
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("rules.toml");
    std::fs::write(&file, "[policy]\nkey_rotation_days = 2\n").unwrap();
    let config = mock_vneid::Config { fixtures: vec![file], ..mock_vneid::Config::default() };
    let sim = Sim::with(config).await;
    assert_eq!(due(&sim).await, keys_due("2026-03-04T02:00:00Z"));
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    sim.advance(2 * DAY);
    for realm in ["", "/realms/x"] {
        assert_eq!(sets(&sim, realm).await, told(&[(0, "used"), (1, "published")]), "{realm}");
    }
    sim.post("/admin/v1/realms/x/reset", json!({})).await.ok();
    let due = sim.get("/realms/x/admin/v1/clock/due").await.status(200).json();
    assert_eq!(due, keys_due("2026-03-06T02:00:00Z"));
}

/// Many requests find it due at once: it is done once, and every one of them answers as after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_first_of_many_requests_rotates_once_and_all_see_it() {
    // On disk a commit takes a while, in which the others must wait.
    let dir = tempfile::TempDir::new().unwrap();
    let store = mock_vneid::config::StoreChoice::sled(dir.path());
    let config = mock_vneid::Config { store, ..mock_vneid::Config::default() };
    let sim = Arc::new(Sim::with(config).await);
    let policy = json!({"key_rotation_days": 1, "key_publish_seconds": 0});
    sim.put("/admin/v1/policy", policy).await.status(200);
    for day in 1..=60 {
        sim.advance(DAY);
        let sees = |_| {
            let sim = Arc::clone(&sim);
            async move { sets(&sim, "").await.pop() }
        };
        for last in at_once((0..24).map(sees)).await {
            assert_eq!(last, Some((day % 8, "used".to_owned())));
        }
    }
}
