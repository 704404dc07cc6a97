//! Removing what has expired, a page at a time.

use super::{Store, expired};
use crate::{
    clock::Timestamp,
    store::{Batch, Error, Expect, Key, Space},
};

/// What one step of sweeping did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swept {
    /// How many expired entries were removed.
    pub removed: usize,
    /// Where to go on; `None`: the space is done.
    pub next: Option<Box<[u8]>>,
}

impl Store {
    /// Looks at the next `limit` entries of `space` after `after` and removes those expired by `at`.
    ///
    /// An entry that somebody claims at the same moment is left to them.
    ///
    /// # Errors
    /// What the backend answers.
    pub async fn sweep(
        &self,
        space: Space,
        after: Option<&[u8]>,
        limit: usize,
        at: Timestamp,
    ) -> Result<Swept, Error> {
        let limit = limit.max(1);
        let found = self.backend.scan(space, b"", after, limit).await?;
        let last = found.last().map(|(name, _)| name.clone());
        let next = if found.len() < limit { None } else { last };
        let stale: Vec<(Key, u64)> = found
            .into_iter()
            .filter(|(_, entry)| expired(entry, at))
            .map(|(name, entry)| (Key { space, name }, entry.version))
            .collect();
        let removed = match self.remove(&stale).await {
            Err(Error::Conflict) => self.remove_one_by_one(&stale).await?,
            done => done.map(|()| stale.len())?,
        };
        Ok(Swept { removed, next })
    }

    async fn remove(&self, stale: &[(Key, u64)]) -> Result<(), Error> {
        if stale.is_empty() {
            return Ok(());
        }
        let batch = stale.iter().fold(Batch::default(), |batch, (key, version)| {
            batch.expecting(key.clone(), Expect::Version(*version)).delete(key.clone())
        });
        self.backend.commit(batch).await
    }

    async fn remove_one_by_one(&self, stale: &[(Key, u64)]) -> Result<usize, Error> {
        let mut removed = 0;
        for entry in stale {
            match self.remove(std::slice::from_ref(entry)).await {
                Ok(()) => removed += 1,
                Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(removed)
    }
}
