//! The protocol's doors and its pure parts.

mod digest;
mod keys;
mod keys_forged;
