//! The Vietnamese lunar calendar (UTC+7), after Hồ Ngọc Đức's published algorithm, its smallest terms left out: Tết and the Hùng Kings' day follow it.

use std::f64::consts::PI;

use jiff::{ToSpan as _, civil::Date};

/// Hours that Viet Nam is ahead of UTC.
const ZONE: f64 = 7.0;
/// Days of a mean lunation.
const LUNATION: f64 = 29.530_588_853;
/// The Julian day of 1970-01-01.
const EPOCH: i64 = 2_440_588;

/// The day on which a lunar date falls in a year; the month is not a leap month.
pub(super) fn solar(day: i64, month: i64, year: i16) -> Date {
    let year = i64::from(year);
    let (before, after) = if month < 11 {
        (eleventh_month(year - 1), eleventh_month(year))
    } else {
        (eleventh_month(year), eleventh_month(year + 1))
    };
    let lunation = whole(0.5 + (real(before) - 2_415_021.076_998_695) / LUNATION);
    let mut months = (month - 11).rem_euclid(12);
    // Thirteen months between two winter solstices: one of them is a leap month.
    if after - before > 365 && months >= leap_month(lunation) {
        months += 1;
    }
    let julian = new_moon_day(lunation + months) + day - 1;
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.saturating_add((julian - EPOCH).days())
}

/// The first day of the eleventh month, which holds the winter solstice.
fn eleventh_month(year: i64) -> i64 {
    let last = jiff::civil::date(i16::try_from(year).unwrap_or_default(), 12, 31);
    let epoch = jiff::civil::date(1970, 1, 1);
    let julian = EPOCH + i64::from(epoch.until(last).map_or(0, |span| span.get_days()));
    let lunation = whole(real(julian - 2_415_021) / LUNATION);
    let day = new_moon_day(lunation);
    if sun_sector(day) >= 9 { new_moon_day(lunation - 1) } else { day }
}

/// How many months after the eleventh the leap month comes: the first in which the sun enters no new sector.
fn leap_month(lunation: i64) -> i64 {
    let mut last = sun_sector(new_moon_day(lunation + 1));
    for month in 2..14 {
        let here = sun_sector(new_moon_day(lunation + month));
        if here == last {
            return month - 1;
        }
        last = here;
    }
    13
}

/// The local day of a new moon, counted from that of 1 January 1900.
fn new_moon_day(lunation: i64) -> i64 {
    whole(new_moon(real(lunation)) + 0.5 + ZONE / 24.0)
}

/// The twelfth of the ecliptic that the sun is in as a local day begins, 0 from the spring equinox on.
fn sun_sector(julian: i64) -> i64 {
    whole(sun_longitude(real(julian) - 0.5 - ZONE / 24.0) / PI * 6.0)
}

/// The Julian date of a new moon (Meeus), to about a quarter of an hour: what is left out moves no Tết and no Hùng Kings' day
/// of the years that a clock can be set to.
fn new_moon(k: f64) -> f64 {
    let sun = 359.2242 + 29.105_356_08 * k;
    let moon = 306.0253 + 385.816_918_06 * k;
    let node = 21.2964 + 390.670_506_46 * k;
    let mean = 2_415_020.759_33 + 29.530_588_68 * k;
    mean + 0.1734 * sine(sun) + 0.0021 * sine(2.0 * sun) - 0.4068 * sine(moon)
        + 0.0161 * sine(2.0 * moon)
        + 0.0104 * sine(2.0 * node)
        - 0.0051 * sine(sun + moon)
        - 0.0074 * sine(sun - moon)
}

/// The sun's longitude in radians, 0 to 2π, to a few minutes of arc.
fn sun_longitude(julian: f64) -> f64 {
    let t = (julian - 2_451_545.0) / 36_525.0;
    let anomaly = 357.529_10 + 35_999.050_30 * t;
    let mean = 280.466_45 + 36_000.769_83 * t;
    (mean + 1.914_600 * sine(anomaly)).to_radians().rem_euclid(2.0 * PI)
}

fn sine(degrees: f64) -> f64 {
    degrees.to_radians().sin()
}

#[expect(clippy::cast_possible_truncation, reason = "days of a few centuries")]
fn whole(days: f64) -> i64 {
    days.floor() as i64
}

#[expect(clippy::cast_precision_loss, reason = "days of a few centuries")]
fn real(days: i64) -> f64 {
    days as f64
}
