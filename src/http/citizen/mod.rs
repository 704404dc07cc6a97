//! The app's own API and the officer's: what a citizen does before any portal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{flow::holder::enrol::EnrolmentProgress, identity::secret::Secret};

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
pub mod steps;

/// The ID number and the holder's own phone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097095000044", "phone": "0987654321"}))]
pub struct BeginBody {
    /// 12 digits.
    #[schema(example = "097190000011")]
    pub number: String,
    /// A Vietnamese mobile number.
    #[schema(example = "0912345678")]
    pub phone: String,
}

/// Its status.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentView {
    /// Identifies the run: part of the next request's path.
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

impl EnrolmentView {
    pub(crate) fn of(progress: EnrolmentProgress, message: Option<&'static str>) -> Self {
        let EnrolmentProgress { id, next, reference, token } = progress;
        Self { id, next, reference, token, message }
    }
}

