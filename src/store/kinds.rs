//! Which types are stored, and under which byte: the only place where the store knows what it holds.
//!
//! A kind's byte is a file format and never reused. From `0x80` on a kind is *passing*: a crash may lose it.

use serde::{Deserialize, Serialize};

use super::records::Record;
use crate::{
    clock::{Setting, Timestamp},
    identity::{
        Account, Citizen, IdNumber, Policy, enrolment::Enrolment, life::Life, registration,
    },
    oidc::{
        client::Client,
        grant::{AccessToken, AuthorizationCode},
        interaction::{Interaction, Session},
    },
    outbox::Message,
    population::Census,
};

/// The generation that holds what belongs to the process, not to a realm.
pub const SYSTEM: u64 = 0;

/// A realm: one country with its own people, clock and clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealmRecord {
    /// `default`, or the name in `/realms/{name}`.
    pub name: String,
    /// Where its records are; a reset moves to a new one.
    pub generation: u64,
    /// What its chance starts from.
    pub seed: Option<String>,
    /// Its time.
    pub clock: Setting,
    /// Its rules.
    pub policy: Policy,
    /// The computer's time when it began, or began again.
    pub created_at: Timestamp,
    /// The computer's time when it goes by itself.
    pub expires_at: Option<Timestamp>,
}

/// How often this store was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boots(pub u64);

/// Which population the stored changes lie over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusMark {
    /// The generator's version.
    pub generator: u32,
    /// What it was founded from.
    pub census: Census,
}

/// Whose phone number it is now; `None` once its first holder gave it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneHolder(pub Option<IdNumber>);

/// The registration of a citizen that is not decided yet: at most one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRegistration(pub String);

/// A message found by whom it went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageTo(pub u64);

/// A message found by whose account it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageAbout(pub u64);

/// A client, or the mark that a built-in one was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredClient(pub Option<Client>);

/// The scopes a holder allowed a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented(pub String);

/// Wrong tries on an ID number that nobody has: answered like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger(pub Life);

macro_rules! kinds {
    ($($type:ty => $kind:literal,)*) => { $(impl Record for $type { const KIND: u8 = $kind; })* };
}

kinds! {
    RealmRecord => 0x01,
    Boots => 0x02,
    CensusMark => 0x03,
    Citizen => 0x10,
    Account => 0x11,
    PhoneHolder => 0x12,
    registration::Registration => 0x13,
    OpenRegistration => 0x14,
    Message => 0x15,
    MessageTo => 0x16,
    MessageAbout => 0x17,
    StoredClient => 0x18,
    Consented => 0x19,
    Interaction => 0x80,
    Session => 0x81,
    AuthorizationCode => 0x82,
    AccessToken => 0x83,
    Enrolment => 0x84,
    Stranger => 0x85,
}
