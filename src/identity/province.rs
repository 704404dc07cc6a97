//! Two lists of provinces that must not be mixed: the 63 codes inside ID numbers, and the 34 provinces of today's addresses.
//!
//! Every current code is also an old one, but seven of them name a different province (15, 24, 44, 52, 80, 82, 91).

use std::fmt;

use serde::Serialize;

/// A province as ID numbers name it: where a birth was registered, by the list of 2016, which the merger did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BirthProvince {
    /// The first three digits of an ID number.
    pub code: u16,
    /// Name, without its kind.
    pub name: &'static str,
    /// Two-digit code of the [`Province`] it belongs to since 1 July 2025.
    pub current: u8,
}

impl BirthProvince {
    /// All 63, by ascending code.
    pub const fn all() -> &'static [Self; 63] {
        &BIRTH_PROVINCES
    }

    /// The province with this code of the ID-number list.
    pub fn by_code(code: u16) -> Option<&'static Self> {
        let place = BIRTH_PROVINCES.binary_search_by_key(&code, |one| one.code).ok()?;
        BIRTH_PROVINCES.get(place)
    }

    #[cfg(feature = "internals")]
    /// The province it belongs to today.
    pub fn current_province(&self) -> Option<&'static Province> {
        Province::by_code(self.current)
    }
}

/// A province or centrally run city of today, as addresses name it (Decision 19/2025/QĐ-TTg).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Province {
    /// Two-digit administrative code.
    pub code: u8,
    /// Name, without its kind.
    pub name: &'static str,
    /// Whether it is a centrally run city (`Thành phố`) and not a `Tỉnh`.
    pub city: bool,
}

impl Province {
    /// All 34, by ascending code.
    pub const fn all() -> &'static [Self; 34] {
        &PROVINCES
    }

    /// The province with this current two-digit code.
    pub fn by_code(code: u8) -> Option<&'static Self> {
        let place = PROVINCES.binary_search_by_key(&code, |one| one.code).ok()?;
        PROVINCES.get(place)
    }
}

impl fmt::Display for Province {
    /// `Tỉnh Gia Lai`, `Thành phố Hà Nội`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", if self.city { "Thành phố" } else { "Tỉnh" }, self.name)
    }
}

/// The codes below 100 that no province has (37), ascending: a number that begins with one cannot be anybody's.
pub const UNASSIGNED_CODES: [u16; 37] = [
    0, 3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47, 50, 53, 55, 57, 59, 61, 63, 65,
    69, 71, 73, 76, 78, 81, 85, 88, 90, 97, 98, 99,
];

const fn born(code: u16, name: &'static str, current: u8) -> BirthProvince {
    BirthProvince { code, name, current }
}

const fn province(code: u8, name: &'static str) -> Province {
    Province { code, name, city: false }
}

const fn city(code: u8, name: &'static str) -> Province {
    Province { code, name, city: true }
}

// Codes and names: annex to Circular 07/2016. The third column, which province each went to, is public knowledge:
// Resolution 202/2025/QH15 on the arrangement of provincial units.
const BIRTH_PROVINCES: [BirthProvince; 63] = [
    born(1, "Hà Nội", 1),
    born(2, "Hà Giang", 8),
    born(4, "Cao Bằng", 4),
    born(6, "Bắc Kạn", 19),
    born(8, "Tuyên Quang", 8),
    born(10, "Lào Cai", 15),
    born(11, "Điện Biên", 11),
    born(12, "Lai Châu", 12),
    born(14, "Sơn La", 14),
    born(15, "Yên Bái", 15),
    born(17, "Hòa Bình", 25),
    born(19, "Thái Nguyên", 19),
    born(20, "Lạng Sơn", 20),
    born(22, "Quảng Ninh", 22),
    born(24, "Bắc Giang", 24),
    born(25, "Phú Thọ", 25),
    born(26, "Vĩnh Phúc", 25),
    born(27, "Bắc Ninh", 24),
    born(30, "Hải Dương", 31),
    born(31, "Hải Phòng", 31),
    born(33, "Hưng Yên", 33),
    born(34, "Thái Bình", 33),
    born(35, "Hà Nam", 37),
    born(36, "Nam Định", 37),
    born(37, "Ninh Bình", 37),
    born(38, "Thanh Hóa", 38),
    born(40, "Nghệ An", 40),
    born(42, "Hà Tĩnh", 42),
    born(44, "Quảng Bình", 44),
    born(45, "Quảng Trị", 44),
    born(46, "Thừa Thiên Huế", 46),
    born(48, "Đà Nẵng", 48),
    born(49, "Quảng Nam", 48),
    born(51, "Quảng Ngãi", 51),
    born(52, "Bình Định", 52),
    born(54, "Phú Yên", 66),
    born(56, "Khánh Hòa", 56),
    born(58, "Ninh Thuận", 56),
    born(60, "Bình Thuận", 68),
    born(62, "Kon Tum", 51),
    born(64, "Gia Lai", 52),
    born(66, "Đắk Lắk", 66),
    born(67, "Đắk Nông", 68),
    born(68, "Lâm Đồng", 68),
    born(70, "Bình Phước", 75),
    born(72, "Tây Ninh", 80),
    born(74, "Bình Dương", 79),
    born(75, "Đồng Nai", 75),
    born(77, "Bà Rịa - Vũng Tàu", 79),
    born(79, "Hồ Chí Minh", 79),
    born(80, "Long An", 80),
    born(82, "Tiền Giang", 82),
    born(83, "Bến Tre", 86),
    born(84, "Trà Vinh", 86),
    born(86, "Vĩnh Long", 86),
    born(87, "Đồng Tháp", 82),
    born(89, "An Giang", 91),
    born(91, "Kiên Giang", 91),
    born(92, "Cần Thơ", 92),
    born(93, "Hậu Giang", 92),
    born(94, "Sóc Trăng", 92),
    born(95, "Bạc Liêu", 96),
    born(96, "Cà Mau", 96),
];

// Decision 19/2025/QĐ-TTg; the six centrally run cities are public knowledge.
const PROVINCES: [Province; 34] = [
    city(1, "Hà Nội"),
    province(4, "Cao Bằng"),
    province(8, "Tuyên Quang"),
    province(11, "Điện Biên"),
    province(12, "Lai Châu"),
    province(14, "Sơn La"),
    province(15, "Lào Cai"),
    province(19, "Thái Nguyên"),
    province(20, "Lạng Sơn"),
    province(22, "Quảng Ninh"),
    province(24, "Bắc Ninh"),
    province(25, "Phú Thọ"),
    city(31, "Hải Phòng"),
    province(33, "Hưng Yên"),
    province(37, "Ninh Bình"),
    province(38, "Thanh Hóa"),
    province(40, "Nghệ An"),
    province(42, "Hà Tĩnh"),
    province(44, "Quảng Trị"),
    city(46, "Huế"),
    city(48, "Đà Nẵng"),
    province(51, "Quảng Ngãi"),
    province(52, "Gia Lai"),
    province(56, "Khánh Hòa"),
    province(66, "Đắk Lắk"),
    province(68, "Lâm Đồng"),
    province(75, "Đồng Nai"),
    city(79, "Hồ Chí Minh"),
    province(80, "Tây Ninh"),
    province(82, "Đồng Tháp"),
    province(86, "Vĩnh Long"),
    province(91, "An Giang"),
    city(92, "Cần Thơ"),
    province(96, "Cà Mau"),
];
