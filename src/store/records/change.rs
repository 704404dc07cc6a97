//! A change being put together, and how it is committed over expired leftovers.

use std::any::Any;

use super::{Record, Store, expired, space_of};
use crate::{
    clock::Timestamp,
    store::{Batch, Error, Expect, Key, Write},
};

/// How often a commit aims anew at leftovers that others sweep up or claim at the same moment.
const AIMS: usize = 8;

/// One atomic change: it happens as a whole or not at all.
///
/// Where an operation expects absence, a record that has expired by the change's `now` counts as
/// absent, although nobody has deleted it yet.
#[derive(Debug)]
pub struct Change {
    realm: u64,
    now: Timestamp,
    pub(super) batch: Batch,
    failed: Option<Error>,
    held: Vec<Box<dyn Any + Send>>,
    afterwards: Afterwards,
}

/// What is done once a change is committed.
#[derive(Default)]
struct Afterwards(Vec<Box<dyn FnOnce() + Send>>);

impl std::fmt::Debug for Afterwards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} afterwards", self.0.len())
    }
}

impl Change {
    pub(super) fn new(realm: u64, now: Timestamp) -> Self {
        Self {
            realm,
            now,
            batch: Batch::default(),
            failed: None,
            held: Vec::new(),
            afterwards: Afterwards::default(),
        }
    }

    /// Lets the operations that follow concern `realm`.
    pub fn in_realm(&mut self, realm: u64) -> &mut Self {
        self.realm = realm;
        self
    }

    /// Keeps `guard` until the change is committed, refused or given up.
    pub fn hold(&mut self, guard: impl Any + Send) -> &mut Self {
        self.held.push(Box::new(guard));
        self
    }

    /// Does something once the change is committed, and not if it is refused or given up.
    pub fn afterwards(&mut self, what: impl FnOnce() + Send + 'static) -> &mut Self {
        self.afterwards.0.push(Box::new(what));
        self
    }

    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.failed.is_none()
    }

    /// Stores a record, whatever was there.
    pub fn put<R: Record>(
        &mut self,
        name: impl AsRef<[u8]>,
        record: &R,
        expires_at: Option<Timestamp>,
    ) -> &mut Self {
        let key = self.key::<R>(name);
        self.write(key, record, expires_at)
    }

    /// Stores a record under a name that must be free.
    pub fn insert<R: Record>(
        &mut self,
        name: impl AsRef<[u8]>,
        record: &R,
        expires_at: Option<Timestamp>,
    ) -> &mut Self {
        let key = self.key::<R>(name);
        self.batch.expect.push((key.clone(), Expect::Absent));
        self.write(key, record, expires_at)
    }

    /// Stores a record in place of the one that was loaded at `version`.
    pub fn replace<R: Record>(
        &mut self,
        name: impl AsRef<[u8]>,
        version: u64,
        record: &R,
        expires_at: Option<Timestamp>,
    ) -> &mut Self {
        let key = self.key::<R>(name);
        self.batch.expect.push((key.clone(), Expect::Version(version)));
        self.write(key, record, expires_at)
    }

    /// Stores a record over what was read: `Some` is the version it was loaded at, `None` that there was none.
    pub fn write_over<R: Record>(
        &mut self,
        name: impl AsRef<[u8]>,
        version: Option<u64>,
        record: &R,
        expires_at: Option<Timestamp>,
    ) -> &mut Self {
        match version {
            Some(version) => self.replace(name, version, record, expires_at),
            None => self.insert(name, record, expires_at),
        }
    }

    /// Removes a record, if there is one.
    pub fn delete<R: Record>(&mut self, name: impl AsRef<[u8]>) -> &mut Self {
        let key = self.key::<R>(name);
        self.batch.write.push(Write::Delete { key });
        self
    }

    /// Relies on a record still being at `version`.
    pub fn expect_version<R: Record>(&mut self, name: impl AsRef<[u8]>, version: u64) -> &mut Self {
        let key = self.key::<R>(name);
        self.batch.expect.push((key, Expect::Version(version)));
        self
    }

    /// Relies on there being no such record.
    pub fn expect_absent<R: Record>(&mut self, name: impl AsRef<[u8]>) -> &mut Self {
        let key = self.key::<R>(name);
        self.batch.expect.push((key, Expect::Absent));
        self
    }

    fn key<R: Record>(&self, name: impl AsRef<[u8]>) -> Key {
        Key::new(space_of::<R>(self.realm), name)
    }

    /// Adds a record under a key that is known already.
    pub(super) fn write<R: Record>(
        &mut self,
        key: Key,
        record: &R,
        expires_at: Option<Timestamp>,
    ) -> &mut Self {
        match serde_json::to_vec(record) {
            Ok(bytes) => self.batch.write.push(Write::Put { key, bytes, expires_at }),
            // Remembered, so that the commit refuses the whole rather than leave this write out.
            Err(error) => {
                self.failed = Some(Error::Corrupt(format!(
                    "a record of kind {:#04x} cannot be written: {error}",
                    R::KIND
                )));
            }
        }
        self
    }
}

impl Store {
    /// Carries out a change.
    ///
    /// # Errors
    /// [`Error::Conflict`] when an expectation does not hold, and nothing has changed;
    /// [`Error::Corrupt`] when a record cannot be serialised or is too large; what the backend
    /// answers.
    pub async fn commit(&self, change: Change) -> Result<(), Error> {
        // What is held is let go when all is said and done.
        let Change { now, mut batch, failed, held: _held, afterwards, .. } = change;
        if let Some(error) = failed {
            return Err(error);
        }
        self.carry_out(&mut batch, now).await?;
        afterwards.0.into_iter().for_each(|what| what());
        Ok(())
    }

    async fn carry_out(&self, batch: &mut Batch, moment: Timestamp) -> Result<(), Error> {
        if batch.is_empty() {
            return Ok(());
        }
        let absent =
            |(at, (_, expect)): (usize, &(Key, Expect))| (*expect == Expect::Absent).then_some(at);
        let claims: Vec<usize> = batch.expect.iter().enumerate().filter_map(absent).collect();
        if claims.is_empty() {
            return self.backend.commit(std::mem::take(batch)).await;
        }
        for _ in 0..AIMS {
            match self.backend.commit(batch.clone()).await {
                Err(Error::Conflict) if self.aim(batch, &claims, moment).await? => {}
                answer => return answer,
            }
        }
        Err(Error::Conflict)
    }

    /// Lets the claims of a refused batch expect exactly the leftovers that lie there; answers
    /// whether another try can help.
    async fn aim(&self, batch: &mut Batch, claims: &[usize], at: Timestamp) -> Result<bool, Error> {
        let mut moved = false;
        for claim in claims {
            let Some((key, expect)) = batch.expect.get_mut(*claim) else { continue };
            let aimed = match self.backend.get(key).await? {
                None => Expect::Absent,
                Some(entry) if expired(&entry, at) => Expect::Version(entry.version),
                Some(_) => return Ok(false),
            };
            moved |= *expect != aimed;
            *expect = aimed;
        }
        Ok(moved)
    }
}
