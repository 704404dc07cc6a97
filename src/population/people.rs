//! One person, drawn from a cell: everything that the number does not already say.

use jiff::civil::Date;

use crate::identity::{Citizen, FullName, IdNumber, Phone};

use super::addresses::address;
use super::cards::card;
use super::cells::Cell;
use super::draw::{Draw, Purpose};
use super::names::full_name;

/// The person of a cell with this number; `None` only for a year that is not in the calendar.
pub(crate) fn citizen(
    cell: &Cell,
    number: IdNumber,
    phone: Option<Phone>,
    draw: Draw,
) -> Option<Citizen> {
    let birth_date = birth_date(cell.year, draw)?;
    let full_name = full_name(cell, draw);
    Some(Citizen {
        number,
        email: email(cell.year, &full_name, &number, draw),
        full_name,
        birth_date,
        gender: cell.gender,
        birth_province: cell.birth.code,
        residence: address(cell.birth.current, draw),
        phone,
        card: card(birth_date, draw),
        former_cards: Vec::new(),
        spouse: None,
        representative: None,
        under_guardianship: false,
        died: None,
        replaced_by: None,
        foreign: None,
        papers: None,
    })
}

/// Any day of the year is as likely as another, 29 February too in a leap year.
fn birth_date(year: u16, draw: Draw) -> Option<Date> {
    let year = i16::try_from(year).ok()?;
    let leap = Date::new(year, 2, 29).is_ok();
    let mut day = draw.below(Purpose::BirthDay, if leap { 366 } else { 365 });
    let february = if leap { 29 } else { 28 };
    for (month, days) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
        match day.checked_sub(days) {
            Some(rest) => day = rest,
            None => return Date::new(year, month, i8::try_from(day + 1).ok()?).ok(),
        }
    }
    None
}

/// An address at `example.com`, which RFC 2606 keeps out of use: most of the young have one, few of the old.
fn email(year: u16, name: &FullName, number: &IdNumber, draw: Draw) -> Option<String> {
    let percent = match year {
        ..1960 => 6,
        1960..1980 => 30,
        _ => 65,
    };
    draw.chance(Purpose::HasEmail, percent).then(|| {
        let mut address = name.unaccented();
        address.retain(|one| one != ' ');
        address.make_ascii_lowercase();
        address.push('.');
        address.push_str(number.last_six());
        address.push_str("@example.com");
        address
    })
}
