//! Snapshots: a whole realm as one document, taken from any store, restored on any other, compared.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    clock::Timestamp,
    faults::{ArmedRule, Counts},
    flow::{
        Error, Flow, Realm,
        base::schedule,
        invalid,
        kinds::{DueEntry, RealmRecord, SYSTEM},
        realm::{
            realms::{NewRealm, check_name},
            webhooks,
        },
    },
    identity::invalid::Invalid,
    oidc::answered::AnsweredForm,
    population::{Census, GENERATOR_VERSION},
    store::{self, Batch, Key, MAX_ENTRY, Record as _, Space},
};

/// The format's version.
const FORMAT: u32 = 1;
/// Most entries of a snapshot.
pub const MOST_ENTRIES: usize = 200_000;
/// The last cursor that leaves room for those to come.
const MOST_CURSOR: u64 = 1 << 62;
/// Entries written in one step.
const STEP: usize = 256;

/// A whole realm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The format's version.
    pub format: u32,
    /// The population it lies over.
    pub census: Census,
    /// The generator's version.
    pub generator: u32,
    /// The realm's record.
    pub realm: RealmRecord,
    /// Where its chance stands, in draws of each purpose.
    pub drawn: Vec<u64>,
    /// The next message's cursor.
    pub cursor: u64,
    /// How often each fault was met.
    pub faults: Counts,
    /// Messages that wait for the next one to the same address, by their cursors.
    #[serde(default)]
    pub held_back: BTreeMap<String, Vec<u64>>,
    /// The code each client was given last.
    #[serde(default)]
    pub last_codes: BTreeMap<String, String>,
    /// Everything that is stored.
    pub entries: Vec<Stored>,
}

/// An entry of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Its kind.
    pub kind: u8,
    /// Its name, in base64url.
    pub name: String,
    /// What it says.
    pub value: Value,
    /// When it reads as absent (milliseconds since 1970, virtual).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Stored {
    /// Its name as it lies in the store.
    fn named(&self) -> Result<Vec<u8>, Error> {
        URL_SAFE_NO_PAD.decode(&self.name).map_err(|_| invalid("entries.name", "must be base64url"))
    }
}

/// What differs between two realms.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RecordDifference {
    /// Where: the kind of record, its name, and the path within it.
    pub at: String,
    /// What the first has; null where it has nothing.
    pub left: Value,
    /// What the second has.
    pub right: Value,
}

impl Realm {
    /// The whole realm. Requests that change it meanwhile may be in it or not.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let mut entries = Vec::new();
        let spaces = self.store().spaces().await?;
        // What a browser was answered is a passing courtesy to it, and holds codes and cookies.
        let kept = |space: &Space| space.realm == self.id() && space.kind != AnsweredForm::KIND;
        for space in spaces.into_iter().filter(kept) {
            let mut after: Option<Box<[u8]>> = None;
            loop {
                let page = self.store().raw_page(space, after.as_deref(), STEP).await?;
                after = page.last().map(|(name, _)| name.clone());
                let last = page.len() < STEP;
                for (name, entry) in page {
                    let value = serde_json::from_slice(&entry.bytes).map_err(|error| {
                        let kind = space.kind;
                        store::Error::Corrupt(format!("a record of kind {kind:#04x}: {error}"))
                    })?;
                    let name = URL_SAFE_NO_PAD.encode(name);
                    entries.push(Stored {
                        kind: space.kind,
                        name,
                        value,
                        expires_at: entry.expires_at,
                    });
                }
                if entries.len() > MOST_ENTRIES {
                    return Err(Error::Limit("200000 entries of a snapshot"));
                }
                if last {
                    break;
                }
            }
        }
        Ok(Snapshot {
            format: FORMAT,
            census: self.flow.settings.census,
            generator: GENERATOR_VERSION,
            realm: RealmRecord {
                generation: 0,
                starts: self.flow.starts(&self.record),
                ..RealmRecord::clone(&self.record)
            },
            drawn: self.dice().position(),
            cursor: self.live.cursor.load(std::sync::atomic::Ordering::SeqCst),
            faults: self.fault_counts(),
            held_back: self.live.held_back.lock().clone(),
            last_codes: self.live.last_codes.lock().clone(),
            entries,
        })
    }
}

