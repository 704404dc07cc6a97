//! The country: a bijection with exact shares, whose people agree with their numbers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use mock_vneid::identity::{BirthProvince, CardStatus, Citizen, FullName, Gender, IdNumber, Phone};
use mock_vneid::population::{
    Census, CensusError, Country, GENERATOR_VERSION, Initial, Like, Shares,
};
use proptest::prelude::*;

const FULL: u64 = 68_400_000;

fn country(size: u64, realistic: bool) -> Country {
    Country::new(Census { size, key: 2026, realistic }).expect("a size within the limit")
}

/// Indices all over a country, about `count` of them, first and last included.
fn spread(size: u64, count: u64) -> impl Iterator<Item = u64> {
    let step = usize::try_from(size / count).unwrap_or_default();
    (0..size).step_by(step.max(1)).chain(size.checked_sub(1))
}

#[test]
fn numbers_and_phones_lead_back_to_their_person() {
    for realistic in [false, true] {
        let country = country(FULL, realistic);
        for index in spread(FULL, 200_000) {
            let number = country.number_at(index).unwrap();
            assert_eq!(country.index_of(&number), Some(index));
            let phone = country.phone_at(index).unwrap();
            assert_eq!(country.index_of_phone(&phone), Some(index));
        }
    }
}

#[test]
fn every_person_of_a_small_country_is_counted_once() {
    for (size, realistic) in [(68_400, false), (10_007, true), (10_007, false), (1, false)] {
        let country = country(size, realistic);
        let (mut numbers, mut phones) = (BTreeSet::new(), BTreeSet::new());
        let mut accounts = BTreeMap::new();
        for index in 0..size {
            let number = country.number_at(index).unwrap();
            assert_eq!(country.index_of(&number), Some(index));
            numbers.insert(number);
            phones.insert(country.phone_at(index).unwrap());
            let Initial { level, activated } = country.initial(index).unwrap();
            *accounts.entry((level, activated)).or_insert(0) += 1;
        }
        assert_eq!(numbers.len() as u64, size);
        assert_eq!(phones.len() as u64, size);
        let count = |level, activated| accounts.get(&(level, activated)).copied().unwrap_or(0);
        let (level1, level2) = (count(1, true) + count(1, false), count(2, true) + count(2, false));
        let round = |real: u64| (size * real + FULL / 2) / FULL;
        assert_eq!((level1, level2), (round(15_000_000), size - round(15_000_000)));
        assert_eq!(count(1, true) + count(2, true), round(52_500_000));
        let shares = country.shares();
        assert_eq!(
            (shares.level1_activated, shares.level2_activated),
            (count(1, true), count(2, true))
        );
    }
}

#[test]
fn the_full_country_has_the_published_totals() {
    let shares = country(FULL, false).shares();
    assert_eq!((shares.level1(), shares.level2()), (15_000_000, 53_400_000));
    assert_eq!(shares.activated(), 52_500_000);
    for (rank, level, activated) in [
        (0, 1, true),
        (10_499_999, 1, true),
        (10_500_000, 1, false),
        (14_999_999, 1, false),
        (15_000_000, 2, true),
        (56_999_999, 2, true),
        (57_000_000, 2, false),
        (FULL - 1, 2, false),
    ] {
        assert_eq!(shares.at(rank), Some(Initial { level, activated }), "{rank}");
    }
    assert_eq!((shares.at(FULL), shares.at(u64::MAX)), (None, None));
}

#[test]
fn shares_add_up_at_every_size() {
    for size in (0..5_000).chain(spread(FULL, 5_000)) {
        let shares = Shares::of(size);
        assert_eq!(shares.level1() + shares.level2(), size);
        assert!(shares.activated() <= size);
    }
}

#[test]
fn accounts_do_not_follow_the_order_of_numbers() {
    let country = country(FULL, false);
    let mut people: Vec<_> = spread(FULL, 40_000)
        .map(|index| (country.number_at(index).unwrap(), country.initial(index).unwrap()))
        .collect();
    people.sort_unstable_by_key(|(number, _)| *number);
    for part in people.chunks_exact(4_000) {
        let level1 = part.iter().filter(|(_, initial)| initial.level == 1).count();
        let activated = part.iter().filter(|(_, initial)| initial.activated).count();
        // 21.9 % and 76.8 %, give or take five standard deviations.
        assert!((740..1_015).contains(&level1), "{level1}");
        assert!((2_930..3_210).contains(&activated), "{activated}");
    }
}

