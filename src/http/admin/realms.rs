//! `/admin/v1/realms`: countries side by side.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    flow::realms::NewRealm,
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, Query, limit},
        state,
        views::{List, RealmView},
    },
};

/// A realm to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RealmBody {
    /// 1 to 64 of `a-z 0-9 - _`, beginning with a letter or digit.
    pub name: String,
    /// Same seed, same requests, same virtual times: same ids, codes and tokens.
    pub seed: Option<String>,
    /// Seconds of real time until it goes by itself.
    pub ttl: Option<i64>,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByName {
    name: String,
}

/// Makes a realm; its doors are beneath `/realms/{name}`.
#[utoipa::path(post, path = "/admin/v1/realms", tag = "realms", request_body = RealmBody,
    responses((status = 201, body = RealmView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(state): State<state::State>,
    Json(body): Json<RealmBody>,
) -> Result<(StatusCode, axum::Json<RealmView>), Problem> {
    let new = NewRealm { name: body.name, seed: body.seed, ttl: body.ttl };
    let realm = state.flow.create_realm(new).await?;
    let view = RealmView::of(&realm.record, &state.flow.settings.issuer);
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Realms by name.
#[utoipa::path(get, path = "/admin/v1/realms", tag = "realms", params(Page),
    responses((status = 200, body = List<RealmView>), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(state): State<state::State>,
    Query(page): Query<Page>,
) -> Result<axum::Json<List<RealmView>>, Problem> {
    let limit = limit(page.limit)?;
    let realms = state.flow.list_realms(page.after.as_deref(), limit).await?;
    let issuer = &state.flow.settings.issuer;
    let items = realms.iter().map(|realm| RealmView::of(realm, issuer)).collect();
    Ok(axum::Json(List::page(items, limit, |realm| realm.name.clone())))
}

/// Throws a realm away with all that is in it.
#[utoipa::path(delete, path = "/admin/v1/realms/{name}", tag = "realms",
    params(("name" = String, Path, description = "the realm")),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn delete(
    State(state): State<state::State>,
    Path(path): Path<ByName>,
) -> Result<StatusCode, Problem> {
    state.flow.delete_realm(&path.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Starts a realm's country again: people, clock, policy, messages, clients, chance.
#[utoipa::path(post, path = "/admin/v1/realms/{name}/reset", tag = "realms",
    params(("name" = String, Path, description = "the realm")),
    responses((status = 200, body = RealmView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn reset(
    State(state): State<state::State>,
    Path(path): Path<ByName>,
) -> Result<axum::Json<RealmView>, Problem> {
    let realm = state.flow.reset_realm(&path.name).await?;
    Ok(axum::Json(RealmView::of(&realm.record, &state.flow.settings.issuer)))
}
