//! What a realm may use at most: requests altogether, entries it keeps.

use std::sync::atomic::Ordering;

use crate::flow::{Error, Realm};

/// Entries read at a time while they are counted.
const STEP: usize = 1_000;
/// A request seldom keeps more entries than this: so many times fewer requests than are missing pass without a count.
const AT_ONCE: u64 = 64;

impl Realm {
    /// Counts a request; whether the realm's quota still allows it.
    pub fn may_ask(&self) -> bool {
        let asked = self.live.requests.fetch_add(1, Ordering::Relaxed);
        self.record.quotas.requests.is_none_or(|most| asked < most)
    }

    /// Whether the realm may keep more. What is kept is counted at this moment only when the quota may be near.
    pub async fn has_room(&self) -> Result<bool, Error> {
        let Some(most) = self.record.quotas.entries else { return Ok(true) };
        let (relaxed, free) = (Ordering::Relaxed, &self.live.uncounted);
        if free.fetch_update(relaxed, relaxed, |left| left.checked_sub(1)).is_ok() {
            return Ok(true);
        }
        let kept = self.entries(most).await?;
        free.store(most.saturating_sub(kept) / AT_ONCE, relaxed);
        Ok(kept < most)
    }

    /// How many entries are stored, expired ones that nobody swept yet included; counts to `enough` only.
    async fn entries(&self, enough: u64) -> Result<u64, Error> {
        let mut kept = 0;
        for space in self.store().spaces().await? {
            let mut after: Option<Box<[u8]>> = None;
            while space.realm == self.id() && kept < enough {
                let page = self.store().raw_page(space, after.as_deref(), STEP).await?;
                kept += page.len() as u64;
                after = page.into_iter().last().map(|(name, _)| name);
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(kept)
    }
}
