//! Where two things meet: a sweep and a restore, a reader and a clock that goes back, a lost race and a fault, two forks.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, http::Method};
use mock_vneid::store::sled::Sled;
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
    payload, query, request,
};

const SNAPSHOT: &str = "/admin/v1/realms/default/snapshot";

/// What frees a realm that was replaced may hold the directory a moment longer than its simulator.
async fn over(folder: &std::path::Path) -> Sim {
    for _ in 0..500 {
        if let Ok(store) = Sled::open(folder) {
            return Sim::over(Arc::new(store)).await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} is still in use", folder.display());
}

#[tokio::test]
async fn a_sweep_leaves_a_realm_alone_that_is_being_restored() {
    let folder = tempfile::tempdir().unwrap();
    let sim = over(folder.path()).await;
    for _ in 0..300 {
        let like = json!({"level": 1, "state": "locked", "reason": "breach_of_terms"});
        sim.post("/admin/v1/accounts", like).await.status(201);
    }
    let taken = sim.get(SNAPSHOT).await.status(200).json();
    let many = taken["entries"].as_array().unwrap().len();
    assert!(many > 500, "{many}");
    let restored = std::sync::atomic::AtomicBool::new(false);
    let restore = async {
        sim.put("/admin/v1/realms/again/snapshot", taken.clone()).await.status(200);
        restored.store(true, std::sync::atomic::Ordering::SeqCst);
    };
    let sweeps = async {
        while !restored.load(std::sync::atomic::Ordering::SeqCst) {
            sim.app.flow().sweep().await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(restore, sweeps);
    let back = sim.get("/admin/v1/realms/again/snapshot").await.status(200).json();
    assert_eq!(back["entries"].as_array().unwrap().len(), many);
}

#[tokio::test]
async fn a_reader_who_waits_follows_a_clock_that_goes_back() {
    let sim = Sim::new().await;
    let clock = async |how: &str, duration: &str| {
        let path = format!("/admin/v1/clock/{how}");
        sim.post(&path, json!({"duration": duration})).await.status(200);
    };
    clock("advance", "P365D").await;
    let reads = sim.get("/admin/v1/messages/latest?to=0900000000&wait=2s");
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        clock("advance", "-P365D").await;
        sim.post("/admin/v1/accounts", json!({"level": 2, "state": "approved"})).await.json()
    };
    let (read, account) = tokio::join!(reads, meanwhile);
    read.status(404);
    // Its seven days have not begun to pass, and nothing was done as if they had.
    let due = sim.get("/admin/v1/journal?kind=due").await.status(200).json();
    assert_eq!(due["items"], json!([]));
    assert_eq!(sim.account(account["number"].as_str().unwrap()).await["state"], "approved");
}

#[tokio::test]
async fn a_snapshot_goes_on_whatever_its_store_was_started() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for _ in 0..3 {
        drop(over(old.path()).await);
    }
    let sim = over(old.path()).await;
    sim.command(LAN.number, "lock", json!({"reason": "breach_of_terms"})).await.status(200);
    let client = || json!({"client_name": "P", "redirect_uris": ["https://p.example/cb"]});
    sim.post("/admin/v1/clients", client()).await.status(201);
    let messages = sim.messages().await;
    assert!(!messages.is_empty());
    let taken = sim.get(SNAPSHOT).await.status(200).json();
    let next = sim.post("/admin/v1/clients", client()).await.status(201).json();

    let other = over(new.path()).await;
    other.put(SNAPSHOT, taken.clone()).await.status(200);
    assert_eq!(other.messages().await, messages);
    assert_eq!(other.post("/admin/v1/clients", client()).await.status(201).json(), next);
    // After a start of its own, too: what was said stays, and nothing is drawn twice.
    drop(other);
    let again = over(new.path()).await;
    assert_eq!(again.messages().await, messages);
    again.post("/admin/v1/clients", client()).await.status(201);
    // And here, where more starts were counted since.
    drop(sim);
    let sim = over(old.path()).await;
    sim.put(SNAPSHOT, taken).await.status(200);
    assert_eq!(sim.post("/admin/v1/clients", client()).await.status(201).json(), next);
}

#[tokio::test]
async fn a_lost_race_uses_up_no_fault() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    // The first try finds that somebody was quicker, the second one counts.
    for rule in [
        json!({"effect": "store.conflict", "door": "POST /login*", "operations": 1}),
        json!({"effect": "store.conflict", "door": "POST /admin/v1/sign-ins", "operations": 1}),
        json!({"effect": "message.lost", "id": "lost", "times": 1}),
        json!({"effect": "callback.replayed_code", "id": "replayed", "client_id": portal.client_id}),
    ] {
        sim.post("/admin/v1/faults", rule).await.status(201);
    }
    let fired = async |id: &str| {
        let rule = sim.get(&format!("/admin/v1/faults/{id}")).await.status(200).json();
        (rule["seen"].clone(), rule["fired"].clone())
    };
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    assert_eq!(fired("lost").await, (json!(1), json!(1)));
    let statuses: Vec<Value> =
        sim.messages().await.iter().map(|message| message["status"].clone()).collect();
    assert_eq!(statuses, ["sent"]);
    let noted = sim.get("/admin/v1/journal?kind=fault&limit=1000").await.json();
    let lost = noted["items"].as_array().unwrap().iter().filter(|it| it["data"]["id"] == "lost");
    assert_eq!(lost.count(), 1);
    // The code before is the one before, whichever try came through.
    sim.advance(60);
    browser.submit("/login/otp/resend", &[]).await;
    let reply = LAN.types_otp(&mut browser).await;
    let first = query(&reply.location(), "code").unwrap();
    let more = [("prompt", "login")];
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&more)).await.status(200);
    let second = DUC.signs_in(&mut browser).await;
    let replayed = query(&second.location(), "code").unwrap();
    assert_ne!(replayed, first, "nobody had a code before the first");
    let tokens = portal.redeems(&sim, &replayed, &[]).await.status(200).json();
    let whose = payload(tokens["id_token"].as_str().unwrap())["sub"].clone();
    assert_eq!(whose, sim.account(LAN.number).await["subject"], "the code of the sign-in before");
    portal.redeems(&sim, &replayed, &[]).await.oauth(400, "invalid_grant");
    assert_eq!(fired("replayed").await, (json!(2), json!(2)));
}

