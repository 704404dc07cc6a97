//! What a realm's faults do to a request as a whole: at its door, and in the store beneath it.

use crate::{
    faults::{
        Call, FaultEffect, Rule,
        menu::{DoorFault, StoreFault},
    },
    flow::Realm,
    store::injected::{StoreFailure, under},
};

/// What goes wrong with a request.
pub struct DoorFaults {
    /// At the door, in the order of the rules.
    pub doors: Vec<(DoorFault, Rule)>,
    /// In the store, and in how many of its operations.
    pub store: Option<(StoreFailure, u32)>,
}

impl Realm {
    /// Whether there are any rules.
    pub fn has_faults(&self) -> bool {
        !self.record.faults.is_empty()
    }

    /// What goes wrong with a request.
    pub fn door_faults(&self, call: &Call<'_>) -> DoorFaults {
        let at_door = |effect| match effect {
            FaultEffect::Door(door) => Some(door),
            _ => None,
        };
        let doors = self.matching_faults_now(call, at_door, usize::MAX);
        let doors = doors.into_iter().map(|(door, rule)| (door, rule.clone())).collect();
        let in_store = |effect| match effect {
            FaultEffect::Store(StoreFault::ReadsFail) => Some(StoreFailure::Reads),
            FaultEffect::Store(StoreFault::WritesFail) => Some(StoreFailure::Writes),
            FaultEffect::Store(StoreFault::Conflict) => Some(StoreFailure::Conflicts),
            FaultEffect::Store(StoreFault::AnswerLost) => Some(StoreFailure::Answers),
            _ => None,
        };
        let mut failures = self.matching_faults_now(call, in_store, 1);
        let store =
            failures.pop().map(|(failure, rule)| (failure, rule.operations.unwrap_or(u32::MAX)));
        DoorFaults { doors, store }
    }

    /// Carries `work` out over a store that fails.
    pub async fn with_failing_store<F: Future>(
        &self,
        failure: StoreFailure,
        operations: u32,
        work: F,
    ) -> F::Output {
        under(failure, operations, work).await
    }
}
