//! Invented places of residence: a house or hamlet, a ward or commune, in a real province.

use crate::identity::{Address, Province};

use super::draw::{Draw, PopulationDraw};

/// Percent of people in wards, in a centrally run city and elsewhere.
const URBAN_IN_CITY: u64 = 75;
const URBAN_ELSEWHERE: u64 = 35;
/// Codes from here on are in the south, where a hamlet is an `ấp`.
const SOUTH: u8 = 75;

/// Where a person of this current province lives. Ward and commune names are put together, not looked up.
pub(crate) fn address(province: u8, draw: Draw) -> Address {
    let city = Province::by_code(province).is_some_and(|one| one.city);
    let urban =
        draw.chance(PopulationDraw::Urban, if city { URBAN_IN_CITY } else { URBAN_ELSEWHERE });
    let (kind, detail) = if urban {
        let house = draw.below(PopulationDraw::House, 400) + 1;
        ("Phường", format!("Số {house} đường {}", draw.one_of(PopulationDraw::Street, &STREETS)))
    } else {
        let hamlet = draw.below(PopulationDraw::House, 12) + 1;
        ("Xã", format!("{} {hamlet}", if province >= SOUTH { "Ấp" } else { "Thôn" }))
    };
    // One draw names both words, so that pairs are as likely as each other.
    let pair = draw.below(PopulationDraw::Commune, (FIRST.len() * SECOND.len()) as u64);
    let pair = usize::try_from(pair).unwrap_or_default();
    let (first, second) = (FIRST[pair / SECOND.len()], SECOND[pair % SECOND.len()]);
    Address { detail, commune: format!("{kind} {first} {second}"), province }
}

const FIRST: [&str; 12] =
    ["Tân", "Phú", "An", "Hòa", "Long", "Vĩnh", "Thạnh", "Đông", "Minh", "Quang", "Xuân", "Yên"];

const SECOND: [&str; 14] = [
    "Lập", "Thành", "Hưng", "Phong", "Lợi", "Thịnh", "Sơn", "Hải", "Khánh", "Mỹ", "Đức", "Trung",
    "Thọ", "Lâm",
];

const STREETS: [&str; 18] = [
    "Trần Hưng Đạo",
    "Lê Lợi",
    "Nguyễn Huệ",
    "Hai Bà Trưng",
    "Lý Thường Kiệt",
    "Quang Trung",
    "Trần Phú",
    "Nguyễn Trãi",
    "Lê Duẩn",
    "Hùng Vương",
    "Phan Chu Trinh",
    "Điện Biên Phủ",
    "Bà Triệu",
    "Ngô Quyền",
    "Nguyễn Du",
    "Lê Hồng Phong",
    "Hoàng Hoa Thám",
    "Trường Chinh",
];
