//! Registrations as the APIs show them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    identity::registration::{Channel, Evidence, Registration, Rejection, Status},
};

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
