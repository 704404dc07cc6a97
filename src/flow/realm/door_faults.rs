//! What a realm's faults do to a request as a whole: at its door, and in the store beneath it.

use crate::{
    faults::{
        Call, Effect, Rule,
        menu::{Door, StoreFault},
    },
    flow::Realm,
    store::injected::{Failure, under},
};

/// What goes wrong with a request.
pub struct Struck {
    /// At the door, in the order of the rules.
    pub doors: Vec<(Door, Rule)>,
    /// In the store, and in how many of its operations.
    pub store: Option<(Failure, u32)>,
}

impl Realm {
    /// Whether there are any rules.
    pub fn has_faults(&self) -> bool {
        !self.record.faults.is_empty()
    }

    /// What goes wrong with a request.
    pub fn strike_door(&self, call: &Call<'_>) -> Struck {
        let at_door = |effect| match effect {
            Effect::Door(door) => Some(door),
            _ => None,
        };
        let doors = self.struck_at_once(call, at_door, usize::MAX);
        let doors = doors.into_iter().map(|(door, rule)| (door, rule.clone())).collect();
        let in_store = |effect| match effect {
            Effect::Store(StoreFault::ReadsFail) => Some(Failure::Reads),
            Effect::Store(StoreFault::WritesFail) => Some(Failure::Writes),
            Effect::Store(StoreFault::Conflict) => Some(Failure::Conflicts),
            Effect::Store(StoreFault::AnswerLost) => Some(Failure::Answers),
            _ => None,
        };
        let mut failures = self.struck_at_once(call, in_store, 1);
        let store =
            failures.pop().map(|(failure, rule)| (failure, rule.operations.unwrap_or(u32::MAX)));
        Struck { doors, store }
    }

    /// Carries `work` out over a store that fails.
    pub async fn with_failing_store<F: Future>(
        &self,
        failure: Failure,
        operations: u32,
        work: F,
    ) -> F::Output {
        under(failure, operations, work).await
    }
}
