//! Faults of a realm: kept in its record, counted in memory, asked at each point where something can go wrong.

use super::{Error, Realm, invalid};
use crate::{
    dice::Purpose,
    faults::{self, Call, Count, Counts, Effect, Rule, rule::MOST},
    journal::Event,
    store::{Change, kinds::RealmRecord},
};

impl Realm {
    /// The rules in force, and how often each was met.
    pub fn faults(&self) -> Vec<(Rule, Count)> {
        let counts = self.live.fault_counts.lock();
        let counted =
            |rule: &Rule| (rule.clone(), counts.get(&rule.id).copied().unwrap_or_default());
        self.record.faults.iter().map(counted).collect()
    }

    /// Adds a rule; answers it with its id.
    pub async fn add_fault(&self, mut rule: Rule) -> Result<Rule, Error> {
        check(&rule)?;
        if rule.id.is_empty() {
            let drawn = self.dice().token(Purpose::Fault);
            rule.id = format!("f-{}", drawn.chars().take(12).collect::<String>());
        }
        let added = rule.clone();
        let add = move |record: &mut RealmRecord| {
            if record.faults.iter().any(|it| it.id == added.id) {
                return Err(Error::Exists("fault"));
            }
            if record.faults.len() == MOST {
                return Err(Error::Limit("64 faults"));
            }
            record.faults.push(added.clone());
            Ok(())
        };
        self.edit_record(&add).await?;
        // A rule of the same name may have been counted before.
        self.live.fault_counts.lock().remove(&rule.id);
        Ok(rule)
    }

    /// Takes a rule back.
    pub async fn delete_fault(&self, id: &str) -> Result<(), Error> {
        let remove = |record: &mut RealmRecord| {
            let before = record.faults.len();
            record.faults.retain(|rule| rule.id != id);
            if record.faults.len() == before { Err(Error::Missing("fault")) } else { Ok(()) }
        };
        self.edit_record(&remove).await?;
        self.live.fault_counts.lock().remove(id);
        Ok(())
    }

    /// Takes every rule back.
    pub async fn clear_faults(&self) -> Result<(), Error> {
        if !self.record.faults.is_empty() {
            self.change_record(|record| record.faults.clear()).await?;
        }
        self.live.fault_counts.lock().clear();
        Ok(())
    }

    /// Whether any rule asks who calls.
    pub fn faults_ask_who(&self) -> bool {
        let at_door = |rule: &&Rule| {
            rule.entry().is_some_and(|it| matches!(it.effect, Effect::Door(_) | Effect::Store(_)))
        };
        self.record.faults.iter().filter(at_door).any(Rule::asks_who)
    }

    /// What goes wrong with a call, of what `wanted` takes, in the order of the rules and `most` at most. Whatever was asked
    /// is counted, for good once the strikes are kept.
    pub(crate) fn struck<'a, T>(
        &'a self,
        call: &Call<'_>,
        wanted: impl Fn(Effect) -> Option<T>,
        most: usize,
    ) -> (Vec<(T, &'a Rule)>, Strikes) {
        let now = self.now;
        let mut strikes = Strikes { realm: None, met: Vec::new() };
        let mut effects = Vec::new();
        for rule in &self.record.faults {
            if effects.len() == most {
                break;
            }
            let Some(effect) = rule.entry().and_then(|entry| wanted(entry.effect)) else {
                continue;
            };
            if !rule.matches(call, now) {
                continue;
            }
            let event = self.fires(rule).then(|| {
                let event = Event::new("fault", rule.effect.clone()).with("id", rule.id.as_str());
                let (client_id, citizen) = (call.client_id, call.citizen);
                Event {
                    client_id: client_id.map(str::to_owned),
                    citizen: citizen.map(str::to_owned),
                    ..event
                }
            });
            if event.is_some() {
                effects.push((effect, rule));
            }
            strikes.realm.get_or_insert_with(|| self.clone());
            strikes.met.push((rule.id.clone(), event));
        }
        (effects, strikes)
    }

    /// The same where nothing can take it back: nobody waits for a commit.
    pub(crate) fn struck_at_once<'a, T>(
        &'a self,
        call: &Call<'_>,
        wanted: impl Fn(Effect) -> Option<T>,
        most: usize,
    ) -> Vec<(T, &'a Rule)> {
        let (struck, strikes) = self.struck(call, wanted, most);
        strikes.keep();
        struck
    }

    fn fires(&self, rule: &Rule) -> bool {
        let mut counts = self.live.fault_counts.lock();
        let count = counts.entry(rule.id.clone()).or_default();
        faults::fires(rule, count, || self.dice().below(Purpose::Fault, 100))
    }

    /// Keeps strikes once a change is committed; one that is given up, or tried again, gives them back.
    pub(crate) fn keep_with(change: &mut Change, strikes: Strikes) {
        if !strikes.met.is_empty() {
            change.afterwards(move || strikes.keep());
        }
    }

    pub(crate) fn fault_counts(&self) -> Counts {
        self.live.fault_counts.lock().clone()
    }
}

/// Rules that were met, and by which something goes wrong: counted for good, and noted, once it is certain that it does.
#[must_use]
pub(crate) struct Strikes {
    /// Where; nowhere as long as no rule was met, as a rule.
    realm: Option<Realm>,
    /// Which rule, and what is to be noted if it went off.
    met: Vec<(String, Option<Event>)>,
}

impl Strikes {
    pub(crate) fn keep(mut self) {
        let Some(realm) = self.realm.take() else { return };
        for event in std::mem::take(&mut self.met).into_iter().filter_map(|(_, event)| event) {
            realm.note(event);
        }
    }
}

impl Drop for Strikes {
    fn drop(&mut self) {
        let Some(realm) = &self.realm else { return };
        let mut counts = realm.live.fault_counts.lock();
        for (id, event) in &self.met {
            if let Some(count) = counts.get_mut(id) {
                count.seen = count.seen.saturating_sub(1);
                count.fired = count.fired.saturating_sub(u32::from(event.is_some()));
            }
        }
    }
}

fn check(rule: &Rule) -> Result<(), Error> {
    match rule.fault() {
        Some((field, message)) => Err(invalid(field, message)),
        None => Ok(()),
    }
}
