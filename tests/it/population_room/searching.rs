//! Search: only and all who fit, another for another pick, never more than the bound, and every situation.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use mock_vneid::identity::{
    BirthProvince, CardStatus, Citizen, Gender, HolderKind, PaperKind, Papers, Province,
    lock::LockReason,
    wanted::{StateName, WantedCard},
};
use mock_vneid::population::{
    Country, Found, Initial, InitialState, Like, OrganisationLike, Situation, SituationSubject,
    situations,
};

use super::{FULL, country};

const DAYS: [Date; 2] = [date(2026, 3, 2), date(2026, 11, 25)];

/// Everything of somebody that a wish may be about, looked up once.
struct Record {
    citizen: Citizen,
    initial: Initial,
    status: Option<CardStatus>,
    dependants: usize,
    papers: Papers,
    has_children: bool,
    represents: bool,
}

impl Record {
    fn of(country: &Country, index: u64, today: Date) -> Self {
        let citizen = country.citizen(index).unwrap();
        let dependants = country.dependants_of(index);
        let spouses = country.spouse_of(index).map(|at| country.dependants_of(at));
        let household = dependants.iter().copied().chain(spouses.into_iter().flatten());
        Self {
            initial: country.initial(index).unwrap(),
            status: citizen.card.as_ref().map(|card| card.status(today)),
            dependants: dependants.len(),
            papers: country.papers(&citizen, today),
            has_children: household.filter(|one| one.birth_year() >= 2012).count() > 0,
            represents: country.represents(index).is_some(),
            citizen,
        }
    }

    /// The same question, asked of the whole record.
    fn fits(&self, like: &Like, today: Date) -> bool {
        let Self { citizen, initial, status, .. } = self;
        let foreign = citizen.foreign.as_ref();
        let card = |wanted| match wanted {
            WantedCard::Valid => *status == Some(CardStatus::Valid),
            WantedCard::Expiring => *status == Some(CardStatus::Expiring),
            WantedCard::Expired => *status == Some(CardStatus::Expired),
            WantedCard::Lost => *status == Some(CardStatus::Revoked),
            WantedCard::None => status.is_none(),
        };
        let paper = |kind: &PaperKind| match kind {
            PaperKind::Card => status.is_some(),
            PaperKind::Residence => true,
            PaperKind::Dependants => self.dependants > 0,
            other => self.papers.has(*other),
        };
        let upgrade = initial.state == InitialState::UpgradeApproved;
        citizen.kind_on(today) == like.meant()
            && like.has_children.is_none_or(|wanted| wanted == self.has_children)
            && like.level.is_none_or(|level| level == initial.level)
            && like.state.is_none_or(|state| state == initial.state.name())
            && like.reason.is_none_or(|reason| Some(reason) == initial.state.reason())
            && like.upgrade_approved.is_none_or(|wanted| wanted == upgrade)
            && like.gender.is_none_or(|gender| gender == citizen.gender)
            && like.birth_years.as_ref().is_none_or(|it| it.contains(&citizen.number.birth_year()))
            && like.ages.as_ref().is_none_or(|ages| ages.contains(&citizen.age_on(today)))
            && like.province.is_none_or(|code| code == citizen.residence.province)
            && like.birth_province.is_none_or(|code| code == citizen.birth_province)
            && like.card.is_none_or(card)
            && like.papers.iter().all(paper)
            && like.married.is_none_or(|wanted| wanted == citizen.spouse.is_some())
            && like.ward.is_none_or(|wanted| wanted == citizen.under_guardianship)
            && like.represents_organisation.is_none_or(|it| it == self.represents)
            && like
                .nationality
                .as_ref()
                .is_none_or(|it| foreign.is_some_and(|one| one.nationality == *it))
    }
}

fn fits(country: &Country, index: u64, like: &Like, today: Date) -> bool {
    Record::of(country, index, today).fits(like, today)
}

fn person(country: &Country, like: &Like, today: Date, pick: u64) -> u64 {
    match country.search(like, today, pick) {
        Found::Person(index) => index,
        other => panic!("{like:?}: {other:?}"),
    }
}

