//! What every use case leans on: messages, notes, what is due, look-ups of faults.

pub mod effects;
pub mod faults;
pub mod hooks;
pub mod loaded_account;
pub mod messages;
pub mod notes;
pub mod record;
pub mod schedule;
pub mod untold;
pub mod secrets;
