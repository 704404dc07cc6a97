//! The behaviours that the OpenID Foundation's certification suite checks, each under its module's name: docs/conformance.md.

mod backchannel;
mod basic;
mod config;
mod dynamic;
mod grants;
mod listed;
mod logout;
mod suite;
mod third_party;
