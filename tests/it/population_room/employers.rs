//! Organisations, their staff and who represents them, asked from both sides.

use std::collections::BTreeSet;

use jiff::civil::Date;
use mock_vneid::identity::{IdNumber, lock::LockReason, wanted::StateName};
use mock_vneid::population::{Country, Found, Initial, InitialState, OrganisationLike};

use super::{FULL, SMALL, country, spread};

fn check(country: &Country, index: u64) {
    let organisation = country.organisation(index).unwrap();
    assert_eq!(organisation.validate(), Ok(()));
    assert_eq!(country.organisation_number(index), Some(organisation.number));
    assert_eq!(country.organisation_index(&organisation.number), Some(index));
    assert_eq!(country.index_of(&organisation.number), None);
    let tax_code = organisation.tax_code.as_ref().unwrap();
    assert!(tax_code.len() == 10 && tax_code.starts_with('9'), "{tax_code}");
    assert!(organisation.enterprise_code.as_ref().is_none_or(|code| code == tax_code));
    let staff: Vec<IdNumber> = country.staff(index).collect();
    assert_eq!(staff.len() as u64, country.staff_count(index));
    assert_eq!(staff.first(), Some(&organisation.representative));
    for (at, number) in staff.iter().enumerate() {
        let person = country.index_of(number).unwrap();
        assert_eq!(country.employer_of(person), Some(index));
        assert_eq!(country.represents(person), (at == 0).then_some(index));
        assert!((1966..=2003).contains(&number.birth_year()));
    }
    let first = country.index_of(&organisation.representative).unwrap();
    let home = country.citizen(first).unwrap().residence.province;
    assert_eq!(organisation.head_office.province, home);
    let Initial { level, state } = country.organisation_initial(index).unwrap();
    assert_eq!(level, 0);
    let dissolved = state == InitialState::Locked(LockReason::Dissolved);
    assert_eq!(organisation.dissolved.map(Date::year), dissolved.then_some(2025));
    if state != InitialState::Unregistered && !dissolved {
        let able = Initial { level: 2, state: InitialState::Active };
        assert_eq!(country.initial(first), Some(able));
    }
}

#[test]
fn staff_and_employers_agree() {
    let country = country(FULL, false);
    spread(country.organisation_count(), 700).for_each(|index| check(&country, index));
    for index in spread(country.persons(), 5_000) {
        let number = country.number_at(index).unwrap();
        if let Some(employer) = country.employer_of(index) {
            assert_eq!(country.staff(employer).filter(|one| *one == number).count(), 1);
        }
    }
}

#[test]
fn every_employed_person_of_a_small_country_is_on_one_staff() {
    for size in SMALL {
        let country = country(size, false);
        let mut staff = BTreeSet::new();
        for index in 0..country.organisation_count() {
            check(&country, index);
            assert!(country.staff(index).all(|number| staff.insert(number)));
        }
        let employed = (0..country.persons()).filter(|at| country.employer_of(*at).is_some());
        assert_eq!(employed.count(), staff.len());
    }
}

#[test]
fn organisations_have_their_shares() {
    let country = country(FULL, false);
    let count = country.organisation_count();
    assert!((670_000..690_000).contains(&count), "{count}");
    let working = spread(FULL, 40_000).filter_map(|index| {
        let year = country.number_at(index)?.birth_year();
        (1966..=2003).contains(&year).then(|| country.employer_of(index).is_some())
    });
    let working: Vec<bool> = working.collect();
    let employed = working.iter().filter(|employed| **employed).count() * 100 / working.len();
    assert!((59..=60).contains(&employed), "{employed}");
    let states: Vec<_> =
        spread(count, 20_000).map(|at| country.organisation_initial(at).unwrap().state).collect();
    let per_mille =
        |state| states.iter().filter(|one| **one == state).count() * 1_000 / states.len();
    assert!((46..=54).contains(&per_mille(InitialState::Active)));
    assert!((8..=12).contains(&per_mille(InitialState::Approved)));
    assert!((900..=940).contains(&per_mille(InitialState::Unregistered)));
    assert!((2..=4).contains(&per_mille(InitialState::Locked(LockReason::Dissolved))));
    let sizes: BTreeSet<u64> = (0..40).map(|index| country.staff_count(index)).collect();
    assert_eq!(sizes, BTreeSet::from([7, 16, 42, 108]));
}

