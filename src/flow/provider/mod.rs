//! A relying party's way: sign-in, tokens, userinfo, logout, keys, clients.

pub mod clients;
pub mod explain;
pub(crate) mod forged;
pub mod keys;
pub mod logout;
pub mod par;
pub mod register_client;
pub mod sign_in;
pub mod sign_in_direct;
pub mod sign_in_requests;
pub mod tokens;
pub mod userinfo;
