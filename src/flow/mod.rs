//! Use cases: load, draw, decide, commit, then send.
//!
//! [`Flow`] is the one state behind every door; [`Realm`] is a country in it, and each file adds the methods of one
//! use case. What decides is drawn before the decision, and messages are written with it: a retry gives them new ids, and
//! nobody saw the old ones.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use parking_lot::RwLock;

use crate::{
    clock::{Clock, Stamp, Timestamp},
    dice::Dice,
    flow::kinds::{RealmRecord, SYSTEM},
    population::{Census, Country},
    store::{
        Change, Record, Store,
        records::{Loaded, Records},
    },
};

pub mod base;
pub mod due;
pub mod error;
pub mod fixtures;
pub mod holder;
pub mod kinds;
pub mod outside;
pub mod provider;
pub mod realm;

pub use error::Error;
pub(crate) use error::{invalid, one_line, retry};
pub use fixtures::Fixtures;

/// Starts after which cursors and chance are told apart no more.
const MOST_STARTS: i64 = 1 << 22;
/// Longest a reader of messages or of the journal may wait, in seconds.
pub const LONGEST_WAIT: u64 = 60;

/// The realm that answers at the root.
pub const DEFAULT: &str = "default";

/// What the process was started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The fixed issuer of the default realm, without a trailing slash.
    pub issuer: String,
    /// What the default realm's chance starts from.
    pub seed: Option<String>,
    /// The synthetic population.
    pub census: Census,
    /// Cost of a password hash.
    pub hash_cost: base::secrets::HashCost,
    /// Whether only this machine can reach the simulator: refusals are explained then, unless a realm says otherwise.
    pub alone: bool,
}

/// The state behind every door.
pub struct Flow {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fixtures: Fixtures,
    pub(crate) settings: Settings,
    country: Country,
    live: RwLock<std::collections::BTreeMap<u64, Arc<RealmMemory>>>,
    /// Generations that are being written, before a realm names them.
    written: parking_lot::Mutex<std::collections::BTreeSet<u64>>,
    pub(crate) outside: Arc<dyn outside::Outside>,
    pub(crate) fetched: outside::Fetched,
    boots: i64,
    realm_count: AtomicU64,
    system_dice: Dice,
    /// Argon2 hashes computed so far.
    hashes: AtomicU64,
}

/// What the process keeps in memory for a realm, beside its records.
pub(crate) struct RealmMemory {
    pub(crate) dice: Dice,
    /// Rings when a message was committed or given up.
    pub(crate) bell: tokio::sync::Notify,
    /// The next message's cursor.
    pub(crate) cursor: AtomicU64,
    /// The moment, in milliseconds, at which something is due next, as far as is known; the past: not looked yet.
    pub(crate) next_due: std::sync::atomic::AtomicI64,
    /// One request at a time does what is due.
    pub(crate) catching_up: tokio::sync::Mutex<()>,
    /// Explanations and the trail that leads to them.
    pub(crate) explained: parking_lot::Mutex<provider::explain::Explanations>,
    /// What happened.
    pub(crate) journal: parking_lot::Mutex<crate::journal::Journal>,
    /// Rings when something is added to it.
    pub(crate) journal_bell: tokio::sync::Notify,
    /// Whether portals may have to be told of an end; true at first, for what a start before left.
    pub(crate) untold: std::sync::atomic::AtomicBool,
    /// One request at a time tells them.
    pub(crate) telling: tokio::sync::Mutex<()>,
    /// How often each fault was met.
    pub(crate) fault_counts: parking_lot::Mutex<crate::faults::Counts>,
    /// Messages that wait for the next one to the same address.
    pub(crate) held_back: parking_lot::Mutex<std::collections::BTreeMap<String, Vec<u64>>>,
    /// The code each client was given last.
    pub(crate) last_codes: parking_lot::Mutex<std::collections::BTreeMap<String, String>>,
    /// Deliveries to webhooks.
    pub(crate) deliveries: parking_lot::Mutex<base::hooks::Deliveries>,
    /// Whether the realm was deleted or began again: who waits for something of it waits in vain.
    pub(crate) is_over: std::sync::atomic::AtomicBool,
    /// Requests answered so far.
    pub(crate) requests: AtomicU64,
    /// Requests that may still come before what is kept is counted again.
    pub(crate) uncounted: AtomicU64,
    /// True while the count runs: others wait for it.
    pub(crate) at_work: std::sync::atomic::AtomicBool,
    /// Cursors of messages that are being committed.
    pub(crate) underway: parking_lot::Mutex<std::collections::BTreeSet<u64>>,
}

impl RealmMemory {
    /// Nobody waits for anything of it any more.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.bell.notify_waiters();
        self.journal_bell.notify_waiters();
    }

    fn new(dice: Dice, cursor: u64) -> Self {
        Self {
            dice,
            bell: tokio::sync::Notify::new(),
            cursor: AtomicU64::new(cursor),
            next_due: std::sync::atomic::AtomicI64::new(i64::MIN),
            catching_up: tokio::sync::Mutex::default(),
            explained: parking_lot::Mutex::default(),
            journal: parking_lot::Mutex::default(),
            journal_bell: tokio::sync::Notify::new(),
            is_over: std::sync::atomic::AtomicBool::new(false),
            untold: std::sync::atomic::AtomicBool::new(true),
            telling: tokio::sync::Mutex::default(),
            fault_counts: parking_lot::Mutex::default(),
            held_back: parking_lot::Mutex::default(),
            last_codes: parking_lot::Mutex::default(),
            deliveries: parking_lot::Mutex::default(),
            requests: AtomicU64::new(0),
            uncounted: AtomicU64::new(0),
            at_work: std::sync::atomic::AtomicBool::new(false),
            underway: parking_lot::Mutex::default(),
        }
    }
}

