//! Every way a use case can end without its result; `http/error.rs` alone turns these into responses.

use std::borrow::Cow;

use crate::{
    identity::{Refused, invalid::Invalid},
    oidc::{authorize::Untrusted, error, keys::KeyError},
    store,
};

/// A use case's refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of identity says no.
    #[error("refused: {}", .0.code())]
    Refused(Refused),
    /// The protocol says no.
    #[error("protocol error")]
    Protocol(#[source] error::Error),
    /// The authorization request cannot be answered at its redirect URI.
    #[error("untrusted authorization request: {0:?}")]
    Untrusted(Untrusted),
    /// Nothing is there under this name.
    #[error("no such {0}")]
    Missing(&'static str),
    /// Something is there under this name already.
    #[error("{0} exists already")]
    Exists(&'static str),
    /// A field that breaks a rule.
    #[error("{0}")]
    Invalid(Invalid),
    /// The form was sent before, is too old, or belongs to another browser.
    #[error("the form is stale")]
    StaleForm,
    /// A bound of the simulator.
    #[error("limit reached: {0}")]
    Limit(&'static str),
    /// The store failed.
    #[error("store failed")]
    Store(#[from] store::Error),
    /// Signing failed.
    #[error("signing failed")]
    Key(#[from] KeyError),
    /// Hashing failed.
    #[error("hashing failed: {0}")]
    Hash(String),
}

impl Error {
    /// Whether trying again later may help: the store was busy or out of reach.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(store::Error::Conflict | store::Error::Unavailable(_)))
    }

    /// The same failure of the store, for another who meets it; none of anything else.
    pub fn of_store(&self) -> Option<Self> {
        if let Self::Store(error) = self { Some(Self::Store(error.clone())) } else { None }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<error::Error> for Error {
    fn from(error: error::Error) -> Self {
        Self::Protocol(error)
    }
}

impl From<Untrusted> for Error {
    fn from(untrusted: Untrusted) -> Self {
        Self::Untrusted(untrusted)
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// An [`Error::Invalid`].
pub fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Error {
    Error::Invalid(Invalid::new(field, message))
}

/// Somebody's words: 1 to 200 characters on one line, without the spaces around them.
pub fn one_line(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(invalid(field, "must be 1 to 200 characters on one line"))
    }
}

/// Runs a load–decide–commit, given as an `async` block, again when somebody else committed in between. What is drawn by
/// chance is drawn before it.
macro_rules! retry {
    ($attempt:expr) => {{
        let mut tries = 0_u8;
        loop {
            match $attempt.await {
                Err($crate::flow::Error::Store($crate::store::Error::Conflict)) if tries < 64 => {
                    tries += 1;
                }
                other => break other,
            }
        }
    }};
}
pub(crate) use retry;