#[tokio::test]
async fn two_forks_to_one_name_are_one() {
    let folder = tempfile::tempdir().unwrap();
    let sim = over(folder.path()).await;
    for _ in 0..50 {
        sim.post(
            "/admin/v1/accounts",
            json!({"level": 1, "state": "locked", "reason": "breach_of_terms"}),
        )
        .await
        .status(201);
    }
    // The second begins a little later each time, so that it meets the first wherever that is.
    for later in 0..60 {
        let fork = || {
            let body = json!({"name": format!("b-{later}")});
            sim.post("/admin/v1/realms/default/fork", body)
        };
        let second = async {
            for _ in 0..later * 25 {
                tokio::task::yield_now().await;
            }
            fork().await
        };
        let (one, other) = tokio::join!(fork(), second);
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{later}");
    }
}

#[tokio::test]
async fn a_realm_is_entered_by_its_name_alone() {
    let sim = Sim::new().await;
    let rule = json!({"effect": "door.status", "door": "/oauth2/jwks"});
    sim.post("/admin/v1/faults", rule).await.status(201);
    sim.get("/realms/default/oauth2/jwks").await.problem(503, "fault");
    // An escape that the router would undo is no way around faults, quotas and journal.
    sim.get("/realms/%64efault/oauth2/jwks").await.problem(404, "not_found");
}

#[tokio::test]
async fn a_page_sees_what_went_wrong_and_its_preflight_uses_up_nothing() {
    let sim = Sim::new().await;
    let rule = json!({"effect": "door.too_many_requests", "id": "busy", "door": "/oauth2/userinfo", "times": 1});
    sim.post("/admin/v1/faults", rule).await.status(201);
    let asks = |method: &str| {
        request(Method::from_bytes(method.as_bytes()).unwrap(), "/oauth2/userinfo")
            .header("origin", "https://spa.example")
            .header("access-control-request-method", "GET")
            .body(Body::empty())
            .unwrap()
    };
    sim.send(asks("OPTIONS")).await.status(200);
    assert_eq!(sim.get("/admin/v1/faults/busy").await.json()["seen"], 0);
    let reply = sim.send(asks("GET")).await.status(429);
    assert_eq!(reply.header("access-control-allow-origin"), "https://spa.example");
    assert!(reply.header("access-control-expose-headers").contains("retry-after"));
}

#[tokio::test]
async fn a_due_entry_that_lies_elsewhere_is_refused() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/accounts", json!({"level": 2, "state": "approved"})).await.status(201);
    let taken = sim.get(SNAPSHOT).await.status(200).json();
    let is_due = |entry: &Value| entry["value"]["account"].is_string();
    let at = taken["entries"].as_array().unwrap().iter().position(is_due).unwrap();
    for name in ["eA", "AAAAAAAAAAB4"] {
        let mut odd = taken.clone();
        odd["entries"][at]["name"] = name.into();
        sim.put(SNAPSHOT, odd).await.problem(422, "invalid");
    }
    sim.put(SNAPSHOT, taken).await.status(200);
}
