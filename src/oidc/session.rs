//! A single sign-on session of one browser: how long it lives, and which requests it answers.

use serde::{Deserialize, Serialize};

use super::{authorize::AuthorizationRequest, grant::Authentication};
use crate::{clock::{Stamp, Timestamp}, identity::IdNumber};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What clients know it by: `sid` (Back-Channel Logout §2.1).
    pub sid: String,
    /// Who signed in, and how.
    pub authentication: Authentication,
    /// When it ends in any case.
    pub until: Timestamp,
}

/// How long sessions live, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without use.
    pub idle: i64,
    /// In all.
    pub absolute: i64,
}

impl Session {
    /// A session that begins.
    pub const fn begun(
        sid: String,
        authentication: Authentication,
        lives: Lifetimes,
        now: Timestamp,
    ) -> Self {
        Self { sid, authentication, until: now.plus_seconds(lives.absolute) }
    }

    /// When it is forgotten if nobody uses it again.
    pub fn forgotten(&self, lives: Lifetimes, at: Timestamp) -> Timestamp {
        at.plus_seconds(lives.idle).min(self.until)
    }

    /// Whether it answers this request without a new sign-in (OIDC Core §3.1.2.1: `prompt`, `max_age`).
    ///
    /// Too old by either clock is too old: the realm's is the rule, and the client judges `auth_time` by its own.
    pub fn answers(&self, request: &AuthorizationRequest, at: Stamp) -> bool {
        let signed_in = self.authentication.at;
        let age = at.at.millis_since(signed_in.at);
        let oldest = age.max(at.wire.millis_since(signed_in.wire));
        // Zero always asks anew, also under a clock that stands; a sign-in of the future is no sign-in yet.
        let young = request.max_age.is_none_or(|max| max > 0 && oldest <= i64::from(max) * 1000);
        young && age >= 0 && !request.prompt.login
    }
}

/// That a session was ended: its tokens are dead, whoever holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
}

/// That a client with a back-channel logout address received something in a session: named `sid`, zero, `client_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The client.
    pub client_id: String,
    /// What it knows the holder by.
    pub sub: String,
    /// Who that is.
    #[serde(default)]
    pub citizen: Option<IdNumber>,
}
