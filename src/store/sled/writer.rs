//! The one thread that writes: it applies what waits, flushes once, and then answers everybody.

use std::{
    io,
    iter::once,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread::JoinHandle,
};

use tokio::sync::oneshot;

use super::state::SledState;
use crate::store::{Batch, Error};

/// The most jobs that share a flush, so that the first of them does not wait for ever.
const GROUP: usize = 1_024;

/// Something that must be on disk before it is answered.
pub(super) enum Work {
    /// Check and apply; answers `false`.
    Commit(Batch),
    /// Nothing more than the flush; answers `false`.
    Flush,
    /// Delete some of a realm; answers whether to ask again.
    Clear(u64),
}

struct Job {
    work: Work,
    answer: oneshot::Sender<Result<bool, Error>>,
}

/// The handle to the thread; dropping it lets the thread finish what waits, and joins it.
pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// What makes the device keep what sled has written out.
pub(super) type Sync = Box<dyn Fn() -> io::Result<()> + Send>;

impl Writer {
    pub(super) fn start(state: Arc<SledState>, sync: Sync) -> io::Result<Self> {
        let (sender, jobs) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&state, &sync, &jobs))?;
        Ok(Self { jobs: Some(sender), thread: Some(thread) })
    }

    /// Hands `work` to the thread and waits, without blocking, until it is on disk.
    pub(super) async fn ask(&self, work: Work) -> Result<bool, Error> {
        let (answer, answered) = oneshot::channel();
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(Job { work, answer }).is_ok());
        if !sent {
            return Err(stopped());
        }
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer thread had panicked");
        }
    }
}

fn stopped() -> Error {
    Error::unavailable("the store's writer thread has stopped")
}

fn run(state: &SledState, device: &Sync, jobs: &Receiver<Job>) {
    // After a failed sync nobody knows what is on disk, and a later success would not tell.
    let mut failed: Option<Error> = None;
    while let Ok(first) = jobs.recv() {
        let group = once(first).chain(jobs.try_iter()).take(GROUP);
        if let Some(error) = &failed {
            group.for_each(|job| reply(job.answer, Err(error.clone())));
            continue;
        }
        let waiting: Vec<_> = group.filter_map(|job| carry_out(state, job)).collect();
        if waiting.is_empty() {
            continue;
        }
        failed = sync(state, device).err();
        if let Some(error) = &failed {
            tracing::error!(?error, "the store could not be flushed and refuses further writes");
        }
        for (answer, value) in waiting {
            reply(answer, failed.clone().map_or(Ok(value), Err));
        }
    }
}

type WaitingWrites = (oneshot::Sender<Result<bool, Error>>, bool);

/// Applies a job; a refusal is answered at once, so that a retry can join the next group.
fn carry_out(state: &SledState, Job { work, answer }: Job) -> Option<WaitingWrites> {
    let applied = match work {
        Work::Commit(batch) => state.apply(batch).map(|()| false),
        Work::Flush => Ok(false),
        Work::Clear(realm) => state.clear_some(realm),
    };
    match applied {
        Ok(value) => Some((answer, value)),
        Err(error) => {
            reply(answer, Err(error));
            None
        }
    }
}

/// sled's flush is `sync_file_range`, which leaves the device's own cache alone; fdatasync does not.
fn sync(state: &SledState, device: &Sync) -> Result<(), Error> {
    state.flush()?;
    device().map_err(Error::unavailable)
}

fn reply(answer: oneshot::Sender<Result<bool, Error>>, value: Result<bool, Error>) {
    if answer.send(value).is_err() {
        tracing::trace!("whoever asked the store has gone away");
    }
}
