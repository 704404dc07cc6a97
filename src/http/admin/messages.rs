//! `/admin/v1/messages`: the outbox, listed, waited for, emptied.

use axum::{http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::stream;
use crate::{
    flow::{Error, LONGEST_WAIT, Realm, realm::outbox},
    http::{
        error::Problem,
        extract::{Path, Query, limit, number, wait},
        views::{List, MessageView},
    },
    outbox::{Channel, DeliveryStatus, MessagePurpose},
};

/// Which messages; what is left out matches everything.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MessageQuery {
    /// Phone number, e-mail address or ID number it went to.
    pub to: Option<String>,
    /// ID number of the citizen it is about.
    pub citizen: Option<String>,
    /// What it is for.
    pub purpose: Option<MessagePurpose>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The sign-in or activation that asked for it.
    pub reference: Option<String>,
    /// Delivery status: `queued`, `sent` (and lost), `delivered` or `failed`. `latest` finds delivered ones only.
    pub status: Option<DeliveryStatus>,
    /// Only after this cursor.
    pub after: Option<u64>,
    /// For lists: 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// For `latest`: how long to wait for one, such as `10s`; at most 60 s of real time, none if left out.
    pub wait: Option<String>,
}

impl MessageQuery {
    fn wanted(&self) -> Result<outbox::MessageFilter, Problem> {
        let citizen = self.citizen.as_deref().map(|text| number("citizen", text)).transpose()?;
        Ok(outbox::MessageFilter {
            to: self.to.clone(),
            citizen,
            purpose: self.purpose,
            channel: self.channel,
            reference: self.reference.clone(),
            status: self.status,
            after: self.after.unwrap_or(0),
        })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByCursor {
    cursor: u64,
}

/// Messages in order.
#[utoipa::path(get, path = "/admin/v1/messages", tag = "messages", params(MessageQuery),
    responses((status = 200, body = List<MessageView>)))]
pub(crate) async fn list(
    realm: Realm,
    Query(filter): Query<MessageQuery>,
) -> Result<axum::Json<List<MessageView>>, Problem> {
    let limit = limit(filter.limit)?;
    let found = realm.messages(&filter.wanted()?, limit).await?;
    let items = found.into_iter().map(MessageView::from).collect();
    Ok(axum::Json(List::page(items, limit, |message| message.cursor.to_string())))
}

/// Returns the newest matching message, with its code as a field; waits for one if asked to.
#[utoipa::path(get, path = "/admin/v1/messages/latest", tag = "messages", params(MessageQuery),
    responses((status = 200, body = MessageView)))]
pub(crate) async fn latest(
    realm: Realm,
    Query(filter): Query<MessageQuery>,
) -> Result<axum::Json<MessageView>, Problem> {
    let wait = wait(filter.wait.as_deref())?;
    let found = realm.latest_message(&filter.wanted()?, wait).await?;
    Ok(axum::Json(found.ok_or(Error::Missing("message"))?.into()))
}

/// Streams delivered messages as server-sent events: `id` is the cursor, `event` the purpose, `data` the message.
#[utoipa::path(get, path = "/admin/v1/messages/stream", tag = "messages", params(MessageQuery),
    responses((status = 200, description = "server-sent events", content_type = "text/event-stream", body = String)))]
pub(crate) async fn follow(
    realm: Realm,
    Query(filter): Query<MessageQuery>,
) -> Result<Response, Problem> {
    let wanted = filter.wanted()?;
    Ok(stream::events(wanted, move |wanted| {
        let realm = realm.clone();
        async move {
            let found = realm.next_messages(&wanted, LONGEST_WAIT).await.unwrap_or_default();
            if found.is_empty() && realm.is_over() {
                return None;
            }
            let after = found.last().map_or(wanted.after, |message| message.cursor);
            let events = found.into_iter().map(|message| {
                let view = json!(MessageView::from(message));
                stream::StreamEvent {
                    id: view["cursor"].as_u64().unwrap_or_default(),
                    kind: view["purpose"].as_str().unwrap_or_default().to_owned(),
                    data: view.to_string(),
                }
            });
            Some((events.collect(), outbox::MessageFilter { after, ..wanted }))
        }
    }))
}

/// Deletes one message.
#[utoipa::path(delete, path = "/admin/v1/messages/{cursor}", tag = "messages",
    params(("cursor" = u64, Path, description = "the message's cursor")),
    responses((status = 204)))]
pub(crate) async fn delete(
    realm: Realm,
    Path(path): Path<ByCursor>,
) -> Result<StatusCode, Problem> {
    realm.delete_message(path.cursor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Empties the outbox.
#[utoipa::path(delete, path = "/admin/v1/messages", tag = "messages",
    responses((status = 204)))]
pub(crate) async fn clear(realm: Realm) -> Result<StatusCode, Problem> {
    realm.delete_messages().await?;
    Ok(StatusCode::NO_CONTENT)
}