#[test]
fn no_number_carries_a_real_province_unless_asked() {
    for realistic in [false, true] {
        let country = country(FULL, realistic);
        for index in spread(FULL, 100_000) {
            let number = country.number_at(index).unwrap();
            let code = number.province_code();
            assert_eq!(BirthProvince::by_code(code).is_some(), realistic, "{code:03}");
        }
    }
}

#[test]
fn nobodys_numbers_and_phones_are_refused() {
    let country = country(FULL, false);
    for text in ["001190123456", "097190123456", "999999999999", "000000000000", "000999123456"] {
        assert_eq!(country.index_of(&IdNumber::parse(text).unwrap()), None, "{text}");
    }
    // A block holds fewer people than serials: most of its numbers are nobody's.
    let numbers = (0..1_000_000)
        .step_by(50)
        .filter_map(|serial| IdNumber::from_parts(0, Gender::Male, 1990, serial));
    let known: Vec<_> =
        numbers.filter_map(|number| Some((number, country.index_of(&number)?))).collect();
    assert!((100..10_000).contains(&known.len()), "{}", known.len());
    assert!(known.iter().all(|(number, index)| country.number_at(*index) == Some(*number)));
    let phones = (0..Phone::COUNT).step_by(9_001).filter_map(Phone::from_ordinal);
    let known = phones.filter(|phone| country.index_of_phone(phone).is_some()).count();
    assert!((7_300..7_900).contains(&known), "{known}"); // 19 % of 40 000
    for index in [FULL, FULL + 1, u64::MAX] {
        assert!(country.number_at(index).is_none() && country.phone_at(index).is_none());
        assert!(country.citizen(index).is_none() && country.initial(index).is_none());
    }
}

#[test]
fn countries_are_empty_or_of_limited_size() {
    let empty = country(0, false);
    assert_eq!((empty.size(), empty.number_at(0), empty.citizen(0)), (0, None, None));
    assert_eq!(empty.sample(&Like::default(), 7), None);
    assert_eq!(empty.index_of_phone(&Phone::parse("0912345678").unwrap()), None);
    let size = FULL + 1;
    let census = Census { size, key: 0, realistic: false };
    assert_eq!(Country::new(census).unwrap_err(), CensusError::TooManyPeople { size });
    for size in 1..300 {
        let country = country(size, size % 2 == 0);
        assert!(
            (0..size)
                .all(|index| country.index_of(&country.number_at(index).unwrap()) == Some(index))
        );
    }
}

fn check(country: &Country, index: u64, citizen: &Citizen) {
    let number = citizen.number;
    assert_eq!(Some(number), country.number_at(index));
    assert_eq!(citizen.phone, country.phone_at(index));
    assert_eq!(citizen.birth_date.year().unsigned_abs(), number.birth_year());
    assert_eq!(Some(citizen.gender), number.gender());
    assert!(citizen.age_on(date(2026, 1, 1)) >= 14 && citizen.age_on(date(2026, 1, 1)) <= 96);
    let birth = BirthProvince::by_code(citizen.birth_province).expect("a code of the list");
    assert_eq!(citizen.residence.province, birth.current);
    if country.census().realistic {
        assert_eq!(number.province_code(), birth.code);
    }
    let province = birth.current_province().expect("a province of today");
    assert!(citizen.residence.to_string().ends_with(&province.to_string()));
    let name = &citizen.full_name;
    assert_eq!(FullName::parse(name.as_str()).as_ref(), Ok(name));
    let words: BTreeSet<&str> = name.as_str().split(' ').collect();
    assert_eq!(words.len(), name.as_str().split(' ').count(), "{name}");
    assert!((2..=5).contains(&words.len()), "{name}");
    assert!(name.as_str().chars().all(|one| one == ' ' || is_vietnamese(one)), "{name}");
    assert!(name.unaccented().bytes().all(|byte| byte == b' ' || byte.is_ascii_alphabetic()));
    if let Some(email) = &citizen.email {
        assert!(email.ends_with("@example.com") && email.is_ascii(), "{email}");
    }
}

