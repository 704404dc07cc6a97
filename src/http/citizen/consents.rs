//! `/app/v1/consents`: a parent or guardian consents to the use of a child's or ward's account (Decree 69/2024 Art. 14.2).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{app::SignedInApp};
use crate::{
    http::{
        error::Problem,
        extract::{Json, Path, ById},
    },
    identity::{consent::WardConsent, secret::Secret},
};

/// A question to a representative.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentView {
    /// Its id; the notice carries it as reference.
    pub id: String,
    /// The child or ward: 12 digits.
    pub ward: String,
    /// The portal that the account is to be used at.
    pub portal: String,
    /// When it was asked (RFC 3339).
    pub at: String,
    /// The answer, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<bool>,
}

impl From<&WardConsent> for ConsentView {
    fn from(consent: &WardConsent) -> Self {
        Self {
            id: consent.id.clone(),
            ward: consent.ward.to_string(),
            portal: consent.portal.clone(),
            at: consent.at.to_string(),
            allowed: consent.answer,
        }
    }
}

/// What a representative decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The account may be used.
    Allow,
    /// It may not.
    Deny,
}

/// An answer, confirmed by the passcode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "allow", "passcode": "000331"}))]
pub struct ConsentBody {
    /// `allow` or `deny`.
    pub decision: Decision,
    /// The representative's own.
    pub passcode: Secret,
}

/// Lists the questions that wait for an answer.
#[utoipa::path(get, path = "/app/v1/consents", tag = "app",
    responses((status = 200, body = Vec<ConsentView>)))]
pub(crate) async fn list(
    SignedInApp(realm, held): SignedInApp,
) -> Result<axum::Json<Vec<ConsentView>>, Problem> {
    let consents = realm.consents(&held).await?;
    Ok(axum::Json(consents.iter().map(ConsentView::from).collect()))
}

/// Answers a question.
#[utoipa::path(post, path = "/app/v1/consents/{id}", tag = "app", request_body = ConsentBody,
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = ConsentView)))]
pub(crate) async fn answer(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ById>,
    Json(body): Json<ConsentBody>,
) -> Result<axum::Json<ConsentView>, Problem> {
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    let allow = body.decision == Decision::Allow;
    let consent = realm.answer_consent(&held, &path.id, allow).await?;
    Ok(axum::Json((&consent).into()))
}
