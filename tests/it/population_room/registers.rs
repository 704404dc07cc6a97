//! Indices, numbers and phones of every register, and the exact shares of accounts.

use std::collections::{BTreeMap, BTreeSet};

use mock_vneid::identity::{BirthProvince, Gender, IdNumber, Phone, lock::LockReason};
use mock_vneid::population::{Census, CensusError, Country, Initial, InitialState, Shares};
use proptest::prelude::*;

use super::{FULL, SMALL, country, spread};

#[test]
fn numbers_and_phones_lead_back_to_their_person() {
    for realistic in [false, true] {
        let country = country(FULL, realistic);
        for index in spread(country.persons(), 100_000) {
            let number = country.number_at(index).unwrap();
            assert_eq!(country.index_of(&number), Some(index));
            if let Some(phone) = country.phone_at(index) {
                assert_eq!(country.index_of_phone(&phone), Some(index));
            }
        }
    }
}

/// The first index after each register of the full country: accounts, other adults, children, infants, foreigners.
const ENDS: [u64; 6] = [FULL, 76_400_000, 85_840_000, 92_400_000, 92_496_000, 92_500_000];

#[test]
fn the_full_country_has_its_registers_one_after_another() {
    let country = country(FULL, false);
    assert_eq!((country.size(), country.persons()), (FULL, 92_500_000));
    let years = [1930..=2011, 1930..=2011, 2012..=2019, 2020..=2025, 1950..=2019, 2020..=2025];
    let mut first = 0;
    for (at, (end, years)) in ENDS.into_iter().zip(years).enumerate() {
        for index in spread(end - first, 2_000).map(|index| first + index) {
            let number = country.number_at(index).unwrap();
            assert!(years.contains(&number.birth_year()), "{index}");
            assert_eq!(number.is_foreign(), at >= 4);
            assert_eq!(country.phone_at(index).is_some(), [0, 1, 4].contains(&at), "{index}");
            assert_eq!(country.citizen(index).unwrap().foreign.is_some(), at >= 4);
        }
        first = end;
    }
}

#[test]
fn every_person_of_a_small_country_is_counted_once() {
    for (size, realistic) in SMALL.into_iter().flat_map(|size| [(size, false), (size, true)]) {
        let country = country(size, realistic);
        let (mut numbers, mut phones) = (BTreeSet::new(), BTreeSet::new());
        let (mut without_phone, mut children) = (0, 0);
        for index in 0..country.persons() {
            let number = country.number_at(index).unwrap();
            assert_eq!(country.index_of(&number), Some(index));
            numbers.insert(number);
            children += u64::from(number.birth_year() >= 2012 && !number.is_foreign());
            match country.phone_at(index) {
                Some(phone) => assert!(phones.insert(phone)),
                None => without_phone += 1,
            }
        }
        assert_eq!(numbers.len() as u64, country.persons());
        assert_eq!(phones.len() as u64 + without_phone, country.persons());
        let round = |real: u64| (size * real + FULL / 2) / FULL;
        assert_eq!(children, round(16_000_000));
        assert_eq!(country.persons(), size + round(8_000_000) + round(16_000_000) + round(100_000));
    }
}

#[test]
fn states_have_their_exact_shares() {
    let size = 68_400;
    let country = country(size, false);
    let mut counts = BTreeMap::new();
    for index in 0..size {
        let Initial { level, state } = country.initial(index).unwrap();
        *counts.entry((level, format!("{state:?}"))).or_insert(0) += 1;
    }
    let both = |name: &str| -> u64 {
        [0, 1, 2].iter().filter_map(|level| counts.get(&(*level, name.to_owned()))).sum()
    };
    let level = |wanted: u8| -> u64 {
        counts.iter().filter(|((level, _), _)| *level == wanted).map(|(_, count)| count).sum()
    };
    assert_eq!((level(0), level(1), level(2)), (0, 15_000, 53_400));
    // Of 52 500 activated.
    for (name, count) in [
        ("TemporarilyLocked", 26),
        ("Locked(HoldersRequest)", 105),
        ("Locked(BreachOfTerms)", 52),
        ("Locked(AuthoritysRequest)", 52),
        ("Locked(CardRevoked)", 157),
        ("Locked(CardExpired)", 210),
        ("Locked(Death)", 105),
        ("UpgradeApproved", 103),
        // Of 15 900 not activated.
        ("Approved", 159),
        ("ActivationOverdue", 15_741),
    ] {
        assert_eq!(both(name), count, "{name}");
    }
    assert_eq!(both("Active"), 52_500 - 26 - 105 - 52 - 52 - 157 - 210 - 105 - 103);
    // Of 8 000 adults without an account.
    let rest = (size..size + 8_000).map(|index| country.initial(index).unwrap());
    let level0 = rest.clone().filter(|one| one.state == InitialState::Level0).count();
    assert_eq!(level0, 2_000);
    assert!(rest.clone().all(|one| one.level == 0 && !one.activated()));
    let with_card = (size..size + 8_000).filter(|index| {
        country.initial(*index) == Some(Initial::UNREGISTERED)
            && country.citizen(*index).unwrap().card.is_some()
    });
    assert_eq!(with_card.count(), 4_000);
}

