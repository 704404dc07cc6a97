//! What a parent or guardian is asked (Decree 69/2024 Art. 14.2).

use serde::{Deserialize, Serialize};

use super::number::IdNumber;
use crate::clock::Timestamp;

/// A question to the representative of a child or ward, named `representative`, zero, id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WardConsent {
    /// Its id.
    pub id: String,
    /// The child or ward.
    pub ward: IdNumber,
    /// The portal that the account is to be used at.
    pub portal: String,
    /// The answer, once there is one.
    pub answer: Option<bool>,
    /// When it was asked.
    pub at: Timestamp,
}
