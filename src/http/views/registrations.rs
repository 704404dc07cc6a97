//! Registrations as the APIs show them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    identity::{
        Level, PaperKind,
        calendar::LegalTime,
        registration::{
            Evidence, PaperCheck, Presented, Registration, RegistrationChannel, RegistrationStatus,
            Rejection,
        },
    },
};

/// One status of a registration's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct MomentView {
    /// The status.
    pub status: String,
    /// Since when (RFC 3339).
    pub at: String,
}

/// A paper brought for integration.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentedView {
    /// Which paper.
    pub kind: PaperKind,
    /// The number printed on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What its owner's database said.
    pub outcome: PaperCheck,
}

impl From<&Presented> for PresentedView {
    fn from(paper: &Presented) -> Self {
        Self { kind: paper.kind, number: paper.number.clone(), outcome: paper.outcome }
    }
}

/// A level as the APIs show it: none for an organisation.
pub(crate) fn shown_level(level: Level) -> Option<u8> {
    (level != Level::Unlevelled).then(|| level.into())
}

fn in_words(time: LegalTime) -> String {
    match time {
        LegalTime::WorkingDays(1) => "1 working day".to_owned(),
        LegalTime::WorkingDays(days) => format!("{days} working days"),
        LegalTime::Days(days) => format!("{days} days"),
    }
}

/// A registration (hồ sơ).
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// A ULID.
    pub id: String,
    /// Whose.
    pub number: String,
    /// Where it was asked for.
    pub channel: RegistrationChannel,
    /// The level it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
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
    /// How long the law gives for a decision, such as `3 working days`.
    pub legal_time: String,
    /// The end of that time (RFC 3339); absent while consents are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Who registers for a child, ward or organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<String>,
    /// Legal representatives who have not consented yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awaiting: Vec<String>,
    /// Papers brought for integration, and what their databases said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PresentedView>,
    /// Every status it has had.
    pub history: Vec<MomentView>,
}

impl From<&Registration> for RegistrationView {
    fn from(registration: &Registration) -> Self {
        let (reason, details) = match &registration.status {
            RegistrationStatus::Rejected(rejection) => {
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
            number: registration.application.number.to_string(),
            channel: registration.application.channel,
            level: shown_level(registration.application.channel.level()),
            status: registration.status.name(),
            reason,
            details,
            phone: registration.application.phone.to_string(),
            email: registration.application.email.clone(),
            legal_time: in_words(registration.legal_time),
            deadline: registration.deadline.map(|at| at.to_string()),
            representative: registration
                .application
                .representative
                .map(|number| number.to_string()),
            awaiting: registration.awaiting.iter().map(ToString::to_string).collect(),
            papers: registration.papers.iter().map(PresentedView::from).collect(),
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
