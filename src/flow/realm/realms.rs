//! Realms: made, listed, thrown away, started again; one stored record each.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use parking_lot::RwLock;

use crate::{
    clock::{Clock, Setting, Timestamp},
    dice::{Dice, DrawPurpose},
    identity::Policy,
    flow::{
        DEFAULT, Error, Fixtures, Flow, Realm, Settings, invalid,
        kinds::{Boots, CensusMark, Quotas, RealmRecord, SYSTEM},
        outside::Outside,
        provider::keys,
        retry,
    },
    population::{Census, Country, GENERATOR_VERSION},
    store::Store,
};

/// Most realms of one process.
pub const MOST: u64 = 10_000;
/// Longest life a realm may be given, in seconds: a year.
pub const LONGEST_TTL: i64 = 366 * 24 * 3600;

/// What a new realm is made of.
#[derive(Debug, Clone, Default)]
pub struct NewRealm {
    /// 1 to 64 of `a-z 0-9 - _`, beginning with a letter or digit.
    pub name: String,
    /// The realm whose people its people are, if not its own.
    pub people_of: Option<String>,
    /// What its chance starts from; at most 200 characters.
    pub seed: Option<String>,
    /// Seconds of real time until it is deleted automatically.
    pub ttl: Option<i64>,
    /// Its limits.
    pub quotas: Quotas,
}

impl Flow {
    /// Opens the store: counts the start and makes the default realm if there is none.
    pub async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        fixtures: Fixtures,
        settings: Settings,
        outside: Arc<dyn Outside>,
    ) -> Result<Arc<Self>, Error> {
        let now = clock.now();
        let country = Country::new(settings.census)
            .map_err(|error| invalid("population", error.to_string()))?;
        check_census(&store, settings.census, now).await?;
        let boots = count_boot(&store, now).await?;
        let realms = store.records(SYSTEM, now).scan::<RealmRecord>(b"", None, usize::MAX).await?;
        let flow = Arc::new(Self {
            store,
            clock,
            fixtures,
            settings,
            country,
            outside,
            fetched: crate::flow::outside::Fetched::default(),
            live: RwLock::default(),
            written: parking_lot::Mutex::default(),
            boots,
            realm_count: AtomicU64::new(realms.len() as u64),
            system_dice: Dice::new(None, "", 0),
            hashes: AtomicU64::new(0),
        });
        if !realms.iter().any(|(_, realm)| realm.name == DEFAULT) {
            let seed = flow.settings.seed.clone();
            flow.create_realm(NewRealm { name: DEFAULT.to_owned(), seed, ..NewRealm::default() })
                .await?;
        }
        Ok(flow)
    }

    pub(crate) fn generation(&self) -> u64 {
        u64::from_be_bytes(self.system_dice.bytes::<8>(DrawPurpose::Id)).max(1)
    }

    /// Makes a realm: one record, whatever the size of the country.
    pub async fn create_realm(self: &Arc<Self>, new: NewRealm) -> Result<Realm, Error> {
        check_name("name", &new.name)?;
        new.people_of.as_deref().map_or(Ok(()), |name| check_name("people_of", name))?;
        if new.seed.as_ref().is_some_and(|seed| seed.chars().count() > 200) {
            return Err(invalid("seed", "must have at most 200 characters"));
        }
        if new.ttl.is_some_and(|ttl| !(1..=LONGEST_TTL).contains(&ttl)) {
            return Err(invalid("ttl", "must be 1 second to 366 days"));
        }
        if self.realm_count.load(Ordering::Relaxed) >= MOST {
            return Err(Error::Limit("10000 realms"));
        }
        let now = self.clock.now();
        let mut record = RealmRecord {
            generation: self.generation(),
            seed: new.seed,
            clock: Setting::default(),
            policy: self.fixtures.policy.clone(),
            created_at: now,
            expires_at: new.ttl.map(|ttl| now.plus_seconds(ttl)),
            starts: 0,
            people_of: new.people_of.filter(|other| *other != new.name),
            name: new.name,
            keys: Vec::new(),
            keys_due: None,
            faults: self.fixtures.faults.clone(),
            webhooks: Vec::new(),
            quotas: new.quotas,
        };
        let mut change = self.store.records(SYSTEM, now).change();
        keys::begin(&mut change, &mut record, now);
        change.in_realm(SYSTEM).insert(&record.name, &record, record.expires_at);
        match self.store.commit(change).await {
            Err(crate::store::Error::Conflict) => return Err(Error::Exists("realm")),
            other => other?,
        }
        self.realm_count.fetch_add(1, Ordering::Relaxed);
        Ok(self.enter(record))
    }

    /// Realms by name, after `after`, at most `limit`.
    pub async fn list_realms(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<RealmRecord>, Error> {
        let now = self.clock.now();
        let after = after.map(str::as_bytes);
        let found = self.store.records(SYSTEM, now).scan::<RealmRecord>(b"", after, limit).await?;
        Ok(found.into_iter().map(|(_, realm)| realm).collect())
    }

    /// Throws a realm away; its records are freed in the background.
    pub async fn delete_realm(self: &Arc<Self>, name: &str) -> Result<(), Error> {
        if name == DEFAULT {
            return Err(invalid("name", "must not be default: that realm can only be reset"));
        }
        retry!(async {
            let now = self.clock.now();
            let found = self.store.records(SYSTEM, now).get::<RealmRecord>(name).await?;
            let found = found.ok_or(Error::Missing("realm"))?;
            let mut change = self.store.records(SYSTEM, now).change();
            change.expect_version::<RealmRecord>(name, found.version);
            change.delete::<RealmRecord>(name);
            self.store.commit(change).await?;
            self.realm_count.fetch_sub(1, Ordering::Relaxed);
            self.forget(found.record.generation);
            Ok(())
        })
    }

    /// Starts a realm's country again: people, clock, rules, messages, clients, chance. The seed stays.
    pub async fn reset_realm(self: &Arc<Self>, name: &str) -> Result<Realm, Error> {
        retry!(async {
            let now = self.clock.now();
            let found = self.store.records(SYSTEM, now).get::<RealmRecord>(name).await?;
            let found = found.ok_or(Error::Missing("realm"))?;
            let old = found.record.generation;
            let mut record = RealmRecord {
                generation: self.generation(),
                clock: Setting::default(),
                policy: self.fixtures.policy.clone(),
                created_at: now,
                keys: Vec::new(),
                keys_due: None,
                faults: self.fixtures.faults.clone(),
                ..found.record
            };
            let mut change = self.store.records(SYSTEM, now).change();
            keys::begin(&mut change, &mut record, now);
            change.in_realm(SYSTEM).replace(name, found.version, &record, record.expires_at);
            self.store.commit(change).await?;
            self.forget(old);
            Ok(self.enter(record))
        })
    }

    /// Ends every wait and every stream: the program stops, and whoever follows a realm would hold it up.
    pub fn end_waits(&self) {
        self.live.read().values().for_each(|live| live.end());
    }

    /// Frees what a generation held. Nothing can reach it any more, so nobody waits for it.
    pub(crate) fn forget(self: &Arc<Self>, generation: u64) {
        if let Some(live) = self.live.write().remove(&generation) {
            live.end();
        }
        let flow = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = flow.store.clear(generation).await {
                tracing::warn!(generation, %error, "a deleted realm's records were not freed");
            }
        });
    }

    /// The keys of every realm that is alive.
    pub(crate) async fn generations(&self) -> Result<Vec<RealmRecord>, Error> {
        self.list_realms(None, usize::MAX).await
    }
}

