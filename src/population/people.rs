//! One person's record: everything that the number does not already say.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::identity::{
    Card, Citizen, Foreign, FullName, Gender, IdNumber,
    foreign::{Passport, ResidenceCard, ResidenceKind},
    lock::LockReason,
};

use super::addresses::address;
use super::cards;
use super::cells::{Cell, Origin};
use super::country::Country;
use super::draw::{Draw, PopulationDraw};
use super::households::HouseholdFamily;
use super::names::{full_name, surname};
use super::nations::Nation;
use super::ranking::Part;
use super::registers::{RegisterKind, Spot};

/// The year that ended when the accounts began: deaths and expiries are of it.
const LAST_YEAR: (Date, Date) = (date(2025, 1, 1), date(2025, 12, 31));
/// Current provinces where foreigners live, by how many in twenty do.
const FOREIGN_HOMES: [u8; 20] =
    [1, 1, 1, 1, 1, 79, 79, 79, 79, 79, 79, 79, 24, 24, 24, 31, 31, 75, 75, 48];
/// The birth province of foreigners, which says nothing.
const BORN_ABROAD: u16 = 1;

impl Spot<'_> {
    /// The birth province in the ID-number list.
    pub(crate) const fn birth_province(&self) -> u16 {
        match self.cell.origin {
            Origin::Born(province) => province.code,
            Origin::Abroad(_) => BORN_ABROAD,
        }
    }
}

impl Country {
    /// The person with this index.
    pub fn citizen(&self, index: u64) -> Option<Citizen> {
        self.person(&self.spot(index)?)
    }

    /// All the chance in the life of the person with this index.
    pub(crate) const fn draw(&self, index: u64) -> Draw {
        Draw::of(self.people_key, index)
    }

    /// The day of birth; `None` only for a year that is not in the calendar.
    pub(crate) fn birth_of(&self, spot: &Spot) -> Option<Date> {
        birth_date(spot.cell.year, self.draw(spot.index))
    }

    /// The current province of residence.
    pub(crate) fn province_of(&self, spot: &Spot) -> u8 {
        match spot.cell.origin {
            Origin::Born(province) => province.current,
            Origin::Abroad(_) => {
                let parent = self.foreign_parent(spot);
                foreign_home(self.draw(parent.map_or(spot.index, |parent| parent.index)))
            }
        }
    }

    /// The record of a person.
    pub(crate) fn person(&self, spot: &Spot) -> Option<Citizen> {
        let (cell, draw) = (spot.cell, self.draw(spot.index));
        let (part, number) = (spot.part()?, spot.number()?);
        let birth_date = birth_date(cell.year, draw)?;
        let family = self.family(spot);
        let kind = spot.register.kind;
        let full_name = match cell.origin {
            Origin::Born(province) => {
                let (index, code) = family.name.unwrap_or((spot.index, province.code));
                full_name(cell, surname(code, self.draw(index)), draw)
            }
            Origin::Abroad(nation) => self.foreign_name(nation, cell, &family, draw),
        };
        let home = match cell.origin {
            Origin::Born(province) => province.current,
            Origin::Abroad(_) => foreign_home(self.draw(family.head)),
        };
        let card = card(kind, birth_date, &part, draw);
        let dead = part.initial.state.reason() == Some(LockReason::Death);
        Some(Citizen {
            number,
            email: kind.has_phones().then(|| email(cell.year, &full_name, &number, draw)).flatten(),
            full_name,
            birth_date,
            gender: cell.gender,
            birth_province: spot.birth_province(),
            residence: address(home, self.draw(family.head)),
            phone: self.phone_at(spot.index),
            former_cards: if kind == RegisterKind::Adults {
                cards::former(birth_date, card.as_ref(), draw)
            } else {
                Vec::new()
            },
            card,
            spouse: family.spouse,
            representative: family.representative,
            under_guardianship: family.ward,
            died: dead.then(|| draw.day(PopulationDraw::Died, LAST_YEAR.0, LAST_YEAR.1)),
            replaced_by: None,
            foreign: match cell.origin {
                Origin::Born(_) => None,
                Origin::Abroad(nation) => Some(foreign(nation, birth_date, &part, draw)),
            },
            papers: None,
        })
    }

