//! Phones: one number, one account; the index follows whoever moves.

use crate::{
    flow::{Error, Realm, base::loaded_account::LoadedAccount, kinds::PhoneHolder},
    identity::{Account, IdNumber, Phone, Refused},
    store::Change,
};

/// A number's entry in the index, as one read found it. Whoever decides by it writes over exactly this read, so of two
/// changes at once one is refused and decides anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PhoneEntry {
    phone: Phone,
    /// Whose account uses the number.
    pub(crate) holder: Option<IdNumber>,
    /// Of the stored entry; none: still as on the first day.
    version: Option<u64>,
}

impl PhoneEntry {
    /// Ties the number to an account, or to none.
    pub(crate) fn give(self, change: &mut Change, holder: Option<IdNumber>) {
        change.write_over(self.phone.as_str(), self.version, &PhoneHolder(holder), None);
    }
}

impl Realm {
    /// Whether the number was subscribed to in the name of `number`, and not of the `other` who holds it.
    pub(crate) async fn is_true_subscriber(
        &self,
        phone: &Phone,
        number: &IdNumber,
        other: &IdNumber,
    ) -> Result<bool, Error> {
        let own = self.citizen(number).await?.and_then(|citizen| citizen.phone);
        let others = self.citizen(other).await?.and_then(|citizen| citizen.phone);
        Ok(own == Some(*phone) && others != Some(*phone))
    }

    /// Whose phone number it is.
    pub async fn holder_of(&self, phone: &Phone) -> Result<Option<IdNumber>, Error> {
        Ok(self.phone_entry(phone).await?.holder)
    }

    /// What the index says of a number, for a decision that writes it.
    pub(crate) async fn phone_entry(&self, phone: &Phone) -> Result<PhoneEntry, Error> {
        let stored = self.get::<PhoneHolder>(phone.as_str()).await?;
        let (holder, version) = match stored {
            Some(found) => (found.record.0, Some(found.version)),
            None => (self.flow.base_holder(&self.record, phone), None),
        };
        Ok(PhoneEntry { phone: *phone, holder, version })
    }

    /// Gives `phone` to an account: the index follows, and the old number is free again. A child's or ward's account
    /// uses the representative's own number, which stays the representative's.
    pub(crate) async fn move_phone(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        phone: Phone,
    ) -> Result<(), Error> {
        if held.account.phone == Some(phone) {
            return Ok(());
        }
        if held.who.kind.is_represented() {
            held.account.phone = Some(phone);
            return Ok(());
        }
        let entry = self.phone_entry(&phone).await?;
        self.settle_phone(change, held, entry).await
    }

    /// The same by what the index was read to say.
    pub(crate) async fn settle_phone(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        entry: PhoneEntry,
    ) -> Result<(), Error> {
        if held.account.phone == Some(entry.phone) {
            return Ok(());
        }
        if entry.holder.is_some_and(|holder| holder != held.account.number) {
            return Err(Refused::PhoneTaken.into());
        }
        self.assign_phone(change, held, entry).await
    }

    /// The same, whoever holds it.
    pub(crate) async fn assign_phone(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        entry: PhoneEntry,
    ) -> Result<(), Error> {
        self.release_phone(change, &mut held.account).await?;
        entry.give(change, Some(held.account.number));
        held.account.phone = Some(entry.phone);
        Ok(())
    }

    /// Takes an account's phone away; the number is free, if it was the account's own.
    pub(crate) async fn release_phone(
        &self,
        change: &mut Change,
        account: &mut Account,
    ) -> Result<(), Error> {
        let Some(old) = account.phone.take() else { return Ok(()) };
        account.former_phone = Some(old);
        let entry = self.phone_entry(&old).await?;
        if entry.holder == Some(account.number) {
            entry.give(change, None);
        }
        Ok(())
    }
}