#[test]
fn strangers_are_no_organisations() {
    let country = country(FULL, false);
    let count = country.organisation_count();
    for index in [count, count + 1, u64::MAX] {
        assert!(country.organisation(index).is_none());
        assert!(country.organisation_initial(index).is_none());
        assert_eq!((country.staff_count(index), country.staff(index).count()), (0, 0));
    }
    let person = country.number_at(0).unwrap();
    assert_eq!(country.organisation_index(&person), None);
    for text in ["800000000000", "899999999999", "812345678901"] {
        let number = IdNumber::parse(text).unwrap();
        let index = country.organisation_index(&number);
        assert!(index.is_none_or(|at| country.organisation_number(at) == Some(number)));
    }
}

#[test]
fn organisations_are_found_by_what_they_are() {
    let country = country(100_000, false);
    let all = |fits: &dyn Fn(u64) -> bool| -> BTreeSet<u64> {
        (0..country.organisation_count()).filter(|index| fits(*index)).collect()
    };
    let found = |like: &OrganisationLike, count: usize| -> BTreeSet<u64> {
        let one = |pick| match country.search_organisations(like, pick) {
            Found::Organisation(index) => index,
            other => panic!("{other:?}"),
        };
        (0..count as u64).map(one).collect()
    };
    let state = |index| country.organisation_initial(index).unwrap().state;
    let like = OrganisationLike { state: Some(StateName::Active), ..OrganisationLike::default() };
    let wanted = all(&|index| state(index) == InitialState::Active);
    assert!(wanted.len() > 20);
    assert_eq!(found(&like, wanted.len()), wanted);
    let like = OrganisationLike {
        province: Some(79),
        staff: Some(100..=200),
        state: Some(StateName::Unregistered),
        ..OrganisationLike::default()
    };
    let wanted = all(&|index| {
        state(index) == InitialState::Unregistered
            && country.staff_count(index) >= 100
            && country.organisation(index).unwrap().head_office.province == 79
    });
    assert!(wanted.len() > 5);
    assert_eq!(found(&like, wanted.len()), wanted);
    let nobody = OrganisationLike { province: Some(2), ..OrganisationLike::default() };
    let answer = Found::Nobody { looked_at: 0, everyone: true };
    assert_eq!(country.search_organisations(&nobody, 0), answer);
}

#[test]
fn organisations_are_named_after_what_they_are() {
    let country = country(FULL, false);
    let mut forms = BTreeSet::new();
    for index in spread(country.organisation_count(), 3_000) {
        let organisation = country.organisation(index).unwrap();
        let name = &organisation.name;
        let company = name.starts_with("Công ty") || name.starts_with("Doanh nghiệp");
        assert_eq!(organisation.enterprise_code.is_some(), company, "{name}");
        assert_eq!(organisation.short_name.is_some(), company, "{name}");
        assert!(company || organisation.dissolved.is_none(), "{name}");
        if let Some(place) = name.strip_prefix("Ủy ban nhân dân ") {
            let commune = &organisation.head_office.commune;
            assert_eq!(place.to_lowercase(), commune.to_lowercase());
            assert!(place.starts_with("xã ") || place.starts_with("phường "), "{name}");
        }
        forms.insert(name.split(' ').take(2).collect::<Vec<_>>().join(" "));
    }
    let all =
        ["Công ty", "Trường Tiểu", "Trường Trung", "Trường Mầm", "Hợp tác", "Ủy ban", "Bệnh viện"];
    assert!(all.into_iter().all(|form| forms.contains(form)), "{forms:?}");
}
