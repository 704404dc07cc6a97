//! The protocol's doors and its pure parts.

mod authorize;
mod client_auth;
mod code;
mod digest;
mod discovery;
mod grant;
mod keys;
mod keys_forged;
mod log;
mod pkce;
mod sessions;
mod sign_in_request;
mod userinfo;
