//! Requests to an office as the APIs show them.

use serde::Serialize;
use utoipa::ToSchema;

use super::MomentView;
use crate::identity::request::{Ask, OfficeRequest, RequestStatus};

/// A request that an office decides.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    /// A ULID.
    pub id: String,
    /// Whose account.
    pub number: String,
    /// `lock`, `unlock` or `change_phone`.
    pub ask: &'static str,
    /// The new phone number, for `change_phone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Which body asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `received`, `forwarded`, `granted` or `refused`.
    pub status: &'static str,
    /// The words of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the law wants the next step (RFC 3339).
    pub deadline: String,
    /// Every status it has had.
    pub history: Vec<MomentView>,
}

impl From<&OfficeRequest> for RequestView {
    fn from(request: &OfficeRequest) -> Self {
        let moments = request.history.iter();
        Self {
            id: request.id.clone(),
            number: request.number.to_string(),
            ask: request.ask.name(),
            phone: match request.ask {
                Ask::ChangePhone { phone } => Some(phone.to_string()),
                Ask::Lock | Ask::Unlock => None,
            },
            body: request.body.clone(),
            status: request.status.name(),
            reason: match &request.status {
                RequestStatus::Refused { text } => Some(text.clone()),
                RequestStatus::Received | RequestStatus::Forwarded | RequestStatus::Granted => None,
            },
            deadline: request.deadline.to_string(),
            history: moments
                .map(|(status, at)| MomentView { status: status.clone(), at: at.to_string() })
                .collect(),
        }
    }
}
