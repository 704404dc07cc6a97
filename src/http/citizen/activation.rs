//! `/app/v1/activations`: activation by OTP, password, passcode and two security questions.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ById, NewPasscode, NewPassword, Otp, Standing, again, app::MaybeApp, take};
use crate::{
    flow::{
        Realm,
        holder::enrol::{self, Sent},
    },
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, number, objects, phone},
    },
    identity::{
        enrolment::Goal,
        secret::Secret,
        secrets::{Answer, QUESTIONS},
    },
};

const GOAL: Goal = Goal::Activation;

/// The documented sentence for a free device (facts §5.1, TH3.1).
const IDENTIFIED: &str = "Tài khoản của bạn đã được định danh điện tử. Vui lòng thực hiện các bước kích hoạt tài khoản trên thiết bị theo hướng dẫn";

/// The two security questions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Exactly two, different.
    #[serde(deserialize_with = "objects")]
    pub answers: Vec<AnswerBody>,
}

/// One security question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Place in `/app/v1/security-questions`, from 0.
    pub question: u8,
    /// 1 to 100 characters.
    pub answer: Secret,
}

/// Who activates, and on which device.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    /// 12 digits.
    #[schema(example = "097190000011")]
    pub number: String,
    /// The account's phone.
    #[schema(example = "0912345678")]
    pub phone: String,
    /// The device in hand: 1 to 64 of `A-Z a-z 0-9 - _ .`; left out, activation is done on the web.
    pub device: Option<String>,
    /// Drop the device's binding to another account (branch TH3.2).
    #[serde(default)]
    pub confirm: bool,
}

/// Begins activation: ID number and phone, then the documented branches. A child's or ward's account is activated with the
/// app token of the representative.
#[utoipa::path(post, path = "/app/v1/activations", tag = "app", request_body = Activation,
    responses((status = 201, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin(
    MaybeApp(realm, app): MaybeApp,
    Json(body): Json<Activation>,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let beginning = enrol::Beginning {
        number: number("number", &body.number)?,
        phone: phone("phone", &body.phone)?,
        device: body.device,
        confirmed: body.confirm,
        representative: app.map(|held| held.account.number),
    };
    let progress = realm.begin_activation(&beginning).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, Some(IDENTIFIED)))))
}

/// The OTP.
#[utoipa::path(post, path = "/app/v1/activations/{id}/otp", tag = "app", request_body = Otp,
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
#[utoipa::path(post, path = "/app/v1/activations/{id}/password", tag = "app", request_body = NewPassword,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn password(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<NewPassword>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, GOAL, Sent::Password(body.password)).await
}

/// The passcode.
#[utoipa::path(post, path = "/app/v1/activations/{id}/passcode", tag = "app", request_body = NewPasscode,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn passcode(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<NewPasscode>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&realm, &path, GOAL, Sent::Passcode(body.passcode)).await
}

/// The two security questions; the account is active after them.
#[utoipa::path(post, path = "/app/v1/activations/{id}/questions", tag = "app", request_body = Answers,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn questions(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Answers>,
) -> Result<axum::Json<Standing>, Problem> {
    let answers = body.answers.into_iter();
    let answers = answers
        .map(|a| Answer { question: a.question, answer: a.answer.into_revealed() })
        .collect();
    take(&realm, &path, GOAL, Sent::Questions(answers)).await
}

/// The security questions to choose from.
#[utoipa::path(get, path = "/app/v1/security-questions", tag = "app",
    responses((status = 200, body = Vec<String>)))]
pub(crate) async fn list_questions() -> axum::Json<[&'static str; 6]> {
    axum::Json(QUESTIONS)
}

/// Sends another OTP, 60 seconds after the last.
#[utoipa::path(post, path = "/app/v1/activations/{id}/resend", tag = "app",
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn resend(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<Standing>, Problem> {
    again(&realm, &path, GOAL).await
}
