//! The outbox: found by recipient, citizen or order, waited for, emptied.

use std::{sync::atomic::Ordering, time::Duration};

use crate::{
    flow::{
        Error, LONGEST_WAIT, Realm,
        base::messages::prefix_of,
        kinds::{MessageAbout, MessageTo},
    },
    identity::IdNumber,
    outbox::{Channel, DeliveryStatus, Message, MessagePurpose},
};

/// Messages a realm keeps when it is swept; the oldest go first.
pub const KEPT: usize = 50_000;
/// How long a message that others overtook is waited for: a commit takes milliseconds.
const UNDER_WAY: Duration = Duration::from_secs(1);
/// How often the newest message is looked for anew while others are under way.
const MOST_LOOKS: usize = 64;
/// Messages looked at in one step.
const PAGE: usize = 256;

/// Which of the matching messages a reader waits for.
#[derive(Clone, Copy)]
enum Look {
    /// The next ones.
    InOrder,
    /// The newest.
    Newest,
}

/// What a reader looks for; what is left out matches everything.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    /// Phone number, e-mail address or ID number.
    pub to: Option<String>,
    /// Whose account it is about.
    pub citizen: Option<IdNumber>,
    /// What it is for.
    pub purpose: Option<MessagePurpose>,
    /// The channel.
    pub channel: Option<Channel>,
    /// Which sign-in or activation asked for it.
    pub reference: Option<String>,
    /// Its status.
    pub status: Option<DeliveryStatus>,
    /// Only messages after this cursor.
    pub after: u64,
}

impl MessageFilter {
    fn takes(&self, message: &Message) -> bool {
        let same =
            |wanted: &Option<String>, given: &str| wanted.as_ref().is_none_or(|w| w == given);
        message.cursor > self.after
            && same(&self.to, &message.to)
            && self.citizen.is_none_or(|citizen| citizen == message.citizen)
            && self.purpose.is_none_or(|purpose| purpose == message.purpose)
            && self.status.is_none_or(|status| status == message.status)
            && self.channel.is_none_or(|channel| channel == message.channel)
            && self.reference.as_deref().is_none_or(|r| message.reference.as_deref() == Some(r))
    }
}

impl Realm {
    /// The first cursor that is not committed yet: later ones are not shown before it, or a reader who goes on from
    /// them would never see it.
    fn horizon(&self) -> u64 {
        let underway = self.live.underway.lock();
        // With nothing under way it is the next cursor: one drawn after this look may be overtaken.
        let next = || self.live.cursor.load(Ordering::Relaxed);
        underway.first().copied().unwrap_or_else(next)
    }

    /// Matching messages in order, after the filter's cursor, at most `limit`.
    pub async fn messages(
        &self,
        filter: &MessageFilter,
        limit: usize,
    ) -> Result<Vec<Message>, Error> {
        self.matching(filter, limit, self.horizon()).await
    }

