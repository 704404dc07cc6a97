//! Names by sex, generation and region: surnames, middle names, how many words; given names are next door.
//!
//! Surnames follow published shares; word counts of the young too, of the old they are invented.

use super::generation::Generation;
use crate::identity::{FullName, Gender};

use super::cells::Cell;
use super::draw::{Draw, PopulationDraw, Weighted};
use super::given_names::given_names;

/// Birth provinces with this ID-number code and above write Huỳnh and Võ, those below Hoàng and Vũ.
const SOUTH: u16 = 48;

/// The surname of somebody born in a province with this code of the ID-number list.
pub(crate) fn surname(birth_code: u16, draw: Draw) -> &'static str {
    let surnames: &Weighted = if birth_code < SOUTH { &NORTHERN } else { &SOUTHERN };
    draw.fresh(PopulationDraw::Surname, surnames, &[])
}

/// A name: surname, up to three middle names, given name; no word twice.
pub(crate) fn full_name(cell: &Cell, family: &'static str, draw: Draw) -> FullName {
    let generation = Generation::of(cell.year);
    let given = draw.fresh(PopulationDraw::Given, given_names(cell.gender, generation), &[family]);
    let mut words = [family, given, "", "", ""];
    let count = words_in_name(cell.gender, generation, draw);
    let purposes =
        [PopulationDraw::FirstMiddle, PopulationDraw::SecondMiddle, PopulationDraw::ThirdMiddle];
    for (place, purpose) in purposes.into_iter().enumerate().take(count - 2) {
        let table = middle_names(cell.gender, generation, place);
        let middle = draw.fresh(purpose, table, &words[..place + 2]);
        // The given name stays last.
        words[place + 1] = middle;
        words[place + 2] = given;
    }
    FullName::from_words(&words[..count])
}

/// Two to five: men mostly three; women of late four.
fn words_in_name(gender: Gender, generation: Generation, draw: Draw) -> usize {
    let [two, three, four] = match (gender, generation) {
        (Gender::Male, Generation::Old) => [120, 840, 40],
        (Gender::Male, Generation::Middle) => [50, 870, 80],
        (Gender::Male, Generation::Young) => [15, 825, 159],
        (Gender::Male, Generation::New) => [9, 728, 261],
        (Gender::Female, Generation::Old) => [30, 900, 70],
        (Gender::Female, Generation::Middle) => [10, 790, 199],
        (Gender::Female, Generation::Young) => [4, 520, 473],
        (Gender::Female, Generation::New) => [2, 347, 646],
    };
    match draw.below(PopulationDraw::Words, 1_000) {
        rank if rank < two => 2,
        rank if rank < two + three => 3,
        rank if rank < two + three + four => 4,
        _ => 5,
    }
}

/// The middle names in use at a place, 0 right after the surname.
fn middle_names(gender: Gender, generation: Generation, place: usize) -> &'static Weighted {
    match (gender, place, generation) {
        (Gender::Male, 0, Generation::Old) => &MEN_OLD,
        (Gender::Male, 0, Generation::Middle) => &MEN_MIDDLE,
        (Gender::Male, 0, Generation::Young) => &MEN_YOUNG,
        (Gender::Male, 0, Generation::New) => &MEN_NEW,
        (Gender::Male, _, _) => &MEN_LATER,
        (Gender::Female, 0, Generation::Old) => &WOMEN_OLD,
        (Gender::Female, 0, Generation::Middle) => &WOMEN_MIDDLE,
        (Gender::Female, 0, Generation::Young) => &WOMEN_YOUNG,
        (Gender::Female, 0, Generation::New) => &WOMEN_NEW,
        (Gender::Female, _, _) => &WOMEN_LATER,
    }
}

const NORTHERN: [(&str, u16); 46] = surnames("Hoàng", "Vũ");
const SOUTHERN: [(&str, u16); 46] = surnames("Huỳnh", "Võ");

