//! Records agree with numbers, and cards, deaths and foreigners' papers with the accounts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use mock_vneid::identity::{
    BirthProvince, Card, CardStatus, Citizen, FullName, Gender, HolderKind, birthday,
    foreign::ResidenceKind, lock::LockReason,
};
use mock_vneid::population::{Country, Found, Initial, InitialState, Like};

use super::{FULL, country, spread};

const START: Date = date(2026, 1, 1);
/// The last day on which nobody of the children has turned 14.
const EVE: Date = date(2025, 12, 31);

fn check(country: &Country, index: u64, citizen: &Citizen) {
    let number = citizen.number;
    assert_eq!(Some(number), country.number_at(index));
    assert_eq!(citizen.phone, country.phone_at(index));
    assert_eq!(citizen.birth_date.year().unsigned_abs(), number.birth_year());
    assert_eq!(Some(citizen.gender), number.gender());
    assert!(citizen.age_on(START) <= 96);
    let birth = BirthProvince::by_code(citizen.birth_province).expect("a code of the list");
    if citizen.foreign.is_none() {
        assert_eq!(citizen.residence.province, birth.current);
        let province = birth.current_province().expect("a province of today");
        assert!(citizen.residence.to_string().ends_with(&province.to_string()));
        if country.census().realistic {
            assert_eq!(number.province_code(), birth.code);
        }
    }
    let name = &citizen.full_name;
    assert_eq!(FullName::parse(name.as_str()).as_ref(), Ok(name));
    let words: BTreeSet<&str> = name.as_str().split(' ').collect();
    assert_eq!(words.len(), name.as_str().split(' ').count(), "{name}");
    assert!((2..=5).contains(&words.len()), "{name}");
    assert!(name.unaccented().bytes().all(|byte| byte == b' ' || byte.is_ascii_alphabetic()));
    if let Some(email) = &citizen.email {
        assert!(email.ends_with("@example.com") && email.is_ascii(), "{email}");
    }
    let Initial { level, state } = country.initial(index).unwrap();
    let dead = state.reason() == Some(LockReason::Death);
    assert_eq!(citizen.died.map(Date::year), dead.then_some(2025));
    let kind = citizen.kind_on(EVE);
    assert!(level < 2 || !matches!(kind, HolderKind::YoungChild | HolderKind::YoungForeigner));
    match (&citizen.foreign, citizen.age_on(EVE)) {
        (Some(_), _) => check_foreigner(citizen, state),
        (None, 14..) => check_card(citizen, state),
        (None, _) => check_childs_card(citizen, state),
    }
}

fn check_card(citizen: &Citizen, state: InitialState) {
    let Some(card) = citizen.card.as_ref() else {
        assert_eq!(state, InitialState::Unregistered);
        return;
    };
    assert_eq!(card.revoked, state.reason() == Some(LockReason::CardRevoked));
    let expired = state.reason() == Some(LockReason::CardExpired);
    assert!(card.issued >= date(2021, 1, 1) && card.issued <= date(2025, 12, 31));
    assert!(citizen.age_on(card.issued) >= 14 || expired);
    let due = |age| birthday(citizen.birth_date, age).unwrap();
    match card.expires {
        None => assert!(citizen.age_on(card.issued) >= 58),
        Some(last) if expired => {
            assert!(last < START && card.issued < last);
            let ruled =
                [25, 40, 60].map(due).into_iter().find(|day| (2024..2026).contains(&day.year()));
            assert!(ruled.is_none_or(|day| day == last), "{citizen:?}");
        }
        Some(last) => {
            assert!(last >= date(2028, 1, 1) || last.year() == 2026, "{last}");
            // The next re-issue age, or the one after if the next was less than two years off.
            let next = [25, 40, 60].into_iter().find(|age| card.issued < due(age - 2));
            assert_eq!(next.map(due), Some(last), "{citizen:?}");
        }
    }
    for former in &citizen.former_cards {
        assert!(
            former.issued < card.issued && former.expires.is_none_or(|last| last > former.issued)
        );
        assert!(citizen.age_on(former.issued) >= 14);
    }
}

fn check_childs_card(citizen: &Citizen, state: InitialState) {
    assert_eq!((citizen.email.as_ref(), citizen.phone), (None, None));
    let Some(Card { issued, expires, revoked }) = citizen.card else {
        assert_eq!(state, InitialState::Unregistered);
        return;
    };
    assert!(issued >= citizen.birth_date.max(date(2024, 7, 1)) && issued < START);
    assert_eq!(expires, birthday(citizen.birth_date, 14));
    assert_eq!(revoked, state.reason() == Some(LockReason::CardRevoked));
}

fn check_foreigner(citizen: &Citizen, state: InitialState) {
    let foreign = citizen.foreign.as_ref().unwrap();
    assert_eq!(foreign.validate(), Ok(()));
    assert_eq!(citizen.card, None);
    assert!([1, 24, 31, 48, 75, 79].contains(&citizen.residence.province));
    let out = |reason| state.reason() == Some(reason);
    let (passport, residence) = (&foreign.passport, foreign.residence_card.expires);
    assert!(passport.issued >= citizen.birth_date);
    for (expires, locked) in [
        (passport.expires, out(LockReason::PassportExpired)),
        (residence, out(LockReason::ResidenceExpired)),
    ] {
        if locked {
            assert!(expires.year() == 2025 && expires >= citizen.birth_date);
        } else {
            assert!(expires >= date(2028, 1, 1), "{expires}");
        }
    }
}

