//! `/app/v1/password-resets` and `/app/v1/passcode-resets`: what was forgotten is set anew after an OTP.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ById, NewPasscode, NewPassword, Otp, Standing, again, app::App, take};
use crate::{
    flow::{
        Realm,
        holder::enrol::{Recollection, Sent},
    },
    http::{
        admin::citizens::{date, name},
        error::{Problem, ProblemBody},
        extract::{Json, Path, number, phone},
    },
    identity::enrolment::Goal,
};

/// Who forgot the password. The last three are asked by newer versions of the app; what is left out is not compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// 12 digits.
    pub number: String,
    /// The account's phone.
    pub phone: String,
    /// Birth name.
    pub full_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Day of issue of the card, `YYYY-MM-DD`.
    pub card_issued: Option<String>,
}

/// Begins a new password: ID number and phone, then name, birth date and card issue date, then an OTP.
#[utoipa::path(post, path = "/app/v1/password-resets", tag = "app", request_body = PasswordReset,
    responses((status = 201, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin_password(
    realm: Realm,
    Json(body): Json<PasswordReset>,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let day = |field, text: Option<String>| text.map(|text| date(field, &text)).transpose();
    let recalled = Recollection {
        full_name: body.full_name.as_deref().map(name).transpose()?,
        birth_date: day("birth_date", body.birth_date)?,
        card_issued: day("card_issued", body.card_issued)?,
    };
    let progress = realm.begin_password(&number, &phone, &recalled).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, None))))
}

/// The OTP.
#[utoipa::path(post, path = "/app/v1/password-resets/{id}/otp", tag = "app", request_body = Otp,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn password_otp(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Otp>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, Goal::Password, Sent::Otp(body.otp)).await
}

/// The new password; every session ends.
#[utoipa::path(post, path = "/app/v1/password-resets/{id}/password", tag = "app", request_body = NewPassword,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn password(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<NewPassword>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, Goal::Password, Sent::Password(body.password)).await
}

/// Sends another OTP, 60 seconds after the last.
#[utoipa::path(post, path = "/app/v1/password-resets/{id}/resend", tag = "app",
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn password_resend(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<Standing>, Problem> {
    again(&realm, &path, Goal::Password).await
}

/// Begins a new passcode, in the signed-in app: an OTP (“Quên passcode”).
#[utoipa::path(post, path = "/app/v1/passcode-resets", tag = "app",
    responses((status = 201, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin_passcode(
    App(realm, held): App,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let progress = realm.begin_passcode(&held).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, None))))
}

/// The OTP.
#[utoipa::path(post, path = "/app/v1/passcode-resets/{id}/otp", tag = "app", request_body = Otp,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn passcode_otp(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Otp>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, Goal::Passcode, Sent::Otp(body.otp)).await
}

/// The new passcode.
#[utoipa::path(post, path = "/app/v1/passcode-resets/{id}/passcode", tag = "app", request_body = NewPasscode,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn passcode(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<NewPasscode>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, Goal::Passcode, Sent::Passcode(body.passcode)).await
}

/// Sends another OTP, 60 seconds after the last.
#[utoipa::path(post, path = "/app/v1/passcode-resets/{id}/resend", tag = "app",
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn passcode_resend(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<Standing>, Problem> {
    again(&realm, &path, Goal::Passcode).await
}
