//! Employers: which organisation a person works for, and who works there; both ways without a list.
//!
//! The people of a province who are of working age stand in a row, shuffled; the first of them are employed and cut into
//! organisations of four sizes, over and over. The first of each organisation represents it.

use std::ops::{Range, RangeInclusive};

use super::feistel::{Shuffle, derive};
use super::ranking::Ranking;
use super::registers::{Register, RegisterKind, Spot};
use super::shares::Initial;

/// Years of birth of the working.
pub(super) const WORKING_YEARS: RangeInclusive<u16> = 1966..=2003;
/// Percent of them who are employed.
pub(super) const EMPLOYED: u64 = 60;
/// Staff of the four sizes of organisations, and where each begins among the staff of all four.
pub(super) const STAFF: [(u64, u64); 4] = [(0, 108), (108, 42), (150, 16), (166, 7)];
/// Staff of the four together.
pub(super) const BLOCK: u64 = 173;
/// Numbers of organisations begin with 8; eleven digits follow.
pub(super) const NUMBERS: u64 = 100_000_000_000;
pub(super) const FIRST_NUMBER: u64 = 8 * NUMBERS;

/// The organisations of one province.
#[derive(Debug)]
pub(super) struct Area {
    /// The places of those of working age.
    pub(super) places: Range<u64>,
    /// How many of them are employed.
    pub(super) employed: u64,
    /// The index of the first organisation.
    pub(super) first: u64,
}

/// All organisations.
#[derive(Debug)]
pub(crate) struct Employers {
    pub(super) areas: Vec<Area>,
    pub(super) count: u64,
    /// Place among those of working age ↔ place in the row.
    pub(super) rows: Shuffle,
    pub(super) numbers: Shuffle,
    pub(super) ranks: Shuffle,
    pub(super) ranking: Ranking,
    /// For everything else about them.
    pub(crate) key: u64,
}

impl Employers {
    pub(crate) fn new(adults: &Register, key: u64) -> Self {
        let mut count = 0;
        let areas = (0..adults.cells.areas()).map(|area| {
            let places = adults.cells.span(area, &WORKING_YEARS);
            let employed = (places.end - places.start) * EMPLOYED / 100;
            let first = count;
            let begun = STAFF.iter().filter(|(start, _)| *start < employed % BLOCK).count();
            count += employed / BLOCK * STAFF.len() as u64 + begun as u64;
            Area { places, employed, first }
        });
        let areas = areas.collect();
        Self {
            areas,
            count,
            rows: Shuffle::new(1, derive(key, 1)),
            numbers: Shuffle::new(NUMBERS, derive(key, 2)),
            ranks: Shuffle::new(count, derive(key, 3)),
            ranking: Ranking::organisations(count),
            key: derive(key, 4),
        }
    }

    /// The organisations whose account begins in a fitting state, if their representative can act.
    pub(crate) fn fitting(
        &self,
        fits: impl Fn(&Initial) -> bool,
    ) -> impl Iterator<Item = Range<u64>> {
        self.ranking.fitting(move |part| fits(&part.initial))
    }

    /// The organisation with a rank.
    pub(crate) fn index_at(&self, rank: u64) -> Option<u64> {
        self.ranks.back(0, rank)
    }

    /// The organisations of an area.
    pub(crate) fn of_area(&self, area: usize) -> Range<u64> {
        let end = self.areas.get(area + 1).map_or(self.count, |next| next.first);
        self.areas.get(area).map_or(0..0, |area| area.first..end)
    }

    /// The area of an organisation.
    pub(crate) fn area_of(&self, index: u64) -> Option<usize> {
        (index < self.count).then_some(())?;
        // Areas without organisations begin where the next does.
        self.areas.partition_point(|area| area.first <= index).checked_sub(1)
    }

    /// Where in the row of its area the staff stand.
    pub(super) fn row(&self, index: u64) -> Option<(usize, Range<u64>)> {
        let at = self.area_of(index)?;
        let area = self.areas.get(at)?;
        let sizes = STAFF.len() as u64;
        let local = index - area.first;
        let (start, size) = STAFF.get(usize::try_from(local % sizes).ok()?)?;
        let start = local / sizes * BLOCK + start;
        Some((at, start..(start + size).min(area.employed)))
    }

    /// The organisation of a place among the adults, and whether the person is its first.
    pub(super) fn of(&self, spot: &Spot) -> Option<(u64, bool)> {
        (spot.register.kind == RegisterKind::Adults).then_some(())?;
        let area = self.areas.get(spot.cell.area)?;
        area.places.contains(&spot.place).then_some(())?;
        let rows = self.rows.over(area.places.end - area.places.start);
        let row = rows.forward(spot.cell.area as u64, spot.place - area.places.start)?;
        (row < area.employed).then_some(())?;
        let (block, within) = (row / BLOCK, row % BLOCK);
        let kind = STAFF.iter().rposition(|(start, _)| *start <= within)?;
        let (start, _) = STAFF.get(kind)?;
        let index = area.first + block * STAFF.len() as u64 + kind as u64;
        Some((index, within == *start))
    }

    pub(super) fn place(&self, area: usize, row: u64) -> Option<u64> {
        let places = &self.areas.get(area)?.places;
        let rows = self.rows.over(places.end - places.start);
        Some(places.start + rows.back(area as u64, row)?)
    }
}
