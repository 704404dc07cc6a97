//! Chance for one person: a value per purpose, so that a new purpose never shifts an old one.

use super::feistel::{below, derive, mix};

/// What a value is drawn for. The numbers are part of the file format: add, never renumber.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    BirthDay = 1,
    Surname = 2,
    Words = 3,
    Given = 4,
    FirstMiddle = 5,
    SecondMiddle = 6,
    ThirdMiddle = 7,
    HasEmail = 8,
    Urban = 9,
    House = 10,
    Street = 11,
    Commune = 12,
    CardIssued = 13,
    CardIssuedAgain = 14,
}

/// Words with their relative frequency.
pub(crate) type Weighted = [(&'static str, u16)];

/// All the chance in one person's life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The chance of the person with this index.
    pub(crate) const fn of(key: u64, index: u64) -> Self {
        Self(derive(key, index))
    }

    /// A value in `0..bound`; 0 if the bound is 0.
    pub(crate) const fn below(self, purpose: Purpose, bound: u64) -> u64 {
        below(mix(self.0 ^ (purpose as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)), bound)
    }

    /// True for `percent` people in a hundred.
    pub(crate) const fn chance(self, purpose: Purpose, percent: u64) -> bool {
        self.below(purpose, 100) < percent
    }

    /// One of the words, each as likely as another; empty if there are none.
    pub(crate) fn one_of(self, purpose: Purpose, words: &[&'static str]) -> &'static str {
        let place = usize::try_from(self.below(purpose, words.len() as u64)).unwrap_or_default();
        words.get(place).copied().unwrap_or_default()
    }

    /// One of the words by frequency; if it is already used, the next in the table that is not.
    pub(crate) fn fresh(self, purpose: Purpose, table: &Weighted, used: &[&str]) -> &'static str {
        let place = self.weighted(purpose, table);
        let (before, after) = table.split_at_checked(place).unwrap_or((&[], table));
        let mut words = after.iter().chain(before).map(|(word, _)| *word);
        words.find(|word| !used.contains(word)).unwrap_or_default()
    }

    fn weighted(self, purpose: Purpose, table: &Weighted) -> usize {
        let total = table.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.below(purpose, total);
        for (place, (_, weight)) in table.iter().enumerate() {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return place,
            }
        }
        0
    }
}