/// Shares in thousandths, with the two surnames that north and south write differently.
const fn surnames(hoang: &'static str, vu: &'static str) -> [(&'static str, u16); 46] {
    [
        ("Nguyễn", 384),
        ("Trần", 121),
        ("Lê", 95),
        ("Phạm", 70),
        (hoang, 51),
        ("Phan", 45),
        (vu, 39),
        ("Đặng", 21),
        ("Bùi", 20),
        ("Đỗ", 14),
        ("Hồ", 13),
        ("Ngô", 13),
        ("Dương", 10),
        ("Lý", 5),
        ("Đinh", 9),
        ("Trương", 9),
        ("Trịnh", 7),
        ("Đoàn", 6),
        ("Lương", 5),
        ("Đào", 5),
        ("Mai", 5),
        ("Cao", 4),
        ("Tạ", 4),
        ("Lâm", 4),
        ("Hà", 4),
        ("Tô", 3),
        ("Phùng", 3),
        ("Chu", 3),
        ("Thái", 2),
        ("Châu", 2),
        ("Tăng", 2),
        ("Quách", 1),
        ("La", 1),
        ("Vương", 2),
        ("Nông", 2),
        ("Triệu", 2),
        ("Lưu", 2),
        ("Kiều", 1),
        ("Từ", 1),
        ("Đàm", 1),
        ("Thạch", 2),
        ("Nghiêm", 1),
        ("Tống", 1),
        ("Hứa", 1),
        ("Lục", 1),
        ("Quản", 1),
    ]
}

const MEN_OLD: [(&str, u16); 12] = [
    ("Văn", 62),
    ("Hữu", 7),
    ("Đình", 6),
    ("Xuân", 5),
    ("Ngọc", 4),
    ("Đức", 4),
    ("Công", 3),
    ("Bá", 3),
    ("Quang", 2),
    ("Duy", 2),
    ("Thanh", 1),
    ("Viết", 1),
];
const MEN_MIDDLE: [(&str, u16); 14] = [
    ("Văn", 44),
    ("Hữu", 7),
    ("Đình", 6),
    ("Xuân", 6),
    ("Ngọc", 6),
    ("Đức", 6),
    ("Công", 4),
    ("Quang", 5),
    ("Thanh", 5),
    ("Quốc", 4),
    ("Minh", 3),
    ("Mạnh", 2),
    ("Trọng", 1),
    ("Viết", 1),
];
const MEN_YOUNG: [(&str, u16); 15] = [
    ("Văn", 17),
    ("Đức", 10),
    ("Minh", 10),
    ("Ngọc", 8),
    ("Quang", 8),
    ("Thanh", 7),
    ("Hữu", 6),
    ("Xuân", 5),
    ("Đình", 5),
    ("Quốc", 6),
    ("Công", 5),
    ("Hoàng", 5),
    ("Anh", 3),
    ("Tuấn", 3),
    ("Duy", 2),
];
const MEN_NEW: [(&str, u16); 16] = [
    ("Minh", 14),
    ("Đức", 10),
    ("Quang", 8),
    ("Hoàng", 9),
    ("Gia", 10),
    ("Anh", 6),
    ("Quốc", 7),
    ("Ngọc", 6),
    ("Thành", 5),
    ("Tuấn", 5),
    ("Hữu", 4),
    ("Duy", 4),
    ("Thanh", 4),
    ("Văn", 3),
    ("Nhật", 3),
    ("Bảo", 2),
];
const MEN_LATER: [(&str, u16); 14] = [
    ("Minh", 12),
    ("Hoàng", 10),
    ("Quốc", 8),
    ("Đức", 8),
    ("Anh", 7),
    ("Gia", 6),
    ("Thanh", 6),
    ("Ngọc", 6),
    ("Trung", 5),
    ("Nhật", 5),
    ("Tuấn", 5),
    ("Thiên", 4),
    ("Bảo", 4),
    ("Duy", 4),
];

const WOMEN_OLD: [(&str, u16); 6] =
    [("Thị", 88), ("Ngọc", 3), ("Kim", 3), ("Thanh", 2), ("Hồng", 2), ("Tuyết", 2)];
const WOMEN_MIDDLE: [(&str, u16); 9] = [
    ("Thị", 76),
    ("Ngọc", 5),
    ("Kim", 5),
    ("Thanh", 4),
    ("Hồng", 3),
    ("Thu", 3),
    ("Bích", 2),
    ("Mỹ", 1),
    ("Tuyết", 1),
];
const WOMEN_YOUNG: [(&str, u16); 13] = [
    ("Thị", 55),
    ("Ngọc", 10),
    ("Thanh", 6),
    ("Thu", 5),
    ("Thùy", 4),
    ("Kim", 4),
    ("Hồng", 3),
    ("Phương", 3),
    ("Minh", 3),
    ("Bích", 2),
    ("Mỹ", 2),
    ("Quỳnh", 2),
    ("Hoài", 1),
];
const WOMEN_NEW: [(&str, u16); 15] = [
    ("Thị", 30),
    ("Ngọc", 17),
    ("Thanh", 6),
    ("Bảo", 6),
    ("Khánh", 6),
    ("Minh", 6),
    ("Phương", 5),
    ("Quỳnh", 4),
    ("Kim", 4),
    ("Thùy", 3),
    ("Gia", 3),
    ("Hoàng", 3),
    ("Mai", 3),
    ("Diễm", 2),
    ("Tường", 2),
];
const WOMEN_LATER: [(&str, u16); 18] = [
    ("Ngọc", 14),
    ("Thu", 9),
    ("Thanh", 9),
    ("Phương", 8),
    ("Kim", 8),
    ("Hồng", 7),
    ("Thùy", 6),
    ("Quỳnh", 5),
    ("Bích", 5),
    ("Mỹ", 4),
    ("Minh", 4),
    ("Khánh", 4),
    ("Tuyết", 3),
    ("Hoài", 3),
    ("Như", 3),
    ("Ánh", 3),
    ("Diệu", 3),
    ("Cẩm", 2),
];
