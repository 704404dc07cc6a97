//! `/app/v1/phone-changes`: “Đổi số điện thoại trực tuyến”, service 8 of level 1.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EnrolmentView, app::SignedInApp};
use crate::{
    http::{
        error::Problem,
        extract::{Json, phone},
    },
    identity::secret::Secret,
};

/// Another phone number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "0987654390", "passcode": "000011"}))]
pub struct PhoneChange {
    /// The new number.
    pub phone: String,
    /// The passcode.
    pub passcode: Secret,
}

/// Begins a change of phone: the OTP goes to the new number.
#[utoipa::path(post, path = "/app/v1/phone-changes", tag = "app", request_body = PhoneChange,
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin(
    SignedInApp(realm, held): SignedInApp,
    Json(body): Json<PhoneChange>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let phone = phone("phone", &body.phone)?;
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    let progress = realm.begin_phone(&held, phone).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, None))))
}
