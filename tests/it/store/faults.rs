//! The decorator that fails when told to, and what the typed store makes of it.

use std::{error::Error as _, sync::Arc};

use mock_vneid::store::{Backend, Error, Store, faulty::Faulty, memory::Memory};
use serde_json::json;

use super::{Account, NOW, sign_in};
use crate::harness::{Sim, actors::LAN};

fn faulty() -> (Arc<Faulty>, Store) {
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new())));
    let store = Store::new(Arc::clone(&faulty) as _);
    (faulty, store)
}

#[tokio::test]
async fn unavailable_is_passed_on_and_changes_nothing() {
    let (faulty, store) = faulty();
    faulty.fail_commits(1);
    let refused = sign_in(&store).await.unwrap_err();
    assert_eq!(refused.to_string(), "the store is unavailable");
    assert_eq!(refused.source().unwrap().to_string(), "a fault was injected");
    assert_eq!(sign_in(&store).await.unwrap(), 1);
    faulty.fail_gets(2);
    assert!(matches!(sign_in(&store).await, Err(Error::Unavailable(_))));
    let scan = store.records(1, NOW).scan::<Account>(b"", None, 9).await;
    assert!(matches!(scan, Err(Error::Unavailable(_))));
    assert_eq!(sign_in(&store).await.unwrap(), 2);
}

/// A use case decides again when somebody else was quicker, 64 times; then the caller is told to try again.
#[tokio::test]
async fn conflicts_are_retried_but_not_for_ever() {
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new())));
    let sim = Sim::over(Arc::clone(&faulty) as Arc<dyn Backend>).await;
    let locks = json!({ "reason": "holders_request" });
    faulty.conflict_commits(65);
    sim.command(LAN.number, "lock", locks.clone()).await.problem(503, "store_failed");
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    faulty.conflict_commits(64);
    sim.command(LAN.number, "lock", locks).await.ok();
    assert_eq!(sim.account(LAN.number).await["state"], "locked");
}

#[tokio::test]
async fn a_lost_answer_has_happened() {
    let (faulty, store) = faulty();
    faulty.lose_answers(1);
    assert!(matches!(sign_in(&store).await, Err(Error::Unavailable(_))));
    assert_eq!(sign_in(&store).await.unwrap(), 2);
}
