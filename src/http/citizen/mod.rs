//! The app's own API and the officer's: what a citizen does before any portal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    flow::{
        Realm,
        holder::enrol::{Progress, Sent},
    },
    http::error::Problem,
    identity::{enrolment::Goal, secret::Secret},
};

pub mod activation;
pub mod app;
pub mod consents;
pub mod desk;
pub mod devices;
pub mod forgotten;
pub mod level0;
pub mod locks;
pub mod organisations;
pub mod papers;
pub mod phone;
pub mod qr;
pub mod registrations;
pub mod services;
pub mod sign_in_requests;

/// Who begins: the ID number and the holder's own phone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// 12 digits.
    #[schema(example = "097190000011")]
    pub number: String,
    /// A Vietnamese mobile number.
    #[schema(example = "0912345678")]
    pub phone: String,
}

/// Where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// Goes into the next request's path.
    pub id: String,
    /// `otp`, `password`, `passcode`, `questions` or `done`.
    pub next: &'static str,
    /// Goes with the OTP message.
    pub reference: String,
    /// The app's bearer token, once it is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// The documented sentence of this branch (Vietnamese).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
}

impl Standing {
    pub(crate) fn of(progress: Progress, message: Option<&'static str>) -> Self {
        let Progress { id, next, reference, token } = progress;
        Self { id, next, reference, token, message }
    }
}

/// The id in a path.
#[derive(Debug, Deserialize)]
pub(crate) struct ById {
    pub(crate) id: String,
}

/// An OTP.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Otp {
    /// Six digits.
    pub otp: Secret,
}

/// A password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// 8 to 20 characters with digit, upper, lower and special.
    pub password: Secret,
}

/// A passcode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasscode {
    /// Six digits.
    pub passcode: Secret,
}

/// Takes the step of an enrolment that is due.
async fn take(
    realm: &Realm,
    path: &ById,
    goal: Goal,
    sent: Sent,
) -> Result<axum::Json<Standing>, Problem> {
    let progress = realm.enrol(&path.id, goal, sent).await?;
    Ok(axum::Json(Standing::of(progress, None)))
}

/// Sends another OTP of an enrolment.
async fn again(realm: &Realm, path: &ById, goal: Goal) -> Result<axum::Json<Standing>, Problem> {
    let progress = realm.resend_enrolment_otp(&path.id, goal).await?;
    Ok(axum::Json(Standing::of(progress, None)))
}
