//! Who is signed in to a demo site, and which sign-ins are under way: in memory, bounded, behind a random cookie.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use axum::http::HeaderMap;
use cookie::Cookie;
use parking_lot::Mutex;

use super::{SiteKind, claims::SignedInVisitor, party::PendingSignIn, stopped::NotBegun};
use crate::{
    clock::Timestamp,
    cookies::{append, guarded, taken_back, value},
    dice::{Dice, DrawPurpose},
    oidc::{
        digest::{constant_time_eq, mark, sha256_base64url},
        language::Language,
    },
};

/// Most sessions of one site; the oldest go first.
pub(crate) const MOST: usize = 1000;
/// Most sign-ins one browser has under way; the oldest go first.
const MOST_PENDING: usize = 8;

#[derive(Default)]
struct SiteSession {
    pending: VecDeque<PendingSignIn>,
    visitor: Option<Arc<SignedInVisitor>>,
    language: Language,
}

#[derive(Default)]
struct KeptSession {
    /// By the digest of the cookie, so that a look-up's time tells nothing of it.
    by_digest: BTreeMap<String, SiteSession>,
    oldest_first: VecDeque<String>,
}

impl KeptSession {
    fn insert(&mut self, digest: String, session: SiteSession) {
        while self.oldest_first.len() >= MOST {
            if let Some(oldest) = self.oldest_first.pop_front() {
                self.by_digest.remove(&oldest);
            }
        }
        self.oldest_first.push_back(digest.clone());
        self.by_digest.insert(digest, session);
    }

    fn remove(&mut self, digest: &str) -> Option<SiteSession> {
        self.oldest_first.retain(|kept| kept != digest);
        self.by_digest.remove(digest)
    }
}

/// The sessions of one site.
pub(crate) struct Sessions {
    cookie: String,
    is_secure: bool,
    dice: Arc<Dice>,
    kept: Mutex<KeptSession>,
}

impl Sessions {
    pub(crate) fn new(kind: SiteKind, issuer: &str, is_secure: bool, dice: Arc<Dice>) -> Self {
        let prefix = if is_secure { "__Host-" } else { "" };
        Self {
            // Cookies know no ports: the mark keeps the sites of two simulators on one host apart.
            cookie: format!("{prefix}vneid_mock_{}_{}", kind.client_id(), mark(issuer)),
            is_secure,
            dice,
            kept: Mutex::default(),
        }
    }

    fn digest(&self, headers: &HeaderMap) -> String {
        sha256_base64url(value(headers, &self.cookie).unwrap_or_default())
    }

    fn fresh(&self, kept: &mut KeptSession, session: SiteSession) -> Cookie<'static> {
        let key = self.dice.token(DrawPurpose::Session);
        kept.insert(sha256_base64url(&key), session);
        guarded(&self.cookie, &key, self.is_secure)
    }

    /// Notes a sign-in that begins; a browser without a session gets one. Never takes up a value it did not give out.
    pub(crate) fn begin(
        &self,
        headers: &HeaderMap,
        pending: PendingSignIn,
    ) -> Option<Cookie<'static>> {
        let mut kept = self.kept.lock();
        let language = pending.language;
        if let Some(session) = kept.by_digest.get_mut(&self.digest(headers)) {
            if session.pending.len() >= MOST_PENDING {
                session.pending.pop_front();
            }
            session.pending.push_back(pending);
            session.language = language;
            return None;
        }
        let session = SiteSession { pending: [pending].into(), visitor: None, language };
        Some(self.fresh(&mut kept, session))
    }

    /// Takes out the sign-in with this `state`: it counts once (RFC 6749 §10.12).
    pub(crate) fn take(&self, headers: &HeaderMap, state: &str) -> Result<PendingSignIn, NotBegun> {
        let mut kept = self.kept.lock();
        let session = kept.by_digest.get_mut(&self.digest(headers)).ok_or(NotBegun::NoSession)?;
        let same =
            |pending: &PendingSignIn| constant_time_eq(pending.state.as_bytes(), state.as_bytes());
        let at = session.pending.iter().position(same).ok_or(NotBegun::NoState)?;
        session.pending.remove(at).ok_or(NotBegun::NoState)
    }

    /// Somebody signed in: the session goes on under a new cookie, so a planted one is worth nothing.
    pub(crate) fn sign_in(&self, headers: &HeaderMap, visitor: SignedInVisitor) -> Cookie<'static> {
        let mut kept = self.kept.lock();
        let mut session = kept.remove(&self.digest(headers)).unwrap_or_default();
        session.visitor = Some(Arc::new(visitor));
        self.fresh(&mut kept, session)
    }

    /// Who is signed in, until the ID token expires; and the language chosen before.
    pub(crate) fn visitor(
        &self,
        headers: &HeaderMap,
        at: Timestamp,
    ) -> (Option<Arc<SignedInVisitor>>, Language) {
        let kept = self.kept.lock();
        kept.by_digest.get(&self.digest(headers)).map_or_else(Default::default, |session| {
            let visitor = session.visitor.clone().filter(|visitor| at < visitor.until);
            (visitor, session.language)
        })
    }

    /// Forgets the session here; the provider's own goes on.
    pub(crate) fn sign_out(&self, headers: &HeaderMap) -> Cookie<'static> {
        drop(self.kept.lock().remove(&self.digest(headers)));
        taken_back(&self.cookie, self.is_secure)
    }

    /// The provider says that a session ended: the visits of it, or all of the subject where it names none.
    pub(crate) fn end(&self, sub: Option<&str>, sid: Option<&str>) {
        for session in self.kept.lock().by_digest.values_mut() {
            if session.visitor.as_ref().is_some_and(|visitor| visitor.is_of(sub, sid)) {
                session.visitor = None;
            }
        }
    }

    /// Adds a cookie to a response.
    pub(crate) fn put(headers: &mut HeaderMap, cookie: Option<Cookie<'static>>) {
        if let Some(cookie) = cookie {
            append(headers, &cookie);
        }
    }
}
