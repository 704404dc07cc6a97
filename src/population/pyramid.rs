//! How many people there are of each province, age and sex, relative to each other.
//!
//! Provinces: the census of 2019, rounded. Ages and sexes: a plausible pyramid, invented after the shape of published ones.

use std::ops::RangeInclusive;

use crate::identity::Gender;

/// Years of birth of the adults: everyone is at least 14 on 1 January 2026.
pub(crate) const ADULT_YEARS: RangeInclusive<u16> = 1930..=2011;
/// Of the children who are 6 to 13 on that day.
pub(crate) const CHILD_YEARS: RangeInclusive<u16> = 2012..=2019;
/// Of those who are under 6.
pub(crate) const INFANT_YEARS: RangeInclusive<u16> = 2020..=2025;
/// Of the foreigners who are 6 and over.
pub(crate) const FOREIGN_YEARS: RangeInclusive<u16> = 1950..=2019;

/// The relative size of a province of birth.
pub(crate) fn thousands(birth_code: u16) -> u64 {
    let found = THOUSANDS.binary_search_by_key(&birth_code, |(code, _)| *code).ok();
    found.and_then(|place| THOUSANDS.get(place)).map_or(0, |(_, people)| u64::from(*people))
}

/// The relative size of a year of birth and sex among citizens.
pub(crate) fn citizens(year: u16, gender: Gender) -> u64 {
    year_weight(&BORN_AND_ALIVE, year, gender)
}

/// The same among foreigners: most are of working age. Invented.
pub(crate) fn foreigners(year: u16, gender: Gender) -> u64 {
    between(&FOREIGN_AGES, year) * if gender == Gender::Male { 56 } else { 44 }
}

fn year_weight(points: &[(u16, u32)], year: u16, gender: Gender) -> u64 {
    let women = between(&WOMEN_PER_MILLE, year);
    let share = match gender {
        Gender::Male => 1_000 - women,
        Gender::Female => women,
    };
    between(points, year) * share
}

/// Reads a line drawn through points; level outside them.
fn between(points: &[(u16, u32)], year: u16) -> u64 {
    let mut last = points.first().copied().unwrap_or_default();
    for &(here, value) in points {
        if year <= here {
            let (span, gone) = (u64::from(here - last.0), u64::from(year.saturating_sub(last.0)));
            let rise = u64::from(last.1) * (span - gone.min(span)) + u64::from(value) * gone;
            return rise.checked_div(span).unwrap_or(u64::from(value));
        }
        last = (here, value);
    }
    u64::from(last.1)
}

/// People alive by year of birth, in thousands.
const BORN_AND_ALIVE: [(u16, u32); 20] = [
    (1930, 50),
    (1935, 110),
    (1940, 210),
    (1945, 330),
    (1950, 560),
    (1955, 850),
    (1960, 1_080),
    (1965, 1_200),
    (1970, 1_240),
    (1975, 1_350),
    (1980, 1_500),
    (1985, 1_650),
    (1990, 1_680),
    (1995, 1_480),
    (2000, 1_320),
    (2005, 1_380),
    (2011, 1_480),
    (2017, 1_530),
    (2020, 1_480),
    (2025, 1_360),
];

/// Foreigners by year of birth, relative to each other.
const FOREIGN_AGES: [(u16, u32); 7] =
    [(1950, 2), (1960, 12), (1975, 40), (1990, 50), (2000, 20), (2006, 6), (2025, 8)];

/// Women among a thousand people by year of birth: they outlive men, and fewer girls are born.
const WOMEN_PER_MILLE: [(u16, u32); 7] =
    [(1930, 680), (1940, 620), (1950, 560), (1960, 525), (1980, 502), (1995, 490), (2011, 474)];

/// Inhabitants in thousands by ID-number code.
const THOUSANDS: [(u16, u16); 63] = [
    (1, 8_054),
    (2, 855),
    (4, 530),
    (6, 314),
    (8, 785),
    (10, 730),
    (11, 599),
    (12, 460),
    (14, 1_248),
    (15, 821),
    (17, 854),
    (19, 1_287),
    (20, 782),
    (22, 1_320),
    (24, 1_804),
    (25, 1_464),
    (26, 1_151),
    (27, 1_369),
    (30, 1_892),
    (31, 2_029),
    (33, 1_253),
    (34, 1_860),
    (35, 853),
    (36, 1_780),
    (37, 983),
    (38, 3_640),
    (40, 3_328),
    (42, 1_289),
    (44, 895),
    (45, 632),
    (46, 1_129),
    (48, 1_134),
    (49, 1_496),
    (51, 1_232),
    (52, 1_487),
    (54, 872),
    (56, 1_231),
    (58, 591),
    (60, 1_231),
    (62, 540),
    (64, 1_514),
    (66, 1_869),
    (67, 622),
    (68, 1_297),
    (70, 995),
    (72, 1_169),
    (74, 2_427),
    (75, 3_097),
    (77, 1_148),
    (79, 8_993),
    (80, 1_689),
    (82, 1_764),
    (83, 1_288),
    (84, 1_009),
    (86, 1_023),
    (87, 1_599),
    (89, 1_908),
    (91, 1_723),
    (92, 1_235),
    (93, 733),
    (94, 1_200),
    (95, 907),
    (96, 1_194),
];
