//! A message on its way: drafted within the batch that decides, delivered as the faults of the realm let it.

use std::sync::{Arc, atomic::Ordering};

use serde_json::json;

use super::{loaded_account::LoadedAccount, schedule::DueEvent};
use crate::{
    faults::{Call, FaultEffect, menu::MessageFault},
    flow::{
        Error, Realm, RealmMemory,
        kinds::{DueEntry, MessageAbout, MessageTo},
    },
    identity::{Account, IdNumber, registration::ResultBy},
    journal::Event,
    outbox::{Channel, DeliveryStatus, Message, MessagePurpose, message::segments, templates},
    store::{Change, records::Loaded},
};

/// Seconds a late message takes where its rule does not say.
const LATE_SECONDS: u32 = 300;
/// Seconds a message waits at most for one that overtakes it.
const HELD_SECONDS: i64 = 24 * 3600;

/// A message to be.
pub(crate) struct Draft {
    pub(crate) purpose: MessagePurpose,
    pub(crate) text: String,
    pub(crate) code: Option<String>,
    pub(crate) reference: Option<String>,
}

impl Draft {
    pub(crate) fn plain(purpose: MessagePurpose, text: String) -> Self {
        Self { purpose, text, code: None, reference: None }
    }

    pub(crate) fn otp(code: &str, reference: &str) -> Self {
        Self {
            purpose: MessagePurpose::Otp,
            text: templates::otp(code, reference),
            code: templates::code_in(MessagePurpose::Otp, code),
            reference: Some(reference.to_owned()),
        }
    }
}

/// What a holder is told, in one sentence.
#[derive(Clone, Copy)]
pub(crate) struct Notice<'a> {
    pub(crate) purpose: MessagePurpose,
    pub(crate) text: &'a str,
}

/// Where a message goes.
struct Recipient {
    channel: Channel,
    to: String,
}

impl Recipient {
    fn new(channel: Channel, to: &impl ToString) -> Self {
        Self { channel, to: to.to_string() }
    }
}

/// A message's place in the order, from its draft to the end of the commit, or to the moment it is given up.
struct OutboxPlace(u64, Arc<RealmMemory>);

impl OutboxPlace {
    fn next(live: &Arc<RealmMemory>) -> Self {
        let mut underway = live.underway.lock();
        let cursor = live.cursor.fetch_add(1, Ordering::Relaxed);
        underway.insert(cursor);
        Self(cursor, Arc::clone(live))
    }
}

impl Drop for OutboxPlace {
    fn drop(&mut self) {
        self.1.underway.lock().remove(&self.0);
        self.1.bell.notify_waiters();
    }
}

/// What the journal says of a message: never its words, which may hold a code.
fn noted(message: &Message) -> Event {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let (channel, purpose) = (word(json!(message.channel)), word(json!(message.purpose)));
    let status = word(json!(message.status));
    Event::new("message", format!("{purpose} by {channel} to {}: {status}", message.to))
        .about(message.citizen)
        .with("to", message.to.as_str())
        .with("channel", channel)
        .with("purpose", purpose)
        .with("status", status)
        .with("cursor", message.cursor)
}

/// The name of an index entry. The newest comes first, since that is what everybody waits for.
pub(crate) fn found_by(whom: &str, cursor: u64) -> Vec<u8> {
    let mut name = prefix_of(whom);
    name.extend_from_slice(&(u64::MAX - cursor).to_be_bytes());
    name
}

pub(crate) fn prefix_of(whom: &str) -> Vec<u8> {
    let mut prefix = whom.as_bytes().to_vec();
    prefix.push(0);
    prefix
}

impl Realm {
    pub(crate) async fn drop_message(
        &self,
        change: &mut Change,
        cursor: u64,
    ) -> Result<bool, Error> {
        let old = self.get::<Message>(cursor.to_be_bytes()).await?;
        let Some(old) = old else { return Ok(false) };
        change.delete::<Message>(cursor.to_be_bytes());
        change.delete::<MessageTo>(found_by(&old.record.to, cursor));
        change.delete::<MessageAbout>(found_by(old.record.citizen.as_str(), cursor));
        Ok(true)
    }

    /// Adds an SMS to a batch.
    pub(crate) fn sms(&self, change: &mut Change, account: &Account, draft: Draft) {
        if let Some(phone) = account.phone {
            self.message(change, account, Recipient::new(Channel::Sms, &phone), draft);
        }
    }

    /// Adds a notice to a batch on every channel the holder has: result by app, SMS or e-mail (facts 1.7).
    pub(crate) fn notify(
        &self,
        change: &mut Change,
        held: &LoadedAccount,
        purpose: MessagePurpose,
        text: &str,
    ) {
        self.notify_by(change, held, Notice { purpose, text }, &[]);
    }

    /// The same by these channels only; by every one if there are none.
    pub(crate) fn notify_by(
        &self,
        change: &mut Change,
        held: &LoadedAccount,
        notice: Notice<'_>,
        by: &[ResultBy],
    ) {
        let wanted = |channel: ResultBy| by.is_empty() || by.contains(&channel);
        let account = &held.account;
        let draft = || Draft::plain(notice.purpose, notice.text.to_owned());
        if wanted(ResultBy::Sms) {
            self.sms(change, account, draft());
        }
        if let Some(email) = account.email.clone().filter(|_| wanted(ResultBy::Email)) {
            self.message(change, account, Recipient::new(Channel::Email, &email), draft());
        }
        if !wanted(ResultBy::App) {
            return;
        }
        let app = Recipient::new(Channel::App, &account.number);
        self.message(change, account, app, draft());
        // Whoever acts for a child, a ward or an organisation reads it in an app of her own.
        if let Some(representative) = held.subject.representative(held.who) {
            let app = Recipient::new(Channel::App, &representative);
            self.message(change, account, app, draft());
        }
    }

