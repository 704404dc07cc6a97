//! `/admin/v1/requests`: what agencies and holders ask of an office, and how it decides.

use super::registrations::Reason;
use crate::{
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, Path, Query, limit, ById, PageQuery},
        views::{List, RequestView},
    },
    identity::request::RequestCommand,
};

/// Requests in the order they came.
#[utoipa::path(get, path = "/admin/v1/requests", tag = "requests", params(PageQuery),
    responses((status = 200, body = List<RequestView>)))]
pub(crate) async fn list(
    realm: Realm,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<List<RequestView>>, Problem> {
    let limit = limit(page.limit)?;
    let found = realm.requests(page.after.as_deref(), limit).await?;
    let items = found.iter().map(RequestView::from).collect();
    Ok(axum::Json(List::page(items, limit, |it: &RequestView| it.id.clone())))
}

/// One request.
#[utoipa::path(get, path = "/admin/v1/requests/{id}", tag = "requests",
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = RequestView)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RequestView>, Problem> {
    Ok(axum::Json((&realm.request(&path.id).await?).into()))
}

/// Forwards a request to the head of the authority.
#[utoipa::path(post, path = "/admin/v1/requests/{id}/forward", tag = "requests",
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = RequestView)))]
pub(crate) async fn forward(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RequestView>, Problem> {
    decide(&realm, &path, RequestCommand::Forward).await
}

/// Grants a request; it is carried out at once.
#[utoipa::path(post, path = "/admin/v1/requests/{id}/grant", tag = "requests",
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = RequestView)))]
pub(crate) async fn grant(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RequestView>, Problem> {
    decide(&realm, &path, RequestCommand::Grant).await
}

/// Refuses a request in writing.
#[utoipa::path(post, path = "/admin/v1/requests/{id}/refuse", tag = "requests", request_body = Reason,
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = RequestView)))]
pub(crate) async fn refuse(
    realm: Realm,
    Path(path): Path<ById>,
    Json(body): Json<Reason>,
) -> Result<axum::Json<RequestView>, Problem> {
    decide(&realm, &path, RequestCommand::Refuse { text: body.reason }).await
}

async fn decide(
    realm: &Realm,
    path: &ById,
    command: RequestCommand,
) -> Result<axum::Json<RequestView>, Problem> {
    Ok(axum::Json((&realm.decide_request(&path.id, command).await?).into()))
}
