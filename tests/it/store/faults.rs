//! The decorator that fails when told to, and what the typed store makes of it.

use std::{error::Error as _, sync::Arc};

use mock_vneid::store::{Error, Store, Verdict, faulty::Faulty, memory::Memory};

use super::{Account, NOW};

fn faulty() -> (Arc<Faulty>, Store) {
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new())));
    let store = Store::new(Arc::clone(&faulty) as _);
    (faulty, store)
}

async fn sign_in(store: &Store) -> Result<u64, Error> {
    let decide = |old: Option<Account>, _: &mut _| {
        let signed_in = old.map_or(0, |account| account.signed_in) + 1;
        (Verdict::Put(Account { signed_in }, None), signed_in)
    };
    store.update(1, "lan", NOW, decide).await
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
    let scan = store.scan::<Account>(1, b"", None, 9, NOW).await;
    assert!(matches!(scan, Err(Error::Unavailable(_))));
    assert_eq!(sign_in(&store).await.unwrap(), 2);
}

#[tokio::test]
async fn conflicts_are_retried_but_not_for_ever() {
    let (faulty, store) = faulty();
    faulty.conflict_commits(63);
    assert_eq!(sign_in(&store).await.unwrap(), 1);
    faulty.conflict_commits(64);
    assert!(matches!(sign_in(&store).await, Err(Error::Conflict)));
    assert_eq!(sign_in(&store).await.unwrap(), 2);
}

#[tokio::test]
async fn a_lost_answer_has_happened() {
    let (faulty, store) = faulty();
    faulty.lose_answers(1);
    assert!(matches!(sign_in(&store).await, Err(Error::Unavailable(_))));
    assert_eq!(sign_in(&store).await.unwrap(), 2);
}