    /// Adds a notice to the app of an ID number.
    pub(crate) fn app_notice(
        &self,
        change: &mut Change,
        account: &Account,
        to: &IdNumber,
        draft: Draft,
    ) {
        self.message(change, account, Recipient::new(Channel::App, to), draft);
    }

    fn message(
        &self,
        change: &mut Change,
        account: &Account,
        mut address: Recipient,
        draft: Draft,
    ) {
        let now = self.now;
        let place = OutboxPlace::next(&self.live);
        let call = Call {
            to: Some(&address.to),
            citizen: Some(account.number.as_str()),
            purpose: Some(draft.purpose),
            channel: Some(address.channel),
            ..Call::default()
        };
        let wanted = |effect| if let FaultEffect::Message(how) = effect { Some(how) } else { None };
        let (mut struck, strikes) = self.matching_faults(&call, wanted, 1);
        Self::keep_hits_with(change, strikes);
        let struck = struck.pop();
        if let (Some((MessageFault::OldNumber, _)), Some(former)) = (&struck, account.former_phone)
        {
            address.to = former.to_string();
        }
        let message = self.drafted(account, address, draft, place.0);
        match struck {
            None | Some((MessageFault::OldNumber, _)) => self.deliver(change, &message),
            Some((MessageFault::Twice, _)) => {
                let place = OutboxPlace::next(&self.live);
                let again = Message { id: self.dice().id(now), cursor: place.0, ..message.clone() };
                self.deliver(change, &message);
                self.put_message(change, &again);
                change.hold(place);
            }
            Some((MessageFault::Lost, _)) => {
                self.put_message(change, &Message { status: DeliveryStatus::Sent, ..message });
            }
            Some((MessageFault::GatewayDown, _)) => {
                self.put_message(change, &Message { status: DeliveryStatus::Failed, ..message });
            }
            Some((MessageFault::Late, rule)) => {
                let later = now.plus_seconds(rule.seconds.unwrap_or(LATE_SECONDS).into());
                self.put_due(change, later, &DueEntry::Message(message.cursor));
                self.put_message(change, &Message { status: DeliveryStatus::Queued, ..message });
            }
            Some((MessageFault::OutOfOrder, _)) => {
                let later = now.plus_seconds(HELD_SECONDS);
                self.put_due(change, later, &DueEntry::Message(message.cursor));
                let (live, to, cursor) =
                    (Arc::clone(&self.live), message.to.clone(), message.cursor);
                change.afterwards(move || {
                    live.held_back.lock().entry(to).or_default().push(cursor);
                });
                self.put_message(change, &Message { status: DeliveryStatus::Queued, ..message });
            }
        }
        change.hold(place);
    }

    /// A message that arrives at once, and whatever was held back until it does.
    fn deliver(&self, change: &mut Change, message: &Message) {
        let held = self.live.held_back.lock().get(&message.to).cloned().unwrap_or_default();
        if !held.is_empty() {
            let (live, to) = (Arc::clone(&self.live), message.to.clone());
            change.afterwards(move || {
                live.held_back.lock().remove(&to);
            });
        }
        for cursor in held {
            self.put_due(change, self.now, &DueEntry::Message(cursor));
        }
        self.put_message(change, message);
    }

    fn drafted(
        &self,
        account: &Account,
        Recipient { channel, to }: Recipient,
        draft: Draft,
        cursor: u64,
    ) -> Message {
        Message {
            id: self.dice().id(self.now),
            cursor,
            citizen: account.number,
            channel,
            sender: "VNeID".to_owned(),
            purpose: draft.purpose,
            segments: if channel == Channel::Sms { segments(&draft.text) } else { 0 },
            text: draft.text,
            code: draft.code,
            reference: draft.reference,
            status: DeliveryStatus::Delivered,
            at: self.now,
            to,
        }
    }

    fn put_message(&self, change: &mut Change, message: &Message) {
        let cursor = message.cursor;
        change.put(cursor.to_be_bytes(), message, None);
        change.put(found_by(&message.to, cursor), &MessageTo(cursor), None);
        change.put(found_by(message.citizen.as_str(), cursor), &MessageAbout(cursor), None);
        self.note_with(change, noted(message));
    }

    /// A message that was late arrives: after all that arrived before it.
    pub(crate) async fn message_comes_due(
        &self,
        cursor: u64,
        key: &[u8],
        due: &Loaded<DueEntry>,
    ) -> Result<Vec<DueEvent>, Error> {
        let mut change = self.change_of_due(key, due);
        let found = self.get::<Message>(cursor.to_be_bytes()).await?;
        let queued = found.map(|it| it.record).filter(|it| it.status == DeliveryStatus::Queued);
        let Some(message) = queued else {
            self.commit(change).await?;
            return Ok(Vec::new());
        };
        self.drop_message(&mut change, cursor).await?;
        let place = OutboxPlace::next(&self.live);
        let to = message.to.clone();
        let arrived = Message { cursor: place.0, status: DeliveryStatus::Delivered, ..message };
        self.put_message(&mut change, &arrived);
        change.hold(place);
        self.commit(change).await?;
        Ok(vec![DueEvent { at: self.now, to, what: "message_delivered" }])
    }
}
