//! The chip card of a person: everyone has a valid one.
//!
//! A card lasts until its holder turns 25, 40 or 60, whichever is next; one issued within two years before such an age
//! lasts until the one after (Law 26/2023 Art. 21), and after 60 there is none.

use jiff::Span;
use jiff::civil::{Date, date};

use crate::identity::{Card, birthday};

use super::draw::{Draw, Purpose};

/// The age of the first card, then the ages at which a new one is due.
const AGES: [u16; 4] = [14, 25, 40, 60];
/// Years before such an age from which a new card already lasts until the next.
const EARLY_YEARS: u16 = 2;
/// Chip cards have been issued since.
const FIRST_ISSUE: Date = date(2021, 1, 1);
/// The last day of issue of the generator.
const LAST_ISSUE: Date = date(2025, 12, 31);
/// No card may expire before. Two years after the last issue, so that there is always a day to have renewed it on.
const VALID_UNTIL: Date = date(2028, 1, 1);

/// A card issued between 2021 and 2025 that holds at least until 2028; more were issued in the first years.
pub(crate) fn card(birth: Date, draw: Draw) -> Option<Card> {
    let due = |age: u16| birthday(birth, age).is_some_and(|day| day < VALID_UNTIL);
    let mut ages = AGES.into_iter().peekable();
    let mut reached = ages.next()?;
    while let Some(age) = ages.next_if(|age| due(*age)) {
        reached = age;
    }
    let early = if reached == AGES[0] { 0 } else { EARLY_YEARS };
    let earliest = birthday(birth, reached - early)?.clamp(FIRST_ISSUE, LAST_ISSUE);
    let days = u64::try_from(earliest.until(LAST_ISSUE).ok()?.get_days()).ok()? + 1;
    let day = draw.below(Purpose::CardIssued, days).min(draw.below(Purpose::CardIssuedAgain, days));
    let issued = earliest.checked_add(Span::new().days(i64::try_from(day).ok()?)).ok()?;
    let expires = ages.next().and_then(|age| birthday(birth, age));
    Some(Card { issued, expires, revoked: false })
}
