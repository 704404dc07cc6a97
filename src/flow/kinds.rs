//! Which types are stored, and under which byte: the file format of what is kept.
//!
//! A kind's byte is a file format and never reused. From `0x80` on a kind is *passing*: a crash may lose it.

use serde::{Deserialize, Serialize};

use crate::{
    clock::{Setting, Stamp, Timestamp},
    faults::ArmedRule,
    identity::{
        Account, Citizen, IdNumber, Organisation, Policy, consent::WardConsent,
        enrolment::Enrolment, life::Life, qr::QrCode, registration, request::OfficeRequest,
    },
    oidc::{
        answered::AnsweredForm,
        assertion::UsedAssertion,
        client::Client,
        grant::{AccessToken, AuthorizationCode, Consented},
        interaction::Interaction,
        keys::KeyPhase,
        pushed::Pushed,
        refresh::RefreshFamily,
        session::{Ended, Participant, Session},
        sign_in_request::SignInRequest,
    },
    outbox::Message,
    population::Census,
    store::Record,
};

/// The generation that holds what belongs to the process, not to a realm.
pub const SYSTEM: u64 = 0;

/// A realm: one country with its own people, clock and clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealmRecord {
    /// `default`, or the name in `/realms/{name}`.
    pub name: String,
    /// The realm whose people these are, where it is another: a fork's people keep their `sub`, and its chance goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_of: Option<String>,
    /// Starts of the store that count for it beyond those of this store: its chance and its messages' cursors go by them, and a
    /// snapshot takes them along.
    #[serde(default)]
    pub starts: i64,
    /// Where its records are; a reset moves to a new one.
    pub generation: u64,
    /// The seed of its random numbers.
    pub seed: Option<String>,
    /// Its time.
    pub clock: Setting,
    /// Its rules.
    pub policy: Policy,
    /// The computer's time when it began, or began again.
    pub created_at: Timestamp,
    /// The computer's time when it goes by itself.
    pub expires_at: Option<Timestamp>,
    /// When which of its keys is published, used and retired; empty until the first rotation.
    #[serde(default)]
    pub keys: Vec<KeyPhase>,
    /// When the next rotation is due: the moment of its entry.
    #[serde(default)]
    pub keys_due: Option<Timestamp>,
    /// What goes wrong in it.
    #[serde(default)]
    pub faults: Vec<ArmedRule>,
    /// Who is told of what happens in it.
    #[serde(default)]
    pub webhooks: Vec<Webhook>,
    /// Limits of a realm.
    #[serde(default)]
    pub quotas: Quotas,
}

impl RealmRecord {
    /// Both moments when the computer's clock shows `real`.
    pub const fn stamp(&self, real: Timestamp) -> Stamp {
        Stamp::of(self.clock.now(real), real, self.policy.wire_time)
    }

    /// What `sub` and chance are drawn from.
    pub fn people_of(&self) -> &str {
        self.people_of.as_deref().unwrap_or(&self.name)
    }
}

/// Limits of a realm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// Requests it answers in total, then 429. Unlimited if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Records it keeps (changed people, accounts, messages, clients, tokens, …); a request that finds so many is answered
    /// with 429, unless it only reads or deletes beneath `/admin`. Unlimited if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<u64>,
}

/// Somebody who is told of what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where it is posted to.
    pub url: String,
    /// What the posts are signed with.
    pub secret: String,
    /// Kinds of events; every kind if empty.
    pub events: Vec<String>,
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

/// Index: messages by recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageTo(pub u64);

/// A message found by whose account it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageAbout(pub u64);

/// What time is going to change: an account, a registration at the end of its legal time, a request, a message that is late, the
/// signing keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueEntry {
    /// The account of this number.
    Account(IdNumber),
    /// The registration of this id.
    Registration(String),
    /// The request of this id.
    Request(String),
    /// The message of this cursor arrives.
    Message(u64),
    /// The provider's keys.
    Keys,
}

