//! The realm's record: changed, and the rotation it plans with it.

use crate::{
    clock::Timestamp,
    flow::{
        Error, Realm,
        kinds::{DueEntry, RealmRecord, SYSTEM},
        retry,
    },
    store::Change,
};

impl Realm {
    /// Changes the realm's record; returns the new one.
    pub(crate) async fn change_record(
        &self,
        change: impl Fn(&mut RealmRecord) + Send + Sync,
    ) -> Result<Realm, Error> {
        let edit = |record: &mut RealmRecord| {
            change(record);
            Ok(())
        };
        self.edit_record(&edit).await
    }

    /// Changes the realm's record, or refuses to.
    pub(crate) async fn edit_record(
        &self,
        edit: &(impl Fn(&mut RealmRecord) -> Result<(), Error> + Send + Sync),
    ) -> Result<Realm, Error> {
        retry!(async {
            let store = self.store();
            let name = self.name();
            let now = self.real;
            let found = store.records(SYSTEM, now).get::<RealmRecord>(name).await?;
            let found = found.ok_or(Error::Missing("realm"))?;
            let mut record = found.record;
            let due = record.keys_due;
            edit(&mut record)?;
            let mut change = store.records(SYSTEM, now).change();
            change.replace(name, found.version, &record, record.expires_at);
            self.reschedule_keys(&mut change, due, &record);
            store.commit(change).await?;
            Ok(self.flow.enter(record))
        })
    }

    /// Moves the entry of the next rotation from where it was to where the record says.
    pub(crate) fn reschedule_keys(
        &self,
        change: &mut Change,
        old: Option<Timestamp>,
        record: &RealmRecord,
    ) {
        if old == record.keys_due {
            return;
        }
        change.in_realm(record.generation);
        if let Some(at) = old {
            Self::drop_due(change, at, &DueEntry::Keys);
        }
        if let Some(at) = record.keys_due {
            // Whoever is in the realm as it is now is told, should it have been reset meanwhile.
            self.flow.enter(record.clone()).put_due(change, at, &DueEntry::Keys);
        }
    }
}
