//! Typed records over any backend: reading, paging, expiry and changes, once.
//!
//! Expiry is judged here and nowhere else: at `expires_at` exactly, a record reads as absent.

use std::{any::Any, collections::BTreeMap, sync::Arc};

use parking_lot::RwLock;
use serde::{Serialize, de::DeserializeOwned};

use super::{Backend, Error, Key, Space, Versioned};
use crate::clock::Timestamp;

mod change;
mod read;
mod sweep;

pub use change::Change;
pub use read::Records;

/// A type that is stored. Its JSON is what lies on disk, so a change of shape must read the old one.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The byte that tells this kind from every other, for ever; `0x80` and above are passing.
    const KIND: u8;
}

/// The space of one kind of record in one realm generation.
pub const fn space_of<R: Record>(realm: u64) -> Space {
    Space { realm, kind: R::KIND }
}

/// A record together with the version to expect when replacing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded<R> {
    /// What was stored.
    pub record: R,
    /// For [`Change::replace`] and [`Change::expect_version`].
    pub version: u64,
}

/// The store as the use cases see it; clones share everything.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    /// Records that every request reads, decoded, see [`Records::shared`].
    decoded: Arc<RwLock<Decoded>>,
}

/// By key: the version that was decoded, and what it said.
type Decoded = BTreeMap<Key, (u64, Arc<dyn Any + Send + Sync>)>;

impl Store {
    /// Records over `backend`.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, decoded: Arc::default() }
    }

    /// The records of a realm as they are at a moment.
    pub fn records(&self, realm: u64, at: Timestamp) -> Records<'_> {
        Records { store: self, realm, now: at }
    }

    /// Stores a record, whatever was there.
    ///
    /// # Errors
    /// As [`Store::commit`], without [`Error::Conflict`].
    pub async fn put<R: Record>(
        &self,
        realm: u64,
        name: impl AsRef<[u8]> + Send,
        record: &R,
        expires_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let mut change = Change::new(realm, Timestamp::from_millis(0));
        change.put(name, record, expires_at);
        self.commit(change).await
    }

    /// Removes a record, if there is one.
    ///
    /// # Errors
    /// As [`Store::commit`], without [`Error::Conflict`].
    pub async fn delete<R: Record>(
        &self,
        realm: u64,
        name: impl AsRef<[u8]> + Send,
    ) -> Result<(), Error> {
        let mut change = Change::new(realm, Timestamp::from_millis(0));
        change.delete::<R>(name);
        self.commit(change).await
    }

    /// Returns once everything lasting that was answered before is on disk.
    ///
    /// # Errors
    /// What the backend answers.
    pub async fn flush(&self) -> Result<(), Error> {
        self.backend.flush().await
    }

    /// Drops everything of a realm generation that nobody writes to any more.
    ///
    /// # Errors
    /// What the backend answers.
    pub async fn clear(&self, realm: u64) -> Result<(), Error> {
        self.backend.clear(realm).await
    }

    /// A page of a space as it lies there, expired or not: for snapshots.
    ///
    /// # Errors
    /// What the backend answers.
    pub async fn raw_page(
        &self,
        space: Space,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<super::ScanPage, Error> {
        self.backend.scan(space, b"", after, limit).await
    }

    /// Writes a batch as it is: for snapshots.
    ///
    /// # Errors
    /// What the backend answers.
    pub async fn commit_raw(&self, batch: super::Batch) -> Result<(), Error> {
        self.backend.commit(batch).await
    }

    /// The spaces that hold anything, in order.
    ///
    /// # Errors
    /// What the backend answers.
    pub async fn spaces(&self) -> Result<Vec<Space>, Error> {
        self.backend.spaces().await
    }
}

/// Whether an entry reads as absent at `now`.
fn expired(entry: &Versioned, now: Timestamp) -> bool {
    entry.expires_at.is_some_and(|at| at <= now)
}

fn live(entry: Option<Versioned>, now: Timestamp) -> Option<Versioned> {
    entry.filter(|entry| !expired(entry, now))
}

fn decode<R: Record>(space: Space, entry: &Versioned) -> Result<R, Error> {
    serde_json::from_slice(&entry.bytes).map_err(|error| {
        Error::Corrupt(format!("a record of kind {:#04x} cannot be read: {error}", space.kind))
    })
}
