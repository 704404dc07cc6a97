//! `/app/v1/level0`: the app account that precedes level 1, by OTP and password.

use axum::http::StatusCode;

use super::{Beginning, Standing};
use crate::{
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, number, phone},
    },
};

/// Begins the app account: ID number and phone.
#[utoipa::path(post, path = "/app/v1/level0", tag = "app", request_body = Beginning,
    responses((status = 201, body = Standing)))]
pub(crate) async fn begin(
    realm: Realm,
    Json(body): Json<Beginning>,
) -> Result<(StatusCode, axum::Json<Standing>), Problem> {
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let progress = realm.begin_level0(&number, &phone).await?;
    Ok((StatusCode::CREATED, axum::Json(Standing::of(progress, None))))
}
