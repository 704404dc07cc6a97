//! Typed records over any backend: reading, paging, expiry and the compare-and-swap loop, once.
//!
//! Expiry is judged here and nowhere else: at `expires_at` exactly, a record reads as absent.

use std::{any::Any, collections::BTreeMap, sync::Arc};

use parking_lot::RwLock;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Mutex;

use super::{Backend, Error, Key, Space, Versioned};
use crate::clock::Timestamp;

mod change;
mod sweep;
mod update;

pub use change::Change;
pub use sweep::Swept;
pub use update::Verdict;

/// The most entries asked of a backend at once, so that a long scan lets others in between.
const PAGE: usize = 1_024;

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
    /// Where those queue who lost a race for a record, see [`Store::update`].
    queues: Arc<[Mutex<()>]>,
    /// Records that every request reads, decoded, see [`Store::shared`].
    decoded: Arc<RwLock<Decoded>>,
}

/// By key: the version that was decoded, and what it said.
type Decoded = BTreeMap<Key, (u64, Arc<dyn Any + Send + Sync>)>;

/// Most records that are kept decoded. A full memory is emptied: the next reader decodes again.
const MOST_DECODED: usize = 4_096;

impl Store {
    /// Records over `backend`.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        let queues = (0..update::QUEUES).map(|_| Mutex::new(())).collect();
        Self { backend, queues, decoded: Arc::default() }
    }

    /// The record called `name`, unless it is absent or has expired by `now`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when what is stored is no `R`; what the backend answers.
    pub async fn get<R: Record>(
        &self,
        realm: u64,
        name: impl AsRef<[u8]> + Send,
        now: Timestamp,
    ) -> Result<Option<Loaded<R>>, Error> {
        let key = Key::new(space_of::<R>(realm), name);
        match live(self.backend.get(&key).await?, now) {
            Some(entry) => {
                let record = decode(key.space, &entry)?;
                Ok(Some(Loaded { record, version: entry.version }))
            }
            None => Ok(None),
        }
    }

    /// The same as [`Store::get`] for records that nearly every request reads and hardly any writes: what was decoded
    /// once is shared as long as the backend has that version, which never returns.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn shared<R: Record>(
        &self,
        realm: u64,
        name: impl AsRef<[u8]> + Send,
        now: Timestamp,
    ) -> Result<Option<Arc<R>>, Error> {
        let key = Key::new(space_of::<R>(realm), name);
        let Some(entry) = live(self.backend.get(&key).await?, now) else { return Ok(None) };
        let known = self.decoded.read().get(&key).cloned();
        if let Some((version, record)) = known
            && version == entry.version
            && let Ok(record) = record.downcast::<R>()
        {
            return Ok(Some(record));
        }
        let record = Arc::new(decode::<R>(key.space, &entry)?);
        let mut decoded = self.decoded.write();
        if decoded.len() >= MOST_DECODED {
            decoded.clear();
        }
        decoded.insert(key, (entry.version, Arc::clone(&record) as Arc<dyn Any + Send + Sync>));
        Ok(Some(record))
    }

    /// At most `limit` records whose name begins with `prefix` and comes after `after`, in order.
    ///
    /// Expired ones are passed over and do not count. Fewer than `limit` means there are no more.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when what is stored is no `R`; what the backend answers.
    pub async fn scan<R: Record>(
        &self,
        realm: u64,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<(Box<[u8]>, R)>, Error> {
        let space = space_of::<R>(realm);
        let page = limit.min(PAGE);
        let mut after: Option<Box<[u8]>> = after.map(Into::into);
        let mut records = Vec::new();
        while records.len() < limit {
            let found = self.backend.scan(space, prefix, after.as_deref(), page).await?;
            let last = found.len() < page;
            after = found.last().map(|(name, _)| name.clone());
            for (name, entry) in found {
                if let Some(entry) = live(Some(entry), now) {
                    records.push((name, decode(space, &entry)?));
                }
            }
            if last {
                break;
            }
        }
        records.truncate(limit);
        Ok(records)
    }

    /// Begins an atomic change in `realm`; `now` tells a record that is in the way from one that
    /// has expired.
    pub fn change(&self, realm: u64, now: Timestamp) -> Change {
        Change::new(realm, now)
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
    ) -> Result<super::Page, Error> {
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
