//! The app's own API and the officer's: what a citizen does before any portal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::flow::activate::Progress;

pub mod activation;
pub mod level0;
pub mod registrations;

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
    /// The documented sentence of this branch (Vietnamese).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
}

impl Standing {
    pub(crate) fn of(progress: Progress, message: Option<&'static str>) -> Self {
        Self { id: progress.id, next: progress.next, reference: progress.reference, message }
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
    pub otp: String,
}

/// A password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// 8 to 20 characters with digit, upper, lower and special.
    pub password: String,
}

/// A passcode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasscode {
    /// Six digits.
    pub passcode: String,
}
