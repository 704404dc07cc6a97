//! `/app/v1/devices`: “Quản lý thiết bị” lists and unlinks (facts §5.3).

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::app::SignedInApp;
use crate::{
    http::{
        error::Problem,
        extract::{Json, Path},
    },
    identity::secret::Secret,
};

/// A device with the app installed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// As the app named it.
    pub id: String,
    /// When it was bound (RFC 3339).
    pub since: String,
    /// Whether it is the one in use.
    pub active: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByDevice {
    device: String,
}

/// A change of password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"old": "Vn@000011a", "new": "Mat#khau2026"}))]
pub struct PasswordChange {
    /// The current password.
    pub old: Secret,
    /// 8 to 20 characters with digit, upper, lower and special.
    pub new: Secret,
}

/// The account's devices, newest last.
#[utoipa::path(get, path = "/app/v1/devices", tag = "app",
    responses((status = 200, body = Vec<DeviceView>)))]
pub(crate) async fn list(SignedInApp(_, held): SignedInApp) -> axum::Json<Vec<DeviceView>> {
    let devices = held.account.devices.iter();
    let view = devices.map(|device| DeviceView {
        id: device.id.clone(),
        since: device.since.to_string(),
        active: device.active,
    });
    axum::Json(view.collect())
}

/// Unlinks a device; the app on it is signed out.
#[utoipa::path(delete, path = "/app/v1/devices/{device}", tag = "app",
    params(("device" = String, Path, description = "its id")),
    responses((status = 204)))]
pub(crate) async fn unlink(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ByDevice>,
) -> Result<StatusCode, Problem> {
    realm.unbind_device(&held.account.number, &path.device).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the password (“Thay mật khẩu”); every session ends, this app's too.
#[utoipa::path(post, path = "/app/v1/password", tag = "app", request_body = PasswordChange,
    responses((status = 204)))]
pub(crate) async fn password(
    SignedInApp(realm, held): SignedInApp,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    realm.change_password(&held.account.number, body.old.reveal(), body.new.reveal()).await?;
    Ok(StatusCode::NO_CONTENT)
}
