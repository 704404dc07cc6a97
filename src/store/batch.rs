//! One atomic change: what must still hold, and what is written if it does.

use super::{Error, Key};
use crate::clock::Timestamp;

/// The most bytes of one entry, its name included. Larger things do not belong in the store.
pub const MAX_ENTRY: usize = 64 * 1024;

/// What a batch relies on about one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// There is no entry; an expired one that nobody deleted still counts as an entry.
    Absent,
    /// The entry still has this version.
    Version(u64),
}

impl Expect {
    /// Whether an entry at `version` (`None`: no entry) is what was expected.
    pub fn holds(self, version: Option<u64>) -> bool {
        match self {
            Self::Absent => version.is_none(),
            Self::Version(expected) => version == Some(expected),
        }
    }
}

/// One write of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Stores `bytes`, whatever was there.
    Put {
        /// Where.
        key: Key,
        /// What.
        bytes: Vec<u8>,
        /// When it begins to read as absent; `None`: never.
        expires_at: Option<Timestamp>,
    },
    /// Removes the entry, if there is one.
    Delete {
        /// Which.
        key: Key,
    },
}

impl Write {
    /// The key this writes.
    pub fn key(&self) -> &Key {
        match self {
            Self::Put { key, .. } | Self::Delete { key } => key,
        }
    }
}

/// Expectations and writes that happen together or not at all. Of two writes to a key the later wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Checked first, against one state of the store.
    pub expect: Vec<(Key, Expect)>,
    /// Carried out if every expectation holds.
    pub write: Vec<Write>,
}

impl Batch {
    /// Also relies on `expect` about `key`.
    #[must_use]
    pub fn expecting(mut self, key: Key, expect: Expect) -> Self {
        self.expect.push((key, expect));
        self
    }

    /// Also stores `bytes` under `key`.
    #[must_use]
    pub fn put(mut self, key: Key, bytes: impl Into<Vec<u8>>, until: Option<Timestamp>) -> Self {
        self.write.push(Write::Put { key, bytes: bytes.into(), expires_at: until });
        self
    }

    /// Also removes `key`.
    #[must_use]
    pub fn delete(mut self, key: Key) -> Self {
        self.write.push(Write::Delete { key });
        self
    }

    /// Whether there is nothing to check and nothing to write.
    pub fn is_empty(&self) -> bool {
        self.expect.is_empty() && self.write.is_empty()
    }

    /// Refuses entries larger than [`MAX_ENTRY`]; every backend asks this first.
    pub(crate) fn check_sizes(&self) -> Result<(), Error> {
        let size = |write: &Write| match write {
            Write::Put { key, bytes, .. } => key.name.len() + bytes.len(),
            Write::Delete { key } => key.name.len(),
        };
        match self.write.iter().map(size).find(|size| *size > MAX_ENTRY) {
            Some(size) => Err(Error::Corrupt(format!(
                "an entry of {size} bytes was refused; the most is {MAX_ENTRY}"
            ))),
            None => Ok(()),
        }
    }
}
