//! What time does by itself: each thing due is found by its moment, and done at that moment, before any later request.

use std::sync::atomic::Ordering;

use super::{Error, Realm, RealmMemory, retry};
use crate::{
    clock::Timestamp,
    flow::{
        base::schedule::{DueEvent, NEVER, Scheduled, name},
        kinds::DueEntry,
        provider::logout::Turn,
    },
    journal::Event,
};

/// Something that time is going to do, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upcoming {
    /// When.
    pub at: Timestamp,
    /// `account`, `registration`, `request`, `message`, `keys`, `key_used` or `key_retired`.
    pub kind: &'static str,
    /// Whose or which.
    pub to: String,
}

/// Held while due work runs: other requests wait. If it is dropped early, the next request checks again.
struct AtWork<'a> {
    live: &'a RealmMemory,
    done: bool,
}

impl<'a> AtWork<'a> {
    fn begin(live: &'a RealmMemory) -> Self {
        live.at_work.store(true, Ordering::SeqCst);
        Self { live, done: false }
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.live.next_due.fetch_min(i64::MIN, Ordering::SeqCst);
        }
        self.live.at_work.store(false, Ordering::SeqCst);
    }
}

impl Realm {
    /// What is due next together with what keys come to by themselves, in order, at most `limit`.
    pub async fn upcoming(&self, limit: usize) -> Result<Vec<Upcoming>, Error> {
        let entries = self.pending(limit).await?.into_iter().map(|it| {
            let (kind, to) = it.entry.parts();
            Upcoming { at: it.at, kind, to }
        });
        let phases = self.record.keys.iter().flat_map(|phase| {
            let moments = [("key_used", Some(phase.used_from)), ("key_retired", phase.retired_at)];
            let to = format!("set {}", phase.set);
            moments.into_iter().filter_map(move |(kind, at)| {
                Some(Upcoming { at: at.filter(|at| *at > self.now)?, kind, to: to.clone() })
            })
        });
        let mut all: Vec<Upcoming> = entries.chain(phases).collect();
        all.sort_by_key(|it| it.at);
        all.truncate(limit);
        Ok(all)
    }

    /// Runs everything that is due by `now`, each entry at its own moment; returns what happened.
    pub async fn run_due_once(&self) -> Result<Vec<DueEvent>, Error> {
        let now = self.now;
        let mut happened = Vec::new();
        let nothing_due = || self.live.next_due.load(Ordering::SeqCst) > now.as_millis();
        // Looked at second: it is set before the moment above is lost, and reset after that is known again.
        if nothing_due() && !self.live.at_work.load(Ordering::SeqCst) {
            return Ok(happened);
        }
        let _turn = self.live.catching_up.lock().await;
        if nothing_due() {
            return Ok(happened);
        }
        let mut work = AtWork::begin(&self.live);
        loop {
            // From here on, whoever adds something lowers this again.
            self.live.next_due.store(NEVER, Ordering::SeqCst);
            let first = self.pending(1).await?.pop();
            let Some(first) = first.filter(|first| {
                self.live.next_due.fetch_min(first.at.as_millis(), Ordering::SeqCst);
                first.at <= now
            }) else {
                work.done = true;
                return Ok(happened);
            };
            match self.run_due_entry(&first).await {
                Ok(more) => happened.extend(more),
                // Another request changed it meanwhile: it is looked at again.
                Err(Error::Store(crate::store::Error::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// What a request leaves to be done once it is answered: portals are told of sessions that it ended.
    pub(crate) async fn after_answer(&self) {
        if !self.has_untold() {
            return;
        }
        // As it is now: the request may have moved the clock.
        if let Ok(realm) = self.flow.realm(self.name()).await {
            realm.tell_portals(Turn::Passes).await;
        }
    }

    async fn run_due_entry(&self, due: &Scheduled) -> Result<Vec<DueEvent>, Error> {
        let key = name(due.at, &due.entry);
        let then = self.at(due.at);
        let found = then.get::<DueEntry>(&key).await?;
        let Some(found) = found else { return Ok(Vec::new()) };
        match &due.entry {
            DueEntry::Account(number) => then.account_comes_due(number, &key, &found).await,
            DueEntry::Registration(id) => then.registration_comes_due(id, &key, &found).await,
            DueEntry::Request(id) => then.request_comes_due(id, &key, &found).await,
            DueEntry::Message(cursor) => then.message_comes_due(*cursor, &key, &found).await,
            DueEntry::Keys => self.keys_come_due(due.at).await,
        }
    }

    /// Runs everything that is due, each entry at its own moment, and returns what happened; retries while others commit.
    pub async fn run_due(&self) -> Result<Vec<DueEvent>, Error> {
        let mut happened = retry!(self.run_due_once())?;
        // Key rotations are done many at a time.
        happened.sort_by_key(|it| it.at);
        for it in &happened {
            let event = Event::new("due", format!("{} {}", it.what, it.to));
            self.at(it.at).note(event.with("what", it.what).with("to", it.to.as_str()));
        }
        Ok(happened)
    }
}
