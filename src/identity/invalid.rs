//! A field that breaks a rule of form, in every room: which one, and what it must be.

use std::borrow::Cow;

/// A field that breaks a rule of form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// Which field, as the document writes it.
    pub field: &'static str,
    /// What it must be: reads on from the field's name.
    pub message: Cow<'static, str>,
}

impl Invalid {
    /// Of a field, with what it must be.
    pub fn new(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field, message: message.into() }
    }
}