fn wishes() -> Vec<Like> {
    let kind = |kind| Like { kind: Some(kind), ..Like::default() };
    vec![
        Like {
            province: Some(79),
            birth_years: Some(1985..=1990),
            gender: Some(Gender::Female),
            ..Like::default()
        },
        Like { reason: Some(LockReason::CardExpired), ..Like::default() },
        Like { upgrade_approved: Some(true), ..Like::default() },
        Like { level: Some(1), state: Some(StateName::TemporarilyLocked), ..Like::default() },
        Like { birth_province: Some(27), ages: Some(30..=33), ..Like::default() },
        Like { card: Some(WantedCard::Expiring), ..Like::default() },
        Like { card: Some(WantedCard::Expired), level: Some(2), ..Like::default() },
        Like { card: Some(WantedCard::Lost), ..Like::default() },
        Like { card: Some(WantedCard::None), birth_years: Some(1930..=1960), ..Like::default() },
        Like {
            card: Some(WantedCard::Valid),
            state: Some(StateName::Level0),
            province: Some(1),
            ..Like::default()
        },
        Like { ward: Some(true), ..Like::default() },
        Like { married: Some(false), ages: Some(80..=84), ..Like::default() },
        Like { represents_organisation: Some(true), level: Some(1), ..Like::default() },
        Like {
            papers: vec![PaperKind::Driving, PaperKind::OldNumber, PaperKind::Dependants],
            province: Some(31),
            ..Like::default()
        },
        Like { ages: Some(14..=14), ..Like::default() },
        Like {
            has_children: Some(true),
            married: Some(false),
            level: Some(1),
            state: Some(StateName::Active),
            ..Like::default()
        },
        Like {
            has_children: Some(false),
            gender: Some(Gender::Female),
            ages: Some(30..=31),
            state: Some(StateName::Active),
            ..Like::default()
        },
        Like { level: Some(2), state: Some(StateName::Active), ..kind(HolderKind::Child) },
        Like { card: Some(WantedCard::Valid), ..kind(HolderKind::YoungChild) },
        Like { nationality: Some("KR".to_owned()), ..Like::default() },
        Like { province: Some(79), ..kind(HolderKind::Foreigner) },
        kind(HolderKind::YoungForeigner),
    ]
}

#[test]
fn a_search_finds_only_and_all_who_fit() {
    let country = country(10_007, false);
    let everybody = |today| {
        (0..country.persons()).map(|at| Record::of(&country, at, today)).collect::<Vec<_>>()
    };
    let on = DAYS.map(everybody);
    for (like, (today, people)) in wishes().iter().zip(DAYS.into_iter().zip(&on).cycle()) {
        let who = |(at, _): (usize, _)| u64::try_from(at).unwrap();
        let fitting = people.iter().enumerate().filter(|(_, one)| one.fits(like, today));
        let all: BTreeSet<u64> = fitting.map(who).collect();
        let Ok(count) = u64::try_from(all.len()) else { continue };
        if count == 0 {
            let answer = country.search(like, today, 3);
            assert!(matches!(answer, Found::Nobody { everyone: true, .. }), "{like:?}");
            continue;
        }
        // Each pick is another person until everybody had a turn.
        let turns = count.min(60);
        let found: BTreeSet<u64> =
            (0..turns).map(|pick| person(&country, like, today, pick)).collect();
        assert_eq!(found.len() as u64, turns, "{like:?}");
        assert!(found.is_subset(&all), "{like:?}");
        assert_eq!(person(&country, like, today, 0), person(&country, like, today, count));
    }
}

#[test]
fn most_of_these_wishes_come_true_in_the_full_country() {
    let country = country(FULL, false);
    for today in DAYS {
        for like in wishes() {
            let found: BTreeSet<u64> =
                (0..12).map(|pick| person(&country, &like, today, pick)).collect();
            assert!(found.iter().all(|index| fits(&country, *index, &like, today)), "{like:?}");
            assert_eq!(found.len(), 12, "{like:?}");
            assert_eq!(person(&country, &like, today, 5), person(&country, &like, today, 5));
            person(&country, &like, today, u64::MAX);
        }
    }
}

#[test]
fn picks_of_a_wide_wish_are_from_all_over() {
    let country = country(FULL, false);
    let like = Like { level: Some(2), state: Some(StateName::Active), ..Like::default() };
    let people =
        (0..60).map(|pick| country.citizen(person(&country, &like, DAYS[0], pick)).unwrap());
    let people: Vec<_> = people.collect();
    let provinces: BTreeSet<u8> = people.iter().map(|one| one.residence.province).collect();
    let years: BTreeSet<u16> = people.iter().map(|one| one.number.birth_year()).collect();
    assert!(provinces.len() > 15 && years.len() > 25, "{provinces:?} {years:?}");
}