fn is_vietnamese(one: char) -> bool {
    let lower =
        "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ";
    one.to_lowercase().all(|one| lower.contains(one))
}

fn check_card(citizen: &Citizen) {
    let card = citizen.card.as_ref().expect("everyone has a card");
    assert!(card.issued >= date(2021, 1, 1) && card.issued <= date(2025, 12, 31));
    let age = |day| citizen.age_on(day);
    assert!(age(card.issued) >= 14);
    match card.expires {
        None => assert!(age(card.issued) >= 58),
        Some(last) => {
            assert!(last >= date(2028, 1, 1) && [25, 40, 60].contains(&age(last)), "{last}");
            // The next re-issue age, or the one after if the next was less than two years off.
            let due = [25, 40, 60].into_iter().find(|due| age(card.issued) + 2 < *due);
            assert!(Some(age(last)) == due || age(card.issued) + 2 == age(last), "{citizen:?}");
        }
    }
    assert_eq!(card.status(date(2026, 1, 1)), CardStatus::Valid);
    assert_ne!(card.status(date(2028, 1, 1)), CardStatus::Expired);
}

#[test]
fn people_agree_with_their_numbers() {
    let mut born_on_leap_days = 0;
    for (size, realistic) in [(FULL, false), (FULL, true), (10_007, false)] {
        let country = country(size, realistic);
        for index in spread(size, 20_000) {
            let citizen = country.citizen(index).unwrap();
            check(&country, index, &citizen);
            check_card(&citizen);
            let day = (citizen.birth_date.month(), citizen.birth_date.day());
            born_on_leap_days += u32::from(day == (2, 29));
        }
    }
    assert!(born_on_leap_days > 10, "{born_on_leap_days}");
}

#[test]
fn names_follow_sex_and_generation() {
    let country = country(FULL, false);
    let of = |gender, birth_years, found: fn(&FullName) -> bool| {
        let like = Like { gender: Some(gender), birth_years: Some(birth_years), ..Like::default() };
        let people = (0..1_000).map(|pick| country.sample(&like, pick * 9_973).unwrap());
        people.filter(|index| found(&country.citizen(*index).unwrap().full_name)).count()
    };
    let thi = |name: &FullName| name.middle().contains("Thị");
    let nguyen = |name: &FullName| name.family() == "Nguyễn";
    assert!(of(Gender::Female, 1930..=1959, thi) > 800);
    assert!(of(Gender::Female, 2000..=2011, thi) < 400);
    assert_eq!(of(Gender::Male, 1930..=2011, thi), 0);
    assert!((320..450).contains(&of(Gender::Male, 1930..=2011, nguyen)));
}

#[test]
fn sampling_finds_only_and_all_who_match() {
    let country = country(10_007, false);
    let like =
        Like { province: Some(79), birth_years: Some(1985..=1990), gender: Some(Gender::Female) };
    let count = country.count(&like);
    let found: BTreeSet<u64> =
        (0..count).map(|pick| country.sample(&like, pick).unwrap()).collect();
    let all: BTreeSet<u64> = (0..country.size())
        .filter(|index| {
            let citizen = country.citizen(*index).unwrap();
            citizen.residence.province == 79
                && (1985..=1990).contains(&citizen.birth_date.year())
                && citizen.gender == Gender::Female
        })
        .collect();
    assert_eq!(found, all);
    assert_eq!(country.sample(&like, count), country.sample(&like, 0));
    assert_eq!(country.count(&Like::default()), 10_007);
    assert!(country.sample(&Like::default(), u64::MAX).is_some());
    for nobody in [
        Like { province: Some(2), ..Like::default() },
        Like { province: Some(335), ..Like::default() }, // 335 = 256 + 79
        Like { birth_years: Some(2012..=2100), ..Like::default() },
        #[expect(clippy::reversed_empty_ranges, reason = "an empty range is a possible question")]
        Like { birth_years: Some(2000..=1990), ..Like::default() },
    ] {
        assert_eq!((country.sample(&nobody, 3), country.count(&nobody)), (None, 0));
    }
}

