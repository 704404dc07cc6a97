//! Citizens and their accounts as the APIs show them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    identity::{
        Account, Address, Card, Citizen, Foreign, Gender, HolderKind, Province, Regime, Subject,
        life::{AccountState, Standing},
        lock::{By, LockReason},
        secret::Secret,
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
    pub(crate) fn at(card: &Card, now: Timestamp) -> Self {
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

/// A citizen as the population database has them now.
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
    /// Cards of before, earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_cards: Vec<CardView>,
    /// What kind of holder this is today.
    pub kind: HolderKind,
    /// The spouse's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spouse: Option<String>,
    /// The parent or guardian of a child or ward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<String>,
    /// The day of death.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died: Option<String>,
    /// What the immigration database has of a foreigner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub foreign: Option<Foreign>,
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
            former_cards: citizen.former_cards.iter().map(|card| CardView::at(card, now)).collect(),
            kind: citizen.kind_on(now.day()),
            spouse: citizen.spouse.map(|number| number.to_string()),
            representative: citizen.representative.map(|number| number.to_string()),
            died: citizen.died.map(|day| day.to_string()),
            foreign: citizen.foreign.clone(),
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
    pub password: Option<Secret>,
    /// Where its SMS go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where its e-mail goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What kind of holder this is today.
    pub kind: HolderKind,
    /// 0, 1 or 2; absent for an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
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
    /// Full name, or the organisation's.
    pub full_name: String,
    /// `YYYY-MM-DD`; absent for an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Gender; absent for an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// The parent or guardian, or the legal representative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<String>,
    /// The active device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// When time alone will change it next (RFC 3339); only for accounts that were used or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The chip card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardView>,
}

impl AccountView {
    pub(crate) fn at(subject: &Subject, account: &Account, now: Timestamp) -> Self {
        let person = subject.person();
        let who = subject.who(Regime::default(), now.day());
        let life = account.life.settled(now);
        let (until, upgrade_until) = match (life.state, life.state.standing()) {
            (AccountState::TemporarilyLocked { until, .. }, _)
            | (_, Some(Standing::Approved { until, .. })) => (Some(until), None),
            (_, Some(Standing::Active { upgrade, .. })) => (None, upgrade),
            _ => (None, None),
        };
        let (reason, locked_by) = match life.state {
            AccountState::Locked { reason, by, .. } => (Some(reason), Some(by)),
            _ => (None, None),
        };
        Self {
            number: account.number.to_string(),
            password: None,
            phone: account.phone.map(|phone| phone.to_string()),
            email: account.email.clone(),
            kind: who.kind,
            level: person.map(|_| life.level()),
            state: life.reads(now),
            until: until.map(|at| at.to_string()),
            upgrade_until: upgrade_until.map(|at| at.to_string()),
            reason,
            locked_by,
            wrong_passwords: life.wrong_passwords,
            subject: account.subject.clone(),
            full_name: subject.name().to_owned(),
            birth_date: person.map(|person| person.birth_date.to_string()),
            gender: person.map(|person| person.gender),
            representative: subject.representative(who).map(|number| number.to_string()),
            device: account.device().map(|device| device.id.clone()),
            due: account.due.map(|at| at.to_string()),
            card: person.and_then(|it| it.card.as_ref()).map(|card| CardView::at(card, now)),
        }
    }
}
