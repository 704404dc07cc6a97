//! The admin API's doors: what only a simulator can do.

mod accounts;
mod changes;
mod citizens;
mod clients;
mod clock;
mod gate;
mod messages;
mod outbox;
mod realms;
mod sign_ins;
