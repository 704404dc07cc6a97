//! The bars of the population: any citizen in under 2 µs, any situation in under 50 ms, the tables in at most 5 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use mock_vneid::identity::{Gender, IdNumber, PaperKind};
use mock_vneid::population::{Census, Country, Like, situations};

const CENSUS: Census = Census { size: 68_400_000, key: 2026, realistic: false };

/// Indices far apart, so that no cache or branch predictor learns them.
struct Walk(u64);

impl Walk {
    fn step(&mut self) -> u64 {
        self.0 = (self.0 + 42_300_001) % CENSUS.size;
        self.0
    }
}

fn population(criterion: &mut Criterion) {
    criterion.bench_function("Country::new", |bencher| {
        bencher.iter(|| Country::new(black_box(CENSUS)));
    });
    let Ok(country) = Country::new(CENSUS) else { return };
    let mut walk = Walk(1);
    let people: Vec<_> = (0..1 << 16)
        .filter_map(|_| {
            let index = walk.step();
            Some((country.number_at(index)?, country.phone_at(index)?))
        })
        .collect();
    let mut around = people.iter().cycle();
    let unknown: Vec<_> = (0..65_000)
        .filter_map(|code| IdNumber::from_parts(code % 100, Gender::Male, 1990, code.into()))
        .filter(|number| country.index_of(number).is_none())
        .collect();
    let mut strangers = unknown.iter().cycle();

    criterion.bench_function("number_at", |bencher| {
        bencher.iter(|| country.number_at(walk.step()));
    });
    criterion.bench_function("index_of", |bencher| {
        bencher.iter(|| around.next().and_then(|(number, _)| country.index_of(number)));
    });
    criterion.bench_function("index_of, nobody's number", |bencher| {
        bencher.iter(|| strangers.next().and_then(|number| country.index_of(number)));
    });
    criterion.bench_function("phone_at", |bencher| {
        bencher.iter(|| country.phone_at(walk.step()));
    });
    criterion.bench_function("index_of_phone", |bencher| {
        bencher.iter(|| around.next().and_then(|(_, phone)| country.index_of_phone(phone)));
    });
    criterion.bench_function("initial", |bencher| {
        bencher.iter(|| country.initial(walk.step()));
    });
    criterion.bench_function("citizen", |bencher| {
        bencher.iter(|| country.citizen(walk.step()));
    });
    criterion.bench_function("citizen by number", |bencher| {
        bencher.iter(|| {
            around.next().and_then(|(number, _)| country.citizen(country.index_of(number)?))
        });
    });
    criterion.bench_function("citizen by phone", |bencher| {
        bencher.iter(|| {
            around.next().and_then(|(_, phone)| country.citizen(country.index_of_phone(phone)?))
        });
    });
    let children = CENSUS.size + 8_000_000;
    criterion.bench_function("citizen, a child", |bencher| {
        bencher.iter(|| country.citizen(children + walk.step() % 16_000_000));
    });
    let today = date(2026, 3, 2);
    let known: Vec<_> = (0..1024).filter_map(|_| country.citizen(walk.step())).collect();
    let mut holders = known.iter().cycle();
    criterion.bench_function("papers", |bencher| {
        bencher.iter(|| holders.next().map(|citizen| country.papers(citizen, today)));
    });
    criterion.bench_function("organisation", |bencher| {
        bencher.iter(|| country.organisation(walk.step() % country.organisation_count()));
    });
}

/// Every situation, and the rarest wishes: of few people, and of more than a search looks at.
fn searches(criterion: &mut Criterion) {
    let Ok(country) = Country::new(CENSUS) else { return };
    let today = date(2026, 3, 2);
    let mut group = criterion.benchmark_group("population/situations");
    group.sample_size(10);
    for situation in situations() {
        let mut pick = 0;
        group.bench_function(situation.name, |bencher| {
            bencher.iter(|| {
                pick += 1;
                country.find(situation, today, pick)
            });
        });
    }
    let nobody = Like { ages: Some(70..=75), papers: PaperKind::ALL.to_vec(), ..Like::default() };
    let few = Like { province: Some(4), birth_years: Some(1951..=1954), ..nobody.clone() };
    for (name, like) in [("nobody of many", nobody), ("nobody of few", few)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| country.search(&like, today, u64::MAX));
        });
    }
    group.finish();
}

criterion_group!(benches, population, searches);
criterion_main!(benches);
