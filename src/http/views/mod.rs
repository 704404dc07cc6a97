//! What the APIs show of citizens, accounts, registrations, messages, clients, clocks and realms.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::{Setting, WireClock},
    flow::{Realm, base::schedule::DueEvent, due::Upcoming, kinds::RealmRecord},
    identity::secret::Secret,
    outbox::{self, Message},
};

mod organisations;
mod people;
mod registrations;
mod requests;

pub use organisations::OrganisationView;
pub use people::{AccountView, AddressView, CardView, CitizenView};
pub use registrations::{MomentView, RegistrationView};
pub use requests::RequestView;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// In order.
    pub items: Vec<T>,
    /// For `?after=`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A page of at most `limit`; a full one may have another behind it.
    pub(crate) fn page(items: Vec<T>, limit: usize, name: impl Fn(&T) -> String) -> Self {
        let next = if items.len() == limit { items.last().map(name) } else { None };
        Self { items, next }
    }
}

/// A message of the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// A ULID.
    pub id: String,
    /// For `?after=`: later messages have larger ones.
    pub cursor: u64,
    /// Phone number, e-mail address or ID number.
    pub to: String,
    /// Whose account it is about.
    pub citizen: String,
    /// The channel.
    pub channel: outbox::Channel,
    /// `VNeID`.
    pub sender: String,
    /// What it is for.
    pub purpose: outbox::MessagePurpose,
    /// The words.
    pub text: String,
    /// The OTP or password in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The sign-in or activation that asked for it; the OTP page shows it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// SMS segments.
    pub segments: u16,
    /// Its status.
    pub status: outbox::DeliveryStatus,
    /// Virtual time (RFC 3339).
    pub at: String,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            cursor: message.cursor,
            to: message.to,
            citizen: message.citizen.to_string(),
            channel: message.channel,
            sender: message.sender,
            purpose: message.purpose,
            text: message.text,
            code: message.code.map(Secret::from),
            reference: message.reference,
            segments: message.segments,
            status: message.status,
            at: message.at.to_string(),
        }
    }
}

/// A realm's time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockView {
    /// The virtual moment (RFC 3339).
    pub now: String,
    /// `running` or `frozen`.
    pub mode: &'static str,
    /// Milliseconds ahead of the computer's clock; 0 when frozen.
    pub offset_ms: i64,
    /// Which clock tokens, introspection and webhooks show, and client assertions are judged by: a rule of the realm's policy.
    pub wire_time: WireClock,
    /// That clock's moment (RFC 3339).
    pub wire_now: String,
    /// What became due while the clock moved, each at its own moment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub happened: Vec<HappenedView>,
}

/// Something that became due and was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct HappenedView {
    /// When (RFC 3339, virtual).
    pub at: String,
    /// An ID number, the id of a registration or request, or `provider` for its keys.
    pub to: String,
    /// `temporary_lock_ends`, `activation_overdue`, `card_expiring`, `ground_changes`, `level0_expires`,
    /// `keys_rotated`, `key_rotation_left_out`, or the new status of a registration or request.
    pub what: &'static str,
}

impl From<DueEvent> for HappenedView {
    fn from(it: DueEvent) -> Self {
        Self { at: it.at.to_string(), to: it.to, what: it.what }
    }
}

/// Something that is scheduled.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingView {
    /// When (RFC 3339, virtual).
    pub at: String,
    /// `account`, `registration`, `request`, `message` (it arrives), `keys` (they rotate), `key_used`, `key_retired`.
    pub kind: &'static str,
    /// An ID number, the id of a registration or request, a message's cursor, `provider` for its keys, a set of them.
    pub to: String,
}

impl From<Upcoming> for PendingView {
    fn from(it: Upcoming) -> Self {
        Self { at: it.at.to_string(), kind: it.kind, to: it.to }
    }
}

impl ClockView {
    pub(crate) fn of(realm: &Realm) -> Self {
        let (setting, now) = (realm.clock_setting(), realm.now());
        let (mode, offset_ms) = match setting {
            Setting::Running { offset } => ("running", offset),
            Setting::Frozen { .. } => ("frozen", 0),
        };
        let wire_now = realm.wire_now().to_string();
        let wire_time = realm.policy().wire_time;
        Self { now: now.to_string(), mode, offset_ms, wire_time, wire_now, happened: Vec::new() }
    }
}

/// A realm.
#[derive(Debug, Serialize, ToSchema)]
pub struct RealmView {
    /// Its name.
    pub name: String,
    /// Path prefix of its endpoints: empty for `default`.
    pub path: String,
    /// Its `iss`.
    pub issuer: String,
    /// The realm whose people it shares, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people_of: Option<String>,
    /// The seed of its random numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// When it was created or last reset (real time).
    pub created_at: String,
    /// When it is deleted automatically (real time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl RealmView {
    pub(crate) fn of(record: &RealmRecord, issuer: &str) -> Self {
        let path = match record.name.as_str() {
            crate::flow::DEFAULT => String::new(),
            name => format!("/realms/{name}"),
        };
        Self {
            issuer: format!("{issuer}{path}"),
            path,
            name: record.name.clone(),
            people_of: record.people_of.clone(),
            seed: record.seed.clone(),
            created_at: record.created_at.to_string(),
            expires_at: record.expires_at.map(|at| at.to_string()),
        }
    }
}
