//! The country: bijections with exact shares, whose people agree with their numbers, accounts and households.

mod employers;
mod households;
mod papers;
mod records;
mod registers;
mod searching;
mod written_down;

use mock_vneid::population::{Census, Country};

const FULL: u64 = 68_400_000;
/// Sizes at which everything is asked of everybody.
const SMALL: [u64; 5] = [0, 1, 3, 1_000, 10_007];

fn country(size: u64, realistic: bool) -> Country {
    Country::new(Census { size, key: 2026, realistic }).expect("a size within the limit")
}

/// Indices all over a country, about `count` of them, first and last included.
fn spread(size: u64, count: u64) -> impl Iterator<Item = u64> {
    let step = usize::try_from(size / count).unwrap_or_default();
    (0..size).step_by(step.max(1)).chain(size.checked_sub(1))
}
