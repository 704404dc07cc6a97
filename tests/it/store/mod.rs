//! The store: one contract, kept by every backend; and what only a directory must keep.

use std::sync::Arc;

use mock_vneid::{
    clock::Timestamp,
    store::{
        Backend, Error, Key, Record, Space, Store, Versioned, faulty::Faulty, memory::Memory,
        sled::Sled,
    },
};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

mod conformance;
mod faults;
mod interleaving;
mod kill;
mod model;
mod records;
mod reopen;

/// Runs each check, `async fn(Fixture)`, on every backend.
macro_rules! on_every_backend {
    ($($check:ident),* $(,)?) => {
        mod memory { $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() { super::$check(crate::store::Fixture::memory()).await; })* }
        mod sled { $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() { super::$check(crate::store::Fixture::sled()).await; })* }
        mod faulty { $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() { super::$check(crate::store::Fixture::faulty()).await; })* }
    };
}
use on_every_backend;

const LASTING: Space = Space { realm: 1, kind: 0x01 };
const PASSING: Space = Space { realm: 1, kind: 0x81 };
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A backend under test, with the directory it may need.
struct Fixture {
    backend: Arc<dyn Backend>,
    _dir: Option<TempDir>,
}

impl Fixture {
    fn memory() -> Self {
        Self { backend: Arc::new(Memory::new()), _dir: None }
    }

    fn sled() -> Self {
        let dir = TempDir::new().unwrap();
        Self { backend: Arc::new(Sled::open(dir.path()).unwrap()), _dir: Some(dir) }
    }

    fn faulty() -> Self {
        Self { backend: Arc::new(Faulty::new(Arc::new(Memory::new()))), _dir: None }
    }

    fn store(&self) -> Store {
        Store::new(Arc::clone(&self.backend))
    }

    async fn get(&self, key: &Key) -> Option<Versioned> {
        self.backend.get(key).await.unwrap()
    }

    async fn version(&self, key: &Key) -> u64 {
        self.get(key).await.unwrap().version
    }

    async fn bytes(&self, key: &Key) -> Option<Vec<u8>> {
        self.get(key).await.map(|entry| entry.bytes.to_vec())
    }
}

fn after(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() + millis)
}

/// A lasting record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    signed_in: u64,
}

impl Record for Account {
    const KIND: u8 = 0x01;
}

/// A passing record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Otp {
    code: String,
}

impl Record for Otp {
    const KIND: u8 = 0x81;
}

/// Counts a sign-in: load, decide, commit; a conflict if somebody else was quicker.
async fn sign_in(store: &Store) -> Result<u64, Error> {
    let records = store.records(1, NOW);
    let found = records.get::<Account>("lan").await?;
    let signed_in = found.as_ref().map_or(0, |found| found.record.signed_in) + 1;
    let mut change = records.change();
    change.write_over("lan", found.map(|found| found.version), &Account { signed_in }, None);
    store.commit(change).await.map(|()| signed_in)
}
