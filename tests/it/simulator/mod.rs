//! What only a simulator can do: faults, bad tokens, the journal, snapshots, the same bytes again.

mod doors;
mod journal;
mod menu;
mod messages;
mod repeats;
mod snapshots;