impl DueEntry {
    /// The word for it, and its number or id.
    pub fn parts(self) -> (&'static str, String) {
        match self {
            Self::Account(number) => ("account", number.to_string()),
            Self::Registration(id) => ("registration", id),
            Self::Request(id) => ("request", id),
            Self::Message(cursor) => ("message", cursor.to_string()),
            Self::Keys => ("keys", "provider".to_owned()),
        }
    }

    /// What it is about, as part of its name.
    pub fn about(&self) -> String {
        match self {
            Self::Account(number) => format!("a{number}"),
            Self::Registration(id) => format!("r{id}"),
            Self::Request(id) => format!("q{id}"),
            Self::Message(cursor) => format!("m{cursor:020}"),
            Self::Keys => "k".to_owned(),
        }
    }
}

/// An organisation somebody acts for, found by person: named `person`, zero, `organisation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActsFor(pub IdNumber);

/// A person somebody acts for, found by parent or guardian: named `representative`, zero, `person`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependant(pub IdNumber);

/// A session found by whose it is: named `person`, zero, `sid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOf {
    /// Its `sid`.
    pub sid: String,
    /// The account's epoch then.
    pub epoch: u32,
}

/// Whose portals are to be told that something ended (Back-Channel Logout 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// Every session of this person ended: by a lock, another phone, another password.
    Account(IdNumber),
    /// This session ended.
    Session(String),
}

impl Untold {
    /// One of each at a time.
    pub fn name(&self) -> String {
        match self {
            Self::Account(number) => format!("a{number}"),
            Self::Session(sid) => format!("s{sid}"),
        }
    }
}

/// The open request of an account: at most one of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest(pub String);

/// Whose account a device is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceHolder(pub Option<IdNumber>);

/// A signed-in app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSession {
    /// Whose account.
    pub number: IdNumber,
    /// On which device.
    pub device: String,
    /// The account's epoch then: whatever begins another ends this session too.
    pub epoch: u32,
}

/// A client, or the mark that a built-in one was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredClient(pub Option<std::sync::Arc<Client>>);

/// Wrong tries on an ID number that nobody has: answered like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger(pub Life);

macro_rules! kinds {
    ($($type:ty => $kind:literal,)*) => {
        $(impl Record for $type { const KIND: u8 = $kind; })*

        /// Whether records from outside can be read as what their kind says; else the first kind that cannot, and why.
        ///
        /// # Errors
        /// The kind, and why its record cannot be read.
        pub fn check_all<'a>(
            records: impl Iterator<Item = (u8, &'a serde_json::Value)>,
        ) -> Result<(), (u8, String)> {
            for (kind, value) in records {
                let read = match kind {
                    $($kind => <$type>::deserialize(value).map(|_| ()).map_err(|error| error.to_string()),)*
                    _ => Err("there is no such kind".to_owned()),
                };
                read.map_err(|why| (kind, why))?;
            }
            Ok(())
        }

        /// The word for a kind.
        pub fn word(kind: u8) -> &'static str {
            match kind {
                $($kind => stringify!($type).rsplit("::").next().unwrap_or_default().trim(),)*
                _ => "record",
            }
        }
    };
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
    Organisation => 0x1a,
    DueEntry => 0x1b,
    ActsFor => 0x1c,
    Dependant => 0x1d,
    OfficeRequest => 0x1e,
    OpenRequest => 0x1f,
    DeviceHolder => 0x20,
    RefreshFamily => 0x21,
    Ended => 0x22,
    Untold => 0x23,
    Interaction => 0x80,
    Session => 0x81,
    AuthorizationCode => 0x82,
    AccessToken => 0x83,
    Enrolment => 0x84,
    Stranger => 0x85,
    AppSession => 0x86,
    WardConsent => 0x87,
    QrCode => 0x88,
    UsedAssertion => 0x89,
    Pushed => 0x8a,
    Participant => 0x8b,
    AnsweredForm => 0x8c,
    SessionOf => 0x8d,
    SignInRequest => 0x90,
}
