//! `/app/v1/activations`: activation by OTP, password, passcode and two security questions.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EnrolmentView, app::MaybeApp};
use crate::{
    flow::holder::enrol::{self},
    http::{
        error::Problem,
        extract::{Json, number, phone},
    },
    identity::secrets::QUESTIONS,
};

/// The documented sentence for a free device (facts §5.1, TH3.1).
const IDENTIFIED: &str = "Tài khoản của bạn đã được định danh điện tử. Vui lòng thực hiện các bước kích hoạt tài khoản trên thiết bị theo hướng dẫn";

/// The account to activate, and the device.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097300000033", "phone": "0912345603", "device": "phone-1"}))]
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
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin(
    MaybeApp(realm, app): MaybeApp,
    Json(body): Json<Activation>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let beginning = enrol::ActivationRequest {
        number: number("number", &body.number)?,
        phone: phone("phone", &body.phone)?,
        device: body.device,
        confirmed: body.confirm,
        representative: app.map(|held| held.account.number),
    };
    let progress = realm.begin_activation(&beginning).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, Some(IDENTIFIED)))))
}

/// The security questions to choose from.
#[utoipa::path(get, path = "/app/v1/security-questions", tag = "app",
    responses((status = 200, body = Vec<String>)))]
pub(crate) async fn list_questions() -> axum::Json<[&'static str; 6]> {
    axum::Json(QUESTIONS)
}
