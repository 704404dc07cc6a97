//! What a form of a sign-in led to, kept so that the same form is answered the same again: a double click, a reload.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::response::AuthorizationResponse;
use crate::identity::{Refused, secret::Secret};

/// Where a form led.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormOutcome {
    /// To the page at this path beneath the realm.
    Page(Cow<'static, str>),
    /// Back to the portal.
    Portal(AuthorizationResponse),
    /// To the same page once more, with a sentence.
    Refused(Refused),
}

/// The last answer of an interaction, named as the interaction is: one of each, and no longer kept than it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredForm {
    /// SHA-256 of the browser's cookie.
    pub browser: String,
    /// The digest of the form: its address and every field, the anti-forgery one among them.
    pub digest: String,
    /// Where it led.
    pub outcome: FormOutcome,
    /// The ID number as it was typed, at most 64 characters.
    pub typed: String,
    /// The single sign-on cookie that came with the answer.
    pub session: Option<Secret>,
}
