//! The health-insurance card and the health record.

use jiff::civil::{Date, date};

use crate::{
    identity::papers::{DoctorVisit, HealthInsurance, HealthRecord},
    population::draw::{Draw, PopulationDraw},
};

use super::{LAST_DAY, PaperHolder};

/// From this age on a pension pays for the card.
pub(super) const PENSION: u16 = 60;
/// The first day of a health record.
const FIRST_VISIT: Date = date(2022, 1, 1);

/// The group of a holder's card; `None` without a card. `TE`, for children, is invented: no source names their group.
pub(super) fn group(holder: &PaperHolder) -> Option<&'static str> {
    let insured = |percent| holder.draw.chance(PopulationDraw::Insured, percent);
    if holder.died.is_some() {
        None
    } else if holder.foreign {
        (holder.age >= 18 && insured(35)).then_some("DN")
    } else if holder.age < 14 {
        insured(97).then_some("TE")
    } else if holder.employer.is_some() {
        Some(holder.draw.one_of(PopulationDraw::Group, &["DN", "DN", "DN", "HC", "HX"]))
    } else if holder.age >= PENSION {
        insured(97).then_some("HT")
    } else {
        insured(62)
            .then(|| holder.draw.one_of(PopulationDraw::Group, &["CH", "NN", "TK", "XK", "TB"]))
    }
}

/// The card, in force for the year of `today`.
pub(super) fn card(holder: &PaperHolder, commune: &str, today: Date) -> HealthInsurance {
    let group = group(holder).unwrap_or("TE");
    let benefit = holder.draw.below(PopulationDraw::Benefit, 5) + 1;
    let number = holder.insurance_number();
    let facility = if holder.draw.chance(PopulationDraw::OwnFacility, 60) {
        format!("Trạm Y tế {commune}")
    } else {
        holder.draw.one_of(PopulationDraw::Facility, &FACILITIES).to_owned()
    };
    HealthInsurance {
        number: format!("{group}{benefit}{:02}{number}", holder.province),
        from: today.first_of_year(),
        until: today.last_of_year(),
        facility,
    }
}

/// Up to four visits to a doctor since 2022.
pub(super) fn record(holder: &PaperHolder, today: Date) -> HealthRecord {
    let last = holder.died.unwrap_or(LAST_DAY).min(today);
    let first = FIRST_VISIT.max(holder.birth);
    let count = if first <= last { holder.draw.below(PopulationDraw::Visits, 5) } else { 0 };
    let visit = |draw: Draw| DoctorVisit {
        date: draw.day(PopulationDraw::VisitDay, first, last),
        facility: draw.one_of(PopulationDraw::Facility, &FACILITIES).to_owned(),
        diagnosis: draw.one_of(PopulationDraw::Diagnosis, &DIAGNOSES).to_owned(),
    };
    let mut visits: Vec<DoctorVisit> =
        (0..count).map(|turn| visit(holder.draw.again(turn))).collect();
    visits.sort_by_key(|visit| visit.date);
    let groups = ["O+", "O+", "O+", "O+", "B+", "B+", "B+", "A+", "A+", "AB+", "O-", "B-"];
    HealthRecord {
        blood_group: holder.draw.one_of(PopulationDraw::Blood, &groups).to_owned(),
        visits,
    }
}

const FACILITIES: [&str; 8] = [
    "Bệnh viện Đa khoa An Khang (mô phỏng)",
    "Bệnh viện Đa khoa Phú Thịnh (mô phỏng)",
    "Bệnh viện Đa khoa Tân Hòa (mô phỏng)",
    "Phòng khám Đa khoa Minh Tâm (mô phỏng)",
    "Phòng khám Đa khoa Bình Minh (mô phỏng)",
    "Trung tâm Y tế Đông Sơn (mô phỏng)",
    "Trung tâm Y tế Long Vân (mô phỏng)",
    "Trạm Y tế Xuân Lập (mô phỏng)",
];

const DIAGNOSES: [&str; 12] = [
    "Viêm họng cấp",
    "Viêm mũi dị ứng",
    "Khám sức khỏe định kỳ",
    "Viêm dạ dày",
    "Tăng huyết áp",
    "Cúm mùa",
    "Đau lưng",
    "Sâu răng",
    "Viêm phế quản",
    "Rối loạn tiêu hóa",
    "Tiêm chủng",
    "Đau khớp gối",
];
