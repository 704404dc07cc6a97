//! What an answer tells this house, beside what it tells its caller: for the log and for the journal.

use std::borrow::Cow;

use crate::{
    identity::{IdNumber, Refused},
    oidc::error,
};

/// A failure that the log line of the request tells in full; the caller sees a generic sentence.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub(crate) String);

/// What the log line of a refused request says beside its status.
#[derive(Debug, Clone, Default)]
pub(crate) struct LoggedRefusal {
    pub(crate) code: Cow<'static, str>,
    /// What would have been right, where the refusal knows.
    pub(crate) expected: Cow<'static, str>,
}

impl LoggedRefusal {
    /// Of the protocol.
    pub(crate) fn of(error: &error::Error) -> Self {
        Self { code: error.code.as_str().into(), expected: error.expected.clone() }
    }

    pub(crate) fn code(code: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), expected: Cow::Borrowed("") }
    }
}

/// A refusal by the rules, in whatever shape it was answered.
#[derive(Debug, Clone)]
pub(crate) struct RefusalNote {
    pub(crate) code: &'static str,
    pub(crate) sentence: String,
    /// The portal it was for, as far as the page knows; empty if not.
    pub(crate) client_id: String,
    pub(crate) citizen: Option<IdNumber>,
}

impl RefusalNote {
    pub(crate) fn of(code: &'static str, sentence: &str) -> Self {
        Self { code, sentence: sentence.to_owned(), client_id: String::new(), citizen: None }
    }

    /// Of a page of a sign-in.
    pub(crate) fn on_page(refused: &Refused, client_id: &str, citizen: Option<IdNumber>) -> Self {
        let told = Self::of(refused.code(), &refused.english());
        Self { client_id: client_id.to_owned(), citizen, ..told }
    }
}