    /// The same up to a cursor.
    async fn matching(
        &self,
        filter: &MessageFilter,
        limit: usize,
        horizon: u64,
    ) -> Result<Vec<Message>, Error> {
        let shown = |message: &Message| message.cursor < horizon && filter.takes(message);
        let mut found = Vec::new();
        if let Some(mut cursors) = self.indexed(filter, usize::MAX).await? {
            cursors.reverse();
            for cursor in cursors {
                if found.len() == limit {
                    break;
                }
                let message = self.get::<Message>(cursor.to_be_bytes());
                found.extend(message.await?.map(|it| it.record).filter(&shown));
            }
            return Ok(found);
        }
        let mut after = filter.after.to_be_bytes();
        while found.len() < limit {
            let page = self.scan::<Message>(b"", Some(&after), PAGE).await?;
            let Some((_, last)) = page.last() else { break };
            after = last.cursor.to_be_bytes();
            found.extend(page.into_iter().map(|(_, message)| message).filter(&shown));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The newest `limit` cursors by the narrowest index the filter allows, newest first; `None` without one.
    async fn indexed(
        &self,
        filter: &MessageFilter,
        limit: usize,
    ) -> Result<Option<Vec<u64>>, Error> {
        let cursors: Vec<u64> = if let Some(to) = &filter.to {
            let found = self.scan::<MessageTo>(&prefix_of(to), None, limit).await?;
            found.into_iter().map(|(_, entry)| entry.0).collect()
        } else if let Some(citizen) = &filter.citizen {
            let prefix = prefix_of(citizen.as_str());
            let found = self.scan::<MessageAbout>(&prefix, None, limit).await?;
            found.into_iter().map(|(_, entry)| entry.0).collect()
        } else {
            return Ok(None);
        };
        Ok(Some(cursors.into_iter().take_while(|cursor| *cursor > filter.after).collect()))
    }

    /// The newest matching message that is committed; answered once none with an earlier cursor is under way, so that who goes
    /// on from its cursor misses nothing.
    async fn newest(&self, filter: &MessageFilter) -> Result<Option<Message>, Error> {
        for _ in 0..MOST_LOOKS {
            let rung = self.live.bell.notified();
            tokio::pin!(rung);
            // Listen first, then look: what ends in between rings this bell.
            rung.as_mut().enable();
            let found = self.newest_committed(filter).await?;
            let Some(message) = found else { return Ok(None) };
            if message.cursor < self.horizon() {
                return Ok(Some(message));
            }
            if tokio::time::timeout(UNDER_WAY, rung).await.is_err() {
                return Ok(Some(message));
            }
        }
        self.newest_committed(filter).await
    }

    async fn newest_committed(&self, filter: &MessageFilter) -> Result<Option<Message>, Error> {
        // Nearly always the first of a few entries; only when none of them matches, all are looked at.
        let Some(cursors) = self.indexed(filter, 8).await? else {
            return Ok(self.matching(filter, usize::MAX, u64::MAX).await?.pop());
        };
        for cursor in cursors {
            let found = self.get::<Message>(cursor.to_be_bytes()).await?;
            if let Some(message) = found.map(|it| it.record)
                && filter.takes(&message)
            {
                return Ok(Some(message));
            }
        }
        Ok(self.matching(filter, usize::MAX, u64::MAX).await?.pop())
    }

    /// Matching delivered messages in order, at most 256; waits for one until `wait` seconds of real time have passed.
    pub async fn next_messages(
        &self,
        filter: &MessageFilter,
        wait: u64,
    ) -> Result<Vec<Message>, Error> {
        self.await_messages(filter, Look::InOrder, wait).await
    }

    /// The newest matching message; waits for one until `wait` seconds of real time have passed.
    pub async fn latest_message(
        &self,
        filter: &MessageFilter,
        wait: u64,
    ) -> Result<Option<Message>, Error> {
        Ok(self.await_messages(filter, Look::Newest, wait).await?.pop())
    }

    async fn look(&self, filter: &MessageFilter, which: Look) -> Result<Vec<Message>, Error> {
        let present = self.at_present();
        Ok(match which {
            Look::InOrder => present.messages(filter, PAGE).await?,
            Look::Newest => present.newest(filter).await?.into_iter().collect(),
        })
    }

    /// Looks for delivered messages until there is one or `wait` seconds of real time have passed.
    async fn await_messages(
        &self,
        filter: &MessageFilter,
        which: Look,
        wait: u64,
    ) -> Result<Vec<Message>, Error> {
        let filter = &MessageFilter { status: Some(DeliveryStatus::Delivered), ..filter.clone() };
        if wait == 0 {
            return self.look(filter, which).await;
        }
        let look = async {
            loop {
                let rung = self.live.bell.notified();
                tokio::pin!(rung);
                // Listen first, then look: a message in between rings this bell.
                rung.as_mut().enable();
                let found = self.look(filter, which).await?;
                if !found.is_empty() || self.is_over() {
                    return Ok(found);
                }
                // A message may become due while its reader waits.
                let waited = tokio::time::timeout(Duration::from_secs(1), rung).await;
                // The clock may have been moved since: what is due is asked of the realm as it is now.
                if waited.is_err() && !self.is_over() {
                    let realm = self.flow.realm(self.name()).await?;
                    realm.run_due().await?;
                }
            }
        };
        let limit = Duration::from_secs(wait.min(LONGEST_WAIT));
        tokio::time::timeout(limit, look).await.unwrap_or_else(|_| Ok(Vec::new()))
    }

    /// Lets the oldest go beyond [`KEPT`]; returns how many went.
    pub(crate) async fn trim_messages(&self) -> Result<usize, Error> {
        let mut cursors: Vec<u64> = Vec::new();
        loop {
            let after = cursors.last().map(|last| last.to_be_bytes());
            let from = after.as_ref().map(|after| &after[..]);
            let page = self.scan::<Message>(b"", from, PAGE).await?;
            if page.is_empty() {
                break;
            }
            cursors.extend(page.iter().map(|(_, message)| message.cursor));
            tokio::task::yield_now().await;
        }
        let over = cursors.len().saturating_sub(KEPT);
        for some in cursors[..over].chunks(PAGE) {
            let mut change = self.change();
            for cursor in some {
                self.drop_message(&mut change, *cursor).await?;
            }
            self.commit(change).await?;
        }
        Ok(over)
    }

    /// Deletes one message.
    pub async fn delete_message(&self, cursor: u64) -> Result<(), Error> {
        let mut change = self.change();
        if !self.drop_message(&mut change, cursor).await? {
            return Err(Error::Missing("message"));
        }
        self.store().commit(change).await?;
        Ok(())
    }

    /// Empties the outbox.
    pub async fn delete_messages(&self) -> Result<(), Error> {
        loop {
            let page = self.messages(&MessageFilter::default(), 256).await?;
            if page.is_empty() {
                return Ok(());
            }
            let mut change = self.change();
            for message in page {
                self.drop_message(&mut change, message.cursor).await?;
            }
            self.store().commit(change).await?;
        }
    }
}
