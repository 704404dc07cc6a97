//! The keys of a realm over its time: what signs, verifies and is published at a moment.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::schedule::{KeyPhase, KeyStatus, phases, signing, status};
use super::sets::{SETS, set};
use super::{Algorithm, KeyError, KeyRing};
use crate::clock::Timestamp;

/// Every key that a realm has or had.
#[derive(Debug, Clone, Copy)]
pub struct Timetable<'a> {
    phases: &'a [KeyPhase],
    repeatable: bool,
}

impl<'a> Timetable<'a> {
    /// Of a realm's phases; none: set 0 for ever.
    pub fn new(kept: &'a [KeyPhase]) -> Self {
        Self { phases: phases(kept), repeatable: false }
    }

    /// The same, of a realm whose signatures are the same for the same claims.
    #[must_use]
    pub const fn repeatable(self, repeatable: bool) -> Self {
        Self { repeatable, ..self }
    }

    /// The keys at a moment.
    pub fn at(self, now: Timestamp) -> KeysAt<'a> {
        KeysAt { phases: self.phases, repeatable: self.repeatable, now }
    }

    /// The claims of an ID token that comes back as a hint: its key may be retired by now.
    ///
    /// OIDC Core §3.1.2.1: a hint is accepted although the token has expired, and a key is retired no sooner than that.
    ///
    /// # Errors
    /// As [`KeyRing::verify`].
    pub fn verify_hint<C: DeserializeOwned>(self, token: &str) -> Result<C, KeyError> {
        // RFC 8725 §3.11: a logout token or a JWT access token is signed by the same keys and is no ID token.
        verify(self.phases.iter(), |ring| ring.verify_typed("JWT", token))
    }
}

/// The keys of a realm at a moment.
#[derive(Debug, Clone, Copy)]
pub struct KeysAt<'a> {
    phases: &'a [KeyPhase],
    repeatable: bool,
    now: Timestamp,
}

impl<'a> KeysAt<'a> {
    /// The phases that are in the JWK set: first the one that signs.
    fn published(self) -> impl Iterator<Item = &'a KeyPhase> {
        let first = signing(self.phases, self.now);
        let others = self.phases.iter().enumerate();
        let others = others.filter(move |(at, it)| *at != first && it.is_published(self.now));
        self.phases.get(first).into_iter().chain(others.map(|(_, it)| it))
    }

    /// Signs with the set in use, see [`KeyRing::sign`].
    ///
    /// # Errors
    /// As [`KeyRing::sign`].
    pub fn sign<C: Serialize>(
        self,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &C,
    ) -> Result<String, KeyError> {
        let ring = self.ring();
        if self.repeatable {
            return ring.sign_repeatably(algorithm, typ, claims);
        }
        ring.sign(algorithm, typ, claims)
    }

    /// The set in use.
    pub fn ring(self) -> &'static KeyRing {
        set(self.published().next().unwrap_or(&KeyPhase::FIRST).set)
    }

    /// A set that is not in use and not published: keys that look like the provider's and are not.
    pub fn foreign_ring(self) -> &'static KeyRing {
        let published: Vec<u8> = self.published().map(|phase| phase.set % SETS).collect();
        let foreign = (0..SETS).rev().find(|number| !published.contains(number));
        set(foreign.unwrap_or(SETS - 1))
    }

    /// The claims of a token that a published key signed, see [`KeyRing::verify`].
    ///
    /// # Errors
    /// As [`KeyRing::verify`]; [`KeyError::UnknownKey`] for a key that is retired or not yet published.
    pub fn verify<C: DeserializeOwned>(self, token: &str) -> Result<C, KeyError> {
        verify(self.published(), |ring| ring.verify(token))
    }

    /// The published keys as the JSON text of a JWK set (RFC 7517 §5): first the set that signs.
    ///
    /// # Errors
    /// [`KeyError::Unusable`], which the development keys never are.
    pub fn jwks(self) -> Result<Cow<'static, str>, KeyError> {
        let mut published = self.published().map(|phase| set(phase.set));
        let Some(first) = published.next() else { return Ok(set(0).jwks()?.into()) };
        let mut text = Cow::Borrowed(first.jwks()?);
        for other in published {
            let whole = text.to_mut();
            whole.truncate(whole.len() - KeyRing::JWKS_TAIL.len());
            whole.push(',');
            whole.push_str(other.jwks()?.strip_prefix(KeyRing::JWKS_HEAD).unwrap_or_default());
        }
        Ok(text)
    }

    /// Every phase by now and where it stands, the oldest first.
    pub fn states(self) -> impl Iterator<Item = (&'a KeyPhase, KeyStatus)> {
        let stands = move |at| status(self.phases, at, self.now);
        self.phases.iter().enumerate().filter_map(move |(at, phase)| Some((phase, stands(at)?)))
    }
}

/// The claims of a token that a key of one of these phases signed.
fn verify<'a, C>(
    phases: impl Iterator<Item = &'a KeyPhase>,
    check: impl Fn(&KeyRing) -> Result<C, KeyError>,
) -> Result<C, KeyError> {
    for phase in phases {
        match check(set(phase.set)) {
            Err(KeyError::UnknownKey) => {}
            other => return other,
        }
    }
    Err(KeyError::UnknownKey)
}

/// The `kid` of a set's key for an algorithm.
///
/// # Errors
/// [`KeyError::Unusable`], which the development keys never are.
pub fn kid(phase: &KeyPhase, algorithm: Algorithm) -> Result<&'static str, KeyError> {
    set(phase.set).kid(algorithm)
}
