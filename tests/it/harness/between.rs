//! A backend that lets somebody else in between two steps of a request: after any of its reads, a whole other request is
//! answered before it goes on. What holds at every such place holds however two requests fall together.

use std::{cell::RefCell, pin::Pin, sync::Arc, time::Duration};

use mock_vneid::store::{Backend, Batch, Key, ScanPage, Space, StoreFuture, Versioned};

/// How long the other is waited for: it may want a lock that the first one holds.
const PATIENCE: Duration = Duration::from_millis(200);

type Other = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Who comes, and how many reads before.
struct Visit {
    reads: usize,
    other: Option<Other>,
}

tokio::task_local! {
    static VISIT: RefCell<Visit>;
}

/// Carries `work` out and lets `other` in after its first `reads` reads; whether it came to that.
pub(crate) async fn with_another_after<T>(
    reads: usize,
    other: impl Future<Output = ()> + Send + 'static,
    work: impl Future<Output = T>,
) -> (T, bool) {
    let visit = RefCell::new(Visit { reads, other: Some(Box::pin(other)) });
    let work = async {
        let done = work.await;
        (done, VISIT.with(|visit| visit.borrow().other.is_none()))
    };
    VISIT.scope(visit, work).await
}

/// The other, if it is due after this read.
fn due() -> Option<Other> {
    let due = |visit: &RefCell<Visit>| {
        let mut visit = visit.borrow_mut();
        visit.reads = visit.reads.saturating_sub(1);
        if visit.reads == 0 { visit.other.take() } else { None }
    };
    VISIT.try_with(due).ok().flatten()
}

/// The decorator; requests that expect nobody pass through.
pub(crate) struct Between(pub(crate) Arc<dyn Backend>);

impl Between {
    async fn read<T>(&self, answer: StoreFuture<'_, T>) -> Result<T, mock_vneid::store::Error> {
        let answer = answer.await;
        if let Some(other) = due() {
            // A task of its own: it goes on even if it is not waited for to its end.
            drop(tokio::time::timeout(PATIENCE, tokio::spawn(other)).await);
        }
        answer
    }
}

impl Backend for Between {
    fn get<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Versioned>> {
        Box::pin(self.read(self.0.get(key)))
    }

    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> StoreFuture<'a, ScanPage> {
        Box::pin(self.read(self.0.scan(space, prefix, after, limit)))
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, ()> {
        self.0.commit(batch)
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        self.0.flush()
    }

    fn spaces(&self) -> StoreFuture<'_, Vec<Space>> {
        self.0.spaces()
    }

    fn clear(&self, realm: u64) -> StoreFuture<'_, ()> {
        self.0.clear(realm)
    }
}
