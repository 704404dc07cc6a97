//! What happens is posted to webhooks, signed, and tried again.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use serde::Serialize;
use serde_json::json;

use crate::{
    flow::{Realm, kinds::Webhook, outside::OutsideError},
    journal::Event,
};

/// Most deliveries that are remembered.
const REMEMBERED: usize = 512;

/// Most deliveries under way at a time; later ones fail at once.
const UNDER_WAY: usize = 64;

/// Milliseconds of real time before each try.
const TRIES: [u64; 4] = [0, 200, 1_000, 5_000];

/// The kinds of events that can be asked for.
pub const EVENTS: [&str; 9] = [
    "account",
    "clock",
    "decision",
    "due",
    "fault",
    "message",
    "refused",
    "registration",
    "session",
];

/// The status of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryProgress {
    /// Being tried.
    UnderWay,
    /// Taken (status 2xx).
    Delivered,
    /// Not taken by the last try.
    Failed,
}

/// One event on its way to one webhook.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Delivery {
    /// Its id; the receiver sees it as `X-Vneid-Mock-Delivery` and can tell a repetition by it.
    pub id: String,
    /// The webhook.
    pub webhook: String,
    /// What was posted.
    pub body: String,
    /// The virtual moment of the event, in seconds: part of what is signed.
    pub signed_at: i64,
    /// Number of attempts.
    pub tries: u32,
    /// Its status.
    pub progress: DeliveryProgress,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What a realm remembers of its deliveries.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    pub(crate) kept: VecDeque<Delivery>,
    under_way: usize,
    last: u64,
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`, as other webhooks are signed.
pub fn signature(secret: &str, at: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
    let hex: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={}", hex.concat())
}

impl Realm {
    /// Posts an event to every webhook that wants it.
    pub(crate) fn tell_hooks(&self, event: &Arc<Event>) {
        for hook in &self.record.webhooks {
            if !EVENTS.contains(&event.kind)
                || !(hook.events.is_empty() || hook.events.iter().any(|kind| kind == event.kind))
            {
                continue;
            }
            let id = {
                let mut deliveries = self.live.deliveries.lock();
                deliveries.last += 1;
                format!("d-{}", deliveries.last)
            };
            let body = json!({
                "id": id, "realm": self.name(), "at": self.now.to_string(), "kind": event.kind, "text": event.text,
                "client_id": event.client_id, "citizen": event.citizen, "data": event.data, "vneid_mock": true,
            });
            let delivery = Delivery {
                id,
                webhook: hook.id.clone(),
                body: body.to_string(),
                signed_at: self.stamp().wire.numeric_date(),
                tries: 0,
                progress: DeliveryProgress::UnderWay,
                error: None,
            };
            self.remember(delivery.clone());
            self.send(hook.clone(), delivery);
        }
    }

    fn remember(&self, delivery: Delivery) {
        let mut deliveries = self.live.deliveries.lock();
        let known = deliveries.kept.iter_mut().find(|it| it.id == delivery.id);
        match known {
            Some(known) => *known = delivery,
            None => deliveries.kept.push_back(delivery),
        }
        if deliveries.kept.len() > REMEMBERED {
            deliveries.kept.pop_front();
        }
    }

    pub(crate) fn send(&self, hook: Webhook, mut delivery: Delivery) {
        {
            let mut deliveries = self.live.deliveries.lock();
            if deliveries.under_way == UNDER_WAY {
                drop(deliveries);
                delivery.progress = DeliveryProgress::Failed;
                delivery.error = Some("64 deliveries are under way".to_owned());
                return self.remember(delivery);
            }
            deliveries.under_way += 1;
        }
        let realm = self.clone();
        tokio::spawn(async move {
            realm.try_sending(&hook, delivery).await;
            realm.live.deliveries.lock().under_way -= 1;
        });
    }

    async fn try_sending(&self, hook: &Webhook, mut delivery: Delivery) {
        let headers = [
            ("X-Vneid-Mock-Delivery", delivery.id.clone()),
            ("X-Vneid-Mock-Signature", signature(&hook.secret, delivery.signed_at, &delivery.body)),
        ];
        for wait in TRIES {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let posted =
                self.flow.outside.post_json(&hook.url, delivery.body.clone(), &headers).await;
            delivery.tries += 1;
            delivery.error = posted.as_ref().err().map(OutsideError::to_string);
            delivery.progress = match posted {
                Ok(()) => DeliveryProgress::Delivered,
                Err(_) if wait == TRIES[TRIES.len() - 1] => DeliveryProgress::Failed,
                Err(_) => DeliveryProgress::UnderWay,
            };
            self.remember(delivery.clone());
            if posted.is_ok() {
                return;
            }
        }
        tracing::warn!(webhook = hook.id, "an event was not taken");
    }
}
