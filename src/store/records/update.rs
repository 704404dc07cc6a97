//! Load, decide, commit; and decide again if somebody else was quicker.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Record, Store, decode, live, space_of};
use crate::{
    clock::Timestamp,
    store::{Change, Error, Expect, Key, Write},
};

/// How often a decision is made before giving up.
const TRIES: usize = 64;

/// How many queues the losers of races are spread over, by key.
pub(super) const QUEUES: usize = 256;

/// What becomes of the record that was decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<R> {
    /// It is stored, to read as absent from the given moment on (`None`: never).
    Put(R, Option<Timestamp>),
    /// It is removed.
    Delete,
    /// It stays as it is. Writes added to the change still happen, and only if it did stay so.
    Keep,
}

/// What a lost race was about: the record's version and everything else that was relied on.
struct Lost {
    version: Option<u64>,
    relied_on: Vec<(Key, Expect)>,
}

impl Store {
    /// Loads a record (`None`: absent or expired), lets `decide` say what becomes of it, and commits.
    ///
    /// `decide` may add writes to the same atomic batch. It is called again when somebody else
    /// changed the record meanwhile, so it must draw nothing and send nothing. Whoever loses a race
    /// queues for the next try, first come, first served, so that a hot record starves nobody.
    ///
    /// # Errors
    /// [`Error::Conflict`] after 64 lost races, or as soon as the record stayed the same while
    /// something else that `decide` relies on (a unique name, say) is not so; what the backend
    /// answers.
    pub async fn update<R, T, F>(
        &self,
        realm: u64,
        name: impl AsRef<[u8]> + Send,
        now: Timestamp,
        mut decide: F,
    ) -> Result<T, Error>
    where
        R: Record,
        T: Send,
        F: FnMut(Option<R>, &mut Change) -> (Verdict<R>, T) + Send,
    {
        let key = Key::new(space_of::<R>(realm), name);
        let mut lost: Option<Lost> = None;
        // Whoever comes while others retry lines up behind them, or the retries might never win.
        let queue = self.queue(&key);
        let mut turn = if queue.try_lock().is_ok() { None } else { Some(queue.lock().await) };
        for _ in 0..TRIES {
            let found = self.backend.get(&key).await?;
            let version = found.as_ref().map(|entry| entry.version);
            if let Some(lost) = lost.take()
                && lost.version == version
                && self.is_in_vain(&lost.relied_on, now).await?
            {
                return Err(Error::Conflict);
            }
            let old = live(found, now).map(|entry| decode(key.space, &entry)).transpose()?;
            let mut change = Change::new(realm, now);
            let (verdict, answer) = decide(old, &mut change);
            if change.is_empty() && matches!(verdict, Verdict::Keep) {
                return Ok(answer);
            }
            let relied_on = change.batch.expect.clone();
            // An expired leftover is expected by its version: nobody may have replaced it.
            let unchanged = version.map_or(Expect::Absent, Expect::Version);
            change.batch.expect.push((key.clone(), unchanged));
            match verdict {
                Verdict::Put(record, expires_at) => {
                    change.write(key.clone(), &record, expires_at);
                }
                Verdict::Delete => change.batch.write.push(Write::Delete { key: key.clone() }),
                Verdict::Keep => {}
            }
            match self.commit(change).await {
                Err(Error::Conflict) => lost = Some(Lost { version, relied_on }),
                done => return done.map(|()| answer),
            }
            if turn.is_none() {
                turn = Some(queue.lock().await);
            }
        }
        Err(Error::Conflict)
    }

    /// Whether something relied on is not so, and deciding again would rely on it again.
    async fn is_in_vain(&self, relied_on: &[(Key, Expect)], now: Timestamp) -> Result<bool, Error> {
        for (key, expect) in relied_on {
            let found = self.backend.get(key).await?;
            let holds = match expect {
                Expect::Absent => live(found, now).is_none(),
                Expect::Version(_) => expect.holds(found.map(|entry| entry.version)),
            };
            if !holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn queue(&self, key: &Key) -> &tokio::sync::Mutex<()> {
        // A fixed seed: which records share a queue is the same in every run.
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let at = hasher.finish() % QUEUES as u64;
        &self.queues[usize::try_from(at).unwrap_or_default()]
    }
}
