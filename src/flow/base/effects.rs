//! From effects to messages: what the identity rules ask for is written into the batch that decided it.

use super::{
    loaded_account::LoadedAccount,
    messages::{Draft, Notice},
};
use crate::{
    clock::Timestamp,
    flow::Realm,
    identity::{Account, life::AccountEffect, registration::ResultBy},
    outbox::{MessagePurpose, templates},
    store::Change,
};

impl Realm {
    /// When a temporary lock that begins now would end.
    pub(crate) fn lock_until(&self) -> Timestamp {
        self.now.plus_seconds(i64::from(self.record.policy.temporary_lock_seconds))
    }

    /// Writes the messages of an account's effects into the batch.
    pub(crate) fn carry_out(
        &self,
        change: &mut Change,
        held: &LoadedAccount,
        effects: &[AccountEffect],
    ) {
        self.carry_out_by(change, held, effects, &[]);
    }

    /// The same, told by these channels only; by every one the holder has if there are none.
    pub(crate) fn carry_out_by(
        &self,
        change: &mut Change,
        held: &LoadedAccount,
        effects: &[AccountEffect],
        by: &[ResultBy],
    ) {
        for effect in effects {
            let (purpose, text) = match *effect {
                AccountEffect::SendApproval { .. } => {
                    let wording = self.record.policy.approval_text;
                    (
                        MessagePurpose::Approval,
                        templates::approval(wording, &held.subject.unaccented()),
                    )
                }
                AccountEffect::SendActivated { level } => {
                    (MessagePurpose::Activated, templates::activated(level))
                }
                AccountEffect::SendLocked { reason } => {
                    (MessagePurpose::Locked, templates::locked(reason))
                }
                AccountEffect::SendUnlocked => (MessagePurpose::Unlocked, templates::unlocked()),
                AccountEffect::SendPhoneChanged => {
                    (MessagePurpose::PhoneChanged, templates::phone_changed())
                }
                AccountEffect::SendPasswordChanged => {
                    (MessagePurpose::PasswordChanged, templates::password_changed())
                }
                // The account's epoch has moved on; sessions and tokens look at it when they are used. A phone is
                // released by whoever writes the account.
                AccountEffect::RevokeSessions | AccountEffect::ReleasePhone => continue,
            };
            self.notify_by(change, held, Notice { purpose, text: &text }, by);
        }
    }

    /// Sends an OTP of `reference` to the account's phone, within the batch.
    pub(crate) fn send_otp(
        &self,
        change: &mut Change,
        account: &Account,
        code: &str,
        reference: &str,
    ) {
        self.sms(change, account, Draft::otp(code, reference));
    }
}
