//! Messages that are lost, late, doubled, overtaken, misled or refused.

use mock_vneid::clock::Timestamp;
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

async fn with(rule: Value) -> Sim {
    let sim = Sim::new().await;
    sim.post("/admin/v1/faults", rule).await.status(201);
    sim
}

/// Lan types her password, so that an OTP is sent.
async fn asks_for_otp<'a>(sim: &'a Sim, portal: &Portal) -> Browser<'a> {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    browser
}

async fn latest(sim: &Sim) -> u16 {
    let path = format!("/admin/v1/messages/latest?to={}&purpose=otp", LAN.phone);
    sim.get(&path).await.status.as_u16()
}

fn statuses(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|it| it["status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_lost_otp_never_arrives_and_the_next_one_signs_in() {
    let sim = with(json!({"effect": "message.lost", "purpose": "otp", "times": 1})).await;
    let portal = Portal::plain(&sim).await;
    let mut browser = asks_for_otp(&sim, &portal).await;
    assert_eq!(latest(&sim).await, 404);
    assert_eq!(statuses(&sim.messages().await), ["sent"]);
    sim.advance(60);
    browser.submit("/login/otp/resend", &[]).await;
    let reply = LAN.types_otp(&mut browser).await;
    portal.code(&reply);
}

#[tokio::test]
async fn a_late_one_arrives_at_its_moment_and_is_the_newest_then() {
    let sim = with(json!({"effect": "message.late", "seconds": 90, "times": 1})).await;
    let portal = Portal::plain(&sim).await;
    asks_for_otp(&sim, &portal).await;
    sim.advance(89);
    assert_eq!(latest(&sim).await, 404);
    assert_eq!(statuses(&sim.messages().await), ["queued"]);
    sim.advance(1);
    assert_eq!(latest(&sim).await, 200);
    assert_eq!(statuses(&sim.messages().await), ["delivered"]);
    // The journal says when it was sent, and when it arrived.
    let told = sim.get("/admin/v1/journal?kind=message").await.status(200).json();
    let at = |place: usize| Timestamp::parse(told["items"][place]["at"].as_str().unwrap()).unwrap();
    assert_eq!(at(1).millis_since(at(0)), 90_000, "{told}");
}

#[tokio::test]
async fn an_overtaken_one_comes_after_the_next() {
    let sim = with(json!({"effect": "message.out_of_order", "times": 1})).await;
    let portal = Portal::plain(&sim).await;
    asks_for_otp(&sim, &portal).await;
    assert_eq!(latest(&sim).await, 404);
    let held = sim.messages().await[0]["id"].clone();
    asks_for_otp(&sim, &portal).await;
    let messages = sim.messages().await;
    assert_eq!(statuses(&messages), ["delivered", "delivered"]);
    assert_eq!(messages[1]["id"], held);
}

#[tokio::test]
async fn twice_misled_and_refused() {
    let sim = with(json!({"effect": "message.twice", "times": 1})).await;
    let portal = Portal::plain(&sim).await;
    asks_for_otp(&sim, &portal).await;
    let messages = sim.messages().await;
    assert_eq!(statuses(&messages), ["delivered", "delivered"]);
    assert_eq!(messages[0]["code"], messages[1]["code"]);

    let sim = with(json!({"effect": "message.gateway_down", "times": 1})).await;
    let portal = Portal::plain(&sim).await;
    asks_for_otp(&sim, &portal).await;
    assert_eq!(latest(&sim).await, 404);
    assert_eq!(statuses(&sim.messages().await), ["failed"]);

    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    sim.command(LAN.number, "change_phone", json!({"phone": "0987111222"})).await.status(200);
    let state = json!({"state": "active", "level": 2});
    sim.put(&format!("/admin/v1/accounts/{}/state", LAN.number), state).await.ok();
    let rule = json!({"effect": "message.old_number", "purpose": "otp"});
    sim.post("/admin/v1/faults", rule).await.status(201);
    asks_for_otp(&sim, &portal).await;
    assert_eq!(sim.messages().await.last().unwrap()["to"], LAN.phone);
}

#[tokio::test]
async fn of_two_rules_one_goes_off_and_the_other_waits() {
    let sim = with(json!({"effect": "message.lost", "times": 1})).await;
    sim.post("/admin/v1/faults", json!({"effect": "message.gateway_down", "times": 1})).await;
    let portal = Portal::plain(&sim).await;
    for _ in 0..3 {
        asks_for_otp(&sim, &portal).await;
    }
    assert_eq!(statuses(&sim.messages().await), ["sent", "failed", "delivered"]);
}
