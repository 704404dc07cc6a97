//! The journal of a realm: noted as things are decided, read by testers.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use crate::{
    flow::{LONGEST_WAIT, Realm},
    journal::{self, EntryKind, Exchange, JournalEntry, verify},
};

/// What a reader looks for; what is left out matches everything.
#[derive(Debug, Clone, Default)]
pub struct JournalFilter {
    /// Parts of entries, as for verification.
    pub pattern: serde_json::Map<String, Value>,
    /// Only after this place.
    pub after: u64,
    /// At most this many matches.
    pub limit: usize,
}

impl Realm {
    /// A number for a request that begins.
    pub fn begin_request(&self) -> u64 {
        self.live.journal.lock().begin()
    }

    /// Keeps a request that was answered.
    pub fn keep_exchange(&self, exchange: Exchange) {
        self.keep_entry(EntryKind::Exchange(Arc::new(exchange)));
    }

    /// Everything that is kept.
    pub fn journal_entries(&self) -> Vec<JournalEntry> {
        self.live.journal.lock().entries()
    }

    /// How many entries were let go, and the place of the newest.
    pub fn journal_bounds(&self) -> (u64, u64) {
        let journal = self.live.journal.lock();
        (journal.dropped(), journal.last())
    }

    /// Clears the journal.
    pub fn clear_journal(&self) {
        self.live.journal.lock().clear();
    }

    /// Matching entries in order, as they are shown.
    pub fn journal(&self, wanted: &JournalFilter) -> Vec<Value> {
        let entries = self.journal_entries();
        let matching = |entry: &Value| verify::differences(&wanted.pattern, entry).is_empty();
        journal::shown(&entries, wanted.after).filter(matching).take(wanted.limit).collect()
    }

    /// The entries of one sign-in, or all.
    pub fn journal_of(&self, sign_in: Option<u64>) -> Vec<JournalEntry> {
        let entries = self.journal_entries();
        let links = journal::links::of(&entries);
        let own = |entry: &JournalEntry| sign_in.is_none() || links.sign_in(entry) == sign_in;
        entries.iter().filter(|entry| own(entry)).cloned().collect()
    }

    /// The same as [`Realm::journal`]; waits for a match until `wait` seconds of real time have passed.
    pub async fn await_journal(&self, wanted: &JournalFilter, wait: u64) -> Vec<Value> {
        let look = async {
            loop {
                let rung = self.live.journal_bell.notified();
                tokio::pin!(rung);
                // Listen first, then look: an entry in between rings this bell.
                rung.as_mut().enable();
                let found = self.journal(wanted);
                // A cursor beyond the end belongs to a cleared journal: return at once.
                let is_ahead = wanted.after > self.journal_bounds().1;
                if !found.is_empty() || is_ahead || self.is_over() {
                    return found;
                }
                rung.await;
            }
        };
        let limit = Duration::from_secs(wait.min(LONGEST_WAIT));
        tokio::time::timeout(limit, look).await.unwrap_or_default()
    }
}
