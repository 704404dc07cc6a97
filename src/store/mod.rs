//! The narrow waist: keys, versions, and the one atomic batch that every backend must offer.
//!
//! A backend knows bytes, versions and nothing else: it neither reads the clock (an expired entry is
//! still there until somebody deletes it) nor knows what a record means. Everything typed is written
//! once, above it, in [`records`]. The contract is the conformance suite in `tests/it/store/`.

use std::{pin::Pin, sync::Arc};

use crate::clock::Timestamp;

mod batch;
mod error;
#[cfg(feature = "internals")]
pub mod faulty;
pub mod injected;
pub mod memory;
pub mod records;
pub mod sled;

pub use batch::{Batch, Expect, MAX_ENTRY, Write};
pub use error::Error;
pub use records::{Change, Record, Store};

/// One kind of record in one realm generation; entries of two spaces never see each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Space {
    /// The realm generation: a reset takes a new number rather than emptying the old one first.
    pub realm: u64,
    /// The kind of record; `0x80` and above are *passing*.
    pub kind: u8,
}

impl Space {
    /// Whether a crash may lose this space (sign-in interactions, OTPs, codes, sessions).
    ///
    /// A crash loses a passing space as a whole, so it can never revive a code that was used. Every
    /// other space is *lasting*: on disk before the answer, where the backend has a disk.
    pub const fn is_passing(self) -> bool {
        self.kind >= 0x80
    }
}

/// Where an entry lives: a name within a space. Names may be empty and may hold any bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The space that holds the entry.
    pub space: Space,
    /// The entry's name, compared byte by byte.
    pub name: Box<[u8]>,
}

impl Key {
    /// The key of `name` in `space`.
    pub fn new(space: Space, name: impl AsRef<[u8]>) -> Self {
        Self { space, name: name.as_ref().into() }
    }
}

/// An entry as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// Changes with every write of the key and never returns, not even after a deletion.
    pub version: u64,
    /// The entry itself, shared with the store where the backend can.
    pub bytes: Arc<[u8]>,
    /// From this moment on the entry reads as absent. Backends carry it; [`records`] judges it.
    pub expires_at: Option<Timestamp>,
}

/// A page of a scan: names without their space, ascending, and what lies there.
pub type ScanPage = Vec<(Box<[u8]>, Versioned)>;

/// What a backend answers, some time later. Nothing happens until it is polled.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A place that keeps entries: memory, a directory, a database.
///
/// An answer that is dropped half-way may or may not have happened: a batch is still whole or absent.
pub trait Backend: Send + Sync + 'static {
    /// The entry under `key`, expired or not.
    fn get<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Versioned>>;

    /// At most `limit` entries whose name begins with `prefix` and comes after `after`, ascending.
    ///
    /// A scan is no snapshot: an entry changed meanwhile may show either way.
    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> StoreFuture<'a, ScanPage>;

    /// Writes all of `batch` if every expectation holds, otherwise nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`] when an expectation does not hold; [`Error::Corrupt`] when an entry is
    /// larger than [`MAX_ENTRY`]; [`Error::Unavailable`] when the backend cannot tell or cannot write.
    fn commit(&self, batch: Batch) -> StoreFuture<'_, ()>;

    /// Returns once everything lasting that was answered before is on disk.
    fn flush(&self) -> StoreFuture<'_, ()>;

    /// The spaces that hold anything, in order; costs a step per space, not per entry.
    fn spaces(&self) -> StoreFuture<'_, Vec<Space>>;

    /// Drops every space of a realm generation that nobody writes to any more.
    ///
    /// Not atomic on disk: a crash may leave a part, and clearing again finishes the work.
    fn clear(&self, realm: u64) -> StoreFuture<'_, ()>;
}
