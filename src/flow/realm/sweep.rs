//! Housekeeping: what has expired is removed, realms whose time is over go.

use std::sync::Arc;

use crate::{
    flow::{DEFAULT, Error, Flow, kinds::SYSTEM},
    oidc::{assertion::UsedAssertion, refresh::RefreshFamily, session::Ended},
    outbox::Message,
    store::{Record, Space},
};

/// Virtual seconds something expired stays before it is removed, so that a clock set back finds it again.
const GRACE_SECONDS: i64 = 600;
/// Entries looked at in one step, so that requests come in between.
const STEP: usize = 512;

/// Whether what a space holds ends with time: passing kinds, and two lasting ones that a crash must not lose.
fn expires(space: Space) -> bool {
    space.is_passing() || [RefreshFamily::KIND, Ended::KIND].contains(&space.kind)
}

impl Flow {
    /// Removes what expired and frees generations that no realm uses; returns how many entries went.
    pub async fn sweep(self: &Arc<Self>) -> Result<usize, Error> {
        let now = self.clock.now();
        // What holds something is listed before the realms: a realm made in between is in the second list.
        // One that is being restored has no realm yet: it is left alone as long as it is written.
        let spaces = self.store.spaces().await?;
        let written = self.written.lock().clone();
        let known: Vec<u64> = self.live.read().keys().copied().collect();
        let realms = self.generations().await?;
        let mut removed = 0;
        for space in spaces {
            if space.realm == SYSTEM {
                removed += self.sweep_space(space, now).await?;
                continue;
            }
            match realms.iter().find(|realm| realm.generation == space.realm) {
                Some(realm) if expires(space) => {
                    let at = realm.clock.now(now);
                    // Remembered as long as the client's assertion is good, by the clock that judged it.
                    let wire = space.kind == UsedAssertion::KIND;
                    let at = if wire { realm.stamp(now).wire.moment() } else { at };
                    let then = at.plus_seconds(-GRACE_SECONDS);
                    removed += self.sweep_space(space, then).await?;
                }
                Some(realm) if space.kind == <Message as Record>::KIND => {
                    let realm = self.enter(realm.clone());
                    removed += realm.trim_messages().await?;
                }
                Some(_) => {}
                None if written.contains(&space.realm) => {}
                None => self.forget(space.realm),
            }
        }
        let alive = |generation: u64| {
            written.contains(&generation)
                || realms.iter().any(|realm| realm.generation == generation)
        };
        self.live.write().retain(|generation, live| {
            let stays = alive(*generation) || !known.contains(generation);
            if !stays {
                live.end();
            }
            stays
        });
        self.realm_count.store(realms.len() as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(removed)
    }

    async fn sweep_space(&self, space: Space, at: crate::clock::Timestamp) -> Result<usize, Error> {
        let (mut removed, mut after) = (0, None::<Box<[u8]>>);
        loop {
            let swept = self.store.sweep(space, after.as_deref(), STEP, at).await?;
            removed += swept.removed;
            match swept.next {
                Some(next) => after = Some(next),
                None => return Ok(removed),
            }
            tokio::task::yield_now().await;
        }
    }

    /// Whether the store answers, for `/readyz`.
    pub async fn ready(self: &Arc<Self>) -> Result<(), Error> {
        self.realm(DEFAULT).await.map(|_| ())
    }

    /// Everything answered is on disk.
    pub async fn flush(&self) -> Result<(), Error> {
        Ok(self.store.flush().await?)
    }
}
