//! What the APIs show of citizens, accounts, registrations, messages, clients, clocks and realms.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::{Setting, Timestamp},
    identity::{
        Account, Address, Card, Citizen, Gender,
        life::{Standing, State},
        lock::{By, LockReason},
        province::Province,
        registration::{Channel, Evidence, Registration, Rejection, Status},
    },
    oidc::{
        client::{AuthMethod, Client, Consent, Dialect},
        keys::Algorithm,
    },
    outbox::{self, Message},
    store::kinds::RealmRecord,
};

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

/// Where somebody lives; two levels since 1 July 2025.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressView {
    /// House and street.
    pub detail: String,
    /// Ward or commune.
    pub commune: String,
    /// Current two-digit code, such as `01`.
    pub province_code: String,
    /// The province's name.
    pub province: Option<&'static str>,
}

impl From<&Address> for AddressView {
    fn from(address: &Address) -> Self {
        Self {
            detail: address.detail.clone(),
            commune: address.commune.clone(),
            province_code: format!("{:02}", address.province),
            province: Province::by_code(address.province).map(|province| province.name),
        }
    }
}

/// A chip card.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardView {
    /// `YYYY-MM-DD`.
    pub issued: String,
    /// `YYYY-MM-DD`; absent: no term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// `valid`, `expiring` (less than 30 days), `expired` or `revoked`.
    pub status: &'static str,
}

impl CardView {
    fn at(card: &Card, now: Timestamp) -> Self {
        use crate::identity::CardStatus::{Expired, Expiring, Revoked, Valid};
        Self {
            issued: card.issued.to_string(),
            expires: card.expires.map(|date| date.to_string()),
            status: match card.status(now.day()) {
                Valid => "valid",
                Expiring => "expiring",
                Expired => "expired",
                Revoked => "revoked",
            },
        }
    }
}

/// A citizen as the population database has her now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitizenView {
    /// 12 digits.
    pub number: String,
    /// Family, middle, given.
    pub full_name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// Gender.
    pub gender: Gender,
    /// Code of the ID-number list where the birth was registered, such as `001`.
    pub birth_province: String,
    /// Residence.
    pub residence: AddressView,
    /// The phone in the citizen's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The chip card, if one was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardView>,
}

impl CitizenView {
    pub(crate) fn at(citizen: &Citizen, now: Timestamp) -> Self {
        Self {
            number: citizen.number.to_string(),
            full_name: citizen.full_name.to_string(),
            birth_date: citizen.birth_date.to_string(),
            gender: citizen.gender,
            birth_province: format!("{:03}", citizen.birth_province),
            residence: (&citizen.residence).into(),
            phone: citizen.phone.map(|phone| phone.to_string()),
            email: citizen.email.clone(),
            card: citizen.card.as_ref().map(|card| CardView::at(card, now)),
        }
    }
}

/// An account and its holder.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// The user name: 12 digits.
    pub number: String,
    /// Shown once, when the simulator made the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Where its SMS go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where its e-mail goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// 0, 1 or 2.
    pub level: u8,
    /// `unregistered`, `level0`, `approved`, `activation_overdue`, `active`, `temporarily_locked` or `locked`.
    pub state: &'static str,
    /// The last moment of activation without the hotline, or the end of a temporary lock (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Level 2 is approved and waits for activation until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_until: Option<String>,
    /// The ground of a lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<LockReason>,
    /// Who asked for the lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_by: Option<By>,
    /// Wrong passwords since the last right one.
    pub wrong_passwords: u8,
    /// What portals know the holder by.
    pub subject: String,
    /// Full name.
    pub full_name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// Gender.
    pub gender: Gender,
    /// The chip card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardView>,
}

impl AccountView {
    pub(crate) fn at(citizen: &Citizen, account: &Account, now: Timestamp) -> Self {
        let life = account.life.settled(now);
        let (until, upgrade_until) = match (life.state, life.state.standing()) {
            (State::TemporarilyLocked { until, .. }, _)
            | (_, Some(Standing::Approved { until, .. })) => (Some(until), None),
            (_, Some(Standing::Active { upgrade, .. })) => (None, upgrade),
            _ => (None, None),
        };
        let (reason, locked_by) = match life.state {
            State::Locked { reason, by, .. } => (Some(reason), Some(by)),
            _ => (None, None),
        };
        Self {
            number: account.number.to_string(),
            password: None,
            phone: account.phone.map(|phone| phone.to_string()),
            email: account.email.clone(),
            level: life.level(),
            state: life.reads(now),
            until: until.map(|at| at.to_string()),
            upgrade_until: upgrade_until.map(|at| at.to_string()),
            reason,
            locked_by,
            wrong_passwords: life.wrong_passwords,
            subject: account.subject.clone(),
            full_name: citizen.full_name.to_string(),
            birth_date: citizen.birth_date.to_string(),
            gender: citizen.gender,
            card: citizen.card.as_ref().map(|card| CardView::at(card, now)),
        }
    }
}

/// One status of a registration's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct MomentView {
    /// The status.
    pub status: String,
    /// Since when (RFC 3339).
    pub at: String,
}

