//! A realm's time: read, set, advanced, frozen, resumed.

use super::{Error, Realm, invalid};
use crate::clock::{Setting, TimeError, Timestamp};

impl Realm {
    /// The realm's setting.
    pub fn clock_setting(&self) -> Setting {
        self.record.clock
    }

    /// Goes to a moment, running or standing as before.
    pub async fn set_clock(&self, at: &str) -> Result<Realm, Error> {
        let at = moment("at", at)?;
        let real = self.flow.clock.now();
        self.change_record(move |record| record.clock = record.clock.moved_to(at, real)).await
    }

    /// Goes on by an ISO 8601 duration, at once.
    pub async fn advance_clock(&self, duration: &str) -> Result<Realm, Error> {
        let real = self.flow.clock.now();
        // Checked before, repeated in the change: another request may have moved the clock meanwhile.
        self.record.clock.now(real).advanced(duration).map_err(|e| refused("duration", e))?;
        self.change_record(|record| {
            if let Ok(to) = record.clock.now(real).advanced(duration) {
                record.clock = record.clock.moved_to(to, real);
            }
        })
        .await
    }

    /// Stands still, now or at a moment.
    pub async fn freeze_clock(&self, at: Option<&str>) -> Result<Realm, Error> {
        let at = at.map(|at| moment("at", at)).transpose()?;
        let real = self.flow.clock.now();
        self.change_record(move |record| {
            record.clock = Setting::frozen(at.unwrap_or(record.clock.now(real)));
        })
        .await
    }

    /// Runs on from where it stands.
    pub async fn resume_clock(&self) -> Result<Realm, Error> {
        let real = self.flow.clock.now();
        self.change_record(move |record| record.clock = record.clock.resumed(real)).await
    }
}

fn moment(field: &'static str, text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).map_err(|error| refused(field, error))
}

fn refused(field: &'static str, error: TimeError) -> Error {
    invalid(field, format!("is {error}"))
}
