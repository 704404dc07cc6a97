//! The store in a directory: lasting entries in sled, passing ones in memory.
//!
//! A lasting batch is answered after sled has written it out *and* `fdatasync` has returned. All of
//! them go through one thread, which flushes once for everything that waits; sled's own
//! asynchronous flush is never used. Reads see a batch as soon as it is applied, which may be a
//! moment before it is on disk.
//!
//! Passing entries never reach the disk. A crash or a restart forgets them all together, so a code
//! that was used, or an OTP whose attempts were spent, can never come back; the citizen begins the
//! sign-in again. A batch that writes only passing entries does not wait for the disk.
//!
//! A batch is whole or absent after a crash: its lasting writes are one sled batch on one tree.

use std::{fs::File, io, path::Path, sync::Arc};

use self::{
    state::SledState,
    writer::{Work, Writer},
};
use super::{Backend, Batch, Error, Key, ScanPage, Space, StoreFuture, Versioned};

mod layout;
mod open;
mod state;
mod writer;

/// A directory opened by this process, and by no other until this value is dropped.
///
/// Dropping it answers what still waits, then joins the writer thread; it may block for one flush.
pub struct Sled {
    writer: Writer,
    state: Arc<SledState>,
}

impl Sled {
    /// Opens `dir`, creating it if need be. Blocks while sled reads its log.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when another process has it open or the disk refuses;
    /// [`Error::Corrupt`], with a sentence that says what to do, when it is damaged, of a format this
    /// build does not know, or not ours.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let state = SledState::new(open::open(dir)?)?;
        let file = File::open(dir.join("db")).map_err(Error::unavailable)?;
        Self::start(state, move || file.sync_data())
    }

    #[cfg(feature = "internals")]
    /// The same with another way to make the device keep what was written.
    ///
    /// # Errors
    /// As [`Sled::open`].
    pub fn synced(
        dir: &Path,
        sync: impl Fn() -> io::Result<()> + Send + 'static,
    ) -> Result<Self, Error> {
        Self::start(SledState::new(open::open(dir)?)?, sync)
    }

    fn start(
        state: SledState,
        sync: impl Fn() -> io::Result<()> + Send + 'static,
    ) -> Result<Self, Error> {
        let state = Arc::new(state);
        let writer = Writer::start(Arc::clone(&state), Box::new(sync));
        Ok(Self { writer: writer.map_err(Error::unavailable)?, state })
    }
}

impl Backend for Sled {
    fn get<'a>(&'a self, key: &'a Key) -> StoreFuture<'a, Option<Versioned>> {
        Box::pin(async move { self.state.get(key) })
    }

    fn scan<'a>(
        &'a self,
        space: Space,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: usize,
    ) -> StoreFuture<'a, ScanPage> {
        Box::pin(async move { self.state.scan(space, prefix, after, limit) })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            batch.check_sizes()?;
            if batch.write.iter().all(|write| write.key().space.is_passing()) {
                return self.state.apply(batch);
            }
            self.writer.ask(Work::Commit(batch)).await.map(drop)
        })
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        Box::pin(async { self.writer.ask(Work::Flush).await.map(drop) })
    }

    fn spaces(&self) -> StoreFuture<'_, Vec<Space>> {
        Box::pin(async { self.state.spaces() })
    }

    fn clear(&self, realm: u64) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            self.state.clear_passing(realm);
            while self.writer.ask(Work::Clear(realm)).await? {}
            Ok(())
        })
    }
}
