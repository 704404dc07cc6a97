//! Working days in Viet Nam: weekends, public holidays, and what a realm adds or takes away.

mod lunar;

use std::collections::BTreeSet;

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday, date},
};
use serde::{Deserialize, Serialize};

use super::invalid::Invalid;

use crate::clock::Timestamp;

/// The hour at which an office closes and a term ends. Invented: the law counts in days.
pub const CLOSING_HOUR: i8 = 17;

/// How a realm's calendar differs from the statutory one, since the government moves days from year to year.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Calendar {
    /// More days off, `YYYY-MM-DD`; at most 400.
    #[schema(value_type = Vec<String>)]
    pub holidays: BTreeSet<Date>,
    /// Days that are worked although they are weekends or holidays; at most 400.
    #[schema(value_type = Vec<String>)]
    pub working_days: BTreeSet<Date>,
}

impl Calendar {
    /// Whether offices are open.
    pub fn is_working(&self, day: Date) -> bool {
        if self.working_days.contains(&day) {
            return true;
        }
        !is_weekend(day) && !self.holidays.contains(&day) && !holidays(day.year()).contains(&day)
    }

    /// The `count`-th working day after `day`, not counting that day itself (Civil Code 2015 Art. 147.2).
    pub fn working_day_after(&self, day: Date, count: u8) -> Date {
        let (mut day, mut left) = (day, count);
        // Ten years of nothing but holidays end the search.
        for _ in 0..3_660 {
            if left == 0 {
                break;
            }
            day = day.saturating_add(1.day());
            left -= u8::from(self.is_working(day));
        }
        day
    }

    /// Whether both lists are short enough.
    pub fn validate(&self) -> Result<(), Invalid> {
        let short = |field, days: &BTreeSet<Date>| {
            let message = "must be at most 400 days";
            if days.len() > 400 { Err(Invalid::new(field, message)) } else { Ok(()) }
        };
        short("calendar.holidays", &self.holidays)?;
        short("calendar.working_days", &self.working_days)
    }
}

/// How long the law gives for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalTime {
    /// Working days.
    WorkingDays(u8),
    /// Calendar days.
    Days(u8),
}

impl LegalTime {
    /// The end of the term that begins at `from`: closing time of its last day.
    pub fn end(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        let day = match self {
            Self::WorkingDays(count) => calendar.working_day_after(from.day(), count),
            Self::Days(count) => from.day().saturating_add(i64::from(count).days()),
        };
        Timestamp::in_viet_nam(day, CLOSING_HOUR)
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The public holidays of a year (Labour Code 2019 Art. 112), with a day off in lieu of each that falls on a weekend
/// (Art. 111.3). Which days of Tết and which neighbour of 2 September are taken is announced every year; here: the eve
/// and four days, and 1 September unless the second is a Monday or a Sunday.
pub fn holidays(year: i16) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    // Lunar dates are reckoned for the years that a clock can be set to.
    if !(1970..=2200).contains(&year) {
        return days;
    }
    let national = date(year, 9, 2);
    let beside = match national.weekday() {
        Weekday::Monday | Weekday::Sunday => date(year, 9, 3),
        _ => date(year, 9, 1),
    };
    days.extend([date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), national, beside]);
    let tet = lunar::solar(1, 1, year);
    days.extend((-1..=3).map(|away: i64| tet.saturating_add(away.days())));
    days.insert(lunar::solar(10, 3, year));
    let on_weekends: Vec<Date> = days.iter().copied().filter(|day| is_weekend(*day)).collect();
    for lost in on_weekends {
        let mut lieu = lost;
        while is_weekend(lieu) || days.contains(&lieu) {
            lieu = lieu.saturating_add(1.day());
        }
        days.insert(lieu);
    }
    days
}
