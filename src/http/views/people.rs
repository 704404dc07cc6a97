//! Citizens and their accounts as the APIs show them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    identity::{
        Account, Address, Card, Citizen, Gender, Province,
        life::{Standing, State},
        lock::{By, LockReason},
    },
};

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
