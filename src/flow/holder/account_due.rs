//! What time does to an account: locks that end, dates that come, databases that are followed.

use crate::{
    clock::Timestamp,
    flow::{
        Error, Realm,
        base::{loaded_account::LoadedAccount, schedule::DueEvent},
        kinds::DueEntry,
    },
    identity::{
        IdNumber,
        due::Due,
        life::{AccountCommand, AccountEffect, AccountState, Standing},
    },
    outbox::{MessagePurpose, templates},
    store::{Change, records::Loaded},
};

impl Realm {
    pub(crate) async fn account_comes_due(
        &self,
        number: &IdNumber,
        key: &[u8],
        found: &Loaded<DueEntry>,
    ) -> Result<Vec<DueEvent>, Error> {
        let mut change = self.change_of_due(key, found);
        let Some(mut held) = self.load_unsettled(number).await? else {
            self.commit(change).await?;
            return Ok(Vec::new());
        };
        let happened = self.run_account_due(&mut change, &mut held).await?;
        // This entry is gone; the next is written anew.
        held.account.due = None;
        self.save(&mut change, &mut held);
        self.commit(change).await?;
        let to = number.to_string();
        Ok(happened
            .into_iter()
            .map(|due| DueEvent { at: self.now, to: to.clone(), what: due.name() })
            .collect())
    }

    /// Everything that this moment does to an account.
    async fn run_account_due(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
    ) -> Result<Vec<Due>, Error> {
        let mut happened = Vec::new();
        let at = self.now;
        let was_locked = matches!(held.account.life.state, AccountState::TemporarilyLocked { .. });
        held.account.life = held.account.life.settled(at);
        let is_locked = matches!(held.account.life.state, AccountState::TemporarilyLocked { .. });
        if was_locked && !is_locked {
            happened.push(Due::TemporaryLockEnds);
        }
        let before = held.account.life;
        let ground = held.subject.ground(held.who, at.day());
        let effects = held.decide(AccountCommand::FollowRegistry { ground }, at)?;
        self.carry_out(change, held, &effects);
        if held.account.life != before {
            happened.push(Due::GroundChanges);
        }
        if let AccountState::Open(Standing::Approved { until, .. }) = held.account.life.state
            && until.as_millis() + 1 == at.as_millis()
        {
            let text = templates::activation_overdue();
            self.notify(change, held, MessagePurpose::ActivationOverdue, &text);
            happened.push(Due::ActivationOverdue);
        }
        if let Some(expires) = expiring(held, at)
            && held.account.warned_of != Some(expires)
        {
            held.account.warned_of = Some(expires);
            self.notify(
                change,
                held,
                MessagePurpose::CardExpiring,
                &templates::card_expiring(expires),
            );
            happened.push(Due::CardExpiring);
        }
        if self.level0_is_over(held) {
            let effects = held.decide(AccountCommand::ExpireLevel0, at)?;
            let text = templates::level0_expired();
            self.notify(change, held, MessagePurpose::Closed, &text);
            if effects.contains(&AccountEffect::ReleasePhone) {
                self.unregister(change, &mut held.account).await?;
            }
            happened.push(Due::Level0Expires);
        }
        Ok(happened)
    }

    fn level0_is_over(&self, held: &LoadedAccount) -> bool {
        let seconds = i64::from(self.record.policy.level0_days) * 24 * 3600;
        held.account.life.state == AccountState::Open(Standing::Level0)
            && held
                .account
                .level0_since
                .is_some_and(|since| since.plus_seconds(seconds) <= self.now)
    }
}

/// The expiry of an open account's card that has less than 30 days left.
fn expiring(held: &LoadedAccount, at: Timestamp) -> Option<jiff::civil::Date> {
    use crate::identity::CardStatus;
    let card = held.subject.person()?.card.as_ref()?;
    let open = matches!(
        held.account.life.state,
        AccountState::Open(_) | AccountState::TemporarilyLocked { .. }
    );
    card.expires.filter(|_| open && card.status(at.day()) == CardStatus::Expiring)
}
