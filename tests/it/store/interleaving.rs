//! What comes in between two steps of the records above a backend.

use std::sync::Arc;

use mock_vneid::store::{Backend, Batch, Expect, Key, Store, memory::Memory};

use super::{NOW, Otp, PASSING, after};
use crate::harness::between::{Between, with_another_after};

/// outside.md T21: what was written anew since the sweep looked at it is no leftover any more.
#[tokio::test]
async fn t21_a_sweep_leaves_alone_what_is_claimed_meanwhile() {
    let backend: Arc<dyn Backend> = Arc::new(Between(Arc::new(Memory::new())));
    let store = Store::new(Arc::clone(&backend));
    let otp = |code: &str| Otp { code: code.to_owned() };
    for name in ["dat", "lan"] {
        store.put(1, name, &otp("old"), Some(after(-1))).await.unwrap();
    }
    let lan = Key::new(PASSING, "lan");
    let old = backend.get(&lan).await.unwrap().unwrap().version;
    let bytes = serde_json::to_vec(&otp("new")).unwrap();
    let claim = Batch::default().expecting(lan.clone(), Expect::Version(old));
    let claim = claim.put(lan, bytes, Some(after(60_000)));
    let claiming = Arc::clone(&backend);
    let claims = async move { claiming.commit(claim).await.unwrap() };
    // After the sweep has looked, before it deletes.
    let (swept, came) = with_another_after(1, claims, store.sweep(PASSING, None, 9, NOW)).await;
    assert!(came);
    assert_eq!(swept.unwrap().removed, 1, "the other one goes");
    assert_eq!(store.records(1, NOW).get::<Otp>("lan").await.unwrap().unwrap().record, otp("new"));
    assert!(backend.get(&Key::new(PASSING, "dat")).await.unwrap().is_none());
}