#[test]
fn children_and_foreigners_have_their_shares_too() {
    let country = country(FULL / 10, false);
    let [children, infants, foreigners, young] =
        [ENDS[1], ENDS[2], ENDS[3], ENDS[4]].map(|first| first / 10);
    let states = |first: u64, end: u64| spread(end - first, 5_000).map(move |index| first + index);
    let share = |first: u64, end: u64, fits: &dyn Fn(Initial) -> bool| {
        let all: Vec<_> = states(first, end).map(|index| country.initial(index).unwrap()).collect();
        all.iter().filter(|one| fits(**one)).count() * 100 / all.len()
    };
    let unregistered = |one: Initial| one == Initial::UNREGISTERED;
    let active =
        |level| move |one: Initial| one.level == level && one.state == InitialState::Active;
    let near =
        |found: usize, wanted: usize| assert!(found.abs_diff(wanted) <= 2, "{found} {wanted}");
    near(share(children, infants, &unregistered), 71);
    near(share(children, infants, &active(2)), 10);
    near(share(infants, foreigners, &unregistered), 95);
    assert_eq!(share(infants, foreigners, &|one| one.level == 2), 0);
    near(share(foreigners, young, &unregistered), 40);
    near(share(foreigners, young, &active(1)), 25);
    near(share(foreigners, young, &active(2)), 30);
    let expired = |one: Initial| one.state == InitialState::Locked(LockReason::PassportExpired);
    let count = (foreigners..young).filter(|at| expired(country.initial(*at).unwrap())).count();
    assert_eq!(count, 96); // 1 % of 9 600
}

#[test]
fn shares_add_up_at_every_size() {
    for size in (0..5_000).chain(spread(FULL, 5_000)) {
        let shares = Shares::of(size);
        assert_eq!(shares.level1() + shares.level2(), size);
        assert!(shares.activated() <= size);
    }
    let shares = Shares::of(FULL);
    assert_eq!((shares.level1(), shares.level2()), (15_000_000, 53_400_000));
    assert_eq!(shares.activated(), 52_500_000);
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
        let activated = part.iter().filter(|(_, initial)| initial.activated()).count();
        // 21.9 % and 76.8 %, give or take five standard deviations.
        assert!((740..1_015).contains(&level1), "{level1}");
        assert!((2_930..3_210).contains(&activated), "{activated}");
    }
}

#[test]
fn no_number_carries_a_real_province_unless_asked() {
    for realistic in [false, true] {
        let country = country(FULL, realistic);
        for index in spread(country.persons(), 50_000) {
            let number = country.number_at(index).unwrap();
            let code = number.province_code();
            let real = realistic && !number.is_foreign();
            assert_eq!(BirthProvince::by_code(code).is_some(), real, "{code:03}");
        }
    }
}

#[test]
fn nobodys_numbers_and_phones_are_refused() {
    let country = country(FULL, false);
    for text in [
        "001190123456",
        "097190123456",
        "999999999999",
        "000000000000",
        "000999123456",
        "000226123456",
        "899999999999",
        "914190123456",
    ] {
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
    assert!((8_200..8_800).contains(&known), "{known}"); // 21 % of 40 000
    for index in [country.persons(), country.persons() + 1, u64::MAX] {
        assert!(country.number_at(index).is_none() && country.phone_at(index).is_none());
        assert!(country.citizen(index).is_none() && country.initial(index).is_none());
        assert!(country.spouse_of(index).is_none() && country.employer_of(index).is_none());
        assert!(country.dependants_of(index).is_empty());
    }
}

#[test]
fn countries_are_of_limited_size() {
    let size = FULL + 1;
    let census = Census { size, key: 0, realistic: false };
    assert_eq!(Country::new(census).unwrap_err(), CensusError::TooManyPeople { size });
    let empty = country(0, false);
    assert_eq!((empty.persons(), empty.organisation_count()), (0, 0));
    assert_eq!(empty.index_of_phone(&Phone::parse("0912345678").unwrap()), None);
}

#[test]
fn every_question_has_an_answer_at_every_small_size() {
    let today = jiff::civil::date(2026, 3, 2);
    for size in (0..60).chain([299]) {
        let country = country(size, size % 2 == 0);
        for index in 0..country.persons() {
            let number = country.number_at(index).unwrap();
            assert_eq!(country.index_of(&number), Some(index));
            let citizen = country.citizen(index).unwrap();
            assert_eq!(country.papers(&citizen, today).validate(), Ok(()));
            assert!(country.initial(index).is_some());
            assert!(country.dependants_of(index).len() <= 4);
        }
        for index in 0..country.organisation_count() {
            assert!(country.organisation(index).is_some());
            assert!(country.organisation_initial(index).is_some());
            assert_eq!(country.staff(index).count() as u64, country.staff_count(index));
        }
    }
}

proptest! {
    #[test]
    fn any_country_is_a_bijection(
        size in 1..=FULL, key in any::<u64>(), realistic in any::<bool>(), pick in any::<u64>(),
    ) {
        let country = Country::new(Census { size, key, realistic }).unwrap();
        let persons = country.persons();
        for index in [0, size - 1, size % persons, persons - 1, pick % persons] {
            let number = country.number_at(index).unwrap();
            prop_assert_eq!(country.index_of(&number), Some(index));
            if let Some(phone) = country.phone_at(index) {
                prop_assert_eq!(country.index_of_phone(&phone), Some(index));
            }
            prop_assert!(country.citizen(index).is_some());
            if let Some(spouse) = country.spouse_of(index) {
                prop_assert_eq!(country.spouse_of(spouse), Some(index));
            }
        }
    }

    #[test]
    fn any_number_is_somebodys_or_nobodys(text in "[0-9]{3}[0-3][0-9]{8}", realistic in any::<bool>()) {
        let country = country(FULL, realistic);
        let number = IdNumber::parse(&text).unwrap();
        if let Some(index) = country.index_of(&number) {
            prop_assert_eq!(country.number_at(index), Some(number));
        }
        if let Some(index) = country.organisation_index(&number) {
            prop_assert_eq!(country.organisation_number(index), Some(number));
        }
    }
}
