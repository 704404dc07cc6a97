//! A realm's clock: set, advanced, frozen, resumed; exact to the millisecond.

use serde_json::{Value, json};

use crate::harness::{
    START, Sim,
    actors::{LAN, Portal},
};

async fn turned(sim: &Sim, how: &str, body: Value) -> Value {
    of_the_realm(sim, sim.post(&format!("/admin/v1/clock/{how}"), body).await.status(200).json())
}

async fn shown(sim: &Sim) -> Value {
    of_the_realm(sim, sim.get("/admin/v1/clock").await.status(200).json())
}

/// What is said of the realm's clock; beside it the wire's stands, which is the computer's (outside.md P1).
fn of_the_realm(sim: &Sim, mut said: Value) -> Value {
    let all = said.as_object_mut().unwrap();
    assert_eq!(all.remove("wire_time"), Some("real".into()));
    assert_eq!(all.remove("wire_now"), Some(sim.now().to_string().into()));
    said
}

fn running(now: &str, offset_ms: i64) -> Value {
    json!({"now": now, "mode": "running", "offset_ms": offset_ms})
}

fn frozen(now: &str) -> Value {
    json!({"now": now, "mode": "frozen", "offset_ms": 0})
}

#[tokio::test]
async fn it_runs_with_the_computers_clock_until_it_is_moved() {
    let sim = Sim::new().await;
    assert_eq!(shown(&sim).await, running(START, 0));
    sim.clock.advance_millis(1);
    assert_eq!(shown(&sim).await, running("2026-03-02T02:00:00.001Z", 0));
    let set = turned(&sim, "set", json!({"at": "2027-01-01T07:00:00+07:00"})).await;
    assert_eq!(set, running("2027-01-01T00:00:00Z", 26_344_799_999));
    sim.clock.advance_millis(1500);
    assert_eq!(shown(&sim).await["now"], "2027-01-01T00:00:01.5Z");
}

#[tokio::test]
async fn durations_add_up_in_viet_nams_calendar() {
    let sim = Sim::new().await;
    for (duration, now) in [
        ("PT181S", "2026-03-02T02:03:01Z"),
        ("-PT181S", START),
        ("PT0S", START),
        ("P7D", "2026-03-09T02:00:00Z"),
        ("P1M", "2026-04-09T02:00:00Z"),
        ("PT0.001S", "2026-04-09T02:00:00.001Z"),
        ("-PT0.001S", "2026-04-09T02:00:00Z"),
        ("P1Y2M3DT4H5M6S", "2027-06-12T06:05:06Z"),
        ("P1W", "2027-06-19T06:05:06Z"),
    ] {
        let clock = turned(&sim, "advance", json!({"duration": duration})).await;
        assert_eq!(clock["now"], now, "{duration}");
    }
}

#[tokio::test]
async fn it_stands_still_and_runs_on_from_there() {
    let sim = Sim::new().await;
    assert_eq!(turned(&sim, "freeze", json!({})).await, frozen(START));
    sim.advance(100);
    assert_eq!(shown(&sim).await, frozen(START));
    let moved = turned(&sim, "advance", json!({"duration": "PT1M"})).await;
    assert_eq!(moved, frozen("2026-03-02T02:01:00Z"));
    let set = turned(&sim, "set", json!({"at": "2026-05-01T00:00:00Z"})).await;
    assert_eq!(set, frozen("2026-05-01T00:00:00Z"));
    let at = turned(&sim, "freeze", json!({"at": START})).await;
    assert_eq!(at, frozen(START));
    assert_eq!(turned(&sim, "resume", json!({})).await, running(START, -100_000));
    sim.advance(1);
    assert_eq!(shown(&sim).await, running("2026-03-02T02:00:01Z", -100_000));
    assert_eq!(turned(&sim, "resume", json!({})).await["offset_ms"], -100_000);
}

#[tokio::test]
async fn a_refused_move_moves_nothing() {
    let sim = Sim::new().await;
    turned(&sim, "set", json!({"at": "2199-12-31T23:59:58Z"})).await;
    let advance = json!({"duration": "PT2S"});
    sim.post("/admin/v1/clock/advance", advance).await.problem(422, "invalid");
    assert_eq!(shown(&sim).await["now"], "2199-12-31T23:59:58Z");
    turned(&sim, "advance", json!({"duration": "PT1S"})).await;
    // A running clock runs on past the last moment it can be set to.
    sim.advance(3600);
    assert_eq!(shown(&sim).await["now"], "2200-01-01T00:59:59Z");
}

#[tokio::test]
async fn attack_68_every_door_answers_at_both_ends_of_time() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for at in ["1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z"] {
        turned(&sim, "freeze", json!({"at": at})).await;
        for (state, level) in [
            ("active", 1),
            ("approved", 2),
            ("activation_overdue", 1),
            ("temporarily_locked", 2),
            ("locked", 2),
            ("level0", 1),
        ] {
            let like = json!({"state": state, "level": level, "card": "none"});
            sim.post("/admin/v1/accounts", like).await.status(201);
        }
        for card in ["valid", "expiring", "expired", "lost"] {
            sim.post("/admin/v1/accounts", json!({"card": card})).await.status(201);
        }
        for age in [14, 120] {
            let reply = sim.post("/admin/v1/accounts", json!({"age": age})).await;
            assert!(!reply.status.is_server_error(), "{at} {age}: {}", reply.text());
        }
        let path = format!("/admin/v1/accounts/{}/state", LAN.number);
        sim.put(&path, json!({"state": "active"})).await.status(200);
        let body = json!({"client_id": portal.client_id, "citizen": LAN.number, "exchange": true});
        let reply = sim.post("/admin/v1/sign-ins", body).await;
        assert!(!reply.status.is_server_error(), "{at}: {}", reply.text());
        sim.get("/admin/v1/accounts?limit=1000").await.status(200);
        sim.get(&portal.request(&[])).await.status(303);
    }
}
