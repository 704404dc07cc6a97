//! `/admin/v1/policy`: the realm's rules.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, read_json},
        unrepeated::Unrepeated,
    },
    identity::Policy,
};

/// What the answer adds; a document that is sent back may have it still.
const DIFFERS: &str = "differs";

/// A realm's policy, and what of it is not the default.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyView {
    /// Every field.
    #[serde(flatten)]
    policy: Policy,
    /// The defaults of those fields that have another value. Read only: ignored when it is sent back.
    #[schema(value_type = Object, read_only)]
    differs: Map<String, Value>,
}

impl PolicyView {
    fn of(policy: Policy) -> Self {
        let now = fields(&policy);
        let defaults = fields(&Policy::default()).into_iter();
        let differs = defaults.filter(|(name, usual)| now.get(name) != Some(usual)).collect();
        Self { policy, differs }
    }
}

fn fields(policy: &Policy) -> Map<String, Value> {
    match serde_json::to_value(policy) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The realm's policy, and which fields differ from their defaults.
#[utoipa::path(get, path = "/admin/v1/policy", tag = "policy",
    responses((status = 200, body = PolicyView)))]
pub(crate) async fn get(realm: Realm) -> axum::Json<PolicyView> {
    axum::Json(PolicyView::of(realm.policy().clone()))
}

/// Replaces the realm's policy: fields left out take their defaults. `PATCH` keeps them.
#[utoipa::path(put, path = "/admin/v1/policy", tag = "policy", request_body = Policy,
    responses((status = 200, body = PolicyView)))]
pub(crate) async fn put(
    realm: Realm,
    Json(Unrepeated(mut body)): Json<Unrepeated>,
) -> Result<axum::Json<PolicyView>, Problem> {
    body.remove(DIFFERS);
    let realm = realm.set_policy(read_json(&Value::Object(body))?).await?;
    Ok(axum::Json(PolicyView::of(realm.policy().clone())))
}

/// Changes fields of the realm's policy and keeps the others (RFC 7396): null gives a field its default.
#[utoipa::path(patch, path = "/admin/v1/policy", tag = "policy", request_body = Policy,
    responses((status = 200, body = PolicyView)))]
pub(crate) async fn patch(
    realm: Realm,
    Json(Unrepeated(mut body)): Json<Unrepeated>,
) -> Result<axum::Json<PolicyView>, Problem> {
    body.remove(DIFFERS);
    let body = Value::Object(body);
    // Read once before the change, where a wrong field can be named.
    read_json::<Policy>(&realm.policy().merged(&body))?;
    let realm = realm.merge_policy(&body).await?;
    Ok(axum::Json(PolicyView::of(realm.policy().clone())))
}
