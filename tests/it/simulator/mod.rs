//! What only a simulator can do: faults, bad tokens, the journal, snapshots, the same bytes again.

mod any_realm;
mod console;
mod crossings;
mod doors;
mod in_process;
mod journal;
mod menu;
mod messages;
mod realms;
mod repeats;
mod requests;
mod secrets;
mod snapshots;
mod webhooks;
