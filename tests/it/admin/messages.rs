//! The outbox: filtered, paged, waited for, emptied.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DAT, LAN, NGOC},
};

async fn listed(sim: &Sim, query: &str) -> Vec<Value> {
    let list = sim.get(&format!("/admin/v1/messages{query}")).await.status(200).json();
    list["items"].as_array().unwrap().clone()
}

/// Locks and unlocks: a notice on every channel each time.
async fn with_messages() -> Sim {
    let sim = Sim::new().await;
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    sim.advance(1);
    sim.command(LAN.number, "unlock", json!({})).await.status(200);
    sim.advance(1);
    DAT.registers_in_the_app(&sim).await;
    sim
}

#[tokio::test]
async fn every_filter_takes_what_it_names_and_filters_add_up() {
    let sim = with_messages().await;
    let all = listed(&sim, "").await;
    assert!(all.len() >= 6, "{all:?}");
    let (lan, dat) = (LAN.number, DAT.number);
    for (query, name, value) in [
        (format!("?to={}", LAN.phone), "to", LAN.phone),
        ("?to=lan@example.com".to_owned(), "to", "lan@example.com"),
        (format!("?to={lan}"), "to", lan),
        (format!("?citizen={dat}"), "citizen", dat),
        ("?purpose=locked".to_owned(), "purpose", "locked"),
        ("?channel=app".to_owned(), "channel", "app"),
    ] {
        let found = listed(&sim, &query).await;
        let wanted: Vec<_> = all.iter().filter(|message| message[name] == value).cloned().collect();
        assert!(!wanted.is_empty() && wanted.len() < all.len(), "{query}");
        assert_eq!(found, wanted, "{query}");
    }
    let both = listed(&sim, &format!("?citizen={lan}&purpose=unlocked&channel=sms")).await;
    assert_eq!(both.len(), 1);
    assert_eq!(both[0]["at"], "2026-03-02T02:00:01Z");
    assert!(listed(&sim, &format!("?citizen={lan}&to={}", DAT.phone)).await.is_empty());
}

#[tokio::test]
async fn pages_follow_the_cursor_without_gap_or_repetition() {
    let sim = with_messages().await;
    let all = listed(&sim, "").await;
    for size in 1..=all.len() + 1 {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/admin/v1/messages?limit={size}{after}");
            let page = sim.get(&path).await.status(200).json();
            seen.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, all, "{size} a page");
    }
    let cursors: Vec<_> = all.iter().map(|message| message["cursor"].as_u64().unwrap()).collect();
    assert!(cursors.is_sorted_by(|one, two| one < two));
    assert!(listed(&sim, "?after=18446744073709551615").await.is_empty());
}

#[tokio::test]
async fn the_latest_is_the_newest_that_matches() {
    let sim = with_messages().await;
    let latest = sim.get("/admin/v1/messages/latest?channel=sms").await.status(200).json();
    assert_eq!(latest["purpose"], "approval");
    let lans = sim.get(&format!("/admin/v1/messages/latest?to={}", LAN.phone)).await.json();
    assert_eq!(lans["purpose"], "unlocked");
    let after = format!("/admin/v1/messages/latest?to={}&after={}", LAN.phone, lans["cursor"]);
    sim.get(&after).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_waiting_reader_wakes_up_with_the_message() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/messages/latest?to={}&purpose=approval&wait=30s", DAT.phone);
    let wait = sim.get(&path);
    let work = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        // Somebody else's message does not end the wait.
        sim.command(LAN.number, "lock", json!({})).await.status(200);
        tokio::time::sleep(Duration::from_millis(30)).await;
        DAT.registers_in_the_app(&sim).await;
    };
    let both = async { tokio::join!(wait, work).0 };
    let reply = tokio::time::timeout(Duration::from_secs(10), both).await.expect("it wakes up");
    assert_eq!(reply.status(200).json()["purpose"], "approval");
}

#[tokio::test]
async fn a_message_that_is_there_is_not_waited_for_and_none_is_a_404() {
    let sim = with_messages().await;
    let long = sim.get("/admin/v1/messages/latest?wait=60s");
    tokio::time::timeout(Duration::from_secs(5), long).await.expect("at once").status(200);
    for wait in ["", "&wait=0", "&wait=0s", "&wait=1", "&wait=1s"] {
        let path = format!("/admin/v1/messages/latest?to=0999999999{wait}");
        sim.get(&path).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn messages_are_deleted_one_by_one_or_all() {
    let sim = with_messages().await;
    let all = listed(&sim, "").await;
    let gone = &all[1]["cursor"];
    sim.delete(&format!("/admin/v1/messages/{gone}")).await.status(204);
    sim.delete(&format!("/admin/v1/messages/{gone}")).await.problem(404, "not_found");
    let left = listed(&sim, "").await;
    assert_eq!(left.len(), all.len() - 1);
    assert!(left.iter().all(|message| message["cursor"] != *gone));
    sim.delete("/admin/v1/messages").await.status(204);
    assert!(listed(&sim, "").await.is_empty());
    assert!(listed(&sim, &format!("?to={}", LAN.phone)).await.is_empty());
    assert!(listed(&sim, &format!("?citizen={}", LAN.number)).await.is_empty());
    sim.command(NGOC.number, "lock", json!({})).await.status(200);
    let new = listed(&sim, "").await;
    let last = all.last().unwrap()["cursor"].as_u64().unwrap();
    assert!(new[0]["cursor"].as_u64().unwrap() > last, "cursors are never used again");
}
