//! The chip cards of a person: the present one, which agrees with the account, and for some the one before.
//!
//! A card lasts until its holder turns 25, 40 or 60, whichever is next; one issued within two years before such an age
//! lasts until the one after (Law 26/2023 Art. 21), and after 60 there is none. A child's lasts until 14.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::identity::{Card, birthday, lock::LockReason};

use super::draw::{Draw, PopulationDraw, days_between, plus_days};
use super::ranking::Part;

/// The age of the first card, then the ages at which a new one is due.
const AGES: [u16; 4] = [14, 25, 40, 60];
/// Years before such an age from which a new card already lasts until the next.
const EARLY_YEARS: u16 = 2;
/// Chip cards have been issued since.
const FIRST_ISSUE: Date = date(2021, 1, 1);
/// Law 26/2023 is in force since: cards for children.
const FIRST_CHILDS: Date = date(2024, 7, 1);
/// The last day of issue of the generator.
const LAST_ISSUE: Date = date(2025, 12, 31);
/// No other card may expire before. Two years after the last issue, so that there is always a day to have renewed it on.
const VALID_UNTIL: Date = date(2028, 1, 1);
/// The year in which the cards of a few expire, at an age at which a new one is due.
const SOON: i16 = 2026;
/// Percent of those who reach such an age then and have not renewed: 1 in 200 of all.
const NOT_RENEWED: u64 = 11;

/// The card of somebody who was 14 before 2026.
pub(crate) fn adults(birth: Date, part: &Part, draw: Draw) -> Option<Card> {
    if !part.card {
        return None;
    }
    let reason = part.initial.state.reason();
    if reason == Some(LockReason::CardExpired) {
        return expired(birth, draw);
    }
    let card = soon(birth, draw).or_else(|| valid(birth, draw))?;
    Some(Card { revoked: reason == Some(LockReason::CardRevoked), ..card })
}

/// The card of a younger one.
pub(crate) fn childs(birth: Date, part: &Part, draw: Draw) -> Option<Card> {
    part.card.then(|| Card {
        issued: draw.day(PopulationDraw::CardIssued, birth.max(FIRST_CHILDS), LAST_ISSUE),
        expires: birthday(birth, AGES[0]),
        revoked: part.initial.state.reason() == Some(LockReason::CardRevoked),
    })
}

/// The chip card before this one: a third of all have had one.
pub(crate) fn former(birth: Date, card: Option<&Card>, draw: Draw) -> Vec<Card> {
    let before = card.filter(|_| draw.chance(PopulationDraw::CardReplaced, 48)).and_then(|card| {
        let first = birthday(birth, AGES[0])?.max(FIRST_ISSUE);
        let last = card.issued.saturating_sub(1.year());
        (first <= last).then_some(())?;
        let issued = draw.day(PopulationDraw::CardReplacedOn, first, last);
        Some(Card { issued, expires: lasts_until(birth, issued), revoked: false })
    });
    before.into_iter().collect()
}

/// A card issued between 2021 and 2025 that holds at least until 2028; more were issued in the first years.
fn valid(birth: Date, draw: Draw) -> Option<Card> {
    let due = |age: u16| birthday(birth, age).is_some_and(|day| day < VALID_UNTIL);
    let mut ages = AGES.into_iter().peekable();
    let mut reached = ages.next()?;
    while let Some(age) = ages.next_if(|age| due(*age)) {
        reached = age;
    }
    let early = if reached == AGES[0] { 0 } else { EARLY_YEARS };
    let earliest = birthday(birth, reached - early)?.clamp(FIRST_ISSUE, LAST_ISSUE);
    let days = days_between(earliest, LAST_ISSUE) + 1;
    let day = draw
        .below(PopulationDraw::CardIssued, days)
        .min(draw.below(PopulationDraw::CardIssuedAgain, days));
    let issued = plus_days(earliest, day);
    let expires = ages.next().and_then(|age| birthday(birth, age));
    Some(Card { issued, expires, revoked: false })
}

/// A card that expires in [`SOON`].
fn soon(birth: Date, draw: Draw) -> Option<Card> {
    let (at, due) = due_between(birth, SOON..=SOON)?;
    draw.chance(PopulationDraw::CardExpiresSoon, NOT_RENEWED)
        .then(|| until(birth, at, due, draw))?
}

/// A card that has expired: at an age at which a new one was due, or else some day until the end of 2025.
fn expired(birth: Date, draw: Draw) -> Option<Card> {
    let fourteen = birthday(birth, AGES[0])?;
    if fourteen.year() == LAST_ISSUE.year() {
        let issued =
            draw.day(PopulationDraw::CardIssued, FIRST_CHILDS, fourteen.saturating_sub(1.day()));
        return Some(Card { issued, expires: Some(fourteen), revoked: false });
    }
    let due = due_between(birth, FIRST_ISSUE.year()..=LAST_ISSUE.year());
    due.and_then(|(at, due)| until(birth, at, due, draw)).or_else(|| {
        let issued =
            draw.day(PopulationDraw::CardIssued, fourteen.max(FIRST_ISSUE), date(2025, 6, 30));
        let expires =
            draw.day(PopulationDraw::CardExpires, issued.saturating_add(1.day()), LAST_ISSUE);
        Some(Card { issued, expires: Some(expires), revoked: false })
    })
}

/// The age, as its place in [`AGES`], and the day on which a new card is due in these years.
fn due_between(birth: Date, years: std::ops::RangeInclusive<i16>) -> Option<(usize, Date)> {
    (1..AGES.len()).find_map(|at| {
        let due = birthday(birth, *AGES.get(at)?)?;
        years.contains(&due.year()).then_some((at, due))
    })
}

/// A chip card that lasts until this age; `None` if none was issued early enough.
fn until(birth: Date, at: usize, due: Date, draw: Draw) -> Option<Card> {
    let early = if at == 1 { 0 } else { EARLY_YEARS };
    let first = birthday(birth, AGES.get(at - 1)? - early)?.max(FIRST_ISSUE);
    let last = birthday(birth, AGES.get(at)? - EARLY_YEARS)?.saturating_sub(1.day());
    let issued = draw.day(PopulationDraw::CardIssued, first, last);
    (first <= last).then_some(Card { issued, expires: Some(due), revoked: false })
}

/// The last day of a card issued then.
fn lasts_until(birth: Date, issued: Date) -> Option<Date> {
    let ages = AGES.into_iter().skip(1);
    let next = ages.filter_map(|age| Some((age, birthday(birth, age - EARLY_YEARS)?)));
    next.filter(|(_, early)| issued < *early)
        .map(|(age, _)| age)
        .next()
        .and_then(|age| birthday(birth, age))
}
