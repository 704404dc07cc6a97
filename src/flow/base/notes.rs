//! What happens is noted: in the journal, and to whoever asked to be told.

use std::sync::Arc;

use crate::{
    flow::Realm,
    journal::{EntryKind, Event},
    store::Change,
};

tokio::task_local! {
    /// The request that the task carries out.
    static REQUEST: u64;
}

/// Carries out `work` as part of a request: what it notes is noted as that request's.
pub async fn within<F: Future>(request: u64, work: F) -> F::Output {
    REQUEST.scope(request, work).await
}

impl Realm {
    /// Whether this realm keeps a journal.
    pub fn journals(&self) -> bool {
        self.record.policy.journal
    }

    /// Notes that something happened.
    pub(crate) fn note(&self, mut event: Event) {
        if event.request.is_none() {
            event.request = REQUEST.try_with(|number| *number).ok();
        }
        let event = Arc::new(event);
        self.tell_hooks(&event);
        if self.journals() {
            self.keep_entry(EntryKind::Event(event));
        }
    }

    /// The same once a change is committed, and not if it is given up.
    pub(crate) fn note_with(&self, change: &mut Change, event: Event) {
        let realm = self.clone();
        change.afterwards(move || realm.note(event));
    }

    pub(crate) fn keep_entry(&self, kind: EntryKind) {
        self.live.journal.lock().add(self.now, kind);
        self.live.journal_bell.notify_waiters();
    }
}
