//! `/admin/v1/webhooks`: who is told of what happens, and what was told.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    flow::{Realm, base::hooks::Delivery, kinds::Webhook},
    http::{
        error::Problem,
        extract::{Json, Path, ById},
    },
    identity::secret::Secret,
};

/// A webhook to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://hooks.example.com/vneid", "events": ["account", "message"]}))]
pub struct WebhookBody {
    /// Where to post to.
    pub url: String,
    /// The key to sign posts with, 8 to 200 bytes; generated and shown once if left out.
    pub secret: Option<Secret>,
    /// `account`, `clock`, `decision`, `due`, `fault`, `message`, `refused`, `registration`, `session`; all if left out.
    #[serde(default)]
    pub events: Vec<String>,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookView {
    /// Its id.
    pub id: String,
    /// Where it is posted to.
    pub url: String,
    /// Kinds of events it receives; all if empty.
    pub events: Vec<String>,
    /// The key that posts are signed with; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

impl From<&Webhook> for WebhookView {
    fn from(hook: &Webhook) -> Self {
        Self {
            id: hook.id.clone(),
            url: hook.url.clone(),
            events: hook.events.clone(),
            secret: None,
        }
    }
}

/// Adds a webhook. Each post has `X-Vneid-Mock-Signature: t=SECONDS,v1=HEX`, HMAC-SHA256 of the secret over
/// `SECONDS.BODY`, and is tried four times.
#[utoipa::path(post, path = "/admin/v1/webhooks", tag = "webhooks", request_body = WebhookBody,
    responses((status = 201, body = WebhookView)))]
pub(crate) async fn create(
    realm: Realm,
    Json(body): Json<WebhookBody>,
) -> Result<(StatusCode, axum::Json<WebhookView>), Problem> {
    let hook = realm.add_webhook(&body.url, body.secret, body.events).await?;
    let view = WebhookView { secret: Some(hook.secret.clone().into()), ..WebhookView::from(&hook) };
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// The webhooks.
#[utoipa::path(get, path = "/admin/v1/webhooks", tag = "webhooks",
    responses((status = 200, body = Vec<WebhookView>)))]
pub(crate) async fn list(realm: Realm) -> axum::Json<Vec<WebhookView>> {
    axum::Json(realm.webhooks().iter().map(WebhookView::from).collect())
}

/// Deletes a webhook.
#[utoipa::path(delete, path = "/admin/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "its id")),
    responses((status = 204)))]
pub(crate) async fn delete(realm: Realm, Path(path): Path<ById>) -> Result<StatusCode, Problem> {
    realm.delete_webhook(&path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the last 512 deliveries, oldest first.
#[utoipa::path(get, path = "/admin/v1/webhooks/deliveries", tag = "webhooks",
    responses((status = 200, body = Vec<Delivery>)))]
pub(crate) async fn deliveries(realm: Realm) -> axum::Json<Vec<Delivery>> {
    axum::Json(realm.deliveries())
}

/// Posts a delivery again, unchanged.
#[utoipa::path(post, path = "/admin/v1/webhooks/deliveries/{id}/replay", tag = "webhooks",
    params(("id" = String, Path, description = "its id")),
    responses((status = 202, body = Delivery)))]
pub(crate) async fn replay(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<(StatusCode, axum::Json<Delivery>), Problem> {
    Ok((StatusCode::ACCEPTED, axum::Json(realm.redeliver(&path.id)?)))
}
