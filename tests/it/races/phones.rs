//! One phone, one account, however many want it at once.

use serde_json::json;

use super::{Arena, MANY, post, text};
use crate::{
    bad_input::{app, token_of},
    harness::rounds,
};

pub(super) async fn one_phone(arena: Arena) {
    let mut people = Vec::new();
    for _ in 0..MANY {
        let who = arena.somebody(json!({"state": "unregistered", "card": "valid"})).await;
        people.push(text(&who["number"]).to_owned());
    }
    let body = |number: &str| json!({"number": number, "phone": "0987654321"});
    let all = people.iter().map(|number| post("/app/v1/registrations", &body(number)));
    Arena::winner(&arena.at_once(all.collect()).await, &["phone_taken"]);
    let holders = arena.accounts().await;
    let holders: Vec<_> = holders.iter().filter(|it| it["phone"] == "0987654321").collect();
    assert_eq!(holders.len(), 1, "{holders:?}");
    let found = arena.sim.get("/admin/v1/citizens?phone=0987654321").await.status(200).json();
    assert_eq!(found["number"], holders[0]["number"]);
}

pub(super) async fn one_phone_change(arena: Arena) {
    let mut people = Vec::new();
    for _ in 0..MANY {
        let who = arena.somebody(json!({"situation": "level2_active"})).await;
        people.push(text(&who["number"]).to_owned());
    }
    let body = |number: &str| json!({"number": number, "phone": "0987654321"});
    let all = people.iter().enumerate().map(|(at, number)| {
        if at % 2 == 0 {
            return post("/desk/v1/phone-changes", &body(number));
        }
        let path = format!("/admin/v1/accounts/{number}/change_phone");
        post(&path, &json!({"phone": "0987654321"}))
    });
    Arena::winner(&arena.at_once(all.collect()).await, &["phone_taken"]);
    // The same in the app, each with an OTP to the new number.
    let mut steps = Vec::new();
    for number in people.iter().take(16) {
        if arena.sim.account(number).await["state"] != "active" {
            continue;
        }
        let token = token_of(&arena.sim, number, &format!("d-{number}")).await;
        let body = json!({"phone": "0987654322", "passcode": &number[6..]}).to_string();
        let begun = arena.sim.send(app("POST", "/app/v1/phone-changes", &token, body)).await;
        let id = text(&begun.status(201).json()["id"]).to_owned();
        steps.push(post(&format!("/app/v1/phone-changes/{id}/otp"), &arena.otp(&id).await));
    }
    Arena::winner(&arena.at_once(steps).await, &["phone_taken"]);
    for phone in ["0987654321", "0987654322"] {
        let all = arena.accounts().await;
        assert_eq!(all.iter().filter(|it| it["phone"] == phone).count(), 1, "{phone}");
    }
}

/// outside.md L4: two accounts, one phone, race after race (`MOCK_VNEID_RACES`).
pub(super) async fn one_phone_again_and_again(arena: Arena) {
    let mut people = Vec::new();
    for _ in 0..2 {
        let who = arena.somebody(json!({"situation": "level2_active"})).await;
        people.push(text(&who["number"]).to_owned());
    }
    let (wanted, mut done) = (rounds("MOCK_VNEID_RACES", 100), 0);
    for phone in (0..).map(|number: u64| format!("098{number:07}")) {
        if done == wanted {
            return;
        }
        // Some of them are the derived country's.
        if arena.sim.get(&format!("/admin/v1/citizens?phone={phone}")).await.status == 200 {
            continue;
        }
        done += 1;
        let wants = |number: &String| {
            post("/desk/v1/phone-changes", &json!({"number": number, "phone": phone}))
        };
        let replies = arena.at_once(people.iter().map(wants).collect()).await;
        Arena::winner(&replies, &["phone_taken"]);
        let mut holders = 0;
        for number in &people {
            holders += usize::from(arena.sim.account(number).await["phone"] == phone);
        }
        assert_eq!(holders, 1, "{phone}");
        if done % 1_000 == 0 {
            arena.sim.delete("/admin/v1/messages").await.ok();
        }
    }
}
