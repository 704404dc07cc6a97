//! What comes in between two steps of the records above a backend.

use std::sync::Arc;

use mock_vneid::store::{
    Answer, Backend, Batch, Expect, Key, Page, Space, Store, Versioned, memory::Memory,
};
use parking_lot::Mutex;

use super::{NOW, Otp, PASSING, after};

/// A backend that commits something else before the next commit it is asked for.
struct Before {
    inner: Memory,
    first: Mutex<Option<Batch>>,
}

impl Backend for Before {
    fn get<'a>(&'a self, key: &'a Key) -> Answer<'a, Option<Versioned>> {
        self.inner.get(key)
    }

    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> Answer<'a, Page> {
        self.inner.scan(space, prefix, after, limit)
    }

    fn commit(&self, batch: Batch) -> Answer<'_, ()> {
        let first = self.first.lock().take();
        Box::pin(async move {
            if let Some(first) = first {
                self.inner.commit(first).await?;
            }
            self.inner.commit(batch).await
        })
    }

    fn flush(&self) -> Answer<'_, ()> {
        self.inner.flush()
    }

    fn spaces(&self) -> Answer<'_, Vec<Space>> {
        self.inner.spaces()
    }

    fn clear(&self, realm: u64) -> Answer<'_, ()> {
        self.inner.clear(realm)
    }
}

/// outside.md T21: what was written anew since the sweep looked at it is no leftover any more.
#[tokio::test]
async fn t21_a_sweep_leaves_alone_what_is_claimed_meanwhile() {
    let backend = Arc::new(Before { inner: Memory::new(), first: Mutex::default() });
    let store = Store::new(Arc::clone(&backend) as Arc<dyn Backend>);
    let otp = |code: &str| Otp { code: code.to_owned() };
    for name in ["dat", "lan"] {
        store.put(1, name, &otp("old"), Some(after(-1))).await.unwrap();
    }
    let lan = Key::new(PASSING, "lan");
    let old = backend.get(&lan).await.unwrap().unwrap().version;
    let bytes = serde_json::to_vec(&otp("new")).unwrap();
    let claim = Batch::default().expecting(lan.clone(), Expect::Version(old));
    *backend.first.lock() = Some(claim.put(lan, bytes, Some(after(60_000))));
    let swept = store.sweep(PASSING, None, 9, NOW).await.unwrap();
    assert_eq!(swept.removed, 1, "the other one goes");
    assert_eq!(store.get::<Otp>(1, "lan", NOW).await.unwrap().unwrap().record, otp("new"));
    assert!(backend.get(&Key::new(PASSING, "dat")).await.unwrap().is_none());
}
