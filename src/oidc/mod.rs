//! PURE: the protocol without a framework.

pub mod acr;
pub mod answered;
mod asserted;
pub mod assertion;
pub mod authorize;
pub mod client;
pub mod dialect;
pub mod digest;
pub mod discovery;
pub mod error;
pub mod forge;
pub mod grant;
pub mod interaction;
pub mod jwks;
pub mod keys;
pub mod language;
pub mod params;
pub mod pkce;
pub mod pushed;
pub mod refresh;
pub mod requested;
pub mod response;
pub mod scopes;
pub mod session;
pub mod sign_in_request;
pub mod target;
pub mod token;
pub mod untrusted;

/// Seconds an unfinished interaction lives. Invented.
pub const INTERACTION_SECONDS: i64 = 1800;
