//! `/app/v1/phone-changes`: “Đổi số điện thoại trực tuyến”, service 8 of level 1.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ById, Otp, Standing, again, app::App, take};
use crate::{
    flow::{Realm, holder::enrol::Sent},
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, phone},
    },
    identity::{enrolment::Goal, secret::Secret},
};

/// Another phone number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneChange {
    /// The new number.
    pub phone: String,
    /// The passcode.
    pub passcode: Secret,
}

/// Begins a change of phone: the OTP goes to the new number.
#[utoipa::path(post, path = "/app/v1/phone-changes", tag = "app", request_body = PhoneChange,
    responses((status = 201, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin(
    App(realm, held): App,
    Json(body): Json<PhoneChange>,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let phone = phone("phone", &body.phone)?;
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    let progress = realm.begin_phone(&held, phone).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, None))))
}

/// The OTP that the new number received.
#[utoipa::path(post, path = "/app/v1/phone-changes/{id}/otp", tag = "app", request_body = Otp,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn otp(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Otp>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, Goal::Phone, Sent::Otp(body.otp)).await
}

/// Sends another OTP, 60 seconds after the last.
#[utoipa::path(post, path = "/app/v1/phone-changes/{id}/resend", tag = "app",
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn resend(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<Standing>, Problem> {
    again(&realm, &path, Goal::Phone).await
}
