//! The registers of persons: adults, children, children under 6, foreigners and foreigners under 6, one after another.

use std::ops::RangeInclusive;

use crate::identity::{Gender, IdNumber};

use super::cells::{Cell, CellPlan, Cells, SERIALS};
use super::census::Census;
use super::feistel::{Shuffle, derive, mix};
use super::pyramid::{ADULT_YEARS, CHILD_YEARS, FOREIGN_YEARS, INFANT_YEARS, citizens, foreigners};
use super::ranking::{Part, Ranking};
use super::shares::{Beside, Shares};

/// Which register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegisterKind {
    /// Citizens born by 2011.
    Adults,
    /// Citizens born in 2012 to 2019.
    Children,
    /// Citizens born since 2020.
    Infants,
    /// Foreigners born by 2019.
    Foreigners,
    /// Foreigners born since 2020.
    YoungForeigners,
}

impl RegisterKind {
    /// All, in the order of their indices.
    pub(crate) const ALL: [Self; 5] =
        [Self::Adults, Self::Children, Self::Infants, Self::Foreigners, Self::YoungForeigners];

    /// Whether its people are foreigners.
    pub(crate) const fn is_foreign(self) -> bool {
        matches!(self, Self::Foreigners | Self::YoungForeigners)
    }

    /// Whether its people have phones of their own.
    pub(crate) const fn has_phones(self) -> bool {
        matches!(self, Self::Adults | Self::Foreigners)
    }
}

/// People whose ranks are shared out together.
#[derive(Debug)]
pub(crate) struct Zone {
    /// The index of the first, counted over all registers.
    pub(crate) first: u64,
    /// Which rank begins how.
    pub(crate) ranking: Ranking,
    /// Index within the zone ↔ rank.
    ranks: Shuffle,
}

impl Zone {
    /// The index of the person with a rank.
    pub(crate) fn index_at(&self, rank: u64) -> Option<u64> {
        Some(self.first + self.ranks.back(0, rank)?)
    }
}

/// One register.
#[derive(Debug)]
pub(crate) struct Register {
    /// Which.
    pub(crate) kind: RegisterKind,
    /// The index of its first person.
    pub(crate) first: u64,
    /// Its cells.
    pub(crate) cells: Cells,
    /// The zones of its ranks, in the order of their indices.
    pub(crate) zones: Vec<Zone>,
    /// Index within the register ↔ place among the cells.
    places: Shuffle,
    /// Rank within a block ↔ the last six digits; another permutation for every block.
    serials: Shuffle,
}

/// A person found in a register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'a> {
    /// The register.
    pub(crate) register: &'a Register,
    /// The index over all registers.
    pub(crate) index: u64,
    /// The place among the cells of the register.
    pub(crate) place: u64,
    /// The cell.
    pub(crate) cell: &'a Cell,
}

impl Register {
    fn new(kind: RegisterKind, first: u64, census: Census) -> Self {
        let beside = Beside::of(census.size);
        let by_citizens = |years: RangeInclusive<u16>| {
            CellPlan::citizens(years, citizens as fn(u16, Gender) -> u64, census.realistic)
        };
        let plan = match kind {
            RegisterKind::Adults => by_citizens(ADULT_YEARS),
            RegisterKind::Children => by_citizens(CHILD_YEARS),
            RegisterKind::Infants => by_citizens(INFANT_YEARS),
            RegisterKind::Foreigners => CellPlan::foreigners(FOREIGN_YEARS, foreigners),
            RegisterKind::YoungForeigners => CellPlan::foreigners(INFANT_YEARS, foreigners),
        };
        let rankings = match kind {
            RegisterKind::Adults => vec![
                (census.size, Ranking::accounts(Shares::of(census.size))),
                (beside.without_account, Ranking::without_account(beside.without_account)),
            ],
            RegisterKind::Children => vec![(beside.children, Ranking::children(beside.children))],
            RegisterKind::Infants => vec![(beside.infants, Ranking::infants(beside.infants))],
            RegisterKind::Foreigners => {
                vec![(beside.foreigners, Ranking::foreigners(beside.foreigners))]
            }
            RegisterKind::YoungForeigners => {
                vec![(beside.young_foreigners, Ranking::young_foreigners(beside.young_foreigners))]
            }
        };
        let key = derive(census.key, 16 + kind as u64);
        let (mut zones, mut next) = (Vec::new(), first);
        for (size, ranking) in rankings {
            let ranks = Shuffle::new(size, derive(key, 8 + zones.len() as u64));
            zones.push(Zone { first: next, ranking, ranks });
            next += size;
        }
        let size = next - first;
        Self {
            kind,
            first,
            cells: Cells::new(size, &plan),
            zones,
            places: Shuffle::new(size, derive(key, 1)),
            serials: Shuffle::new(SERIALS, derive(key, 2)),
        }
    }

    /// All five.
    pub(crate) fn all(census: Census) -> [Self; 5] {
        let mut first = 0;
        RegisterKind::ALL.map(|kind| {
            let register = Self::new(kind, first, census);
            first = register.end();
            register
        })
    }

    /// The index after its last person's.
    pub(crate) const fn end(&self) -> u64 {
        self.first + self.cells.size()
    }

    /// The person with this index.
    pub(crate) fn spot(&self, index: u64) -> Option<Spot<'_>> {
        let place = self.places.forward(0, index.checked_sub(self.first)?)?;
        Some(Spot { register: self, index, place, cell: self.cells.at(place)? })
    }

    /// The person at this place.
    pub(crate) fn spot_at(&self, place: u64) -> Option<Spot<'_>> {
        let index = self.index_at(place)?;
        Some(Spot { register: self, index, place, cell: self.cells.at(place)? })
    }

    /// The index of the person at this place.
    pub(crate) fn index_at(&self, place: u64) -> Option<u64> {
        Some(self.first + self.places.back(0, place)?)
    }

    /// The index of the person with this number.
    pub(crate) fn index_of(&self, number: &IdNumber) -> Option<u64> {
        let (block, slot) = self.cells.block_of(number)?;
        let rank = self.serials.back(mix(slot), u64::from(number.serial()))?;
        self.index_at((rank < block.size).then_some(block.start + rank)?)
    }

    /// What a person begins with.
    pub(crate) fn part(&self, index: u64) -> Option<&Part> {
        let zone = self.zones.iter().rev().find(|zone| zone.first <= index)?;
        zone.ranking.at(zone.ranks.forward(0, index - zone.first)?)
    }
}

impl Spot<'_> {
    /// The ID number.
    pub(crate) fn number(&self) -> Option<IdNumber> {
        let cell = self.cell;
        let rank = self.place - cell.block_start;
        let serial = self.register.serials.forward(mix(cell.slot), rank)?;
        IdNumber::from_parts(cell.code, cell.gender, cell.year, u32::try_from(serial).ok()?)
    }

    /// What the person begins with.
    pub(crate) fn part(&self) -> Option<Part> {
        self.register.part(self.index).copied()
    }
}
