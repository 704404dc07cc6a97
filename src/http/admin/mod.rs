//! The admin API: what only a simulator can do, under `/admin/v1`.

pub mod accounts;
pub mod citizens;
pub mod clients;
pub mod clock;
pub mod faults;
pub mod gate;
pub mod journal;
pub mod keys;
pub mod messages;
pub mod organisations;
pub mod people;
pub mod policy;
pub mod provinces;
pub mod realms;
pub mod registrations;
pub mod reports;
pub mod requests;
#[cfg(feature = "scenarios")]
pub mod scenarios;
pub mod sign_ins;
mod stream;
pub mod webhooks;
