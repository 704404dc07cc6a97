//! What is due and when: entries named by their moment, written with what is decided.

use std::sync::atomic::Ordering;

use serde::Deserialize as _;

use super::loaded_account::LoadedAccount;
use crate::{
    clock::Timestamp,
    flow::{Error, Realm, RealmMemory, kinds::DueEntry},
    identity::due,
    store::{Change, records::Loaded},
};

/// Something that happened by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEvent {
    /// When.
    pub at: Timestamp,
    /// To which account, registration or request; `provider` for its keys.
    pub to: String,
    /// What.
    pub what: &'static str,
}

/// Something that is going to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// When.
    pub at: Timestamp,
    /// To what.
    pub entry: DueEntry,
}

/// Nothing is due as far as is known.
pub(crate) const NEVER: i64 = i64::MAX;

/// Tells the realm, when a batch has ended, that something is due at a moment.
struct DueHint(Timestamp, std::sync::Arc<RealmMemory>);

impl Drop for DueHint {
    fn drop(&mut self) {
        self.1.next_due.fetch_min(self.0.as_millis(), Ordering::SeqCst);
    }
}

/// The name of an entry: its moment, then what it is about.
pub(crate) fn name(at: Timestamp, entry: &DueEntry) -> Vec<u8> {
    let mut name = at.as_millis().to_be_bytes().to_vec();
    name.extend_from_slice(entry.about().as_bytes());
    name
}

/// Whether an entry lies where it is looked for; one that cannot be read does not.
pub(crate) fn is_named(given: &[u8], entry: &serde_json::Value) -> bool {
    let at = given.first_chunk().map(|at| Timestamp::from_millis(i64::from_be_bytes(*at)));
    let entry = DueEntry::deserialize(entry).ok();
    at.zip(entry).is_some_and(|(at, entry)| name(at, &entry) == given)
}

impl Realm {
    /// Lets an account be looked at when time changes it next, and no longer when it would have before.
    pub(crate) fn schedule(&self, change: &mut Change, held: &mut LoadedAccount) {
        let policy = &self.record.policy;
        let next = due::next(&held.account, held.subject.person(), held.who, policy, self.now);
        let next = next.map(|(at, _)| at);
        if held.account.due == next {
            return;
        }
        let entry = DueEntry::Account(held.account.number);
        if let Some(old) = held.account.due {
            change.delete::<DueEntry>(name(old, &entry));
        }
        if let Some(at) = next {
            self.put_due(change, at, &entry);
        }
        held.account.due = next;
    }

    /// Begins the change that does what is due: its entry goes with it, and is still the one that was found.
    pub(crate) fn change_of_due(&self, key: &[u8], found: &Loaded<DueEntry>) -> Change {
        let mut change = self.change();
        change.expect_version::<DueEntry>(key, found.version);
        change.delete::<DueEntry>(key);
        change
    }

    /// Writes that something is due.
    pub(crate) fn put_due(&self, change: &mut Change, at: Timestamp, entry: &DueEntry) {
        change.put(name(at, entry), entry, None);
        change.hold(DueHint(at, std::sync::Arc::clone(&self.live)));
    }

    /// Takes it back.
    pub(crate) fn drop_due(change: &mut Change, at: Timestamp, entry: &DueEntry) {
        change.delete::<DueEntry>(name(at, entry));
    }

    /// What is due next, in order, at most `limit`.
    pub async fn pending(&self, limit: usize) -> Result<Vec<Scheduled>, Error> {
        let found = self.scan::<DueEntry>(b"", None, limit).await?;
        Ok(found.into_iter().filter_map(|(name, entry)| pending(&name, entry)).collect())
    }
}

fn pending(name: &[u8], entry: DueEntry) -> Option<Scheduled> {
    let millis = i64::from_be_bytes(name.get(..8)?.try_into().ok()?);
    Some(Scheduled { at: Timestamp::from_millis(millis), entry })
}
