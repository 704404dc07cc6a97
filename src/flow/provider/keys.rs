//! The provider's keys: told, rotated on command, rotated when that is due.

use crate::{
    clock::Timestamp,
    flow::{
        Error, Realm,
        base::schedule::{DueEvent, name},
        invalid,
        kinds::{DueEntry, RealmRecord, SYSTEM},
    },
    identity::{
        Policy,
        policy::{MOST_KEY_OVERLAP_SECONDS, MOST_KEY_PUBLISH_SECONDS},
    },
    oidc::keys::{
        Timetable,
        schedule::{self, Pace, RingFull},
    },
    store::{Change, records::Loaded},
};

impl From<RingFull> for Error {
    fn from(_: RingFull) -> Self {
        Self::Limit("8 key sets, of which the next is still published")
    }
}

impl Realm {
    /// The provider's keys, of any moment.
    pub fn keys(&self) -> Timetable<'_> {
        Timetable::new(&self.record.keys).repeatable(self.record.seed.is_some())
    }

    /// Publishes the next key set at `now`, to be used after its lead; what is not given is the policy's. The next rotation
    /// of the schedule is counted from here.
    pub async fn rotate_keys(
        &self,
        publish_seconds: Option<u32>,
        overlap_seconds: Option<u32>,
    ) -> Result<Realm, Error> {
        let now = self.now;
        if publish_seconds.is_some_and(|seconds| seconds > MOST_KEY_PUBLISH_SECONDS) {
            return Err(invalid("publish_seconds", "must be 0 to 86400 seconds"));
        }
        if overlap_seconds.is_some_and(|seconds| seconds > MOST_KEY_OVERLAP_SECONDS) {
            return Err(invalid("overlap_seconds", "must be 0 to 2592000 seconds"));
        }
        let rotate = |record: &mut RealmRecord| {
            let usual = pace(&record.policy);
            let pace = Pace {
                publish_seconds: publish_seconds.unwrap_or(usual.publish_seconds),
                overlap_seconds: overlap_seconds.unwrap_or(usual.overlap_seconds),
            };
            schedule::rotate(&mut record.keys, now, pace)?;
            record.keys_due = first_due(&record.policy, now);
            Ok(())
        };
        self.edit_record(&rotate).await
    }

    /// Rotations have become due: all of them by `now`, each at its own moment, in one commit.
    pub(crate) async fn keys_come_due(&self, at: Timestamp) -> Result<Vec<DueEvent>, Error> {
        let real = self.real;
        let found = self.store().records(SYSTEM, real).get::<RealmRecord>(self.name()).await?;
        let Loaded { mut record, version, .. } = found.ok_or(Error::Missing("realm"))?;
        let mut change = self.store().records(SYSTEM, real).change();
        if record.generation != self.id() || record.keys_due != Some(at) {
            // The realm was reset or its rules were set meanwhile: the entry is about nothing any more.
            change.expect_version::<RealmRecord>(self.name(), version).in_realm(self.id());
            Self::drop_due(&mut change, at, &DueEntry::Keys);
            self.commit(change).await?;
            return Ok(Vec::new());
        }
        let (days, pace) = (record.policy.key_rotation_days, pace(&record.policy));
        let (next, turns) = schedule::run_due_rotations(&mut record.keys, at, self.now, days, pace);
        record.keys_due = Some(next);
        change.replace(self.name(), version, &record, record.expires_at);
        self.reschedule_keys(&mut change, Some(at), &record);
        self.commit(change).await?;
        let left_out = turns.iter().filter(|(_, turn)| turn.is_err()).count();
        if left_out > 0 {
            let realm = self.name();
            tracing::warn!(realm, left_out, "key rotations left out: the overlap is too long");
        }
        let happened = turns.into_iter().map(|(at, turn)| DueEvent {
            at,
            to: DueEntry::Keys.parts().1,
            what: if turn.is_ok() { "keys_rotated" } else { "key_rotation_left_out" },
        });
        Ok(happened.collect())
    }

    /// This realm as it is once everything due by `now` was done: its record may have been read before a rotation.
    pub async fn with_rotated_keys(self) -> Result<Self, Error> {
        if self.record.keys_due.is_some_and(|due| due <= self.now) {
            return self.flow.realm(self.name()).await;
        }
        Ok(self)
    }
}

/// The schedule of a realm that begins at `now`, in a change that makes it.
pub(crate) fn begin(change: &mut Change, record: &mut RealmRecord, now: Timestamp) {
    record.keys_due = first_due(&record.policy, record.clock.now(now));
    if let Some(at) = record.keys_due {
        // Nobody is in it yet who would have to be told.
        change.in_realm(record.generation).put(name(at, &DueEntry::Keys), &DueEntry::Keys, None);
    }
}

/// Sets the rules; another number of days is counted from this moment.
pub(crate) fn set_policy(record: &mut RealmRecord, policy: &Policy, real: Timestamp) {
    if record.policy.key_rotation_days != policy.key_rotation_days {
        record.keys_due = first_due(policy, record.clock.now(real));
    }
    record.policy = policy.clone();
}

/// When the next rotation is due, counted from `from`.
fn first_due(policy: &Policy, from: Timestamp) -> Option<Timestamp> {
    let days = policy.key_rotation_days;
    (days > 0).then(|| schedule::days_after(from, days))
}

fn pace(policy: &Policy) -> Pace {
    Pace {
        publish_seconds: policy.key_publish_seconds,
        overlap_seconds: policy.key_overlap_seconds,
    }
}
