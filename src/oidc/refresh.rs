//! A family of refresh tokens: every use replaces the token, and a used one that comes back ends the family (RFC 9700 §4.14).

use serde::{Deserialize, Serialize};

use super::{digest::constant_time_eq, grant::Grant};
use crate::clock::{Stamp, Timestamp};

/// Used tokens that are remembered, newest last. An older one is refused without ending the family.
const REMEMBERED: usize = 32;
/// Tokens that may be good at once, which happens within the grace alone.
const SIBLINGS: usize = 8;

/// The family that came of one sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshFamily {
    /// What it stands for.
    pub grant: Grant,
    /// When it dies.
    pub until: Stamp,
    /// SHA-256 of the tokens that are good.
    live: Vec<String>,
    /// SHA-256 of the tokens that were used, and when.
    spent: Vec<(String, Timestamp)>,
    /// Ended: by a replay, a revocation, or a replayed code.
    pub revoked: bool,
}

/// What follows a presented refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// Give new tokens.
    Rotated,
    /// Refuse; nothing changes.
    Unknown,
    /// Refuse, and the family is over.
    Replayed,
}

impl RefreshFamily {
    /// A family whose first token has this hash.
    pub fn begun(grant: Grant, token_hash: String, until: Stamp) -> Self {
        Self { grant, until, live: vec![token_hash], spent: Vec::new(), revoked: false }
    }

    /// A token of hash `presented` comes; `next` is the hash of the one that would replace it.
    ///
    /// Within `grace` seconds of its first use a token may come again: a client that lost the answer gets another.
    pub fn rotate(
        mut self,
        presented: &str,
        next: &str,
        grace: i64,
        now: Timestamp,
    ) -> (Self, RefreshOutcome) {
        let is_it = |hash: &str| constant_time_eq(hash.as_bytes(), presented.as_bytes());
        if self.revoked || now >= self.until.at {
            return (self, RefreshOutcome::Unknown);
        }
        if let Some(at) = self.live.iter().position(|hash| is_it(hash)) {
            let hash = self.live.remove(at);
            self.spent.push((hash, now));
            let excess = self.spent.len().saturating_sub(REMEMBERED);
            self.spent.drain(..excess);
            self.live.push(next.to_owned());
            return (self, RefreshOutcome::Rotated);
        }
        match self.spent.iter().find(|(hash, _)| is_it(hash)) {
            None => (self, RefreshOutcome::Unknown),
            Some((_, used)) if now < used.plus_seconds(grace) && self.live.len() < SIBLINGS => {
                self.live.push(next.to_owned());
                (self, RefreshOutcome::Rotated)
            }
            Some(_) => {
                self.revoked = true;
                (self, RefreshOutcome::Replayed)
            }
        }
    }

    /// Whether a token of this hash is good now.
    pub fn holds(&self, hash: &str, at: Timestamp) -> bool {
        !self.revoked
            && at < self.until.at
            && self.live.iter().any(|it| constant_time_eq(it.as_bytes(), hash.as_bytes()))
    }
}