#[test]
fn people_agree_with_their_numbers_and_accounts() {
    let mut born_on_leap_days = 0;
    for (size, realistic) in [(FULL, false), (FULL, true), (10_007, false)] {
        let country = country(size, realistic);
        let persons = country.persons();
        let foreigners = (persons - persons / 920)..persons;
        let few = spread(persons, 15_000)
            .chain(foreigners.step_by((persons / 1_000_000).max(1).try_into().unwrap()));
        for index in few {
            let citizen = country.citizen(index).unwrap();
            check(&country, index, &citizen);
            let day = (citizen.birth_date.month(), citizen.birth_date.day());
            born_on_leap_days += u32::from(day == (2, 29));
        }
    }
    assert!(born_on_leap_days > 10, "{born_on_leap_days}");
}

#[test]
fn everybody_in_a_rare_state_has_a_record_that_says_so() {
    let country = country(FULL, false);
    for reason in LockReason::ALL.iter().copied() {
        let like = Like { reason: Some(reason), ..Like::default() };
        for pick in 0..200 {
            match country.search(&like, START, pick) {
                Found::Person(index) => check(&country, index, &country.citizen(index).unwrap()),
                Found::Organisation(_) => unreachable!(),
                Found::Nobody { everyone, .. } => {
                    assert!(everyone);
                    assert!([LockReason::Dissolved, LockReason::PhoneReclaimed].contains(&reason));
                }
            }
        }
    }
}

#[test]
fn cards_have_their_shares() {
    let country = country(FULL, false);
    let cards: Vec<_> = spread(FULL, 40_000)
        .map(|index| country.citizen(index).unwrap())
        .map(|citizen| (citizen.card.unwrap(), citizen.former_cards.len()))
        .collect();
    let per_mille = |fits: &dyn Fn(&(Card, usize)) -> bool| {
        cards.iter().filter(|one| fits(one)).count() * 1_000 / cards.len()
    };
    let soon = |month: Option<i8>| {
        move |(card, _): &(Card, usize)| {
            card.expires.is_some_and(|day| {
                day.year() == 2026 && month.is_none_or(|month| month == day.month())
            })
        }
    };
    assert!((4..=6).contains(&per_mille(&soon(None))), "{}", per_mille(&soon(None)));
    for month in 1..=12 {
        assert!(cards.iter().any(soon(Some(month))), "{month}");
    }
    assert!((300..370).contains(&per_mille(&|one| one.1 == 1)), "{}", per_mille(&|one| one.1 == 1));
    // Locked for an expired card, and nobody else but those of 2026.
    let past = |(card, _): &(Card, usize)| card.status(START) == CardStatus::Expired;
    assert!((2..=4).contains(&per_mille(&past)));
}

#[test]
fn names_follow_sex_and_generation() {
    let country = country(FULL, false);
    let of = |gender, birth_years, found: fn(&FullName) -> bool| {
        let like = Like { gender: Some(gender), birth_years: Some(birth_years), ..Like::default() };
        let people = (0..1_000).filter_map(|pick| match country.search(&like, START, pick) {
            Found::Person(index) => country.citizen(index),
            Found::Organisation(_) | Found::Nobody { .. } => None,
        });
        people.filter(|citizen| found(&citizen.full_name)).count()
    };
    let thi = |name: &FullName| name.middle().contains("Thị");
    let nguyen = |name: &FullName| name.family() == "Nguyễn";
    assert!(of(Gender::Female, 1930..=1959, thi) > 800);
    assert!(of(Gender::Female, 2000..=2011, thi) < 400);
    assert_eq!(of(Gender::Male, 1930..=2011, thi), 0);
    assert!((320..450).contains(&of(Gender::Male, 1930..=2011, nguyen)));
}

#[test]
fn people_survive_json() {
    let country = country(FULL, false);
    for index in spread(country.persons(), 500) {
        let citizen = country.citizen(index).unwrap();
        let json = serde_json::to_string(&citizen).unwrap();
        assert_eq!(serde_json::from_str::<Citizen>(&json).unwrap(), citizen);
    }
}

#[test]
fn foreigners_come_from_many_countries() {
    let country = country(FULL, false);
    let mut by_nation = BTreeMap::new();
    let (mut all, mut in_database, mut permanent) = (0, 0, 0);
    for index in (92_400_000..92_500_000).step_by(13) {
        let foreign = country.citizen(index).unwrap().foreign.unwrap();
        *by_nation.entry(foreign.nationality).or_insert(0) += 1;
        all += 1;
        in_database += usize::from(foreign.in_database);
        permanent += usize::from(foreign.residence_card.kind == ResidenceKind::Permanent);
    }
    assert!((88..=92).contains(&(in_database * 100 / all)));
    assert!((10..=14).contains(&(permanent * 100 / all)));
    for nation in ["KR", "CN", "JP", "US", "FR", "LA", "KH", "IN", "DE", "RU"] {
        assert!(by_nation.get(nation).is_some_and(|count| *count > 50), "{nation}");
    }
    assert!((25..=29).contains(&(by_nation["KR"] * 100 / all)));
}
