//! The cells of a register: area × year of birth × sex × origin, laid end to end with prefix sums.
//!
//! An area is a province of today, or a nationality. Cells whose people share the first six digits lie side by side and form
//! a block. With real codes every block is one cell; with codes that no province has, all the provinces merged into one of
//! today's share its code, and so a block. People of an area born in the same years lie side by side, too: a group.

use std::ops::{Range, RangeInclusive};

use crate::identity::{BirthProvince, Gender, IdNumber, Province, UNASSIGNED_CODES};

use super::nations::Nation;
use super::pyramid::thousands;

/// Different serials in a block: the last six digits.
pub(crate) const SERIALS: u64 = 1_000_000;

/// Codes of a register: they differ in their last two digits.
const CODES: u16 = 100;
/// What the codes of foreigners begin with.
const FOREIGN: u16 = 900;

/// Where the people of a cell come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// Citizens: the province of birth; its current province is where they live.
    Born(&'static BirthProvince),
    /// Foreigners.
    Abroad(&'static Nation),
}

/// People who share origin, year of birth and sex.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The place of the first.
    pub(crate) start: u64,
    /// The place of the first of the block this cell is in.
    pub(crate) block_start: u64,
    /// Which block, for a permutation of its own.
    pub(crate) slot: u64,
    /// The first three digits of their numbers.
    pub(crate) code: u16,
    /// Year of birth.
    pub(crate) year: u16,
    /// Sex.
    pub(crate) gender: Gender,
    /// Province or nationality.
    pub(crate) origin: Origin,
    /// Which area, counted from 0.
    pub(crate) area: usize,
}

/// The places whose numbers share six digits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Block {
    /// The first place.
    pub(crate) start: u64,
    /// How many.
    pub(crate) size: u64,
}

/// One origin in an area: code, origin, relative size.
type CellMember = (u16, Origin, u64);

/// Who is shared out over the cells of a register.
pub(crate) struct CellPlan {
    /// Years of birth.
    pub(crate) years: RangeInclusive<u16>,
    /// The relative size of a year and sex.
    pub(crate) by_year: fn(u16, Gender) -> u64,
    leading: u16,
    areas: Vec<Vec<CellMember>>,
}

impl CellPlan {
    /// Citizens: an area is a province of today.
    pub(crate) fn citizens(
        years: RangeInclusive<u16>,
        by_year: fn(u16, Gender) -> u64,
        realistic: bool,
    ) -> Self {
        let area = |(province, unassigned): (&Province, u16)| {
            let born = BirthProvince::all().iter().filter(|one| one.current == province.code);
            born.map(|one| {
                let code = if realistic { one.code } else { unassigned };
                (code, Origin::Born(one), thousands(one.code))
            })
            .collect()
        };
        let areas = Province::all().iter().zip(UNASSIGNED_CODES).map(area).collect();
        Self { years, by_year, leading: 0, areas }
    }

    /// Foreigners: an area is a nationality.
    pub(crate) fn foreigners(years: RangeInclusive<u16>, by_year: fn(u16, Gender) -> u64) -> Self {
        let areas = (FOREIGN..)
            .zip(Nation::all())
            .map(|(code, one)| vec![(code, Origin::Abroad(one), one.weight)])
            .collect();
        Self { years, by_year, leading: FOREIGN, areas }
    }
}

/// All cells, blocks and groups of a register.
#[derive(Debug)]
pub(crate) struct Cells {
    size: u64,
    years: RangeInclusive<u16>,
    leading: u16,
    all: Vec<Cell>,
    /// Where each cell begins, apart from the rest: a search touches less memory.
    starts: Vec<u64>,
    blocks: Vec<Block>,
    /// Where each (area, year, sex) begins, and the end of the last.
    groups: Vec<u64>,
}

impl Cells {
    /// Shares `size` people out, each cell within one person of its exact share.
    pub(crate) fn new(size: u64, plan: &CellPlan) -> Self {
        let CellPlan { years, by_year, leading, areas } = plan;
        let slots = usize::from(CODES) * years.len() * Gender::ALL.len();
        let mut all = Self {
            size,
            years: years.clone(),
            leading: *leading,
            all: Vec::new(),
            starts: Vec::new(),
            blocks: vec![Block::default(); slots],
            groups: Vec::new(),
        };
        let pairs =
            || years.clone().flat_map(|year| Gender::ALL.iter().map(move |&gender| (year, gender)));
        let by_area: u64 = areas.iter().flatten().map(|member| member.2).sum();
        let total = by_area * pairs().map(|(year, gender)| by_year(year, gender)).sum::<u64>();
        let mut running = Running { size, before: 0, total };
        for (area, members) in areas.iter().enumerate() {
            for (year, gender) in pairs() {
                all.groups.push(running.people());
                for (code, origin, weight) in members {
                    let start = running.people();
                    running.before += weight * by_year(year, gender);
                    let cell = Cell {
                        start,
                        block_start: 0,
                        slot: 0,
                        code: *code,
                        year,
                        gender,
                        origin: *origin,
                        area,
                    };
                    all.push(cell, running.people());
                }
            }
        }
        all.groups.push(size);
        all
    }

