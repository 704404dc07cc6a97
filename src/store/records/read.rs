//! The records of one realm at a moment: read, listed, changed.

use std::{any::Any, sync::Arc};

use super::{Change, Loaded, Record, Store, decode, live, space_of};
use crate::{
    clock::Timestamp,
    store::{Error, Key},
};

/// The most entries asked of a backend at once, so that a long scan lets others in between.
const PAGE: usize = 1_024;

/// Most records that are kept decoded. A full memory is emptied: the next reader decodes again.
const MOST_DECODED: usize = 4_096;

/// What a realm holds at a moment: what has expired by then reads as absent.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    pub(super) store: &'a Store,
    pub(super) realm: u64,
    pub(super) now: Timestamp,
}

impl Records<'_> {
    /// The record called `name`, unless it is absent or has expired by `now`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when what is stored is no `R`; what the backend answers.
    pub async fn get<R: Record>(
        &self,
        name: impl AsRef<[u8]> + Send,
    ) -> Result<Option<Loaded<R>>, Error> {
        let key = Key::new(space_of::<R>(self.realm), name);
        match live(self.store.backend.get(&key).await?, self.now) {
            Some(entry) => {
                let record = decode(key.space, &entry)?;
                Ok(Some(Loaded { record, version: entry.version }))
            }
            None => Ok(None),
        }
    }

    /// The same as [`Records::get`] for records that nearly every request reads and hardly any writes: what was decoded
    /// once is shared as long as the backend has that version, which never returns.
    ///
    /// # Errors
    /// As [`Records::get`].
    pub async fn shared<R: Record>(
        &self,
        name: impl AsRef<[u8]> + Send,
    ) -> Result<Option<Arc<R>>, Error> {
        let key = Key::new(space_of::<R>(self.realm), name);
        let Some(entry) = live(self.store.backend.get(&key).await?, self.now) else {
            return Ok(None);
        };
        let known = self.store.decoded.read().get(&key).cloned();
        if let Some((version, record)) = known
            && version == entry.version
            && let Ok(record) = record.downcast::<R>()
        {
            return Ok(Some(record));
        }
        let record = Arc::new(decode::<R>(key.space, &entry)?);
        let mut decoded = self.store.decoded.write();
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
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Box<[u8]>, R)>, Error> {
        let space = space_of::<R>(self.realm);
        let page = limit.min(PAGE);
        let mut after: Option<Box<[u8]>> = after.map(Into::into);
        let mut records = Vec::new();
        while records.len() < limit {
            let found = self.store.backend.scan(space, prefix, after.as_deref(), page).await?;
            let last = found.len() < page;
            after = found.last().map(|(name, _)| name.clone());
            for (name, entry) in found {
                if let Some(entry) = live(Some(entry), self.now) {
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

    /// Begins an atomic change; the moment tells a record that is in the way from one that has expired.
    pub fn change(&self) -> Change {
        Change::new(self.realm, self.now)
    }
}
