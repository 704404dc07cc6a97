//! `/app/v1/activations`: activation by OTP, password, passcode and two security questions.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Beginning, ById, NewPasscode, NewPassword, Otp, Standing};
use crate::{
    flow::activate::Sent,
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, number, phone},
        state::Ask,
    },
    identity::{
        enrolment::Goal,
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
    pub answers: Vec<AnswerBody>,
}

/// One security question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Place in `/app/v1/security-questions`, from 0.
    pub question: u8,
    /// 1 to 100 characters.
    pub answer: String,
}

/// Begins activation: ID number and phone, then the documented branches.
#[utoipa::path(post, path = "/app/v1/activations", tag = "app", request_body = Beginning,
    responses((status = 201, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin(
    ask: Ask,
    Json(body): Json<Beginning>,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let progress = ask.realm.begin_activation(&number, &phone, ask.now).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, Some(IDENTIFIED)))))
}

/// The OTP.
#[utoipa::path(post, path = "/app/v1/activations/{id}/otp", tag = "app", request_body = Otp,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn otp(
    ask: Ask,
    Path(path): Path<ById>,
    Json(body): Json<Otp>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&ask, &path, Sent::Otp(body.otp)).await
}

/// The password.
#[utoipa::path(post, path = "/app/v1/activations/{id}/password", tag = "app", request_body = NewPassword,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn password(
    ask: Ask,
    Path(path): Path<ById>,
    Json(body): Json<NewPassword>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&ask, &path, Sent::Password(body.password)).await
}

/// The passcode.
#[utoipa::path(post, path = "/app/v1/activations/{id}/passcode", tag = "app", request_body = NewPasscode,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn passcode(
    ask: Ask,
    Path(path): Path<ById>,
    Json(body): Json<NewPasscode>,
) -> Result<axum::Json<Standing>, Problem> {
    take(&ask, &path, Sent::Passcode(body.passcode)).await
}

/// The two security questions; the account is active after them.
#[utoipa::path(post, path = "/app/v1/activations/{id}/questions", tag = "app", request_body = Answers,
    params(("id" = String, Path, description = "from the beginning")),
    responses((status = 200, body = Standing), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn questions(
    ask: Ask,
    Path(path): Path<ById>,
    Json(body): Json<Answers>,
) -> Result<axum::Json<Standing>, Problem> {
    let answers = body.answers.into_iter();
    let answers = answers.map(|a| Answer { question: a.question, answer: a.answer }).collect();
    take(&ask, &path, Sent::Questions(answers)).await
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
    ask: Ask,
    Path(path): Path<ById>,
) -> Result<axum::Json<Standing>, Problem> {
    let progress = ask.realm.resend_enrolment_otp(&path.id, GOAL, ask.now).await?;
    Ok(axum::Json(Standing::of(progress, None)))
}

async fn take(ask: &Ask, path: &ById, sent: Sent) -> Result<axum::Json<Standing>, Problem> {
    let progress = ask.realm.enrol(&path.id, GOAL, sent, ask.now).await?;
    Ok(axum::Json(Standing::of(progress, None)))
}
