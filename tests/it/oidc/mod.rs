//! The protocol's doors and its pure parts.

mod authorize;
mod client_auth;
mod code;
mod digest;
mod discovery;
mod grant;
mod key_rotation;
mod key_schedule;
mod key_timetable;
mod keys;
mod keys_forged;
mod log;
mod pkce;
mod sessions;
mod userinfo;
