//! Webhooks: what happens is posted to whoever asked, signed, tried again, and can be sent anew.

use crate::identity::secret::Secret;
use crate::{
    dice::DrawPurpose,
    flow::{
        Error, Realm,
        base::hooks::{Delivery, EVENTS},
        invalid,
        kinds::{RealmRecord, Webhook},
    },
};

/// Most webhooks of a realm.
pub(crate) const MOST: usize = 8;

impl Realm {
    /// The webhooks.
    pub fn webhooks(&self) -> &[Webhook] {
        &self.record.webhooks
    }

    /// Adds a webhook; without a secret of the caller's one is drawn.
    pub async fn add_webhook(
        &self,
        url: &str,
        secret: Option<Secret>,
        events: Vec<String>,
    ) -> Result<Webhook, Error> {
        let parsed =
            url::Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
        if parsed.is_none() || url.len() > 2048 {
            return Err(invalid("url", "must be an http or https address"));
        }
        if !self.flow.outside.may_ask(url) {
            let sentence =
                "must be public https; start with --allow-private-fetch to post to this machine";
            return Err(invalid("url", sentence));
        }
        if secret.as_ref().is_some_and(|secret| !(8..=200).contains(&secret.reveal().len())) {
            return Err(invalid("secret", "must have 8 to 200 bytes"));
        }
        if let Some(unknown) = events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
            let near = crate::faults::nearest(unknown, EVENTS.into_iter());
            let known =
                near.map_or_else(|| EVENTS.join(", "), |near| format!("did you mean {near}?"));
            return Err(invalid(
                "events",
                format!("must not have the unknown kind {unknown:?}: {known}"),
            ));
        }
        let drawn = || self.dice().token(DrawPurpose::Secret);
        let webhook = Webhook {
            id: format!("w-{}", drawn().chars().take(12).collect::<String>()),
            url: url.to_owned(),
            secret: secret.map_or_else(drawn, Secret::into_revealed),
            events,
        };
        let added = webhook.clone();
        let add = move |record: &mut RealmRecord| {
            if record.webhooks.len() == MOST {
                return Err(Error::Limit("8 webhooks"));
            }
            record.webhooks.push(added.clone());
            Ok(())
        };
        self.edit_record(&add).await?;
        Ok(webhook)
    }

    /// Deletes a webhook.
    pub async fn delete_webhook(&self, id: &str) -> Result<(), Error> {
        let remove = |record: &mut RealmRecord| {
            let before = record.webhooks.len();
            record.webhooks.retain(|hook| hook.id != id);
            if record.webhooks.len() == before { Err(Error::Missing("webhook")) } else { Ok(()) }
        };
        self.edit_record(&remove).await?;
        Ok(())
    }

    /// What was sent, the oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.live.deliveries.lock().kept.iter().cloned().collect()
    }

    /// Sends a delivery again, as it was, to where its webhook is now.
    pub fn redeliver(&self, id: &str) -> Result<Delivery, Error> {
        let known = self.live.deliveries.lock().kept.iter().find(|it| it.id == id).cloned();
        let delivery = known.ok_or(Error::Missing("delivery"))?;
        let hook = self.record.webhooks.iter().find(|hook| hook.id == delivery.webhook).cloned();
        self.send(hook.ok_or(Error::Missing("webhook"))?, delivery.clone());
        Ok(delivery)
    }
}
