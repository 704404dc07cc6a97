//! The admin API's doors: what only a simulator can do.

mod accounts;
mod changes;
mod citizens;
mod clients;
mod clock;
mod examples;
mod gate;
mod messages;
mod outbox;
mod people;
mod realms;
mod reports;
mod sign_ins;
