//! Papers: the forms to the digit, terms that hold today, and who has which.

use jiff::civil::{Date, date};
use mock_vneid::identity::{
    Citizen, PaperKind, Papers,
    papers::{HEALTH_INSURANCE_GROUPS, is_health_card, is_plate},
};
use mock_vneid::population::{Country, Found, Like};

use super::{FULL, country, spread};

const TODAY: Date = date(2026, 11, 25);

fn check(country: &Country, index: u64, citizen: &Citizen, papers: &Papers, today: Date) {
    assert_eq!(papers.validate(), Ok(()));
    let age = citizen.age_on(today);
    let province = format!("{:02}", citizen.residence.province);
    if let Some(card) = &papers.health_insurance {
        assert!(is_health_card(&card.number) && citizen.died.is_none());
        let group = &card.number[..2];
        assert!(group == "TE" || HEALTH_INSURANCE_GROUPS.contains(&group), "{group}");
        assert_eq!(group == "TE", age < 14);
        assert!(('1'..='5').contains(&card.number.chars().nth(2).unwrap()));
        assert_eq!(card.number[3..5], province);
        assert!(card.from <= today && today <= card.until);
        if let Some(social) = &papers.social_insurance {
            assert_eq!(card.number[5..], social.number);
        }
    }
    let employer = country.employer_of(index);
    if let Some(social) = &papers.social_insurance {
        let mut before = date(1990, 1, 1);
        for period in &social.periods {
            assert!(period.from > before && period.from.day() == 1);
            assert!(citizen.age_on(period.from) >= 18, "{citizen:?} {social:?}");
            before = period.until.unwrap_or(date(2199, 1, 1));
            assert!(before.day() == 1 && before >= period.from);
        }
        assert!((1..=3).contains(&social.periods.len()));
        let last = social.periods.last().unwrap();
        assert_eq!(last.unit, employer.and_then(|at| country.organisation_number(at)));
        if let Some(employer) = employer {
            let organisation = country.organisation(employer).unwrap();
            assert_eq!(last.unit_name, organisation.name);
            let end = citizen.died.or(organisation.dissolved);
            assert_eq!(last.until, end.map(|day| day.first_of_month().max(last.from)));
        } else {
            assert!(last.until.is_some_and(|until| until < date(2026, 1, 1)));
        }
    }
    assert!(employer.is_none() || papers.social_insurance.is_some());
    if let Some(licence) = &papers.driving {
        assert!(citizen.age_on(licence.issued) >= 18 && licence.issued < date(2026, 1, 1));
        assert_eq!((licence.number.len(), &licence.number[..2]), (12, &*province));
        assert_eq!(licence.until.is_none(), licence.classes == ["A1"]);
        assert!(licence.until.is_none_or(|until| until > today));
    }
    if let Some(vehicle) = &papers.vehicle {
        assert!(papers.driving.is_some() && is_plate(&vehicle.plate));
        assert_eq!(vehicle.plate.len() == 10, vehicle.kind == "car", "{}", vehicle.plate);
    }
    if let Some(tax) = &papers.tax {
        assert_eq!(tax.code, citizen.number.as_str());
        assert!(age >= 18 && tax.former.as_ref().is_none_or(|code| code.len() == 10));
    }
    if let Some(health) = &papers.health {
        assert!(health.visits.is_sorted_by_key(|visit| visit.date) && health.visits.len() <= 4);
        let last = citizen.died.unwrap_or(today);
        assert!(health.visits.iter().all(|it| it.date <= last && it.date >= citizen.birth_date));
    }
    assert!(papers.old_number.is_none() || citizen.birth_date.year() < 2002);
    assert!(papers.old_number.is_none() || citizen.foreign.is_none());
}

#[test]
fn papers_are_right_to_the_digit() {
    for size in [FULL, 10_007] {
        let country = country(size, false);
        let foreigners = (country.persons() - country.persons() / 920)..country.persons();
        for index in spread(country.persons(), 8_000).chain(foreigners.step_by(97)) {
            let citizen = country.citizen(index).unwrap();
            for today in [date(2026, 3, 2), TODAY] {
                check(&country, index, &citizen, &country.papers(&citizen, today), today);
            }
        }
    }
}

#[test]
fn papers_have_their_shares() {
    let country = country(FULL, false);
    let people: Vec<_> = spread(FULL, 10_000)
        .map(|index| country.citizen(index).unwrap())
        .filter(|citizen| citizen.age_on(date(2026, 1, 1)) >= 18)
        .map(|citizen| country.papers(&citizen, TODAY))
        .collect();
    let share = |kind| people.iter().filter(|one| one.has(kind)).count() * 100 / people.len();
    for (kind, least, most) in [
        (PaperKind::Driving, 42, 47),
        (PaperKind::Vehicle, 24, 30),
        (PaperKind::HealthInsurance, 82, 93),
        (PaperKind::SocialInsurance, 60, 78),
        (PaperKind::Tax, 65, 78),
        (PaperKind::Health, 67, 73),
        (PaperKind::OldNumber, 70, 80),
    ] {
        assert!((least..=most).contains(&share(kind)), "{kind:?} {}", share(kind));
    }
    let periods = people.iter().filter_map(|one| one.social_insurance.as_ref());
    let several = periods.clone().filter(|one| one.periods.len() > 1).count() * 100;
    assert!((50..80).contains(&(several / periods.count())));
}

#[test]
fn papers_depend_on_the_number_and_not_on_the_country_it_is_in() {
    let (country, small) = (country(FULL, false), country(0, false));
    let mut citizen = country.citizen(7).unwrap();
    citizen.number = mock_vneid::identity::IdNumber::parse("097190000011").unwrap();
    let papers = country.papers(&citizen, TODAY);
    assert_eq!(papers, small.papers(&citizen, TODAY));
    assert_eq!(papers, country.papers(&citizen, TODAY));
    assert!(papers.tax.is_none_or(|tax| tax.code == "097190000011"));
}

#[test]
fn a_search_for_papers_finds_those_who_have_them() {
    let country = country(FULL, false);
    for kind in PaperKind::ALL.iter().copied() {
        let like = Like { papers: vec![kind], ..Like::default() };
        for pick in 0..100 {
            let Found::Person(index) = country.search(&like, TODAY, pick) else {
                panic!("nobody has {kind:?}")
            };
            let citizen = country.citizen(index).unwrap();
            let held = match kind {
                PaperKind::Card => citizen.card.is_some(),
                PaperKind::Residence => true,
                PaperKind::Dependants => !country.dependants_of(index).is_empty(),
                _ => country.papers(&citizen, TODAY).has(kind),
            };
            assert!(held, "{kind:?}");
        }
    }
}
