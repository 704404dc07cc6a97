//! The doors of OpenID Connect: one door, one file.

pub mod authorize;
pub mod metadata;
pub mod token;
pub mod userinfo;
