//! `/admin/v1/registrations`: the ministry's desk.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, Path, Query, limit, number, ById},
        views::{List, RegistrationView},
    },
    identity::registration::RegistrationStatus,
};

/// Which registrations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RegistrationQuery {
    /// Only those of this citizen.
    pub number: Option<String>,
    /// Only those with this status.
    pub status: Option<String>,
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// The reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Ảnh chân dung không rõ"}))]
pub struct Reason {
    /// 1 to 200 characters, in Vietnamese: the applicant receives them unaccented.
    pub reason: String,
}

/// Registrations in the order they came.
#[utoipa::path(get, path = "/admin/v1/registrations", tag = "registrations", params(RegistrationQuery),
    responses((status = 200, body = List<RegistrationView>)))]
pub(crate) async fn list(
    realm: Realm,
    Query(filter): Query<RegistrationQuery>,
) -> Result<axum::Json<List<RegistrationView>>, Problem> {
    let limit = limit(filter.limit)?;
    let whose = filter.number.as_deref().map(|text| number("number", text)).transpose()?;
    let status = filter.status.as_deref();
    if status.is_some_and(|status| !RegistrationStatus::NAMES.contains(&status)) {
        return Err(Problem::invalid(
            "status",
            format!("must be one of {}", RegistrationStatus::NAMES.join(", ")),
        ));
    }
    let whose = whose.as_ref();
    let found = realm.registrations(whose, status, filter.after.as_deref(), limit).await?;
    let items = found.iter().map(RegistrationView::from).collect();
    Ok(axum::Json(List::page(items, limit, |registration| registration.id.clone())))
}

/// Grants a registration under review.
#[utoipa::path(post, path = "/admin/v1/registrations/{id}/approve", tag = "registrations",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView)))]
pub(crate) async fn approve(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = realm.approve_registration(&path.id).await?;
    Ok(axum::Json((&registration).into()))
}

/// Refuses a registration under review.
#[utoipa::path(post, path = "/admin/v1/registrations/{id}/reject", tag = "registrations", request_body = Reason,
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView)))]
pub(crate) async fn reject(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Reason>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = realm.reject_registration(&path.id, &body.reason).await?;
    Ok(axum::Json((&registration).into()))
}
