//! `/oauth2/register`: clients that register themselves (RFC 7591, RFC 7592).

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::userinfo::bearer;
use crate::{
    flow::{
        Error, Realm,
        provider::{explain::RefusalContext, register_client::Registered},
    },
    http::{
        error::{BearerRefusal, Problem, TokenRefusal},
        extract::{Path, body_of, ByClientId, read_json},
    },
    identity::secret::Secret,
    oidc::{
        client::{Client, Metadata},
        error::{self, Code},
    },
};

#[derive(Serialize)]
struct RegistrationResponse {
    #[serde(flatten)]
    metadata: Metadata,
    // OIDC Registration §3.2: with a secret comes when it expires; ours never do.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_access_token: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_client_uri: Option<String>,
    vneid_mock: bool,
}

/// RFC 7591 §3.1.
pub(crate) async fn create(realm: Realm, request: Request) -> Response {
    let metadata = match metadata(request, true).await {
        Ok(metadata) => metadata,
        Err(error) => return refused(&realm, error),
    };
    match realm.register_client(metadata).await {
        Ok(registered) => (StatusCode::CREATED, answer(&realm, registered)).into_response(),
        Err(error) => refused(&realm, error),
    }
}

/// RFC 7592 §2.1.
pub(crate) async fn get(
    realm: Realm,
    headers: HeaderMap,
    path: Result<Path<ByClientId>, Problem>,
) -> Response {
    match holder(&realm, &headers, path).await {
        Ok((client, token)) => {
            answer(&realm, Registered { client, secret: None, token: Some(token) })
        }
        Err(refused) => *refused,
    }
}

/// RFC 7592 §2.2.
pub(crate) async fn put(
    realm: Realm,
    headers: HeaderMap,
    path: Result<Path<ByClientId>, Problem>,
    request: Request,
) -> Response {
    let (old, token) = match holder(&realm, &headers, path).await {
        Ok(held) => held,
        Err(refused) => return *refused,
    };
    let metadata = match metadata(request, false).await {
        Ok(metadata) => metadata,
        Err(error) => return refused(&realm, error),
    };
    match realm.change_registration(&old, metadata).await {
        Ok(registered) => answer(&realm, Registered { token: Some(token), ..registered }),
        Err(error) => refused(&realm, error),
    }
}

/// RFC 7592 §2.3.
pub(crate) async fn delete(
    realm: Realm,
    headers: HeaderMap,
    path: Result<Path<ByClientId>, Problem>,
) -> Response {
    let (client, _) = match holder(&realm, &headers, path).await {
        Ok(held) => held,
        Err(refused) => return *refused,
    };
    match realm.delete_client(&client.client_id).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refused(&realm, error),
    }
}

/// The client whose registration access token came in the header, and that token: an answer repeats it (RFC 7592 §3).
async fn holder(
    realm: &Realm,
    headers: &HeaderMap,
    path: Result<Path<ByClientId>, Problem>,
) -> Result<(std::sync::Arc<Client>, Secret), Box<Response>> {
    let Path(path) = path.map_err(|problem| Box::new(problem.into_response()))?;
    let bearing = |error| Box::new(BearerRefusal(error, None).into_response());
    let token = bearer(headers, "", None).map_err(|error| bearing(Some(error.into())))?;
    let token = token.ok_or_else(|| bearing(None))?;
    let found = realm.registered_client(&path.client_id, &token).await;
    found.map(|client| (client, token.into())).map_err(|error| bearing(Some(error)))
}

fn answer(realm: &Realm, registered: Registered) -> Response {
    let Registered { client, secret, token } = registered;
    let mut metadata = Metadata::from(&*client);
    let expires = secret.is_some().then_some(0);
    metadata.client_secret = secret;
    // The suite and RFC 7592 §3: both members or neither.
    let uri = format!("{}/oauth2/register/{}", realm.issuer(), client.client_id);
    let uri = token.is_some().then_some(uri);
    axum::Json(RegistrationResponse {
        metadata,
        client_secret_expires_at: expires,
        registration_access_token: token,
        registration_client_uri: uri,
        vneid_mock: true,
    })
    .into_response()
}

fn refused(realm: &Realm, error: Error) -> Response {
    let explained = match &error {
        Error::Protocol(error) => {
            realm.explain(error, RefusalContext::client("", "/oauth2/register"))
        }
        _ => None,
    };
    let status = match &error {
        Error::Protocol(error) if error.description.contains("longer than 65536") => {
            StatusCode::PAYLOAD_TOO_LARGE
        }
        _ => return TokenRefusal(error, explained).into_response(),
    };
    let mut response = TokenRefusal(error, explained).into_response();
    *response.status_mut() = status;
    response
}

fn invalid(sentence: &str) -> Error {
    let error = error::Error::said(Code::InvalidClientMetadata, sentence).by("RFC 7591 §2");
    error.expecting("client metadata of RFC 7591 §2 as a JSON object").into()
}

/// The metadata of a body. RFC 7591 §2: what is not understood is ignored; a client chooses neither id nor secret.
async fn metadata(request: Request, new: bool) -> Result<Metadata, Error> {
    let body: Bytes = body_of(request).await.map_err(|fault| invalid(&fault.to_string()))?;
    let sent: Map<String, Value> =
        serde_json::from_slice(&body).map_err(|_| invalid("the body is a JSON object"))?;
    let known = known_members();
    let mut kept: Map<String, Value> =
        sent.into_iter().filter(|(name, value)| known.contains(name) && !value.is_null()).collect();
    if new {
        kept.remove("client_id");
        kept.remove("client_secret");
    }
    // Nobody makes himself a reader of other clients' tokens.
    kept.remove("resource_server");
    // RFC 7591 §2: the defaults of a client that says nothing.
    kept.entry("grant_types").or_insert_with(|| json!(["authorization_code"]));
    let read = read_json::<Metadata>(&Value::Object(kept));
    read.map_err(|problem| invalid(problem.detail()))
}

/// The members that metadata has, by its own schema.
fn known_members() -> Vec<String> {
    use utoipa::PartialSchema as _;
    let schema = serde_json::to_value(Metadata::schema()).unwrap_or_default();
    let members = schema.get("properties").and_then(Value::as_object);
    members.map(|members| members.keys().cloned().collect()).unwrap_or_default()
}
