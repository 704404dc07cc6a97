//! The three ways a store can fail.

use std::sync::Arc;

/// Why a store did not do as asked. Absence is no error.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// An expectation did not hold; nothing was changed. Read again and decide again.
    #[error("somebody else changed the record first")]
    Conflict,
    /// The store cannot be reached or cannot write now; trying again later may help.
    #[error("the store is unavailable")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// What is stored, or was to be stored, is not what it should be; trying again will not help.
    #[error("the store is corrupt: {0}")]
    Corrupt(String),
}

impl Error {
    /// Wraps whatever kept the store from answering.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(Arc::from(source.into()))
    }
}
