//! The record of an organisation: a name put together from words, codes, a head office in its province.

use jiff::civil::{Date, date};

use crate::identity::{Organisation, Province, lock::LockReason, unaccent};

use super::addresses::address;
use super::country::Country;
use super::draw::{Draw, PopulationDraw};
use super::feistel::{Shuffle, derive};

/// Tax codes of the simulator begin with 9, which no province's do; nine digits follow.
const TAX_CODES: u64 = 1_000_000_000;
const FIRST_TAX_CODE: u64 = 9 * TAX_CODES;
/// Days of founding and of dissolution.
const FOUNDED: (Date, Date) = (date(1995, 1, 1), date(2024, 12, 31));
const DISSOLVED: (Date, Date) = (date(2025, 1, 1), date(2025, 12, 31));
/// Staff from which an organisation is a large one, and in the smallest of which there is no public body.
const LARGE: u64 = 100;
const SMALL: u64 = 20;

impl Country {
    /// The organisation with this index.
    pub fn organisation(&self, index: u64) -> Option<Organisation> {
        let number = self.organisation_number(index)?;
        let representative = self.representative_spot(index)?.number()?;
        let employers = &self.tables.employers;
        let draw = Draw::of(employers.key, index);
        let area = employers.area_of(index)?;
        let province = Province::all().get(area)?.code;
        let codes = Shuffle::new(TAX_CODES, derive(employers.key, u64::MAX));
        let tax_code = (FIRST_TAX_CODE + codes.forward(0, index)?).to_string();
        let head_office = address(province, draw);
        let (name, is_enterprise) = self.name(index, &head_office.commune, draw);
        let short_name = is_enterprise.then(|| short_name(&name));
        Some(Organisation {
            number,
            foreign_name: is_enterprise.then(|| format!("{} Co.", short_name_words(&name))),
            short_name,
            name,
            founded: draw.day(PopulationDraw::Founded, FOUNDED.0, FOUNDED.1),
            head_office,
            enterprise_code: is_enterprise.then(|| tax_code.clone()),
            tax_code: Some(tax_code),
            representative,
            co_representatives: Vec::new(),
            members: Vec::new(),
            in_database: draw.chance(PopulationDraw::Registered, 85),
            dissolved: self.dissolved(index),
            staff: Vec::new(),
        })
    }

    /// The name of an organisation.
    pub(crate) fn organisation_name(&self, index: u64) -> Option<String> {
        let employers = &self.tables.employers;
        let draw = Draw::of(employers.key, index);
        let province = Province::all().get(employers.area_of(index)?)?.code;
        Some(self.name(index, &address(province, draw).commune, draw).0)
    }

    /// The day an organisation was dissolved.
    pub(crate) fn dissolved(&self, index: u64) -> Option<Date> {
        let reason = self.organisation_initial(index)?.state.reason()?;
        let draw = Draw::of(self.tables.employers.key, index);
        let day = draw.day(PopulationDraw::Dissolved, DISSOLVED.0, DISSOLVED.1);
        (reason == LockReason::Dissolved).then_some(day)
    }

    /// A name, and whether it is an enterprise's.
    fn name(&self, index: u64, commune: &str, draw: Draw) -> (String, bool) {
        let staff = self.staff_count(index);
        let dissolved = || self.dissolved(index).is_some();
        let forms: &[&str] = match staff {
            LARGE.. => &LARGE_FORMS,
            SMALL..LARGE => &MIDDLE_FORMS,
            _ => &SMALL_FORMS,
        };
        let form = draw.one_of(PopulationDraw::Form, forms);
        if !ENTERPRISES.contains(&form) && !dissolved() {
            return match form {
                "Ủy ban nhân dân" => {
                    let mut place = commune.to_owned();
                    if let Some(kind) = place.get(..1) {
                        let lower = kind.to_lowercase();
                        place.replace_range(..1, &lower);
                    }
                    (format!("{form} {place}"), false)
                }
                _ => (format!("{form} {}", two_words(draw)), false),
            };
        }
        let form = if ENTERPRISES.contains(&form) { form } else { ENTERPRISES[0] };
        let field = draw.one_of(PopulationDraw::Unit, &FIELDS);
        (format!("{form} {field}{}", three_words(draw)), true)
    }
}

/// Two words of an invented name.
fn two_words(draw: Draw) -> String {
    let first = draw.one_of(PopulationDraw::FirstMiddle, &FIRST);
    format!("{first} {}", draw.one_of(PopulationDraw::SecondMiddle, &SECOND))
}

/// Two or three.
fn three_words(draw: Draw) -> String {
    let third = draw.one_of(PopulationDraw::ThirdMiddle, &THIRD);
    format!("{}{third}", two_words(draw))
}

/// The last two words without accents, such as `Minh Phu`.
fn short_name_words(name: &str) -> String {
    let words: Vec<&str> = name.rsplitn(3, ' ').take(2).collect();
    unaccent(&words.into_iter().rev().collect::<Vec<_>>().join(" "))
}

/// In capitals: `MINH PHU`.
fn short_name(name: &str) -> String {
    short_name_words(name).to_uppercase()
}

const ENTERPRISES: [&str; 4] =
    ["Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân", "Công ty TNHH một thành viên"];

const LARGE_FORMS: [&str; 7] = [
    "Công ty TNHH",
    "Công ty Cổ phần",
    "Công ty Cổ phần",
    "Công ty TNHH",
    "Bệnh viện Đa khoa",
    "Trường Trung học phổ thông",
    "Công ty TNHH một thành viên",
];

const MIDDLE_FORMS: [&str; 9] = [
    "Công ty TNHH",
    "Công ty Cổ phần",
    "Công ty TNHH",
    "Trường Tiểu học",
    "Trường Trung học cơ sở",
    "Ủy ban nhân dân",
    "Công ty TNHH một thành viên",
    "Hợp tác xã",
    "Trường Mầm non",
];

const SMALL_FORMS: [&str; 7] = [
    "Công ty TNHH",
    "Doanh nghiệp tư nhân",
    "Công ty TNHH một thành viên",
    "Hợp tác xã",
    "Phòng khám Đa khoa",
    "Công ty TNHH",
    "Trường Mầm non",
];

const FIELDS: [&str; 10] = [
    "",
    "",
    "Thương mại ",
    "Dịch vụ ",
    "Xây dựng ",
    "Sản xuất ",
    "May mặc ",
    "Vận tải ",
    "Nông sản ",
    "Cơ khí ",
];

const FIRST: [&str; 20] = [
    "Minh",
    "Hưng",
    "Phú",
    "Đại",
    "Tân",
    "An",
    "Thiên",
    "Hoàng",
    "Kim",
    "Bảo",
    "Gia",
    "Thái",
    "Vạn",
    "Nhật",
    "Phúc",
    "Quang",
    "Trường",
    "Hải",
    "Thuận",
    "Ngọc",
];

const SECOND: [&str; 20] = [
    "Phú", "Thịnh", "Lợi", "Phát", "Khang", "Tường", "Vinh", "Thành", "Nguyên", "Long", "Hòa",
    "Cường", "Lộc", "Tiến", "Sơn", "Dương", "Anh", "Việt", "Đức", "Lâm",
];

const THIRD: [&str; 8] = ["", "", "", " Xanh", " Mới", " Sáng", " Đông", " Tây"];
