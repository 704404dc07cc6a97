//! `/app/v1/level0`: the app account that precedes level 1, by OTP and password.

use axum::http::StatusCode;

use super::{Beginning, ById, NewPassword, Otp, Standing, again, take};
use crate::{
    flow::{Realm, holder::enrol::Sent},
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, number, phone},
    },
    identity::enrolment::Goal,
};

const GOAL: Goal = Goal::Level0;

/// Begins the app account: ID number and phone.
#[utoipa::path(post, path = "/app/v1/level0", tag = "app", request_body = Beginning,
    responses((status = 201, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin(
    realm: Realm,
    Json(body): Json<Beginning>,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let progress = realm.begin_level0(&number, &phone).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, None))))
}

/// The OTP.
#[utoipa::path(post, path = "/app/v1/level0/{id}/otp", tag = "app", request_body = Otp,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn otp(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Otp>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, GOAL, Sent::Otp(body.otp)).await
}

/// The password.
#[utoipa::path(post, path = "/app/v1/level0/{id}/password", tag = "app", request_body = NewPassword,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn password(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<NewPassword>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, GOAL, Sent::Password(body.password)).await
}

/// Sends another OTP, 60 seconds after the last.
#[utoipa::path(post, path = "/app/v1/level0/{id}/resend", tag = "app",
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn resend(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<Standing>, Problem> {
    again(&realm, &path, GOAL).await
}
