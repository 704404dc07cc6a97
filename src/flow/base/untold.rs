//! Sessions that ended and whose portals were not told yet: written with what ended them, so that a crash loses neither.

use std::sync::atomic::Ordering;

use crate::{
    flow::{Realm, kinds::Untold},
    store::Change,
};

impl Realm {
    /// Writes that portals must be told, within the batch that gives them the reason.
    pub(crate) fn tell_later(&self, change: &mut Change, whom: &Untold) {
        change.put(whom.name(), whom, None);
        let live = std::sync::Arc::clone(&self.live);
        change.afterwards(move || live.untold.store(true, Ordering::SeqCst));
    }

    /// Whether somebody may have to be told of something.
    pub(crate) fn has_untold(&self) -> bool {
        self.live.untold.load(Ordering::SeqCst)
    }
}