impl Realm {
    /// Sets the realm's rules.
    pub async fn set_policy(&self, policy: Policy) -> Result<Realm, Error> {
        policy.validate()?;
        let real = self.real;
        self.change_record(move |record| keys::set_policy(record, &policy, real)).await
    }

    /// Changes some of the realm's rules and keeps the others, also those that another request changes meanwhile.
    pub async fn merge_policy(&self, patch: &serde_json::Value) -> Result<Realm, Error> {
        let real = self.real;
        let edit = |record: &mut RealmRecord| {
            let merged = serde_json::from_value(record.policy.merged(patch));
            let policy: Policy = merged.map_err(|error| invalid("policy", error.to_string()))?;
            policy.validate()?;
            keys::set_policy(record, &policy, real);
            Ok(())
        };
        self.edit_record(&edit).await
    }
}

/// What is stored lies over one population and no other.
async fn check_census(store: &Store, census: Census, now: Timestamp) -> Result<(), Error> {
    let mine = CensusMark { generator: GENERATOR_VERSION, census };
    let found = store.records(SYSTEM, now).get::<CensusMark>("census").await?;
    match found.map(|found| found.record) {
        None => Ok(store.put(SYSTEM, "census", &mine, None).await?),
        Some(kept) if kept == mine => Ok(()),
        Some(kept) => Err(invalid(
            "store",
            format!(
                "holds changes over another population (generator {}, {} people): start with \
                 --population {} or another directory",
                kept.generator, kept.census.size, kept.census.size
            ),
        )),
    }
}

async fn count_boot(store: &Store, now: Timestamp) -> Result<i64, Error> {
    let before = store.records(SYSTEM, now).get::<Boots>("boots").await?;
    let boots = Boots(before.map_or(0, |found| found.record.0) + 1);
    store.put(SYSTEM, "boots", &boots, None).await?;
    Ok(i64::try_from(boots.0).unwrap_or(crate::flow::MOST_STARTS))
}

pub(crate) fn check_name(field: &'static str, name: &str) -> Result<(), Error> {
    let right = (1..=64).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
    if right {
        Ok(())
    } else {
        Err(invalid(field, "must be 1 to 64 of a-z 0-9 - _, beginning with a letter or digit"))
    }
}
