//! Faults of a realm, asked at each point where something can go wrong.

use crate::{
    dice::DrawPurpose,
    faults::{self, Call, FaultEffect, Rule},
    flow::Realm,
    journal::Event,
    store::Change,
};

impl Realm {
    /// The faults that apply to a call, of the effects that `wanted` takes, in the order of the rules, at most `most`. Every matching rule
    /// is counted, for good once the hits are kept.
    pub(crate) fn matching_faults<'a, T>(
        &'a self,
        call: &Call<'_>,
        wanted: impl Fn(FaultEffect) -> Option<T>,
        most: usize,
    ) -> (Vec<(T, &'a Rule)>, FaultHits) {
        let now = self.now;
        let mut strikes = FaultHits { realm: None, met: Vec::new() };
        let mut effects = Vec::new();
        for armed in &self.record.faults {
            if effects.len() == most {
                break;
            }
            let Some(effect) = armed.effect().and_then(&wanted) else { continue };
            if !armed.matches(call, now) {
                continue;
            }
            let rule = armed.rule();
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

    /// The same where no commit can fail afterwards: the hits are kept at once.
    pub(crate) fn matching_faults_now<'a, T>(
        &'a self,
        call: &Call<'_>,
        wanted: impl Fn(FaultEffect) -> Option<T>,
        most: usize,
    ) -> Vec<(T, &'a Rule)> {
        let (struck, strikes) = self.matching_faults(call, wanted, most);
        strikes.keep();
        struck
    }

    fn fires(&self, rule: &Rule) -> bool {
        let mut counts = self.live.fault_counts.lock();
        let count = counts.entry(rule.id.clone()).or_default();
        faults::fires(rule, count, || self.dice().below(DrawPurpose::Fault, 100))
    }

    /// Keeps the hits once a change is committed; one that is given up, or tried again, returns them.
    pub(crate) fn keep_hits_with(change: &mut Change, strikes: FaultHits) {
        if !strikes.met.is_empty() {
            change.afterwards(move || strikes.keep());
        }
    }
}

/// Rules that matched a call: counted for good, and noted in the journal, once the change is committed.
#[must_use]
pub(crate) struct FaultHits {
    /// Where; nowhere as long as no rule was met, as a rule.
    realm: Option<Realm>,
    /// Which rule, and what is to be noted if it went off.
    met: Vec<(String, Option<Event>)>,
}

impl FaultHits {
    pub(crate) fn keep(mut self) {
        let Some(realm) = self.realm.take() else { return };
        for event in std::mem::take(&mut self.met).into_iter().filter_map(|(_, event)| event) {
            realm.note(event);
        }
    }
}

impl Drop for FaultHits {
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
