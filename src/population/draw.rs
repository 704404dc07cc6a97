//! Chance for one person: a value per purpose, so that a new purpose never shifts an old one.

use jiff::{SignedDuration, civil::Date};

use super::feistel::{below, derive, mix};

/// What a value is drawn for. The numbers are part of the file format: add, never renumber.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PopulationDraw {
    BirthDay = 1,
    Surname = 2,
    Words = 3,
    Given = 4,
    FirstMiddle = 5,
    SecondMiddle = 6,
    ThirdMiddle = 7,
    HasEmail = 8,
    Urban = 9,
    House = 10,
    Street = 11,
    Commune = 12,
    CardIssued = 13,
    CardIssuedAgain = 14,
    CardExpires = 15,
    CardExpiresSoon = 16,
    CardReplaced = 17,
    CardReplacedOn = 18,
    Died = 19,
    Home = 20,
    Passport = 21,
    PassportTerm = 22,
    ResidenceKind = 23,
    ResidenceNumber = 24,
    ResidenceTerm = 25,
    Fingerprints = 26,
    Form = 27,
    Founded = 28,
    Registered = 29,
    Dissolved = 30,
    Insured = 31,
    Group = 32,
    Benefit = 33,
    Facility = 34,
    InsuranceNumber = 35,
    FirstJob = 36,
    Jobs = 37,
    Gap = 38,
    Salary = 39,
    Unit = 40,
    Licensed = 41,
    LicenceNumber = 42,
    LicenceIssued = 43,
    Classes = 44,
    Vehicle = 45,
    Plate = 46,
    Make = 47,
    VehicleDay = 48,
    Taxed = 49,
    FormerTax = 50,
    Record = 51,
    Blood = 52,
    Visits = 53,
    VisitDay = 54,
    Diagnosis = 55,
    OldNumber = 56,
    OldDigits = 57,
    JobCount = 58,
    LeftWork = 59,
    HasFormerTax = 60,
    VehicleKind = 61,
    PlateSeries = 62,
    OwnFacility = 63,
}

/// Words with their relative frequency.
pub(crate) type Weighted = [(&'static str, u16)];

/// Days from one day to a later one; 0 if it is not later.
pub(crate) fn days_between(first: Date, last: Date) -> u64 {
    u64::try_from(first.duration_until(last).as_hours() / 24).unwrap_or_default()
}

/// The day so many days later.
pub(crate) fn plus_days(day: Date, days: u64) -> Date {
    let hours = i64::try_from(days).unwrap_or_default().saturating_mul(24);
    day.saturating_add(SignedDuration::from_hours(hours))
}

/// All the chance in one person's life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The chance of the person with this index.
    pub(crate) const fn of(key: u64, index: u64) -> Self {
        Self(derive(key, index))
    }

    /// A value in `0..bound`; 0 if the bound is 0.
    pub(crate) const fn below(self, purpose: PopulationDraw, bound: u64) -> u64 {
        below(mix(self.0 ^ (purpose as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)), bound)
    }

    /// True for `percent` people in a hundred.
    pub(crate) const fn chance(self, purpose: PopulationDraw, percent: u64) -> bool {
        self.below(purpose, 100) < percent
    }

    /// A day between two, both included; the first if they are the wrong way round.
    pub(crate) fn day(self, purpose: PopulationDraw, first: Date, last: Date) -> Date {
        let days = days_between(first, last);
        plus_days(first, self.below(purpose, days + 1))
    }

    /// The chance of the same life at its `turn`-th repetition: jobs, visits.
    pub(crate) const fn again(self, turn: u64) -> Self {
        Self(derive(self.0, turn))
    }

    /// So many decimal digits.
    pub(crate) fn digits(self, purpose: PopulationDraw, count: usize) -> String {
        let bound = 10_u64.saturating_pow(u32::try_from(count).unwrap_or_default());
        format!("{:0count$}", self.below(purpose, bound))
    }

    /// One of the words, each as likely as another; empty if there are none.
    pub(crate) fn one_of(self, purpose: PopulationDraw, words: &[&'static str]) -> &'static str {
        let place = usize::try_from(self.below(purpose, words.len() as u64)).unwrap_or_default();
        words.get(place).copied().unwrap_or_default()
    }

    /// One of the words by frequency; if it is already used, the next in the table that is not.
    pub(crate) fn fresh(
        self,
        purpose: PopulationDraw,
        table: &Weighted,
        used: &[&str],
    ) -> &'static str {
        let place = self.weighted(purpose, table);
        let (before, after) = table.split_at_checked(place).unwrap_or((&[], table));
        let mut words = after.iter().chain(before).map(|(word, _)| *word);
        words.find(|word| !used.contains(word)).unwrap_or_default()
    }

    fn weighted(self, purpose: PopulationDraw, table: &Weighted) -> usize {
        let total = table.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.below(purpose, total);
        for (place, (_, weight)) in table.iter().enumerate() {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return place,
            }
        }
        0
    }
}