#[test]
fn nobody_is_an_answer_with_how_far_it_looked() {
    let country = country(FULL, false);
    let ask = |like: Like| country.search(&like, DAYS[0], 3);
    let nobody = |looked_at| Found::Nobody { looked_at, everyone: true };
    for like in [
        Like { province: Some(2), ..Like::default() },
        Like { birth_years: Some(2013..=2100), ..Like::default() },
        #[expect(clippy::reversed_empty_ranges, reason = "an empty range is a possible question")]
        Like { birth_years: Some(2000..=1990), ..Like::default() },
        #[expect(clippy::reversed_empty_ranges, reason = "an empty range is a possible question")]
        Like { ages: Some(30..=20), ..Like::default() },
        Like { kind: Some(HolderKind::Organisation), ..Like::default() },
        Like { nationality: Some("VN".to_owned()), ..Like::default() },
        Like { level: Some(1), state: Some(StateName::Level0), ..Like::default() },
        Like { kind: Some(HolderKind::YoungChild), level: Some(2), ..Like::default() },
        Like { reason: Some(LockReason::PhoneReclaimed), ..Like::default() },
    ] {
        assert_eq!(ask(like.clone()), nobody(0), "{like:?}");
    }
    // Few enough to look at all of them: nobody of the youngest is married.
    let like = Like {
        married: Some(true),
        birth_years: Some(2011..=2011),
        province: Some(4),
        ..Like::default()
    };
    let answer = ask(like);
    let Found::Nobody { looked_at, everyone: true } = answer else { panic!("{answer:?}") };
    assert!((5_000..50_000).contains(&looked_at), "{looked_at}");
    // Too many.
    let like = Like { married: Some(true), birth_years: Some(2005..=2011), ..Like::default() };
    assert_eq!(ask(like), Found::Nobody { looked_at: 50_000, everyone: false });
}

#[test]
fn both_province_tables_are_searched() {
    let country = country(FULL, false);
    for province in Province::all() {
        let like = Like { province: Some(province.code), ..Like::default() };
        let index = person(&country, &like, DAYS[0], 1);
        assert_eq!(country.citizen(index).unwrap().residence.province, province.code);
    }
    for born in BirthProvince::all() {
        let like = Like { birth_province: Some(born.code), ..Like::default() };
        let citizen = country.citizen(person(&country, &like, DAYS[0], 1)).unwrap();
        assert_eq!((citizen.birth_province, citizen.residence.province), (born.code, born.current));
    }
}

#[test]
fn the_wish_of_the_brief_is_granted() {
    let country = country(FULL, false);
    let like = Like {
        state: Some(StateName::Locked),
        level: Some(2),
        gender: Some(Gender::Female),
        birth_years: Some(1987..=1987),
        ..Like::default()
    };
    let found: BTreeSet<u64> = (0..20).map(|at| person(&country, &like, DAYS[0], at)).collect();
    assert_eq!(found.len(), 20);
    assert!(found.iter().all(|index| fits(&country, *index, &like, DAYS[0])));
}

#[test]
fn every_situation_is_found() {
    let country = country(FULL, false);
    let mut names = BTreeSet::new();
    assert!(situations().len() >= 40);
    for situation in situations() {
        let Situation { name, story, wish } = situation;
        assert!(names.insert(name) && !story.is_empty() && !story.contains('\n'), "{name}");
        assert!(
            name.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_')
        );
        assert!(std::ptr::eq(Situation::by_name(name).unwrap(), situation));
        for (today, pick) in DAYS.into_iter().flat_map(|day| [(day, 0), (day, 1), (day, 977)]) {
            match (country.find(situation, today, pick), wish()) {
                (Found::Person(index), SituationSubject::Person(like)) => {
                    assert!(fits(&country, index, &like, today), "{name}");
                }
                (Found::Organisation(index), SituationSubject::Organisation(like)) => {
                    let OrganisationLike { state, reason, representative, .. } = like;
                    let initial = country.organisation_initial(index).unwrap();
                    assert_eq!(Some(initial.state.name()), state, "{name}");
                    assert_eq!(initial.state.reason(), reason, "{name}");
                    let who = country.organisation(index).unwrap().representative;
                    let own = country.initial(country.index_of(&who).unwrap()).unwrap();
                    assert!(representative.is_none_or(|it| it == (own.state.name(), own.level)));
                }
                (found, _) => panic!("{name} on {today}: {found:?}"),
            }
        }
    }
    assert!(Situation::by_name("no_such").is_none());
}