impl Flow {
    /// Makes the realm `name` what a snapshot says, whether it is there or not. Until it is whole nobody sees any of it.
    pub async fn restore(
        self: &std::sync::Arc<Self>,
        name: &str,
        snapshot: Snapshot,
    ) -> Result<Realm, Error> {
        check(&snapshot, self.settings.census)?;
        self.restore_at(name, snapshot, false).await
    }

    /// The same; `new` demands that there is no such realm yet.
    async fn restore_at(
        self: &std::sync::Arc<Self>,
        name: &str,
        snapshot: Snapshot,
        new: bool,
    ) -> Result<Realm, Error> {
        let generation = self.generation();
        let _written = UnnamedGeneration::begin(self, generation);
        let restored = match self.write_entries(generation, &snapshot.entries).await {
            Ok(()) => self.begin_restored(name, new, generation, &snapshot).await,
            Err(error) => Err(error),
        };
        if restored.is_err() {
            self.forget(generation);
        }
        restored
    }

    async fn write_entries(&self, generation: u64, entries: &[Stored]) -> Result<(), Error> {
        for some in entries.chunks(STEP) {
            let mut batch = Batch::default();
            for entry in some {
                let space = Space { realm: generation, kind: entry.kind };
                let bytes = serde_json::to_vec(&entry.value).unwrap_or_default();
                batch = batch.put(Key::new(space, entry.named()?), bytes, entry.expires_at);
            }
            self.store.commit_raw(batch).await?;
        }
        Ok(())
    }

    /// Lets a realm of this name be the one of a generation that is written already.
    async fn begin_restored(
        self: &std::sync::Arc<Self>,
        name: &str,
        new: bool,
        generation: u64,
        snapshot: &Snapshot,
    ) -> Result<Realm, Error> {
        if new || matches!(self.realm(name).await, Err(Error::Missing(_))) {
            self.create_realm(NewRealm { name: name.to_owned(), ..NewRealm::default() }).await?;
        }
        let now = self.clock.now();
        let found = self.store.records(SYSTEM, now).get::<RealmRecord>(name).await?;
        let found = found.ok_or(Error::Missing("realm"))?;
        let people_of = Some(snapshot.realm.people_of()).filter(|of| *of != name);
        let record = RealmRecord {
            people_of: people_of.map(str::to_owned),
            name: name.to_owned(),
            generation,
            starts: snapshot.realm.starts.saturating_sub(self.boots),
            expires_at: found.record.expires_at,
            ..snapshot.realm.clone()
        };
        // Before anybody can enter it: its chance goes on from where it stood.
        let realm = self.enter(record.clone());
        realm.dice().go_to(&snapshot.drawn);
        realm.live.cursor.store(snapshot.cursor, std::sync::atomic::Ordering::SeqCst);
        realm.live.fault_counts.lock().clone_from(&snapshot.faults);
        realm.live.held_back.lock().clone_from(&snapshot.held_back);
        realm.live.last_codes.lock().clone_from(&snapshot.last_codes);
        let mut change = self.store.records(SYSTEM, now).change();
        change.replace(name, found.version, &record, record.expires_at);
        self.store.commit(change).await?;
        self.forget(found.record.generation);
        Ok(realm)
    }

    /// A second realm that goes on from where the first one is.
    pub async fn fork(self: &std::sync::Arc<Self>, from: &str, to: &str) -> Result<Realm, Error> {
        let snapshot = self.realm(from).await?.snapshot().await?;
        if self.realm(to).await.is_ok() {
            return Err(Error::Exists("realm"));
        }
        self.restore_at(to, snapshot, true).await
    }
}

/// A generation that is being written and that no realm names yet: the sweep leaves it alone.
struct UnnamedGeneration<'a> {
    flow: &'a Flow,
    generation: u64,
}

impl<'a> UnnamedGeneration<'a> {
    fn begin(flow: &'a Flow, generation: u64) -> Self {
        flow.written.lock().insert(generation);
        Self { flow, generation }
    }
}

