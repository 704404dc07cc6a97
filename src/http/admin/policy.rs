//! `/admin/v1/policy`: the realm's rules.

use crate::{
    flow::Realm,
    http::{error::Problem, extract::Json},
    identity::Policy,
};

/// The realm's rules.
#[utoipa::path(get, path = "/admin/v1/policy", tag = "policy",
    responses((status = 200, body = Policy)))]
pub(crate) async fn get(realm: Realm) -> axum::Json<Policy> {
    axum::Json(realm.policy().clone())
}

/// Sets the realm's rules; what is left out has its default.
#[utoipa::path(put, path = "/admin/v1/policy", tag = "policy", request_body = Policy,
    responses((status = 200, body = Policy)))]
pub(crate) async fn put(
    realm: Realm,
    Json(body): Json<Policy>,
) -> Result<axum::Json<Policy>, Problem> {
    let realm = realm.set_policy(body).await?;
    Ok(axum::Json(realm.policy().clone()))
}
