//! What time does by itself: each thing due is found by its moment, and done at that moment, before any later request.

use std::sync::atomic::Ordering;

use serde::Deserialize as _;

use super::{Error, Live, Realm, people::Held, retry};
use crate::{
    clock::Timestamp,
    identity::{
        IdNumber,
        due::{self, Due},
        life::{Command, Effect, Standing, State},
    },
    journal::Event,
    outbox::{Purpose, templates},
    store::{Change, kinds::DueEntry, records::Loaded},
};

/// Something that happened by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// To which account, registration or request; `provider` for its keys.
    pub to: String,
    /// What.
    pub what: &'static str,
}

/// Something that time is going to do, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// When.
    pub at: Timestamp,
    /// `account`, `registration`, `request`, `message`, `keys`, `key_used` or `key_retired`.
    pub kind: &'static str,
    /// Whose or which.
    pub to: String,
}

/// Something that is going to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// When.
    pub at: Timestamp,
    /// To what.
    pub entry: DueEntry,
}

/// Nothing is due as far as is known.
pub(crate) const NEVER: i64 = i64::MAX;

/// Tells the realm, when a batch has ended, that something is due at a moment.
struct Hint(Timestamp, std::sync::Arc<Live>);

impl Drop for Hint {
    fn drop(&mut self) {
        self.1.next_due.fetch_min(self.0.as_millis(), Ordering::SeqCst);
    }
}

/// While it lives, whoever comes waits; if it ends before the work does, the next one looks anew.
struct AtWork<'a> {
    live: &'a Live,
    done: bool,
}

