//! `/admin/v1/clients`: relying parties, in the field names of RFC 7591.

use axum::http::StatusCode;

use crate::{
    flow::{Error, Realm},
    http::{
        error::Problem,
        extract::{Json, Path, Query, limit, ByClientId, PageQuery},
        views::List,
    },
    identity::secret::Secret,
    oidc::client::{Client, Metadata},
};

/// The client, and the secret that it does not keep as it is.
fn parted(mut body: Metadata) -> Result<(Client, Option<Secret>), Error> {
    let secret = body.client_secret.take();
    Ok((body.into_client()?, secret))
}

/// Registers a client; its secret is shown only in this answer.
#[utoipa::path(post, path = "/admin/v1/clients", tag = "clients", request_body = Metadata,
    responses((status = 201, body = Metadata)))]
pub(crate) async fn create(
    realm: Realm,
    Json(body): Json<Metadata>,
) -> Result<(StatusCode, axum::Json<Metadata>), Problem> {
    let (client, secret) = parted(body)?;
    let (client, secret) = realm.create_client(client, secret).await?;
    let mut view = Metadata::from(&client);
    view.client_secret = secret;
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Clients by id.
#[utoipa::path(get, path = "/admin/v1/clients", tag = "clients", params(PageQuery),
    responses((status = 200, body = List<Metadata>)))]
pub(crate) async fn list(
    realm: Realm,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<List<Metadata>>, Problem> {
    let limit = limit(page.limit)?;
    let clients = realm.clients(page.after.as_deref(), limit).await?;
    let items = clients.iter().map(|client| Metadata::from(&**client)).collect();
    Ok(axum::Json(List::page(items, limit, |client| client.client_id.clone().unwrap_or_default())))
}

/// One client.
#[utoipa::path(get, path = "/admin/v1/clients/{client_id}", tag = "clients",
    params(("client_id" = String, Path, description = "the client")),
    responses((status = 200, body = Metadata)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ByClientId>,
) -> Result<axum::Json<Metadata>, Problem> {
    let client = realm.client(&path.client_id).await?;
    Ok(axum::Json((&*client.ok_or(Error::Missing("client"))?).into()))
}

/// Creates a client under this id, or replaces the metadata of the one that is there; its secret stays unless a new one is given.
/// A secret is shown only in the answer that creates.
#[utoipa::path(put, path = "/admin/v1/clients/{client_id}", tag = "clients", request_body = Metadata,
    params(("client_id" = String, Path, description = "the client")),
    responses((status = 200, body = Metadata), (status = 201, body = Metadata)))]
pub(crate) async fn put(
    realm: Realm,
    Path(path): Path<ByClientId>,
    Json(body): Json<Metadata>,
) -> Result<(StatusCode, axum::Json<Metadata>), Problem> {
    if body.client_id.as_ref().is_some_and(|id| *id != path.client_id) {
        return Err(Problem::invalid("client_id", "must be the one in the path, or left out"));
    }
    let (mut client, secret) = parted(body)?;
    client.client_id = path.client_id;
    let (client, secret, created) = realm.put_client(client, secret).await?;
    let mut view = Metadata::from(&client);
    view.client_secret = secret;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(view)))
}

/// Deletes a client and invalidates its tokens.
#[utoipa::path(delete, path = "/admin/v1/clients/{client_id}", tag = "clients",
    params(("client_id" = String, Path, description = "the client")),
    responses((status = 204)))]
pub(crate) async fn delete(realm: Realm, Path(path): Path<ByClientId>) -> Result<StatusCode, Problem> {
    realm.delete_client(&path.client_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
