//! `/app/v1/level0`: the app account that precedes level 1, by OTP and password.

use axum::http::StatusCode;

use super::{BeginBody, EnrolmentView};
use crate::{
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, number, phone},
    },
};

/// Begins a level-0 account: ID number and phone.
#[utoipa::path(post, path = "/app/v1/level0", tag = "app", request_body = BeginBody,
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin(
    realm: Realm,
    Json(body): Json<BeginBody>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let progress = realm.begin_level0(&number, &phone).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, None))))
}
