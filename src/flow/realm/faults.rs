//! Faults of a realm: kept in its record, counted in memory, asked at each point where something can go wrong.

use crate::{
    dice::DrawPurpose,
    faults::{self, ArmedRule, Count, Counts, FaultEffect, NotAdded, Rule},
    flow::{Error, Realm, kinds::RealmRecord},
};

impl Realm {
    /// The rules in force, and how often each was met.
    pub fn faults(&self) -> Vec<(Rule, Count)> {
        let counts = self.live.fault_counts.lock();
        let rules = self.record.faults.iter().map(ArmedRule::rule);
        let counted =
            |rule: &Rule| (rule.clone(), counts.get(&rule.id).copied().unwrap_or_default());
        rules.map(counted).collect()
    }

    /// Adds a rule; answers it with its id.
    pub async fn add_fault(&self, rule: Rule) -> Result<Rule, Error> {
        let mut rule = ArmedRule::checked(rule)?;
        rule.name_if_none(|| {
            let drawn = self.dice().token(DrawPurpose::Fault);
            format!("f-{}", drawn.chars().take(12).collect::<String>())
        });
        let added = rule.clone();
        let add = move |record: &mut RealmRecord| {
            faults::add(&mut record.faults, added.clone()).map_err(|why| match why {
                NotAdded::Exists => Error::Exists("fault"),
                NotAdded::Full => Error::Limit("64 faults"),
            })
        };
        self.edit_record(&add).await?;
        let rule = Rule::from(rule);
        // A rule of the same name may have been counted before.
        self.live.fault_counts.lock().remove(&rule.id);
        Ok(rule)
    }

    /// Deletes a rule.
    pub async fn delete_fault(&self, id: &str) -> Result<(), Error> {
        let remove = |record: &mut RealmRecord| {
            let before = record.faults.len();
            record.faults.retain(|it| it.rule().id != id);
            if record.faults.len() == before { Err(Error::Missing("fault")) } else { Ok(()) }
        };
        self.edit_record(&remove).await?;
        self.live.fault_counts.lock().remove(id);
        Ok(())
    }

    /// Deletes every rule.
    pub async fn clear_faults(&self) -> Result<(), Error> {
        if !self.record.faults.is_empty() {
            self.change_record(|record| record.faults.clear()).await?;
        }
        self.live.fault_counts.lock().clear();
        Ok(())
    }

    /// Whether any rule asks who calls.
    pub fn faults_ask_who(&self) -> bool {
        let at_door = |it: &&ArmedRule| {
            matches!(it.effect(), Some(FaultEffect::Door(_) | FaultEffect::Store(_)))
        };
        self.record.faults.iter().filter(at_door).any(ArmedRule::asks_who)
    }

    pub(crate) fn fault_counts(&self) -> Counts {
        self.live.fault_counts.lock().clone()
    }
}
