//! A tester's way: realms, clock, faults, snapshots, the outbox, the journal, webhooks.

pub mod clock;
pub mod door_faults;
pub mod faults;
pub mod journal;
pub mod make_account;
pub mod outbox;
pub mod put_citizen;
pub mod quotas;
pub mod realms;
pub mod snapshot;
pub mod sweep;
pub mod webhooks;
