//! The store in memory: ordered trees, one per space, behind one lock.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::RwLock;

use super::{Backend, Batch, Error, Key, ScanPage, Space, StoreFuture, Versioned, Write};

/// Trees larger than this are freed on a thread of their own: ten million entries take a second.
const FREED_IN_PLACE: usize = 10_000;

type Tree = BTreeMap<Box<[u8]>, Versioned>;

/// Everything in memory: quick, and gone with the process. Lasting and passing are the same here.
#[derive(Debug, Default)]
pub struct Memory {
    table: RwLock<Trees>,
    version: AtomicU64,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn apply(&self, batch: Batch) -> Result<(), Error> {
        batch.check_sizes()?;
        let mut table = self.table.write();
        if !batch.expect.iter().all(|(key, expect)| expect.holds(table.version(key))) {
            return Err(Error::Conflict);
        }
        let version = self.version.fetch_add(1, Ordering::Relaxed) + 1;
        for write in batch.write {
            table.apply(write, version);
        }
        Ok(())
    }
}

impl Backend for Memory {
    fn get<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Versioned>> {
        Box::pin(async move { Ok(self.table.read().get(key).cloned()) })
    }

    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> StoreFuture<'a, ScanPage> {
        Box::pin(async move { Ok(self.table.read().scan(space, prefix, after, limit)) })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, ()> {
        Box::pin(async move { self.apply(batch) })
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn spaces(&self) -> StoreFuture<'_, Vec<Space>> {
        Box::pin(async { Ok(self.table.read().spaces()) })
    }

    fn clear(&self, realm: u64) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let detached = self.table.write().detach(realm);
            free(detached);
            Ok(())
        })
    }
}

/// The trees themselves, without a lock; the sled backend keeps its passing spaces in one.
#[derive(Debug, Default)]
pub(super) struct Trees {
    spaces: BTreeMap<Space, Tree>,
}

impl Trees {
    pub(super) fn get(&self, key: &Key) -> Option<&Versioned> {
        self.spaces.get(&key.space)?.get(&key.name)
    }

    pub(super) fn version(&self, key: &Key) -> Option<u64> {
        self.get(key).map(|entry| entry.version)
    }

    pub(super) fn scan(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> ScanPage {
        let Some(tree) = self.spaces.get(&space) else { return Vec::new() };
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        tree.range::<[u8], _>((start, Bound::Unbounded))
            .take_while(|(name, _)| name.starts_with(prefix))
            .take(limit)
            .map(|(name, entry)| (name.clone(), entry.clone()))
            .collect()
    }

    pub(super) fn apply(&mut self, write: Write, version: u64) {
        match write {
            Write::Put { key, bytes, expires_at } => {
                let entry = Versioned { version, bytes: Arc::from(bytes), expires_at };
                self.spaces.entry(key.space).or_default().insert(key.name, entry);
            }
            Write::Delete { key } => {
                let Some(tree) = self.spaces.get_mut(&key.space) else { return };
                tree.remove(&key.name);
                if tree.is_empty() {
                    self.spaces.remove(&key.space);
                }
            }
        }
    }

    pub(super) fn spaces(&self) -> Vec<Space> {
        self.spaces.keys().copied().collect()
    }

    /// Takes a realm's trees out, to be freed by [`free`] once the lock is released.
    pub(super) fn detach(&mut self, realm: u64) -> Vec<Tree> {
        let whole = Space { realm, kind: 0 }..=Space { realm, kind: u8::MAX };
        let spaces: Vec<Space> = self.spaces.range(whole).map(|(space, _)| *space).collect();
        spaces.iter().filter_map(|space| self.spaces.remove(space)).collect()
    }
}

/// Frees detached trees, the large ones away from the thread that answers requests.
pub(super) fn free(detached: Vec<Tree>) {
    if detached.iter().map(Tree::len).sum::<usize>() > FREED_IN_PLACE {
        let freeing = std::thread::Builder::new().name("store-free".to_owned());
        if let Err(error) = freeing.spawn(move || drop(detached)) {
            tracing::debug!(%error, "no thread to free a cleared realm; it was freed in place");
        }
    }
}