impl<'a> AtWork<'a> {
    fn begin(live: &'a Live) -> Self {
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

/// The name of an entry: its moment, then what it is about.
pub(super) fn name(at: Timestamp, entry: &DueEntry) -> Vec<u8> {
    let mut name = at.as_millis().to_be_bytes().to_vec();
    name.extend_from_slice(entry.about().as_bytes());
    name
}

/// Whether an entry lies where it is looked for; one that cannot be read does not.
pub(super) fn is_named(given: &[u8], entry: &serde_json::Value) -> bool {
    let at = given.first_chunk().map(|at| Timestamp::from_millis(i64::from_be_bytes(*at)));
    let entry = DueEntry::deserialize(entry).ok();
    at.zip(entry).is_some_and(|(at, entry)| name(at, &entry) == given)
}

impl Realm {
    /// Lets an account be looked at when time changes it next, and no longer when it would have before.
    pub(crate) fn schedule(&self, change: &mut Change, held: &mut Held) {
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

    /// Writes that something is due.
    pub(crate) fn put_due(&self, change: &mut Change, at: Timestamp, entry: &DueEntry) {
        change.put(name(at, entry), entry, None);
        change.hold(Hint(at, std::sync::Arc::clone(&self.live)));
    }

    /// Takes it back.
    pub(crate) fn drop_due(change: &mut Change, at: Timestamp, entry: &DueEntry) {
        change.delete::<DueEntry>(name(at, entry));
    }

    /// What is due next, in order, at most `limit`.
    pub async fn pending(&self, limit: usize) -> Result<Vec<Pending>, Error> {
        let found = self.scan::<DueEntry>(b"", None, limit).await?;
        Ok(found.into_iter().filter_map(|(name, entry)| pending(&name, entry)).collect())
    }

    /// What is due next together with what keys come to by themselves, in order, at most `limit`.
    pub async fn coming(&self, limit: usize) -> Result<Vec<Coming>, Error> {
        let entries = self.pending(limit).await?.into_iter().map(|it| {
            let (kind, to) = it.entry.parts();
            Coming { at: it.at, kind, to }
        });
        let phases = self.record.keys.iter().flat_map(|phase| {
            let moments = [("key_used", Some(phase.used_from)), ("key_retired", phase.retired_at)];
            let to = format!("set {}", phase.set);
            moments.into_iter().filter_map(move |(kind, at)| {
                Some(Coming { at: at.filter(|at| *at > self.now)?, kind, to: to.clone() })
            })
        });
        let mut all: Vec<Coming> = entries.chain(phases).collect();
        all.sort_by_key(|it| it.at);
        all.truncate(limit);
        Ok(all)
    }

    /// Does everything that has become due by `now`, each thing at its own moment; answers what happened.
    pub async fn catch_up(&self) -> Result<Vec<Happened>, Error> {
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
            match self.come_due(&first).await {
                Ok(more) => happened.extend(more),
                // Another request changed it meanwhile: it is looked at again.
                Err(Error::Store(crate::store::Error::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn come_due(&self, due: &Pending) -> Result<Vec<Happened>, Error> {
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

    async fn account_comes_due(
        &self,
        number: &IdNumber,
        key: &[u8],
        found: &Loaded<DueEntry>,
    ) -> Result<Vec<Happened>, Error> {
        let mut change = self.change();
        change.expect_version::<DueEntry>(key, found.version);
        change.delete::<DueEntry>(key);
        let Some(mut held) = self.left(number).await? else {
            self.commit(change).await?;
            return Ok(Vec::new());
        };
        let happened = self.pass_time(&mut change, &mut held).await?;
        // This entry is gone; the next is written anew.
        held.account.due = None;
        self.save(&mut change, &mut held);
        self.commit(change).await?;
        let to = number.to_string();
        Ok(happened
            .into_iter()
            .map(|due| Happened { at: self.now, to: to.clone(), what: due.name() })
            .collect())
    }

    /// Everything that the moment `at` does to an account.
    async fn pass_time(&self, change: &mut Change, held: &mut Held) -> Result<Vec<Due>, Error> {
        let mut happened = Vec::new();
        let at = self.now;
        let was_locked = matches!(held.account.life.state, State::TemporarilyLocked { .. });
        held.account.life = held.account.life.settled(at);
        let is_locked = matches!(held.account.life.state, State::TemporarilyLocked { .. });
        if was_locked && !is_locked {
            happened.push(Due::TemporaryLockEnds);
        }
        let before = held.account.life;
        let ground = held.subject.ground(held.who, at.day());
        let effects = held.decide(Command::FollowRegistry { ground }, at)?;
        self.carry_out(change, held, &effects);
        if held.account.life != before {
            happened.push(Due::GroundChanges);
        }
        if let State::Open(Standing::Approved { until, .. }) = held.account.life.state
            && until.as_millis() + 1 == at.as_millis()
        {
            let text = templates::activation_overdue();
            self.notify(change, held, Purpose::ActivationOverdue, &text);
            happened.push(Due::ActivationOverdue);
        }
        if let Some(expires) = expiring(held, at)
            && held.account.warned_of != Some(expires)
        {
            held.account.warned_of = Some(expires);
            self.notify(change, held, Purpose::CardExpiring, &templates::card_expiring(expires));
            happened.push(Due::CardExpiring);
        }
        if self.level0_is_over(held) {
            let effects = held.decide(Command::ExpireLevel0, at)?;
            let text = templates::level0_expired();
            self.notify(change, held, Purpose::Closed, &text);
            if effects.contains(&Effect::ReleasePhone) {
                self.unregister(change, &mut held.account).await?;
            }
            happened.push(Due::Level0Expires);
        }
        Ok(happened)
    }

    fn level0_is_over(&self, held: &Held) -> bool {
        let seconds = i64::from(self.record.policy.level0_days) * 24 * 3600;
        held.account.life.state == State::Open(Standing::Level0)
            && held
                .account
                .level0_since
                .is_some_and(|since| since.plus_seconds(seconds) <= self.now)
    }

    /// Everything that is due is done, at its moment, and the answer is what happened: retried while others commit.
    pub async fn settle(&self) -> Result<Vec<Happened>, Error> {
        let mut happened = retry!(self.catch_up())?;
        // Key rotations are done many at a time.
        happened.sort_by_key(|it| it.at);
        for it in &happened {
            let event = Event::new("due", format!("{} {}", it.what, it.to));
            self.at(it.at).note(event.with("what", it.what).with("to", it.to.as_str()));
        }
        Ok(happened)
    }
}

/// The expiry of an open account's card that has less than 30 days left.
fn expiring(held: &Held, at: Timestamp) -> Option<jiff::civil::Date> {
    use crate::identity::CardStatus;
    let card = held.subject.person()?.card.as_ref()?;
    let open = matches!(held.account.life.state, State::Open(_) | State::TemporarilyLocked { .. });
    card.expires.filter(|_| open && card.status(at.day()) == CardStatus::Expiring)
}

fn pending(name: &[u8], entry: DueEntry) -> Option<Pending> {
    let millis = i64::from_be_bytes(name.get(..8)?.try_into().ok()?);
    Some(Pending { at: Timestamp::from_millis(millis), entry })
}