/// A registration (hồ sơ).
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// A ULID.
    pub id: String,
    /// Whose.
    pub number: String,
    /// Where it was asked for.
    pub channel: Channel,
    /// The level it leads to.
    pub level: u8,
    /// `submitted`, `matching`, `under_review`, `approved`, `rejected` or `withdrawn`.
    pub status: &'static str,
    /// `data_mismatch`, `portrait`, `fingerprints` or `officer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The fields that differ, or what was said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The declared phone number.
    pub phone: String,
    /// The declared e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Every status it has had.
    pub history: Vec<MomentView>,
}

impl From<&Registration> for RegistrationView {
    fn from(registration: &Registration) -> Self {
        let (reason, details) = match &registration.status {
            Status::Rejected(rejection) => {
                let (reason, details) = rejection_view(rejection);
                (Some(reason), details)
            }
            _ => (None, Vec::new()),
        };
        let moment = |(status, at): &(String, Timestamp)| MomentView {
            status: status.clone(),
            at: at.to_string(),
        };
        Self {
            id: registration.id.clone(),
            number: registration.number.to_string(),
            channel: registration.channel,
            level: registration.channel.level().into(),
            status: registration.status.name(),
            reason,
            details,
            phone: registration.phone.to_string(),
            email: registration.email.clone(),
            history: registration.history.iter().map(moment).collect(),
        }
    }
}

fn rejection_view(rejection: &Rejection) -> (&'static str, Vec<String>) {
    let said = |evidence: &Evidence| match evidence {
        Evidence::Match => "match",
        Evidence::Mismatch => "mismatch",
        Evidence::Unreadable => "unreadable",
    };
    match rejection {
        Rejection::DataMismatch { fields } => ("data_mismatch", fields.clone()),
        Rejection::Portrait { evidence } => ("portrait", vec![said(evidence).to_owned()]),
        Rejection::Fingerprints { evidence } => ("fingerprints", vec![said(evidence).to_owned()]),
        Rejection::Officer { text } => ("officer", vec![text.clone()]),
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
    /// How it travels.
    pub channel: outbox::Channel,
    /// `VNeID`.
    pub sender: String,
    /// What it is for.
    pub purpose: outbox::Purpose,
    /// The words.
    pub text: String,
    /// The OTP or password in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The sign-in or activation that asked for it; the OTP page shows it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// SMS segments.
    pub segments: u16,
    /// How far it came.
    pub status: outbox::Status,
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
            code: message.code,
            reference: message.reference,
            segments: message.segments,
            status: message.status,
            at: message.at.to_string(),
        }
    }
}

/// A client, in the names of RFC 7591 and our own.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientView {
    /// What it is known by.
    pub client_id: String,
    /// Shown once, at registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Shown on the pages.
    pub client_name: String,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// How it authenticates.
    pub token_endpoint_auth_method: AuthMethod,
    /// The scopes it may ask for.
    pub scope: String,
    /// What its ID tokens are signed with.
    #[schema(value_type = String)]
    pub id_token_signed_response_alg: Algorithm,
    /// The lowest account level it lets in.
    pub minimum_level: u8,
    /// When the holder is asked.
    pub consent: Consent,
    /// Whether PKCE is required.
    pub require_pkce: bool,
    /// Its dialect.
    pub dialect: Dialect,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        Self {
            require_pkce: client.needs_pkce(),
            client_id: client.client_id,
            client_secret: None,
            client_name: client.client_name,
            redirect_uris: client.redirect_uris,
            token_endpoint_auth_method: client.token_endpoint_auth_method,
            scope: client.scope,
            id_token_signed_response_alg: client.id_token_signed_response_alg,
            minimum_level: client.minimum_level.into(),
            consent: client.consent,
            dialect: client.dialect,
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
}

impl ClockView {
    pub(crate) fn of(setting: Setting, now: Timestamp) -> Self {
        let (mode, offset_ms) = match setting {
            Setting::Running { offset } => ("running", offset),
            Setting::Frozen { .. } => ("frozen", 0),
        };
        Self { now: now.to_string(), mode, offset_ms }
    }
}

/// A realm.
#[derive(Debug, Serialize, ToSchema)]
pub struct RealmView {
    /// Its name.
    pub name: String,
    /// What its doors are beneath: empty for `default`.
    pub path: String,
    /// Its `iss`.
    pub issuer: String,
    /// What its chance starts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// When it began, or began again (real time).
    pub created_at: String,
    /// When it goes by itself (real time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl RealmView {
    pub(crate) fn of(record: &RealmRecord, issuer: &str) -> Self {
        let path = match record.name.as_str() {
            crate::flow::realms::DEFAULT => String::new(),
            name => format!("/realms/{name}"),
        };
        Self {
            issuer: format!("{issuer}{path}"),
            path,
            name: record.name.clone(),
            seed: record.seed.clone(),
            created_at: record.created_at.to_string(),
            expires_at: record.expires_at.map(|at| at.to_string()),
        }
    }
}
