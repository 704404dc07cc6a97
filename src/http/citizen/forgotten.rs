//! `/app/v1/password-resets` and `/app/v1/passcode-resets`: what was forgotten is set anew after an OTP.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EnrolmentView, app::SignedInApp};
use crate::{
    flow::{Realm, holder::enrol::Recollection},
    http::{
        admin::citizens::{date, name},
        error::Problem,
        extract::{Json, number, phone},
    },
};

/// Who forgot the password. The last three are asked by newer versions of the app; what is left out is not compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097190000011", "phone": "0912345601", "full_name": "Nguyễn Thị Lan", "birth_date": "1990-03-08"}))]
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
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin_password(
    realm: Realm,
    Json(body): Json<PasswordReset>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let day = |field, text: Option<String>| text.map(|text| date(field, &text)).transpose();
    let recalled = Recollection {
        full_name: body.full_name.as_deref().map(name).transpose()?,
        birth_date: day("birth_date", body.birth_date)?,
        card_issued: day("card_issued", body.card_issued)?,
    };
    let progress = realm.begin_password(&number, &phone, &recalled).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, None))))
}

/// Begins a new passcode, in the signed-in app: an OTP (“Quên passcode”).
#[utoipa::path(post, path = "/app/v1/passcode-resets", tag = "app",
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin_passcode(
    SignedInApp(realm, held): SignedInApp,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let progress = realm.begin_passcode(&held).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, None))))
}