    fn foreign_name(
        &self,
        nation: &Nation,
        cell: &Cell,
        family: &HouseholdFamily,
        draw: Draw,
    ) -> FullName {
        let named = family.name.map_or(draw, |(index, _)| self.draw(index));
        let given = match cell.gender {
            Gender::Male => nation.men,
            Gender::Female => nation.women,
        };
        let family = named.one_of(PopulationDraw::Surname, nation.families);
        FullName::from_words(&[family, draw.one_of(PopulationDraw::Given, given)])
    }
}

/// The chip card.
pub(crate) fn card(kind: RegisterKind, birth: Date, part: &Part, draw: Draw) -> Option<Card> {
    match kind {
        RegisterKind::Adults => cards::adults(birth, part, draw),
        RegisterKind::Children | RegisterKind::Infants => cards::childs(birth, part, draw),
        RegisterKind::Foreigners | RegisterKind::YoungForeigners => None,
    }
}

fn foreign_home(draw: Draw) -> u8 {
    let place = draw.below(PopulationDraw::Home, FOREIGN_HOMES.len() as u64);
    usize::try_from(place).ok().and_then(|place| FOREIGN_HOMES.get(place)).copied().unwrap_or(1)
}

/// The immigration database's entry: in force at least until 2028, unless the account says otherwise.
fn foreign(nation: &Nation, birth: Date, part: &Part, draw: Draw) -> Foreign {
    let reason = part.initial.state.reason();
    let last_year = |purpose| draw.day(purpose, birth.max(LAST_YEAR.0), LAST_YEAR.1);
    // A minor's passport lasts five years, an adult's ten.
    let (first, years) = if birth.year() >= 2008 { (2023, 5) } else { (2018, 10) };
    let (issued, expires) = if reason == Some(LockReason::PassportExpired) {
        let expires = last_year(PopulationDraw::PassportTerm);
        (expires.saturating_sub(years.years()).max(birth), expires)
    } else {
        let issued =
            draw.day(PopulationDraw::PassportTerm, birth.max(date(first, 1, 1)), LAST_YEAR.1);
        (issued, issued.saturating_add(years.years()))
    };
    let permanent = draw.chance(PopulationDraw::ResidenceKind, 12);
    let kind = if permanent { ResidenceKind::Permanent } else { ResidenceKind::Temporary };
    let letter = nation.code.get(..1).unwrap_or("X");
    Foreign {
        nationality: nation.code.to_owned(),
        passport: Passport {
            number: format!("{letter}{}", draw.digits(PopulationDraw::Passport, 8)),
            issued,
            expires,
            place: nation.capital.to_owned(),
        },
        residence_card: ResidenceCard {
            kind,
            number: format!(
                "{}{}",
                if permanent { "TR" } else { "TT" },
                draw.digits(PopulationDraw::ResidenceNumber, 8)
            ),
            expires: if reason == Some(LockReason::ResidenceExpired) {
                last_year(PopulationDraw::ResidenceTerm)
            } else {
                let last = date(if permanent { 2035 } else { 2030 }, 12, 31);
                draw.day(PopulationDraw::ResidenceTerm, date(2028, 1, 1), last)
            },
        },
        in_database: draw.chance(PopulationDraw::Fingerprints, 90),
    }
}

/// Any day of the year is as likely as another, 29 February too in a leap year.
fn birth_date(year: u16, draw: Draw) -> Option<Date> {
    let year = i16::try_from(year).ok()?;
    let leap = Date::new(year, 2, 29).is_ok();
    let mut day = draw.below(PopulationDraw::BirthDay, if leap { 366 } else { 365 });
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
    draw.chance(PopulationDraw::HasEmail, percent).then(|| {
        let mut address = name.unaccented();
        address.retain(|one| one != ' ');
        address.make_ascii_lowercase();
        address.push('.');
        address.push_str(number.last_six());
        address.push_str("@example.com");
        address
    })
}