impl Drop for UnnamedGeneration<'_> {
    fn drop(&mut self) {
        self.flow.written.lock().remove(&self.generation);
    }
}

fn check(snapshot: &Snapshot, census: Census) -> Result<(), Error> {
    if snapshot.format != FORMAT {
        return Err(invalid("format", "must be 1"));
    }
    if snapshot.generator != GENERATOR_VERSION || snapshot.census != census {
        let size = snapshot.census.size;
        let sentence =
            format!("is of another population ({size} people): start with --population {size}");
        return Err(invalid("census", sentence));
    }
    if snapshot.entries.len() > MOST_ENTRIES {
        return Err(Error::Limit("200000 entries of a snapshot"));
    }
    if snapshot.cursor > MOST_CURSOR {
        return Err(invalid("cursor", "must be at most 2^62"));
    }
    check_name("realm.people_of", snapshot.realm.people_of())?;
    let of = |what: &str, it: Invalid| {
        invalid("realm", format!("has a {what} whose {} {}", it.field, it.message))
    };
    snapshot.realm.policy.validate().map_err(|it| of("policy", it))?;
    let rules = snapshot.realm.faults.iter().try_for_each(ArmedRule::validate);
    rules.map_err(|it| of("fault", it))?;
    if snapshot.realm.webhooks.len() > webhooks::MOST {
        return Err(invalid("realm", "has more than 8 webhooks"));
    }
    for entry in &snapshot.entries {
        let bytes = serde_json::to_vec(&entry.value).unwrap_or_default();
        if entry.named()?.len() + bytes.len() > MAX_ENTRY {
            return Err(invalid("entries", "has an entry of more than 65536 bytes"));
        }
    }
    for entry in snapshot.entries.iter().filter(|it| it.kind == DueEntry::KIND) {
        // It would be looked for where it does not lie, again and again.
        if !schedule::is_named(&entry.named()?, &entry.value) {
            return Err(invalid("entries", "has a due entry under a name that is not its own"));
        }
    }
    crate::flow::kinds::check_all(snapshot.entries.iter().map(|it| (it.kind, &it.value))).map_err(
        |(kind, why)| {
            invalid("entries", format!("has a record of kind {kind} that cannot be read: {why}"))
        },
    )
}

/// What differs between two snapshots; times of creation and places of the store do not count.
pub fn differences(left: &Snapshot, right: &Snapshot) -> Vec<RecordDifference> {
    let (mut left, mut right) = (told(left), told(right));
    let mut found = Vec::new();
    let names: std::collections::BTreeSet<String> =
        left.keys().chain(right.keys()).cloned().collect();
    for name in names {
        let values =
            (left.remove(&name).unwrap_or_default(), right.remove(&name).unwrap_or_default());
        compare(&mut found, name, values.0, values.1);
    }
    found
}

/// What a snapshot says, by where it says it.
fn told(snapshot: &Snapshot) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for entry in &snapshot.entries {
        let name = entry.named().unwrap_or_default();
        let readable = String::from_utf8(name).ok().filter(|it| !it.chars().any(char::is_control));
        let name = readable.unwrap_or_else(|| entry.name.clone());
        let kind = crate::flow::kinds::word(entry.kind);
        all.insert(format!("{kind} {name}"), entry.value.clone());
    }
    let mut realm = json!(snapshot.realm);
    realm["people_of"] = snapshot.realm.people_of().into();
    for own in ["name", "generation", "starts", "created_at", "expires_at"] {
        realm.as_object_mut().and_then(|members| members.remove(own));
    }
    all.insert("realm".to_owned(), realm);
    all
}

fn compare(out: &mut Vec<RecordDifference>, at: String, left: Value, right: Value) {
    match (left, right) {
        (Value::Object(left), Value::Object(mut right)) => {
            for (name, value) in left {
                let other = right.remove(&name).unwrap_or_default();
                compare(out, format!("{at}.{name}"), value, other);
            }
            for (name, value) in right {
                compare(out, format!("{at}.{name}"), Value::Null, value);
            }
        }
        (left, right) if left == right => {}
        (left, right) => out.push(RecordDifference { at, left, right }),
    }
}
