//! A realm's time: read, set, advanced, frozen, resumed.

use crate::{
    clock::{Setting, TimeError, Timestamp},
    flow::{Error, Realm, invalid, kinds::RealmRecord},
    journal::Event,
};

impl Realm {
    /// The realm's setting.
    pub fn clock_setting(&self) -> Setting {
        self.record.clock
    }

    /// The moment that the wire shows.
    pub fn wire_now(&self) -> Timestamp {
        self.stamp().wire.moment()
    }

    /// Sets the clock to a moment; it stays running or frozen.
    pub async fn set_clock(&self, at: &str) -> Result<Realm, Error> {
        let at = moment("at", at)?;
        let real = self.real;
        let moved = |record: &mut RealmRecord| record.clock = record.clock.moved_to(at, real);
        Self::moved("set", self.change_record(moved).await)
    }

    /// Advances the clock by an ISO 8601 duration.
    pub async fn advance_clock(&self, duration: &str) -> Result<Realm, Error> {
        let real = self.real;
        // Checked before, repeated in the change: another request may have moved the clock meanwhile.
        self.record.clock.now(real).advanced(duration).map_err(|e| refused("duration", e))?;
        let moved = |record: &mut RealmRecord| {
            if let Ok(to) = record.clock.now(real).advanced(duration) {
                record.clock = record.clock.moved_to(to, real);
            }
        };
        Self::moved("advanced", self.change_record(moved).await)
    }

    /// Freezes the clock, now or at a moment.
    pub async fn freeze_clock(&self, at: Option<&str>) -> Result<Realm, Error> {
        let at = at.map(|at| moment("at", at)).transpose()?;
        let real = self.real;
        let frozen = |record: &mut RealmRecord| {
            record.clock = Setting::frozen(at.unwrap_or(record.clock.now(real)));
        };
        Self::moved("frozen", self.change_record(frozen).await)
    }

    /// Resumes the clock from where it stands.
    pub async fn resume_clock(&self) -> Result<Realm, Error> {
        let real = self.real;
        let resumed = |record: &mut RealmRecord| record.clock = record.clock.resumed(real);
        Self::moved("resumed", self.change_record(resumed).await)
    }

    /// Notes in the journal that the clock was changed.
    fn moved(how: &'static str, realm: Result<Realm, Error>) -> Result<Realm, Error> {
        let realm = realm?;
        let to = realm.now.to_string();
        realm.note(Event::new("clock", format!("clock {how}: {to}")).with("to", to));
        Ok(realm)
    }
}

fn moment(field: &'static str, text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).map_err(|error| refused(field, error))
}

fn refused(field: &'static str, error: TimeError) -> Error {
    invalid(field, format!("is {error}"))
}
