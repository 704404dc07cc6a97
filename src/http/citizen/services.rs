//! `/app/v1/services`: the catalogue of 9 and 7, and which of it the holder's level opens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::app::SignedInApp;
use crate::{
    flow::Error,
    http::{error::Problem, extract::Path},
    identity::services::Service,
};

/// A service of the app.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceView {
    /// Its name.
    pub service: Service,
    /// As the police letter of 28/2/2024 words it, shortened.
    pub title: &'static str,
    /// The level it needs: 1 or 2.
    pub level: u8,
    /// Whether the holder's account has it.
    pub entitled: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByService {
    service: String,
}

/// All 16 services.
#[utoipa::path(get, path = "/app/v1/services", tag = "app",
    responses((status = 200, body = Vec<ServiceView>)))]
pub(crate) async fn list(SignedInApp(realm, held): SignedInApp) -> axum::Json<Vec<ServiceView>> {
    let view = |service: Service| ServiceView {
        service,
        title: service.vietnamese(),
        level: service.level().into(),
        entitled: realm.may_use(&held, service).is_ok(),
    };
    axum::Json(Service::ALL.iter().copied().map(view).collect())
}

/// Opens a service; a level-1 account is refused a level-2 service with the documented notice.
#[utoipa::path(post, path = "/app/v1/services/{service}", tag = "app",
    params(("service" = String, Path, description = "its name")),
    responses((status = 200, body = ServiceView)))]
pub(crate) async fn open(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ByService>,
) -> Result<axum::Json<ServiceView>, Problem> {
    let service = Service::by_name(&path.service).ok_or(Error::Missing("service"))?;
    realm.may_use(&held, service)?;
    let level = service.level().into();
    Ok(axum::Json(ServiceView { service, title: service.vietnamese(), level, entitled: true }))
}
