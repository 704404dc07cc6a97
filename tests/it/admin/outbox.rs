//! The outbox under many writers: no reader misses a message, and the oldest go.

use std::sync::Arc;

use mock_vneid::{
    flow::{
        Realm,
        holder::accounts::AdminCommand::{Lock, Unlock},
        realm::outbox::{KEPT, MessageFilter},
    },
    identity::{IdNumber, lock::LockReason},
};

use crate::harness::{Sim, actors::LAN};

async fn realm(sim: &Sim) -> Realm {
    sim.app.flow().realm("default").await.unwrap()
}

/// Locks and unlocks, which tells the holder twice.
async fn toggles(realm: &Realm, number: &IdNumber) {
    for command in [Lock(LockReason::HoldersRequest, None), Unlock(None)] {
        realm.at_present().command_account(number, command).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_who_goes_on_from_a_cursor_misses_nothing() {
    let sim = Arc::new(Sim::new().await);
    let realm = realm(&sim).await;
    let mut writers = Vec::new();
    for _ in 0..8 {
        let body = serde_json::json!({"level": 2});
        let person = sim.post("/admin/v1/accounts", body).await.status(201).json();
        let number = IdNumber::parse(person["number"].as_str().unwrap()).unwrap();
        let realm = realm.clone();
        writers.push(tokio::spawn(async move {
            for _ in 0..50 {
                toggles(&realm, &number).await;
            }
        }));
    }
    let (mut seen, mut after) = (0, 0);
    loop {
        let over = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let filter = MessageFilter { after, ..MessageFilter::default() };
        let page = realm.messages(&filter, 64).await.unwrap();
        assert!(page.windows(2).all(|pair| pair[0].cursor < pair[1].cursor));
        seen += page.len();
        after = page.last().map_or(after, |last| last.cursor);
        if over && page.is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let all = realm.messages(&MessageFilter::default(), usize::MAX).await.unwrap();
    assert_eq!(seen, all.len());
}

#[tokio::test]
async fn beyond_fifty_thousand_the_oldest_go() {
    let sim = Sim::new().await;
    let realm = realm(&sim).await;
    let number = IdNumber::parse(LAN.number).unwrap();
    // SMS, e-mail and app notice, twice.
    for _ in 0..=KEPT / 6 {
        toggles(&realm, &number).await;
    }
    let before = realm.messages(&MessageFilter::default(), usize::MAX).await.unwrap();
    assert!(before.len() > KEPT);
    sim.app.flow().sweep().await.unwrap();
    let after = realm.messages(&MessageFilter::default(), usize::MAX).await.unwrap();
    assert_eq!(after, before[before.len() - KEPT..]);
    let mine = MessageFilter { citizen: Some(number), ..MessageFilter::default() };
    assert_eq!(realm.messages(&mine, usize::MAX).await.unwrap().len(), KEPT);
}
