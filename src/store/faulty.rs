//! A backend that fails when told to, wrapped around one that does not.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use super::{
    Backend, Batch, Error, Key, ScanPage, Space, StoreFuture, Versioned,
    injected::{due, injected},
};

/// A decorator whose next operations can be made to fail; everything else passes through.
pub struct Faulty {
    inner: Arc<dyn Backend>,
    unavailable_gets: AtomicU32,
    passing_commits: AtomicU32,
    unavailable_commits: AtomicU32,
    conflicting_commits: AtomicU32,
    lost_answers: AtomicU32,
}

impl Faulty {
    /// Wraps `inner`, with no faults yet.
    pub fn new(inner: Arc<dyn Backend>) -> Self {
        Self {
            inner,
            unavailable_gets: AtomicU32::new(0),
            passing_commits: AtomicU32::new(0),
            unavailable_commits: AtomicU32::new(0),
            conflicting_commits: AtomicU32::new(0),
            lost_answers: AtomicU32::new(0),
        }
    }

    /// The next `times` gets and scans answer [`Error::Unavailable`].
    pub fn fail_gets(&self, times: u32) {
        self.unavailable_gets.store(times, Ordering::SeqCst);
    }

    /// The next `times` commits change nothing and answer [`Error::Unavailable`].
    pub fn fail_commits(&self, times: u32) {
        self.passing_commits.store(0, Ordering::SeqCst);
        self.unavailable_commits.store(times, Ordering::SeqCst);
    }

    /// `passing` commits go through; the one after them changes nothing and answers [`Error::Unavailable`].
    pub fn fail_commit_after(&self, passing: u32) {
        self.fail_commits(1);
        self.passing_commits.store(passing, Ordering::SeqCst);
    }

    /// The next `times` commits change nothing and answer [`Error::Conflict`].
    pub fn conflict_commits(&self, times: u32) {
        self.conflicting_commits.store(times, Ordering::SeqCst);
    }

    /// The next `times` commits happen, yet answer [`Error::Unavailable`], as over a cut wire.
    pub fn lose_answers(&self, times: u32) {
        self.lost_answers.store(times, Ordering::SeqCst);
    }
}

impl Backend for Faulty {
    fn get<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Versioned>> {
        Box::pin(async move {
            if due(&self.unavailable_gets) {
                return Err(injected());
            }
            self.inner.get(key).await
        })
    }

    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> StoreFuture<'a, ScanPage> {
        Box::pin(async move {
            if due(&self.unavailable_gets) {
                return Err(injected());
            }
            self.inner.scan(space, prefix, after, limit).await
        })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            if !due(&self.passing_commits) && due(&self.unavailable_commits) {
                return Err(injected());
            }
            if due(&self.conflicting_commits) {
                return Err(Error::Conflict);
            }
            self.inner.commit(batch).await?;
            if due(&self.lost_answers) { Err(injected()) } else { Ok(()) }
        })
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        self.inner.flush()
    }

    fn spaces(&self) -> StoreFuture<'_, Vec<Space>> {
        self.inner.spaces()
    }

    fn clear(&self, realm: u64) -> StoreFuture<'_, ()> {
        self.inner.clear(realm)
    }
}
