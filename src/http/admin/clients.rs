//! `/admin/v1/clients`: relying parties, in the field names of RFC 7591.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::realms::Page;
use crate::{
    flow::Error,
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, Query, limit},
        state::Ask,
        views::{ClientView, List},
    },
    identity::Level,
    oidc::{
        client::{AuthMethod, Client, Consent, Dialect},
        keys::Algorithm,
        scope,
    },
};

/// A client as it is registered or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientBody {
    /// Made up if left out.
    pub client_id: Option<String>,
    /// 16 to 256 visible ASCII characters; made up if left out, unless the client is public.
    pub client_secret: Option<String>,
    /// Shown on the pages.
    pub client_name: String,
    /// Where answers may go: compared character for character.
    pub redirect_uris: Vec<String>,
    /// How it authenticates; `client_secret_basic` if left out.
    #[serde(default)]
    pub token_endpoint_auth_method: AuthMethod,
    /// The scopes it may ask for; all supported ones if left out.
    pub scope: Option<String>,
    /// `RS256` if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub id_token_signed_response_alg: Algorithm,
    /// The lowest account level it lets in; 1 if left out.
    #[schema(minimum = 1, maximum = 2)]
    pub minimum_level: Option<u8>,
    /// When the holder is asked; `never` if left out.
    #[serde(default)]
    pub consent: Consent,
    /// Require PKCE of a confidential client too.
    #[serde(default)]
    pub require_pkce: bool,
    /// `oidc`.
    #[serde(default)]
    pub dialect: Dialect,
}

impl ClientBody {
    fn client(self) -> Result<(Client, Option<String>), Problem> {
        let level = Level::try_from(self.minimum_level.unwrap_or(1))
            .map_err(|_| Problem::invalid("minimum_level", "is 1 or 2"))?;
        let client = Client {
            client_id: self.client_id.unwrap_or_default(),
            secret_hash: None,
            client_name: self.client_name,
            redirect_uris: self.redirect_uris,
            token_endpoint_auth_method: self.token_endpoint_auth_method,
            scope: self.scope.unwrap_or_else(|| scope::SUPPORTED.join(" ")),
            id_token_signed_response_alg: self.id_token_signed_response_alg,
            minimum_level: level,
            consent: self.consent,
            require_pkce: self.require_pkce,
            dialect: self.dialect,
        };
        Ok((client, self.client_secret))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ById {
    client_id: String,
}

/// Registers a client; the secret is shown this once.
#[utoipa::path(post, path = "/admin/v1/clients", tag = "clients", request_body = ClientBody,
    responses((status = 201, body = ClientView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn create(
    ask: Ask,
    Json(body): Json<ClientBody>,
) -> Result<(StatusCode, axum::Json<ClientView>), Problem> {
    let (client, secret) = body.client()?;
    let (client, secret) = ask.realm.create_client(client, secret, ask.now).await?;
    let mut view = ClientView::from(client);
    view.client_secret = secret;
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Clients by id.
#[utoipa::path(get, path = "/admin/v1/clients", tag = "clients", params(Page),
    responses((status = 200, body = List<ClientView>), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    ask: Ask,
    Query(page): Query<Page>,
) -> Result<axum::Json<List<ClientView>>, Problem> {
    let limit = limit(page.limit)?;
    let clients = ask.realm.clients(page.after.as_deref(), limit, ask.now).await?;
    let items = clients.into_iter().map(ClientView::from).collect();
    Ok(axum::Json(List::page(items, limit, |client| client.client_id.clone())))
}

/// One client.
#[utoipa::path(get, path = "/admin/v1/clients/{client_id}", tag = "clients",
    params(("client_id" = String, Path, description = "the client")),
    responses((status = 200, body = ClientView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    ask: Ask,
    Path(path): Path<ById>,
) -> Result<axum::Json<ClientView>, Problem> {
    let client = ask.realm.client(&path.client_id, ask.now).await?;
    Ok(axum::Json(client.ok_or(Error::Missing("client"))?.into()))
}

/// Changes a client; its secret stays unless a new one is given.
#[utoipa::path(put, path = "/admin/v1/clients/{client_id}", tag = "clients", request_body = ClientBody,
    params(("client_id" = String, Path, description = "the client")),
    responses((status = 200, body = ClientView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn put(
    ask: Ask,
    Path(path): Path<ById>,
    Json(body): Json<ClientBody>,
) -> Result<axum::Json<ClientView>, Problem> {
    if body.client_id.as_ref().is_some_and(|id| *id != path.client_id) {
        return Err(Problem::invalid("client_id", "is the one of the path, or left out"));
    }
    let (mut client, secret) = body.client()?;
    client.client_id = path.client_id;
    let client = ask.realm.update_client(client, secret, ask.now).await?;
    Ok(axum::Json(client.into()))
}

/// Deletes a client; its tokens die with it.
#[utoipa::path(delete, path = "/admin/v1/clients/{client_id}", tag = "clients",
    params(("client_id" = String, Path, description = "the client")),
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn delete(ask: Ask, Path(path): Path<ById>) -> Result<StatusCode, Problem> {
    ask.realm.delete_client(&path.client_id, ask.now).await?;
    Ok(StatusCode::NO_CONTENT)
}
