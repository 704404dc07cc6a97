//! Faults of a realm: kept in its record, counted in memory, asked at each point where something can go wrong.

use crate::{
    dice::Purpose,
    faults::{Count, Counts, Effect, Rule, rule::MOST},
    flow::{Error, Realm, invalid, kinds::RealmRecord},
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

    pub(crate) fn fault_counts(&self) -> Counts {
        self.live.fault_counts.lock().clone()
    }
}

fn check(rule: &Rule) -> Result<(), Error> {
    match rule.fault() {
        Some((field, message)) => Err(invalid(field, message)),
        None => Ok(()),
    }
}
