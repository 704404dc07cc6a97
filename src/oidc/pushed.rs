//! Pushed authorization requests (RFC 9126).

use serde::{Deserialize, Serialize};

/// An authorization request that a client pushed (RFC 9126).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// By whom.
    pub client_id: String,
    /// Its parameters.
    pub params: Vec<(String, String)>,
}