    fn push(&mut self, mut cell: Cell, end: u64) {
        let Some(slot) = self.slot(cell.code, cell.year, cell.gender) else { return };
        let Some(block) = self.blocks.get_mut(slot) else { return };
        if block.size == 0 {
            block.start = cell.start;
        }
        block.size = end - block.start;
        (cell.block_start, cell.slot) = (block.start, slot as u64);
        self.starts.push(cell.start);
        self.all.push(cell);
    }

    /// How many people.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Years of birth.
    pub(crate) const fn years(&self) -> &RangeInclusive<u16> {
        &self.years
    }

    /// The cell a place is in.
    pub(crate) fn at(&self, place: u64) -> Option<&Cell> {
        let after = self.starts.partition_point(|start| *start <= place);
        self.all.get(after.checked_sub(1)?)
    }

    /// The block of a number and its slot; `None` if nobody's number begins so.
    pub(crate) fn block_of(&self, number: &IdNumber) -> Option<(Block, u64)> {
        let slot = self.slot(number.province_code(), number.birth_year(), number.gender()?)?;
        let block = self.blocks.get(slot).filter(|block| block.size > 0)?;
        Some((*block, slot as u64))
    }

    /// Every cell with its number of people, in order of place.
    pub(crate) fn with_sizes(&self) -> impl Iterator<Item = (&Cell, u64)> {
        let ends = self.all.iter().skip(1).map(|cell| cell.start).chain([self.size]);
        self.all.iter().zip(ends).map(|(cell, end)| (cell, end - cell.start))
    }

    /// The places of an area's people born in a year, of one sex; empty outside the register.
    pub(crate) fn group(&self, area: usize, year: u16, gender: Gender) -> Range<u64> {
        self.group_at(area, year, gender)
            .and_then(|at| Some(*self.groups.get(at)?..*self.groups.get(at + 1)?))
            .unwrap_or_default()
    }

    /// The places of an area's people born in these years; empty outside the register.
    pub(crate) fn span(&self, area: usize, years: &RangeInclusive<u16>) -> Range<u64> {
        let first = self.group(area, *years.start(), Gender::Male);
        let last = self.group(area, *years.end(), Gender::Female);
        first.start..last.end.max(first.start)
    }

    /// How many areas.
    pub(crate) fn areas(&self) -> usize {
        self.groups.len() / (self.years.len() * Gender::ALL.len()).max(1)
    }

    fn group_at(&self, area: usize, year: u16, gender: Gender) -> Option<usize> {
        let year = self.years.contains(&year).then(|| year - self.years.start())?;
        let years = area.checked_mul(self.years.len())? + usize::from(year);
        Some(years * Gender::ALL.len() + usize::from(gender == Gender::Female))
    }

    /// Where a block is kept; `None` for digits that no number of the register has.
    fn slot(&self, code: u16, year: u16, gender: Gender) -> Option<usize> {
        let code = code.checked_sub(self.leading).filter(|code| *code < CODES)?;
        self.group_at(usize::from(code), year, gender)
    }
}

/// A running sum of weights, and the people it stands for.
struct Running {
    size: u64,
    before: u64,
    total: u64,
}

impl Running {
    /// People in all cells so far: the share rounded down, so shares neither overlap nor leave anyone out.
    fn people(&self) -> u64 {
        let share = u128::from(self.size) * u128::from(self.before) / u128::from(self.total.max(1));
        u64::try_from(share).unwrap_or(self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::pyramid::{ADULT_YEARS, citizens};

    #[test]
    fn the_largest_country_fits_in_its_serials() {
        for realistic in [false, true] {
            let plan = CellPlan::citizens(ADULT_YEARS, citizens, realistic);
            let cells = Cells::new(76_400_000, &plan);
            assert_eq!(cells.all.len(), 63 * 82 * 2);
            assert_eq!(cells.areas(), 34);
            assert_eq!(cells.with_sizes().map(|(_, size)| size).sum::<u64>(), 76_400_000);
            assert!(cells.with_sizes().all(|(_, size)| size > 0));
            assert_eq!(cells.blocks.iter().map(|block| block.size).sum::<u64>(), 76_400_000);
            let fullest = cells.blocks.iter().map(|block| block.size).max().unwrap();
            assert!(fullest < SERIALS / 4, "{fullest}");
            for cell in &cells.all {
                let block = cells.blocks[usize::try_from(cell.slot).unwrap()];
                assert_eq!(block.start, cell.block_start);
                assert!(cell.start < block.start + block.size);
                let group = cells.group(cell.area, cell.year, cell.gender);
                assert!(group.contains(&cell.start));
            }
        }
    }

    #[test]
    fn the_tables_do_not_grow_with_the_country() {
        let plan = CellPlan::citizens(ADULT_YEARS, citizens, false);
        let [small, large] = [1, 76_400_000].map(|size| Cells::new(size, &plan));
        assert_eq!(small.all.len(), large.all.len());
        assert_eq!(small.blocks.len(), large.blocks.len());
        assert_eq!(small.groups.len(), large.groups.len());
    }
}
