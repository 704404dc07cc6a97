//! A country of synthetic citizens: every question answered from the index, the number or the phone, in constant time.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::identity::{Citizen, Gender, IdNumber, Phone};

use super::cells::{Cell, Cells, SERIALS};
use super::draw::Draw;
use super::feistel::{Shuffle, derive, mix};
use super::people;
use super::shares::{Initial, Shares};

/// The version of the generator. It grows whenever any census would give different people, since stored changes lie over them.
pub const GENERATOR_VERSION: u32 = 1;

/// The most people a country can have: all accounts of the real one.
pub(crate) const MOST_PEOPLE: u64 = 68_400_000;

/// What names a country; with [`GENERATOR_VERSION`], all there is to store of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// How many people, 0 to 68 400 000.
    pub size: u64,
    /// Which people.
    pub key: u64,
    /// Whether their ID numbers carry codes of real provinces. Such a number may be a living person's.
    #[serde(default)]
    pub realistic: bool,
}

/// Why there is no such country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CensusError {
    /// More people than numbers are shared out for.
    #[error("a country has at most {MOST_PEOPLE} people, not {size}")]
    TooManyPeople {
        /// The size asked for.
        size: u64,
    },
}

/// Which people to look for; an absent condition is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Like {
    /// Two-digit code of the current province of residence.
    pub province: Option<u16>,
    /// Years of birth, both ends included.
    pub birth_years: Option<RangeInclusive<u16>>,
    /// Sex.
    pub gender: Option<Gender>,
}

impl Like {
    fn matches(&self, cell: &Cell) -> bool {
        self.province.is_none_or(|code| code == u16::from(cell.birth.current))
            && self.birth_years.as_ref().is_none_or(|years| years.contains(&cell.year))
            && self.gender.is_none_or(|gender| gender == cell.gender)
    }
}

/// A derived population. Cheap to clone: clones share the tables (under 1 MB).
#[derive(Clone, Debug)]
pub struct Country {
    census: Census,
    cells: Arc<Cells>,
    shares: Shares,
    /// Index ↔ place among the cells.
    places: Shuffle,
    /// Rank within a block ↔ the last six digits; another permutation for every block.
    serials: Shuffle,
    /// Index ↔ phone; the values from the size on belong to nobody.
    phones: Shuffle,
    /// Index ↔ rank for the initial account.
    ranks: Shuffle,
    people_key: u64,
}

impl Country {
    /// Founds a country; builds its tables (about a millisecond).
    pub fn new(census: Census) -> Result<Self, CensusError> {
        let Census { size, key, realistic } = census;
        if size > MOST_PEOPLE {
            return Err(CensusError::TooManyPeople { size });
        }
        Ok(Self {
            census,
            cells: Arc::new(Cells::new(size, realistic)),
            shares: Shares::of(size),
            places: Shuffle::new(size, derive(key, 1)),
            serials: Shuffle::new(SERIALS, derive(key, 2)),
            phones: Shuffle::new(Phone::COUNT, derive(key, 3)),
            ranks: Shuffle::new(size, derive(key, 4)),
            people_key: derive(key, 5),
        })
    }

    /// What it was founded from.
    pub const fn census(&self) -> Census {
        self.census
    }

    /// How many people it has; indices run from 0 to one less.
    pub const fn size(&self) -> u64 {
        self.census.size
    }

    /// How many people begin with which account.
    pub const fn shares(&self) -> Shares {
        self.shares
    }

    /// The ID number of the person with this index.
    pub fn number_at(&self, index: u64) -> Option<IdNumber> {
        let place = self.places.forward(0, index)?;
        self.number_in(self.cells.at(place)?, place)
    }

    /// The index of the person with this number; `None` if it is nobody's.
    pub fn index_of(&self, number: &IdNumber) -> Option<u64> {
        let (block, slot) = self.cells.block_of(number)?;
        let rank = self.serials.back(mix(slot), u64::from(number.serial()))?;
        let place = (rank < block.size).then_some(block.start + rank)?;
        self.places.back(0, place)
    }

    /// The person with this index.
    pub fn citizen(&self, index: u64) -> Option<Citizen> {
        let place = self.places.forward(0, index)?;
        let cell = self.cells.at(place)?;
        let draw = Draw::of(self.people_key, index);
        people::citizen(cell, self.number_in(cell, place)?, self.phone_at(index), draw)
    }

    /// The phone of the person with this index: everyone has one of their own.
    pub fn phone_at(&self, index: u64) -> Option<Phone> {
        (index < self.size()).then_some(())?;
        Phone::from_ordinal(self.phones.forward(0, index)?)
    }

    /// The index of the person with this phone; `None` if it is nobody's.
    pub fn index_of_phone(&self, phone: &Phone) -> Option<u64> {
        self.phones.back(0, phone.ordinal()).filter(|index| *index < self.size())
    }

    /// Placeholder until merge.
    pub fn papers(&self, _citizen: &Citizen, _today: jiff::civil::Date) -> crate::identity::Papers {
        crate::identity::Papers::default()
    }

    /// The account the person with this index begins with.
    pub fn initial(&self, index: u64) -> Option<Initial> {
        self.shares.at(self.ranks.forward(0, index)?)
    }

    /// How many people match.
    pub fn count(&self, like: &Like) -> u64 {
        self.matching(like).map(|(_, size)| size).sum()
    }

    /// The index of the `pick`-th person who matches, counting round and round; `None` if nobody does. Walks the cells, not the people.
    pub fn sample(&self, like: &Like, pick: u64) -> Option<u64> {
        let mut left = pick.checked_rem(self.count(like))?;
        for (cell, size) in self.matching(like) {
            match left.checked_sub(size) {
                Some(rest) => left = rest,
                None => return self.places.back(0, cell.start + left),
            }
        }
        None
    }

    fn matching(&self, like: &Like) -> impl Iterator<Item = (&Cell, u64)> {
        self.cells.with_sizes().filter(|(cell, _)| like.matches(cell))
    }

    fn number_in(&self, cell: &Cell, place: u64) -> Option<IdNumber> {
        let serial = self.serials.forward(mix(cell.slot), place - cell.block_start)?;
        IdNumber::from_parts(cell.code, cell.gender, cell.year, u32::try_from(serial).ok()?)
    }
}
