//! `/admin/v1/realms`: countries side by side.

use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    flow::{
        kinds::Quotas,
        realm::{
            realms::NewRealm,
            snapshot::{RecordDifference, Snapshot, differences},
        },
    },
    http::{
        error::Problem,
        extract::{
            Json, PageQuery, LARGEST_SNAPSHOT, Path, Query, body_within, is_json, limit,
            maybe_object,
        },
        state,
        views::{List, RealmView},
    },
};

/// A realm to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "test-1", "seed": "42", "ttl": 3600}))]
pub struct RealmBody {
    /// 1 to 64 of `a-z 0-9 - _`, beginning with a letter or digit.
    pub name: String,
    /// The realm whose people it shares, as portals see them: the same `sub` and, with a seed, the same random numbers. Its own name if left out.
    pub people_of: Option<String>,
    /// Same seed, same requests, same virtual times: same ids, codes and tokens.
    pub seed: Option<String>,
    /// Seconds of real time until it is deleted automatically.
    #[schema(minimum = 1, maximum = 31_622_400)]
    pub ttl: Option<i64>,
    /// Its limits.
    #[serde(default, deserialize_with = "maybe_object")]
    pub quotas: Option<Quotas>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByName {
    name: String,
}

/// Creates a realm; its endpoints are beneath `/realms/{name}`.
#[utoipa::path(post, path = "/admin/v1/realms", tag = "realms", request_body = RealmBody,
    responses((status = 201, body = RealmView)))]
pub(crate) async fn create(
    State(state): State<state::HttpState>,
    Json(body): Json<RealmBody>,
) -> Result<(StatusCode, axum::Json<RealmView>), Problem> {
    let new = NewRealm {
        name: body.name,
        people_of: body.people_of,
        seed: body.seed,
        ttl: body.ttl,
        quotas: body.quotas.unwrap_or_default(),
    };
    let realm = state.flow.create_realm(new).await?;
    let view = RealmView::of(&realm.record, &state.flow.settings.issuer);
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Realms by name.
#[utoipa::path(get, path = "/admin/v1/realms", tag = "realms", params(PageQuery),
    responses((status = 200, body = List<RealmView>)))]
pub(crate) async fn list(
    State(state): State<state::HttpState>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<List<RealmView>>, Problem> {
    let limit = limit(page.limit)?;
    let realms = state.flow.list_realms(page.after.as_deref(), limit).await?;
    let issuer = &state.flow.settings.issuer;
    let items = realms.iter().map(|realm| RealmView::of(realm, issuer)).collect();
    Ok(axum::Json(List::page(items, limit, |realm| realm.name.clone())))
}

/// Deletes a realm and everything in it.
#[utoipa::path(delete, path = "/admin/v1/realms/{name}", tag = "realms",
    params(("name" = String, Path, description = "the realm")),
    responses((status = 204)))]
pub(crate) async fn delete(
    State(state): State<state::HttpState>,
    Path(path): Path<ByName>,
) -> Result<StatusCode, Problem> {
    state.flow.delete_realm(&path.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resets a realm: people, clock, policy, messages, clients, random numbers.
#[utoipa::path(post, path = "/admin/v1/realms/{name}/reset", tag = "realms",
    params(("name" = String, Path, description = "the realm")),
    responses((status = 200, body = RealmView)))]
pub(crate) async fn reset(
    State(state): State<state::HttpState>,
    Path(path): Path<ByName>,
) -> Result<axum::Json<RealmView>, Problem> {
    let realm = state.flow.reset_realm(&path.name).await?;
    Ok(axum::Json(RealmView::of(&realm.record, &state.flow.settings.issuer)))
}

/// The whole realm as one document: people, messages, clients, clock, faults, random numbers.
#[utoipa::path(get, path = "/admin/v1/realms/{name}/snapshot", tag = "realms",
    params(("name" = String, Path, description = "the realm")),
    responses((status = 200, description = "the document", body = Object)))]
pub(crate) async fn snapshot(
    State(state): State<state::HttpState>,
    Path(path): Path<ByName>,
) -> Result<axum::Json<Snapshot>, Problem> {
    Ok(axum::Json(state.flow.realm(&path.name).await?.snapshot().await?))
}

/// Restores a snapshot, replacing the realm if it exists. At most 32 MiB.
#[utoipa::path(put, path = "/admin/v1/realms/{name}/snapshot", tag = "realms",
    params(("name" = String, Path, description = "the realm")), request_body = Object,
    responses((status = 200, body = RealmView)))]
pub(crate) async fn restore(
    State(state): State<state::HttpState>,
    Path(path): Path<ByName>,
    request: Request,
) -> Result<axum::Json<RealmView>, Problem> {
    let snapshot = read(request).await?;
    let realm = state.flow.restore(&path.name, snapshot).await?;
    Ok(axum::Json(RealmView::of(&realm.record, &state.flow.settings.issuer)))
}

/// The name of the copy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "test-1-copy"}))]
pub struct ForkBody {
    /// 1 to 64 of `a-z 0-9 - _`, beginning with a letter or digit.
    pub name: String,
}

/// Creates a copy of this realm that continues independently.
#[utoipa::path(post, path = "/admin/v1/realms/{name}/fork", tag = "realms",
    params(("name" = String, Path, description = "the realm")), request_body = ForkBody,
    responses((status = 201, body = RealmView)))]
pub(crate) async fn fork(
    State(state): State<state::HttpState>,
    Path(path): Path<ByName>,
    Json(body): Json<ForkBody>,
) -> Result<(StatusCode, axum::Json<RealmView>), Problem> {
    let realm = state.flow.fork(&path.name, &body.name).await?;
    let view = RealmView::of(&realm.record, &state.flow.settings.issuer);
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Which realm to compare with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct With {
    /// The other realm.
    pub with: String,
}

/// What differs between two realms, field by field; at most 1000 differences.
#[utoipa::path(get, path = "/admin/v1/realms/{name}/diff", tag = "realms",
    params(("name" = String, Path, description = "the realm"), With),
    responses((status = 200, body = Vec<RecordDifference>)))]
pub(crate) async fn diff(
    State(state): State<state::HttpState>,
    Path(path): Path<ByName>,
    Query(query): Query<With>,
) -> Result<axum::Json<Vec<RecordDifference>>, Problem> {
    let left = state.flow.realm(&path.name).await?.snapshot().await?;
    let right = state.flow.realm(&query.with).await?.snapshot().await?;
    let mut found = differences(&left, &right);
    found.truncate(1000);
    Ok(axum::Json(found))
}

/// The document in a body that may be larger than any other door's.
async fn read(request: Request) -> Result<Snapshot, Problem> {
    if !is_json(request.headers()) {
        let detail = "the content type must be application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", detail));
    }
    let body = body_within(request, LARGEST_SNAPSHOT).await?;
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&body) else {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_json",
            "the body is not JSON in UTF-8",
        ));
    };
    if !value.is_object() {
        return Err(Problem::invalid("body", "must be a JSON object"));
    }
    serde_json::from_value(value)
        .map_err(|error| Problem::invalid("body", format!("is not a snapshot: {error}")))
}
