//! `/admin/v1/policy`: the realm's rules.

use crate::{
    flow::Realm,
    http::{error::Problem, extract::Json},
    identity::Policy,
};

/// The realm's policy.
#[utoipa::path(get, path = "/admin/v1/policy", tag = "policy",
    responses((status = 200, body = Policy)))]
pub(crate) async fn get(realm: Realm) -> axum::Json<Policy> {
    axum::Json(realm.policy().clone())
}

/// Replaces the realm's policy; fields left out take their defaults.
#[utoipa::path(put, path = "/admin/v1/policy", tag = "policy", request_body = Policy,
    responses((status = 200, body = Policy)))]
pub(crate) async fn put(
    realm: Realm,
    Json(body): Json<Policy>,
) -> Result<axum::Json<Policy>, Problem> {
    let realm = realm.set_policy(body).await?;
    Ok(axum::Json(realm.policy().clone()))
}
