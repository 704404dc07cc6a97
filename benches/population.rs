//! The bars of the population: any citizen in under 2 µs, the tables in at most 5 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mock_vneid::identity::{Gender, IdNumber};
use mock_vneid::population::{Census, Country, Like};

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
    let like = Like { province: Some(79), birth_years: Some(1985..=1990), gender: None };
    criterion.bench_function("sample", |bencher| {
        bencher.iter(|| country.sample(&like, walk.step()));
    });
}

criterion_group!(benches, population);
criterion_main!(benches);
