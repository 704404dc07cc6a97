//! Households: couples, their children, and the guardians of wards. Nothing is kept: both ways are permutations.
//!
//! Women of a province and year of birth are paired with its men three years older; a child's mother is one of the women
//! 24 or 29 years older. Each pairing permutes the ranks within a group, so it can be asked from either side.

use crate::identity::{Gender, IdNumber};

use super::feistel::{Shuffle, derive, mix};
use super::registers::Spot;

/// The youngest year of birth of a wife; her husband is so many years older.
pub(super) const YOUNGEST_WIFE: u16 = 2003;
pub(super) const YEARS_OLDER: u16 = 3;
/// Percent of the smaller of two groups who are married.
pub(super) const MARRIED: u64 = 80;
/// Couples in a thousand of whom one is under guardianship: 1 in 500 of the married.
pub(super) const WITH_WARD: u64 = 4;
/// Years between a mother and the child whose rank in its year is even, or odd.
pub(super) const MOTHERS_AGE: [u16; 2] = [24, 29];
/// Years of birth of the foreigners who have young children.
pub(super) const PARENT_YEARS: std::ops::RangeInclusive<u16> = 1980..=1999;

/// The pairings of a country.
#[derive(Debug)]
pub(crate) struct Households {
    pub(super) wives: Shuffle,
    pub(super) husbands: Shuffle,
    pub(super) mothers: Shuffle,
    pub(super) parents: Shuffle,
    pub(super) key: u64,
}

/// A married person's other half.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarriedPair {
    /// The place of the spouse.
    pub(crate) spouse: u64,
    /// Which of the two is a ward, if the other lives.
    pub(super) ward: Option<Gender>,
}

/// A child's parents.
pub(super) struct Parents<'a> {
    pub(super) mother: Spot<'a>,
    pub(super) father: Option<Spot<'a>>,
    pub(super) guardian: Option<Spot<'a>>,
}

/// Whom a person lives with and who acts for whom.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HouseholdFamily {
    /// The index of whoever's address it is.
    pub(crate) head: u64,
    /// The index and birth province of whoever's surname it is.
    pub(crate) name: Option<(u64, u16)>,
    /// The spouse.
    pub(crate) spouse: Option<IdNumber>,
    /// Who acts for a child or a ward.
    pub(crate) representative: Option<IdNumber>,
    /// Whether an adult is under guardianship.
    pub(crate) ward: bool,
}

/// Where a mother lies in her register.
#[derive(Clone, Copy)]
pub(super) struct Mother {
    pub(super) place: u64,
    pub(super) area: usize,
    pub(super) born: u16,
}

impl Households {
    pub(crate) fn new(key: u64) -> Self {
        let of = |stream| Shuffle::new(1, derive(key, stream));
        let (wives, husbands, mothers, parents) = (of(1), of(2), of(3), of(4));
        Self { wives, husbands, mothers, parents, key: derive(key, 5) }
    }
}

pub(super) fn tweak(area: usize, year: u16) -> u64 {
    mix((area as u64) << 16 | u64::from(year))
}
