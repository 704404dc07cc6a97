//! The driving licence and the registered vehicle.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::{
    identity::{
        birthday,
        papers::{DrivingLicence, Vehicle},
    },
    population::draw::PopulationDraw,
};

use super::{LAST_DAY, PaperHolder};

/// The age from which one may drive.
const DRIVING_AGE: u16 = 18;
/// The first day of issue, late enough that no licence of ten years is out of date before 2027.
const FIRST_DAY: Date = date(2017, 1, 1);

/// Whether the holder has a licence: 45 in 100 citizens of 18 and over, 20 in 100 foreigners.
pub(super) fn drives(holder: &PaperHolder) -> bool {
    let old_enough = first_day(holder).is_some_and(|day| day <= LAST_DAY);
    let percent = if holder.foreign { 20 } else { 45 };
    old_enough && holder.age >= DRIVING_AGE && holder.draw.chance(PopulationDraw::Licensed, percent)
}

fn first_day(holder: &PaperHolder) -> Option<Date> {
    birthday(holder.birth, DRIVING_AGE).map(|day| day.max(FIRST_DAY))
}

/// Classes; the first is for motorcycles only.
const CLASSES: [&[&str]; 5] = [&["A1"], &["A1"], &["A1", "B"], &["B"], &["A1", "C"]];

fn classes(holder: &PaperHolder) -> &'static [&'static str] {
    let place = holder.draw.below(PopulationDraw::Classes, CLASSES.len() as u64);
    usize::try_from(place).ok().and_then(|at| CLASSES.get(at)).copied().unwrap_or_default()
}

/// The licence. Motorcycle classes have no term, the others ten years.
pub(super) fn licence(holder: &PaperHolder) -> DrivingLicence {
    let first = first_day(holder).unwrap_or(LAST_DAY);
    let issued = holder.draw.day(PopulationDraw::LicenceIssued, first, LAST_DAY);
    let classes = classes(holder);
    DrivingLicence {
        number: format!(
            "{:02}{}",
            holder.province,
            holder.draw.digits(PopulationDraw::LicenceNumber, 10)
        ),
        classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        issued,
        until: (classes != ["A1"]).then(|| issued.saturating_add(10.years())),
    }
}

/// The vehicle: a car for half of those who may drive one.
pub(super) fn vehicle(holder: &PaperHolder) -> Vehicle {
    let draw = holder.draw;
    let car = classes(holder) != ["A1"] && draw.chance(PopulationDraw::VehicleKind, 50);
    let first = first_day(holder).unwrap_or(LAST_DAY);
    let series =
        draw.one_of(PopulationDraw::PlateSeries, &["A", "B", "C", "D", "E", "F", "G", "H", "K"]);
    let more = if car {
        String::new()
    } else {
        (draw.below(PopulationDraw::LicenceIssued, 9) + 1).to_string()
    };
    let serial = draw.digits(PopulationDraw::Plate, 5);
    let (three, two) = serial.split_at_checked(3).unwrap_or(("000", "00"));
    let makes: &[&str] = if car { &CARS } else { &MOTORCYCLES };
    Vehicle {
        plate: format!("{:02}{series}{more}-{three}.{two}", holder.province),
        kind: if car { "car" } else { "motorcycle" }.to_owned(),
        make: draw.one_of(PopulationDraw::Make, makes).to_owned(),
        registered: draw.day(PopulationDraw::VehicleDay, first, LAST_DAY),
    }
}

const CARS: [&str; 4] = ["Sao Mai X1", "Hồng Hà Z", "Lạc Việt 5", "Đông Phong C"];
const MOTORCYCLES: [&str; 4] = ["Sóng 110", "Gió 125", "Én Bạc 50", "Tia Chớp 150"];
