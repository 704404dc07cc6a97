//! `/app/v1/lock` and `/app/v1/unlocks`: the holder locks the account, and has it unlocked (form TK03).

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    EnrolmentView,
    app::{Passcode, SignedInApp},
};
use crate::{
    flow::{Realm, holder::accounts::AdminCommand},
    http::{
        error::Problem,
        extract::{Json, number},
    },
    identity::{
        lock::{By, LockReason},
        secret::Secret,
    },
};

/// Who asks to unlock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "098160000088", "password": "Vn@000088a"}))]
pub struct Unlock {
    /// 12 digits.
    pub number: String,
    /// The account's password.
    pub password: Secret,
}

/// Locks the holder's own account (Law 26/2023 Art. 34.1.a); every session ends.
#[utoipa::path(post, path = "/app/v1/lock", tag = "app", request_body = Passcode,
    responses((status = 204)))]
pub(crate) async fn lock(
    SignedInApp(realm, held): SignedInApp,
    Json(body): Json<Passcode>,
) -> Result<StatusCode, Problem> {
    realm.confirm(&held, body.passcode.reveal()).await?;
    let command = AdminCommand::Lock(LockReason::HoldersRequest, Some(By::Holder));
    realm.command_account(&held.account.number, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins to unlock an account that its holder locked: password, then an OTP (Decree 69/2024 Art. 30).
#[utoipa::path(post, path = "/app/v1/unlocks", tag = "app", request_body = Unlock,
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin(
    realm: Realm,
    Json(body): Json<Unlock>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let number = number("number", &body.number)?;
    let progress = realm.begin_unlock(&number, body.password.reveal()).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, None))))
}
