//! The cells of a country: province of birth × year of birth × sex, laid end to end with prefix sums.
//!
//! Cells whose people share the first six digits lie side by side and form a block. With real codes every block is one cell;
//! with codes that no province has, all the provinces merged into one of today's share its code, and so a block.

use crate::identity::{BirthProvince, Gender, IdNumber, Province, UNASSIGNED_CODES};

use super::pyramid::{YEARS, total_weight, weight};

/// Different serials in a block: the last six digits.
pub(crate) const SERIALS: u64 = 1_000_000;

/// Province codes of two digits and a leading zero; no synthetic number has another.
const CODES: u16 = 100;

/// People who share province, year of birth and sex.
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
    /// Province of birth; its current province is where they live.
    pub(crate) birth: &'static BirthProvince,
}

/// The places whose numbers share six digits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Block {
    /// The first place.
    pub(crate) start: u64,
    /// How many.
    pub(crate) size: u64,
}

/// All cells and blocks of a country.
#[derive(Debug)]
pub(crate) struct Cells {
    size: u64,
    all: Vec<Cell>,
    blocks: Vec<Block>,
}

impl Cells {
    /// Shares `size` people out, each cell within one person of its exact share.
    pub(crate) fn new(size: u64, realistic: bool) -> Self {
        let slots = usize::from(CODES) * YEARS.len() * Gender::ALL.len();
        let mut all =
            Self { size, all: Vec::with_capacity(10_400), blocks: vec![Block::default(); slots] };
        let mut running = Running { size, before: 0, total: total_weight() };
        for (province, unassigned) in Province::all().iter().zip(UNASSIGNED_CODES) {
            let merged: Vec<&'static BirthProvince> =
                BirthProvince::all().iter().filter(|one| one.current == province.code).collect();
            for (year, gender) in YEARS.flat_map(|year| Gender::ALL.map(|gender| (year, gender))) {
                for &birth in &merged {
                    let code = if realistic { birth.code } else { unassigned };
                    all.push(&mut running, (code, year, gender), birth);
                }
            }
        }
        all
    }

    fn push(
        &mut self,
        running: &mut Running,
        (code, year, gender): (u16, u16, Gender),
        birth: &'static BirthProvince,
    ) {
        let start = running.people();
        running.before += weight(birth.code, year, gender);
        let Some(slot) = slot(code, year, gender) else { return };
        let Some(block) = self.blocks.get_mut(slot) else { return };
        if block.size == 0 {
            block.start = start;
        }
        block.size = running.people() - block.start;
        let (block_start, slot) = (block.start, slot as u64);
        self.all.push(Cell { start, block_start, slot, code, year, gender, birth });
    }

    /// The cell a place is in.
    pub(crate) fn at(&self, place: u64) -> Option<&Cell> {
        let after = self.all.partition_point(|cell| cell.start <= place);
        self.all.get(after.checked_sub(1)?)
    }

    /// The block of a number and its slot; `None` if nobody's number begins so.
    pub(crate) fn block_of(&self, number: &IdNumber) -> Option<(Block, u64)> {
        let slot = slot(number.province_code(), number.birth_year(), number.gender()?)?;
        let block = self.blocks.get(slot).filter(|block| block.size > 0)?;
        Some((*block, slot as u64))
    }

    /// Every cell with its number of people, in order of place.
    pub(crate) fn with_sizes(&self) -> impl Iterator<Item = (&Cell, u64)> {
        let ends = self.all.iter().skip(1).map(|cell| cell.start).chain([self.size]);
        self.all.iter().zip(ends).map(|(cell, end)| (cell, end - cell.start))
    }
}

/// Where a block is kept; `None` for digits that no synthetic number has.
fn slot(code: u16, year: u16, gender: Gender) -> Option<usize> {
    if code >= CODES || !YEARS.contains(&year) {
        return None;
    }
    let years = usize::from(code) * YEARS.len() + usize::from(year - YEARS.start());
    Some(years * Gender::ALL.len() + usize::from(gender == Gender::Female))
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

    #[test]
    fn the_largest_country_fits_in_its_serials() {
        for realistic in [false, true] {
            let cells = Cells::new(68_400_000, realistic);
            assert_eq!(cells.all.len(), 63 * 82 * 2);
            assert_eq!(cells.with_sizes().map(|(_, size)| size).sum::<u64>(), 68_400_000);
            assert!(cells.with_sizes().all(|(_, size)| size > 0));
            assert_eq!(cells.blocks.iter().map(|block| block.size).sum::<u64>(), 68_400_000);
            let fullest = cells.blocks.iter().map(|block| block.size).max().unwrap();
            assert!(fullest < SERIALS / 5, "{fullest}");
            for cell in &cells.all {
                let block = cells.blocks[usize::try_from(cell.slot).unwrap()];
                assert_eq!(block.start, cell.block_start);
                assert!(cell.start < block.start + block.size);
            }
        }
    }
}
