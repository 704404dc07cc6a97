//! The protocol's doors and its pure parts.

mod assertion;
mod authorize;
mod claims;
mod client_auth;
mod client_bounds;
mod client_corners;
mod code;
mod corners;
mod dialects;
mod digest;
mod discovery;
mod endings;
mod explain;
mod form_post;
mod grant;
mod introspection;
mod key_rotation;
mod key_schedule;
mod key_timetable;
mod keys;
mod keys_forged;
mod log;
mod logout;
mod pkce;
mod pushed;
mod refresh;
mod registration;
mod service;
mod sessions;
mod sign_in_request;
mod step_up;
mod told;
mod userinfo;
mod wire_time;

pub(crate) use form_post::fields as posted;
