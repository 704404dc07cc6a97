//! Phones: one number, one account; the index follows whoever moves.

use super::{Error, Realm, people::Held};
use crate::{
    clock::Timestamp,
    identity::{Account, IdNumber, Phone, Refused},
    store::{Change, kinds::PhoneHolder},
};

impl Realm {
    /// Whose phone number it is.
    pub async fn holder_of(
        &self,
        phone: &Phone,
        now: Timestamp,
    ) -> Result<Option<IdNumber>, Error> {
        let stored = self.store().get::<PhoneHolder>(self.id(), phone.as_str(), now).await?;
        Ok(stored
            .map_or_else(|| self.flow.base_holder(&self.record, phone), |found| found.record.0))
    }

    /// Gives `phone` to an account: the index follows, and the old number is free again. A child's or ward's account
    /// uses the representative's own number, which stays the representative's.
    pub(crate) async fn move_phone(
        &self,
        change: &mut Change,
        held: &mut Held,
        phone: Phone,
        now: Timestamp,
    ) -> Result<(), Error> {
        if held.account.phone == Some(phone) {
            return Ok(());
        }
        if held.who.kind.is_represented() {
            held.account.phone = Some(phone);
            return Ok(());
        }
        let holder = self.holder_of(&phone, now).await?;
        if holder.is_some_and(|holder| holder != held.account.number) {
            return Err(Refused::PhoneTaken.into());
        }
        self.assign_phone(change, held, phone, now).await
    }

    /// The same, from whoever holds it now.
    pub(crate) async fn assign_phone(
        &self,
        change: &mut Change,
        held: &mut Held,
        phone: Phone,
        now: Timestamp,
    ) -> Result<(), Error> {
        let stored = self.store().get::<PhoneHolder>(self.id(), phone.as_str(), now).await?;
        self.release_phone(change, &mut held.account, now).await?;
        let mine = PhoneHolder(Some(held.account.number));
        match stored {
            Some(found) => change.replace(phone.as_str(), found.version, &mine, None),
            None => change.insert(phone.as_str(), &mine, None),
        };
        held.account.phone = Some(phone);
        Ok(())
    }

    /// Takes an account's phone away; the number is free, if it was the account's own.
    pub(crate) async fn release_phone(
        &self,
        change: &mut Change,
        account: &mut Account,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(old) = account.phone.take() else { return Ok(()) };
        account.former_phone = Some(old);
        if self.holder_of(&old, now).await? == Some(account.number) {
            change.put(old.as_str(), &PhoneHolder(None), None);
        }
        Ok(())
    }
}
