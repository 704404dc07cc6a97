//! Couples, children, wards and their guardians, asked from both sides.

use std::collections::BTreeMap;

use jiff::civil::date;
use mock_vneid::identity::{Citizen, Gender, HolderKind, IdNumber, lock::LockReason};
use mock_vneid::population::Country;

use super::{FULL, SMALL, country, spread};

fn of(country: &Country, number: &IdNumber) -> (u64, Citizen) {
    let index = country.index_of(number).unwrap();
    (index, country.citizen(index).unwrap())
}

fn dead(country: &Country, index: u64) -> bool {
    country.initial(index).unwrap().state.reason() == Some(LockReason::Death)
}

fn check_adult(country: &Country, index: u64, citizen: &Citizen) {
    let dependants = country.dependants_of(index);
    for number in &dependants {
        let (_, dependant) = of(country, number);
        assert_eq!(dependant.representative, Some(citizen.number));
        assert_eq!(dependant.residence, citizen.residence);
    }
    assert_eq!(citizen.spouse, country.spouse_of(index).and_then(|at| country.number_at(at)));
    assert_eq!(citizen.under_guardianship, citizen.representative.is_some());
    let Some(spouse) = country.spouse_of(index) else {
        assert!(!citizen.under_guardianship);
        return;
    };
    let other = country.citizen(spouse).unwrap();
    assert_eq!(country.spouse_of(spouse), Some(index));
    assert_eq!(other.spouse, Some(citizen.number));
    assert_eq!(other.residence, citizen.residence);
    assert_ne!(other.gender, citizen.gender);
    assert!(citizen.number.birth_year() <= 2003);
    let [her, his] = match citizen.gender {
        Gender::Female => [citizen, &other],
        Gender::Male => [&other, citizen],
    };
    assert_eq!(his.number.birth_year() + 3, her.number.birth_year());
    if citizen.under_guardianship {
        assert_eq!(citizen.representative, Some(other.number));
        assert!(!other.under_guardianship && !dead(country, spouse));
        assert!(country.dependants_of(spouse).contains(&citizen.number));
        assert!(dependants.is_empty());
    }
    if dead(country, index) {
        assert!(dependants.is_empty());
    }
}

fn check_child(country: &Country, citizen: &Citizen) {
    assert_eq!((citizen.spouse, citizen.under_guardianship), (None, false));
    let Some(number) = citizen.representative else { return };
    let (index, guardian) = of(country, &number);
    assert!(country.dependants_of(index).contains(&citizen.number));
    assert_eq!(guardian.residence, citizen.residence);
    assert!(!guardian.under_guardianship && !dead(country, index));
    let spouse = guardian.spouse.map(|spouse| of(country, &spouse));
    let (mother, father) = match guardian.gender {
        Gender::Female => (&guardian, spouse.as_ref().map(|(_, spouse)| spouse)),
        Gender::Male => {
            let (at, wife) = spouse.as_ref().expect("a father acts for his wife's children");
            assert!(wife.under_guardianship || dead(country, *at));
            (wife, Some(&guardian))
        }
    };
    let age = citizen.number.birth_year() - mother.number.birth_year();
    assert!([24, 29].contains(&age), "{age}");
    assert_eq!(citizen.full_name.family(), father.unwrap_or(mother).full_name.family());
}

fn check(country: &Country, index: u64) {
    let citizen = country.citizen(index).unwrap();
    match citizen.kind_on(date(2025, 12, 31)) {
        HolderKind::Citizen | HolderKind::Ward => check_adult(country, index, &citizen),
        HolderKind::Child | HolderKind::YoungChild => check_child(country, &citizen),
        HolderKind::Foreigner => {
            for number in country.dependants_of(index) {
                assert_eq!(of(country, &number).1.representative, Some(citizen.number));
            }
        }
        HolderKind::YoungForeigner => {
            let Some(number) = citizen.representative else { return };
            let (parent, record) = of(country, &number);
            assert_eq!(country.dependants_of(parent), [citizen.number]);
            assert_eq!(record.residence, citizen.residence);
            assert_eq!(record.full_name.family(), citizen.full_name.family());
            let nation = |one: &Citizen| one.foreign.as_ref().unwrap().nationality.clone();
            assert_eq!(nation(&record), nation(&citizen));
        }
        HolderKind::Organisation => unreachable!(),
    }
}

#[test]
fn households_agree_from_every_side() {
    let country = country(FULL, false);
    let foreigners = (92_400_000..92_500_000).step_by(61);
    spread(country.persons(), 20_000).chain(foreigners).for_each(|index| check(&country, index));
}

#[test]
fn households_of_small_countries_agree_too() {
    for size in SMALL {
        let country = country(size, true);
        (0..country.persons()).for_each(|index| check(&country, index));
    }
}

#[test]
fn households_have_their_shares() {
    let country = country(FULL, false);
    let adults: Vec<_> =
        spread(FULL, 60_000).map(|index| country.citizen(index).unwrap()).collect();
    let old_enough = adults.iter().filter(|one| one.number.birth_year() <= 2000);
    let married = old_enough.clone().filter(|one| one.spouse.is_some()).count();
    let share = married * 100 / old_enough.count();
    assert!((70..=80).contains(&share), "{share}");
    let wards = adults.iter().filter(|one| one.under_guardianship).count();
    assert!((60..=130).contains(&wards), "{wards}"); // 0.2 % of the 80 % who are married
    let mut by_count = BTreeMap::new();
    for index in spread(FULL, 10_000) {
        *by_count.entry(country.dependants_of(index).len()).or_insert(0) += 1;
    }
    assert!(by_count[&1] > 300 && by_count[&2] > 300, "{by_count:?}");
    let children = 76_400_000..92_400_000_u64;
    let with_guardian = children
        .step_by(4_001)
        .filter(|index| country.citizen(*index).unwrap().representative.is_some());
    assert!(with_guardian.count() >= 3_990); // of 3 999
}
