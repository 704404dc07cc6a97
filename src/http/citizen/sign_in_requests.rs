//! `/app/v1/sign-in-requests`: the app scans the QR code of a sign-in page, sees what was pushed, and confirms or refuses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{app::SignedInApp, consents::Decision};
use crate::{
    http::{
        error::Problem,
        extract::{Json, Path, ById},
    },
    identity::{registration::Evidence, secret::Secret},
    oidc::sign_in_request::{SignInKind, SignInRequest},
};

/// A scanned QR code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "VNEID-MOCK-SIGN-IN:dS8VGwVx782aQISdcbp3qhJjlrG51X3OBSXV6XfteHI"}))]
pub struct ScanBody {
    /// The text of the QR code, or the code that the page shows beneath it.
    pub code: Secret,
}

/// How a sign-in reached the app.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// The app scanned it.
    Qr,
    /// The page sent it.
    Push,
}

/// A sign-in that asks to be confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInRequestView {
    /// Its id.
    pub id: String,
    /// `qr` or `push`.
    pub kind: RequestKind,
    /// The portal that the holder signs in to.
    pub portal: String,
    /// What the portal asks for.
    pub scopes: Vec<String>,
    /// The sign-in page shows the same reference; a different one belongs to another browser.
    pub reference: String,
    /// `waiting`, `scanned`, `approved`, `refused` or `used`.
    pub state: &'static str,
    /// It expires then (RFC 3339).
    pub until: String,
}

impl From<SignInRequest> for SignInRequestView {
    fn from(request: SignInRequest) -> Self {
        Self {
            kind: match request.kind {
                SignInKind::Qr => RequestKind::Qr,
                SignInKind::Push { .. } => RequestKind::Push,
            },
            portal: request.client_name,
            scopes: request.scope.split_whitespace().map(str::to_owned).collect(),
            reference: request.reference,
            state: request.state.name(),
            until: request.until.to_string(),
            id: request.id,
        }
    }
}

/// An answer, confirmed by passcode and face.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "allow", "passcode": "000011", "biometric": "match"}))]
pub struct SignInAnswer {
    /// `allow` or `deny`.
    pub decision: Decision,
    /// The holder's own.
    pub passcode: Secret,
    /// Simulated: how the face compares, if the holder allows. Anything but `match` counts like a wrong passcode.
    #[serde(default)]
    pub biometric: Evidence,
}

/// Scans the QR code of a sign-in page (level 2). The first app to scan it is the one that answers.
#[utoipa::path(post, path = "/app/v1/sign-in-requests/scan", tag = "app", request_body = ScanBody,
    responses((status = 200, body = SignInRequestView)))]
pub(crate) async fn scan(
    SignedInApp(realm, held): SignedInApp,
    Json(body): Json<ScanBody>,
) -> Result<axum::Json<SignInRequestView>, Problem> {
    let request = realm.scan_sign_in(&held, body.code.reveal()).await?;
    Ok(axum::Json(request.into()))
}

/// Lists the sign-ins that were pushed to this holder and wait for an answer (level 2).
#[utoipa::path(get, path = "/app/v1/sign-in-requests", tag = "app",
    responses((status = 200, body = Vec<SignInRequestView>)))]
pub(crate) async fn list(
    SignedInApp(realm, held): SignedInApp,
) -> Result<axum::Json<Vec<SignInRequestView>>, Problem> {
    let requests = realm.sign_in_requests(&held).await?;
    Ok(axum::Json(requests.into_iter().map(SignInRequestView::from).collect()))
}

/// Confirms or refuses a sign-in: the waiting browser continues, or learns that it was refused.
#[utoipa::path(post, path = "/app/v1/sign-in-requests/{id}", tag = "app", request_body = SignInAnswer,
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = SignInRequestView)))]
pub(crate) async fn answer(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ById>,
    Json(body): Json<SignInAnswer>,
) -> Result<axum::Json<SignInRequestView>, Problem> {
    let allow = body.decision == Decision::Allow;
    let face = !allow || body.biometric == Evidence::Match;
    let held = realm.confirm_with_face(&held, body.passcode.reveal(), face).await?;
    let request = realm.answer_sign_in(&held, &path.id, allow).await?;
    Ok(axum::Json(request.into()))
}
