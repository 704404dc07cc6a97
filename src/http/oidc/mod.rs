//! The doors of OpenID Connect: one door, one file.

pub mod authorize;
pub mod initiate;
pub mod introspect;
pub mod metadata;
pub mod par;
pub mod register;
pub mod token;
pub mod userinfo;
