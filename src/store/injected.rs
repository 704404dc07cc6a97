//! A backend that fails for one request and no other: the order travels with the task that carries the request out.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use super::{Backend, Batch, Error, Key, ScanPage, Space, StoreFuture, Versioned};

/// How operations fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreFailure {
    /// Reads answer [`Error::Unavailable`].
    Reads,
    /// Commits change nothing and answer [`Error::Unavailable`].
    Writes,
    /// Commits change nothing and answer [`Error::Conflict`].
    Conflicts,
    /// Commits happen, yet answer [`Error::Unavailable`], as over a cut wire.
    Answers,
}

/// What a request's operations are in for.
#[derive(Debug)]
struct Order {
    failure: StoreFailure,
    left: AtomicU32,
}

/// Uses up one of the faults that were ordered, if any is left.
pub(super) fn due(counter: &AtomicU32) -> bool {
    counter.try_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

pub(super) fn injected() -> Error {
    Error::unavailable("a fault was injected")
}

tokio::task_local! {
    static ORDER: Order;
}

/// Carries `work` out with the first `operations` operations of that kind failing.
pub async fn under<F: Future>(failure: StoreFailure, operations: u32, work: F) -> F::Output {
    ORDER.scope(Order { failure, left: AtomicU32::new(operations) }, work).await
}

/// Whether an operation fails so, which uses the order up by one.
fn fails(how: StoreFailure) -> bool {
    ORDER.try_with(|order| order.failure == how && due(&order.left)).unwrap_or(false)
}

/// The decorator. Without an order it hands everything through and costs nothing.
pub struct Injected(pub Arc<dyn Backend>);

impl Backend for Injected {
    fn get<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Versioned>> {
        if fails(StoreFailure::Reads) {
            Box::pin(async { Err(injected()) })
        } else {
            self.0.get(key)
        }
    }

    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> StoreFuture<'a, ScanPage> {
        if fails(StoreFailure::Reads) {
            return Box::pin(async { Err(injected()) });
        }
        self.0.scan(space, prefix, after, limit)
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, ()> {
        if fails(StoreFailure::Writes) {
            return Box::pin(async { Err(injected()) });
        }
        if fails(StoreFailure::Conflicts) {
            return Box::pin(async { Err(Error::Conflict) });
        }
        if fails(StoreFailure::Answers) {
            return Box::pin(async {
                self.0.commit(batch).await?;
                Err(injected())
            });
        }
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