#[test]
fn people_survive_json() {
    let country = country(FULL, false);
    for index in spread(FULL, 500) {
        let citizen = country.citizen(index).unwrap();
        let json = serde_json::to_string(&citizen).unwrap();
        assert_eq!(serde_json::from_str::<Citizen>(&json).unwrap(), citizen);
    }
}

/// The generator is a file format: if this fails, raise `GENERATOR_VERSION` and write the new people down.
#[test]
fn this_version_gives_these_people() {
    assert_eq!(GENERATOR_VERSION, 1);
    let seen: Vec<String> = [(FULL, false), (FULL, true), (10_007, false)]
        .into_iter()
        .flat_map(|(size, realistic)| {
            let country = country(size, realistic);
            [0, 1, 9_999].map(|index| {
                let citizen = country.citizen(index).unwrap();
                let Initial { level, activated } = country.initial(index).unwrap();
                let phone = citizen.phone.unwrap();
                let (number, name, born) = (citizen.number, citizen.full_name, citizen.birth_date);
                let card = citizen.card.unwrap().issued;
                format!(
                    "{number} {name} {born} {phone} {card} {level}{activated} {}",
                    citizen.residence
                )
            })
        })
        .collect();
    assert_eq!(seen, PEOPLE);
}

const PEOPLE: [&str; 9] = [
    "050201610592 Ngô Hữu Nam 2001-11-23 0399016071 2025-07-09 1true Số 382 đường Lý Thường Kiệt, Phường Long Hải, Tỉnh Hà Tĩnh",
    "013086893303 Phan Hữu Tuấn Thắng 1986-07-20 0896645690 2024-10-13 2true Thôn 8, Xã Tân Thịnh, Tỉnh Sơn La",
    "039060832764 Nguyễn Văn Đức 1960-12-20 0377973415 2023-12-13 2true Thôn 12, Xã Phú Lợi, Tỉnh Hưng Yên",
    "042201723984 Ngô Hữu Nam 2001-11-23 0399016071 2025-07-09 1true Số 382 đường Lý Thường Kiệt, Phường Long Hải, Tỉnh Hà Tĩnh",
    "014086969275 Phan Hữu Tuấn Thắng 1986-07-20 0896645690 2024-10-13 2true Thôn 8, Xã Tân Thịnh, Tỉnh Sơn La",
    "034060973835 Nguyễn Văn Đức 1960-12-20 0377973415 2023-12-13 2true Thôn 12, Xã Phú Lợi, Tỉnh Hưng Yên",
    "057052473782 Ngô Ngọc Lợi 1952-11-23 0399016071 2023-10-29 2true Số 382 đường Lý Thường Kiệt, Phường Long Hải, Thành phố Đà Nẵng",
    "071190851415 Phan Thanh Tuyết Nga 1990-07-20 0896645690 2021-10-21 2false Ấp 8, Xã Tân Thịnh, Tỉnh Đồng Nai",
    "000154536777 Nguyễn Thị Lợi 1954-12-20 0377973415 2023-12-13 2true Số 380 đường Bà Triệu, Phường Phú Lợi, Thành phố Hà Nội",
];

proptest! {
    #[test]
    fn any_country_is_a_bijection(
        size in 1..=FULL, key in any::<u64>(), realistic in any::<bool>(), pick in any::<u64>(),
    ) {
        let country = Country::new(Census { size, key, realistic }).unwrap();
        for index in [0, size - 1, pick % size, pick % 1_000 % size] {
            let citizen = country.citizen(index).unwrap();
            check(&country, index, &citizen);
            check_card(&citizen);
            prop_assert_eq!(country.index_of(&citizen.number), Some(index));
            prop_assert_eq!(country.index_of_phone(&citizen.phone.unwrap()), Some(index));
        }
    }

    #[test]
    fn any_number_is_somebodys_or_nobodys(text in "0[0-9]{2}[0-3][0-9]{8}", realistic in any::<bool>()) {
        let country = country(FULL, realistic);
        let number = IdNumber::parse(&text).unwrap();
        if let Some(index) = country.index_of(&number) {
            prop_assert_eq!(country.number_at(index), Some(number));
        }
    }
}
