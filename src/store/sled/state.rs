//! What the sled backend holds: the lasting tree, the passing table, and who may change them when.

use std::{
    ops::Bound,
    sync::atomic::{AtomicU64, Ordering},
};

use ::sled::{Batch as TreeBatch, Db, IVec};
use parking_lot::{Mutex, RwLock};

use super::layout::{self, VERSIONS_NOTE};
use crate::store::{
    Batch, Error, Key, ScanPage, Space, Versioned, Write,
    memory::{self, Trees},
};

/// How many versions are reserved on disk at once; a start skips what is left of the last lot.
const VERSIONS_AT_ONCE: u64 = 1 << 32;

/// How many entries of a cleared realm are deleted before other writers get their turn.
const CLEARED_AT_ONCE: usize = 2_048;

pub(super) struct SledState {
    db: Db,
    passing: RwLock<Trees>,
    next: AtomicU64,
    /// Held while a batch that concerns lasting keys is checked and applied, never during a flush.
    /// The value is the first version not yet reserved on disk.
    order: Mutex<u64>,
}

impl SledState {
    /// Continues after the highest version any earlier run can have given to a lasting entry.
    pub(super) fn new(db: Db) -> Result<Self, Error> {
        let reserved = match db.get(VERSIONS_NOTE).map_err(broken)? {
            Some(note) => layout::version_of(&note)?,
            None => 1,
        };
        Ok(Self {
            db,
            passing: RwLock::default(),
            next: AtomicU64::new(reserved),
            order: Mutex::new(reserved),
        })
    }

    pub(super) fn get(&self, key: &Key) -> Result<Option<Versioned>, Error> {
        if key.space.is_passing() {
            return Ok(self.passing.read().get(key).cloned());
        }
        let found = self.db.get(layout::key_of(key)).map_err(broken)?;
        found.map(|entry| layout::read_entry(&entry)).transpose()
    }

    pub(super) fn scan(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<ScanPage, Error> {
        if space.is_passing() {
            return Ok(self.passing.read().scan(space, prefix, after, limit));
        }
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(layout::key(space, after)),
            _ => Bound::Included(layout::key(space, prefix)),
        };
        let prefix = layout::key(space, prefix);
        self.db
            .range((start, Bound::Unbounded))
            .take_while(|found| found.as_ref().map_or(true, |(key, _)| key.starts_with(&prefix)))
            .take(limit)
            .map(|found| {
                let (key, entry) = found.map_err(broken)?;
                Ok((layout::name_of(&key), layout::read_entry(&entry)?))
            })
            .collect()
    }

    /// Hops from space to space: one look-up each.
    pub(super) fn spaces(&self) -> Result<Vec<Space>, Error> {
        let mut spaces = self.passing.read().spaces();
        let mut cursor = Some(Vec::new());
        while let Some(start) = cursor {
            let Some(found) = self.db.range(start..).next() else { break };
            let (key, _) = found.map_err(broken)?;
            cursor = match layout::space_of(&key) {
                Some(space) => {
                    spaces.push(space);
                    layout::after_space(space)
                }
                // A note: step over it, to the next key there can be.
                None => Some([&*key, &[0]].concat()),
            };
        }
        spaces.sort_unstable();
        Ok(spaces)
    }

    /// Checks and applies a batch. What is lasting is on disk only after the writer has flushed.
    pub(super) fn apply(&self, batch: Batch) -> Result<(), Error> {
        let concerns = |passing: bool| {
            batch.expect.iter().any(|(key, _)| key.space.is_passing() == passing)
                || batch.write.iter().any(|write| write.key().space.is_passing() == passing)
        };
        let mut order = concerns(false).then(|| self.order.lock());
        let mut passing = concerns(true).then(|| self.passing.write());
        for (key, expect) in &batch.expect {
            let version = match &passing {
                Some(table) if key.space.is_passing() => table.version(key),
                _ => self.lasting_version(key)?,
            };
            if !expect.holds(version) {
                return Err(Error::Conflict);
            }
        }
        let version = self.next.fetch_add(1, Ordering::Relaxed);
        let (fleeting, lasting): (Vec<_>, Vec<_>) =
            batch.write.into_iter().partition(|write| write.key().space.is_passing());
        if let (Some(reserved), false) = (order.as_deref_mut(), lasting.is_empty()) {
            self.apply_lasting(lasting, version, reserved)?;
        }
        if let Some(table) = passing.as_deref_mut() {
            for write in fleeting {
                table.apply(write, version);
            }
        }
        Ok(())
    }

    fn lasting_version(&self, key: &Key) -> Result<Option<u64>, Error> {
        let found = self.db.get(layout::key_of(key)).map_err(broken)?;
        found.map(|entry| layout::version_of(&entry)).transpose()
    }

    /// One sled batch, which sled recovers whole or not at all.
    fn apply_lasting(
        &self,
        writes: Vec<Write>,
        version: u64,
        reserved: &mut u64,
    ) -> Result<(), Error> {
        let mut tree = TreeBatch::default();
        for write in writes {
            match write {
                Write::Put { key, bytes, expires_at } => {
                    let entry = layout::entry(version, &bytes, expires_at);
                    tree.insert(layout::key_of(&key), entry);
                }
                Write::Delete { key } => tree.remove(layout::key_of(&key)),
            }
        }
        // In the same batch, so that no entry on disk can be newer than the note.
        let exhausted = version >= *reserved;
        let next = version.saturating_add(VERSIONS_AT_ONCE);
        if exhausted {
            tree.insert(VERSIONS_NOTE, &next.to_be_bytes());
        }
        self.db.apply_batch(tree).map_err(broken)?;
        if exhausted {
            *reserved = next;
        }
        Ok(())
    }

    /// Forgets a realm's passing spaces at once.
    pub(super) fn clear_passing(&self, realm: u64) {
        let detached = self.passing.write().detach(realm);
        memory::free(detached);
    }

    /// Deletes some of a realm's lasting entries; answers whether there may be more.
    pub(super) fn clear_some(&self, realm: u64) -> Result<bool, Error> {
        let _order = self.order.lock();
        let keys: Vec<IVec> = self
            .db
            .scan_prefix(realm.to_be_bytes())
            .keys()
            // A note is as short as a realm at most, and must survive.
            .filter(|key| key.as_ref().map_or(true, |key| layout::space_of(key).is_some()))
            .take(CLEARED_AT_ONCE)
            .collect::<Result<_, _>>()
            .map_err(broken)?;
        let more = keys.len() == CLEARED_AT_ONCE;
        let mut tree = TreeBatch::default();
        for key in keys {
            tree.remove(key);
        }
        self.db.apply_batch(tree).map_err(broken)?;
        Ok(more)
    }

    /// Hands what sled has buffered to the operating system.
    pub(super) fn flush(&self) -> Result<(), Error> {
        self.db.flush().map(drop).map_err(broken)
    }
}

/// What sled reports while it runs.
fn broken(error: ::sled::Error) -> Error {
    if matches!(error, ::sled::Error::Corruption { .. }) {
        return Error::Corrupt(format!(
            "{error}; stop, put a copy of the data directory back or move it away, and start again"
        ));
    }
    Error::unavailable(error)
}
