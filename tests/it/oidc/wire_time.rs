//! outside.md P1: what the other side judges by its own clock travels in the computer's time, however the realm's clock was moved.

use mock_vneid::clock::{Stamp, Timestamp};
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
    payload,
};

/// The ways a tester moves time.
const MOVES: [(&str, &str, &str); 5] = [
    ("advance", "duration", "P8D"),
    ("advance", "duration", "PT3M"),
    ("advance", "duration", "-P1Y"),
    ("freeze", "at", "2026-03-01T00:00:00Z"),
    ("freeze", "at", "2027-03-01T00:00:00Z"),
];

async fn moved(sim: &Sim, (how, field, value): (&str, &str, &str)) {
    sim.post(&format!("/admin/v1/clock/{how}"), json!({field: value})).await.status(200);
}

fn claims(tokens: &Value) -> Value {
    payload(tokens["id_token"].as_str().unwrap())
}

#[tokio::test]
async fn p1_tokens_show_the_computers_time_however_the_clock_was_moved() {
    for how in MOVES {
        let sim = Sim::new().await;
        moved(&sim, how).await;
        let portal = Portal::registered(&sim, json!({"access_token_format": "jwt"})).await;
        let tokens = portal.offline_tokens(&sim, LAN).await;
        let begun = sim.seconds();
        let first = claims(&tokens);
        assert_eq!((&first["iat"], &first["auth_time"]), (&json!(begun), &json!(begun)), "{how:?}");
        assert_eq!(first["exp"], begun + 3600);
        let access = payload(tokens["access_token"].as_str().unwrap());
        assert_eq!((&access["iat"], &access["exp"]), (&json!(begun), &json!(begun + 3600)));
        assert_eq!(access["auth_time"], begun);
        // Ten real seconds and eight virtual days later: one session, one `auth_time`.
        sim.advance(10);
        moved(&sim, ("advance", "duration", "P8D")).await;
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let next = portal.refreshes(&sim, refresh, &[]).await.status(200).json();
        let second = claims(&next);
        assert_eq!((&second["iat"], &second["auth_time"]), (&json!(begun + 10), &json!(begun)));
        let said = portal.introspects(&sim, next["access_token"].as_str().unwrap()).await;
        assert_eq!((&said["iat"], &said["exp"]), (&json!(begun + 10), &json!(begun + 10 + 3600)));
        assert_eq!(said["auth_time"], begun);
        let said = portal.introspects(&sim, next["refresh_token"].as_str().unwrap()).await;
        assert_eq!(said["exp"], begun + 30 * 24 * 3600);
    }
}

/// The rules go on by the realm's clock: what is eight virtual days old is over, whatever its `exp` shows.
#[tokio::test]
async fn p1_the_rules_follow_the_realms_clock() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let token = portal.access_token_for(&sim, LAN).await;
    moved(&sim, ("advance", "duration", "PT59S")).await;
    portal.redeems(&sim, &code, &[]).await.status(200);
    let code = portal.code_for(&sim, LAN, json!({})).await;
    moved(&sim, ("advance", "duration", "PT60S")).await;
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    assert_eq!(portal.introspects(&sim, &token).await["active"], true);
    moved(&sim, ("advance", "duration", "PT1H")).await;
    assert_eq!(portal.introspects(&sim, &token).await, json!({"active": false}));
}

#[tokio::test]
async fn p1_the_policy_virtual_sends_the_realms_time() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let said = sim.get("/admin/v1/clock").await.json();
    assert_eq!((&said["wire_time"], &said["wire_now"]), (&json!("real"), &said["now"]));
    sim.patch("/admin/v1/policy", json!({"wire_time": "virtual"})).await.status(200);
    moved(&sim, ("advance", "duration", "P8D")).await;
    let said = sim.get("/admin/v1/clock").await.json();
    assert_eq!(said["wire_time"], "virtual");
    assert_eq!(said["wire_now"], said["now"]);
    let virtual_now = sim.seconds() + 8 * 24 * 3600;
    let shown = claims(&portal.offline_tokens(&sim, LAN).await);
    assert_eq!((&shown["iat"], &shown["auth_time"]), (&json!(virtual_now), &json!(virtual_now)));
    sim.patch("/admin/v1/policy", json!({"wire_time": "real"})).await.status(200);
    let said = sim.get("/admin/v1/clock").await.json();
    assert_eq!(
        (&said["wire_time"], &said["wire_now"]),
        (&json!("real"), &json!(sim.now().to_string()))
    );
    assert_ne!(said["wire_now"], said["now"]);
    sim.patch("/admin/v1/policy", json!({"wire_time": "other"})).await.status(422);
}

/// Contract §6: too old by either clock is too old.
#[tokio::test]
async fn p1_max_age_is_judged_by_both_clocks() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await;
    portal.code(&LAN.signs_in(&mut browser).await);
    let aged = portal.request(&[("max_age", "60"), ("prompt", "none")]);
    portal.code(&browser.open(&aged).await);
    // By the realm's alone.
    moved(&sim, ("advance", "duration", "PT61S")).await;
    assert_eq!(portal.error(&browser.open(&aged).await), "login_required");
    moved(&sim, ("advance", "duration", "-PT61S")).await;
    portal.code(&browser.open(&aged).await);
    // By the computer's alone.
    sim.post("/admin/v1/clock/freeze", json!({})).await.status(200);
    sim.advance(60);
    portal.code(&browser.open(&aged).await);
    sim.advance(1);
    assert_eq!(portal.error(&browser.open(&aged).await), "login_required");
}

/// A record of before wire time has one moment, which both clocks showed then.
#[test]
fn p1_a_stored_moment_of_before_is_read() {
    let old: Stamp = serde_json::from_str("1772416800000").unwrap();
    assert_eq!(old.at, Timestamp::from_millis(1_772_416_800_000));
    assert_eq!(old.wire.numeric_date(), 1_772_416_800);
    let new: Stamp = serde_json::from_value(json!({"at": 5000, "wire": 7000})).unwrap();
    assert_eq!((new.at, new.wire.numeric_date()), (Timestamp::from_millis(5000), 7));
    assert_eq!(serde_json::to_value(new).unwrap(), json!({"at": 5000, "wire": 7000}));
}