/// A realm at a moment: its record and both clocks, read once for the request, and what the process keeps for it.
#[derive(Clone)]
pub struct Realm {
    pub(crate) flow: Arc<Flow>,
    pub(crate) record: Arc<RealmRecord>,
    pub(crate) live: Arc<RealmMemory>,
    /// The moment in this realm.
    pub(crate) now: Timestamp,
    /// The computer's moment then.
    pub(crate) real: Timestamp,
}

impl Flow {
    /// How many password hashes were computed: the work that tells who guesses nothing about who exists.
    pub fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// The realm of this name, its record read once for the request.
    pub async fn realm(self: &Arc<Self>, name: &str) -> Result<Realm, Error> {
        let found =
            self.store.records(SYSTEM, self.clock.now()).shared::<RealmRecord>(name).await?;
        Ok(self.enter(found.ok_or(Error::Missing("realm"))?))
    }

    pub(crate) fn enter(self: &Arc<Self>, record: impl Into<Arc<RealmRecord>>) -> Realm {
        let record = record.into();
        let known = self.live.read().get(&record.generation).cloned();
        let live = known.unwrap_or_else(|| {
            let fresh = || {
                let starts = self.starts(&record).unsigned_abs();
                let dice = Dice::new(record.seed.as_deref(), record.people_of(), starts);
                // Later starts give later cursors without a look at what is stored.
                Arc::new(RealmMemory::new(dice, (starts << 40) + 1))
            };
            Arc::clone(self.live.write().entry(record.generation).or_insert_with(fresh))
        });
        let real = self.clock.now();
        let now = record.clock.now(real);
        Realm { flow: Arc::clone(self), record, live, now, real }
    }

    /// How often the store was started, as far as a realm is concerned.
    pub(crate) fn starts(&self, record: &RealmRecord) -> i64 {
        self.boots.saturating_add(record.starts).clamp(0, MOST_STARTS)
    }

    /// The population.
    pub(crate) fn country(&self) -> &Country {
        &self.country
    }
}

impl Realm {
    /// The key prefix of its records.
    pub(crate) fn id(&self) -> u64 {
        self.record.generation
    }

    pub(crate) fn store(&self) -> &Store {
        &self.flow.store
    }

    /// The moment in this realm.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The same realm at another moment: what is due happens at its own.
    #[must_use]
    pub fn at(&self, moment: Timestamp) -> Self {
        Self { now: moment, ..self.clone() }
    }

    /// The same realm at the present moment, for whoever waited; its clock as it was set when it was read.
    #[must_use]
    pub fn at_present(&self) -> Self {
        let real = self.flow.clock.now();
        Self { now: self.record.clock.now(real), real, ..self.clone() }
    }

    /// The moment as it is stored with what is issued: the realm's, and the one that the wire shows.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::of(self.now, self.real, self.record.policy.wire_time)
    }

    fn records(&self) -> Records<'_> {
        self.flow.store.records(self.id(), self.now)
    }

    /// A record of this realm; `None`: absent or expired.
    pub(crate) async fn get<R: Record>(
        &self,
        name: impl AsRef<[u8]> + Send,
    ) -> Result<Option<Loaded<R>>, Error> {
        Ok(self.records().get(name).await?)
    }

    /// A record that many requests share, decoded once.
    pub(crate) async fn shared<R: Record>(
        &self,
        name: impl AsRef<[u8]> + Send,
    ) -> Result<Option<Arc<R>>, Error> {
        Ok(self.records().shared(name).await?)
    }

    /// Records whose names begin with `prefix`, in order, after `after`, at most `limit`.
    pub(crate) async fn scan<R: Record>(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Box<[u8]>, R)>, Error> {
        Ok(self.records().scan(prefix, after, limit).await?)
    }

    /// Commits a batch.
    pub(crate) async fn commit(&self, change: Change) -> Result<(), Error> {
        Ok(self.store().commit(change).await?)
    }

    /// Begins an atomic change of this realm.
    pub(crate) fn change(&self) -> Change {
        self.records().change()
    }

    pub(crate) fn dice(&self) -> &Dice {
        &self.live.dice
    }

    /// Whether the realm was deleted or began again since this request came in, or the program is about to end.
    pub(crate) fn is_over(&self) -> bool {
        self.live.is_over.load(Ordering::SeqCst)
    }

    /// The realm's name.
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// Empty for the default realm, `/realms/{name}` for others.
    pub fn path(&self) -> String {
        match self.name() {
            DEFAULT => String::new(),
            name => format!("/realms/{name}"),
        }
    }

    /// `iss`: fixed, never derived from a request.
    pub fn issuer(&self) -> String {
        format!("{}{}", self.flow.settings.issuer, self.path())
    }

    /// The realm's policy.
    pub fn policy(&self) -> &crate::identity::Policy {
        &self.record.policy
    }
}
