//! A country of synthetic citizens: every question answered from the index, the number or the phone, in constant time.

use std::sync::Arc;

use crate::identity::{IdNumber, Phone};

use super::census::{Census, CensusError, MOST_PEOPLE};
use super::employers::Employers;
use super::feistel::{Shuffle, derive};
use super::households::Households;
use super::registers::{Register, RegisterKind, Spot};
use super::shares::Initial;

/// A derived population. Cheap to clone: clones share the tables (about 2 MB, whatever the size).
#[derive(Clone, Debug)]
pub struct Country {
    #[cfg(feature = "internals")]
    census: Census,
    pub(crate) people_key: u64,
    pub(crate) tables: Arc<CountryTables>,
}

/// What is built once.
#[derive(Debug)]
pub(crate) struct CountryTables {
    /// The registers of persons, in the order of their indices.
    pub(crate) registers: [Register; 5],
    /// Couples, parents, guardians.
    pub(crate) households: Households,
    /// Organisations and who works there.
    pub(crate) employers: Employers,
    /// Ordinal of everybody who has a phone ↔ the phone; the values after the last belong to nobody.
    phones: Shuffle,
}

impl Country {
    /// Founds a country; builds its tables (about a millisecond).
    pub fn new(census: Census) -> Result<Self, CensusError> {
        let Census { size, key, .. } = census;
        if size > MOST_PEOPLE {
            return Err(CensusError::TooManyPeople { size });
        }
        let registers = Register::all(census);
        let employers = Employers::new(&registers[0], derive(key, 7));
        Ok(Self {
            #[cfg(feature = "internals")]
            census,
            people_key: derive(key, 5),
            tables: Arc::new(CountryTables {
                registers,
                households: Households::new(derive(key, 6)),
                employers,
                phones: Shuffle::new(Phone::COUNT, derive(key, 3)),
            }),
        })
    }

    #[cfg(feature = "internals")]
    /// What it was founded from.
    pub const fn census(&self) -> Census {
        self.census
    }

    #[cfg(feature = "internals")]
    /// How many accounts of adult citizens it has: theirs are the first indices.
    pub const fn size(&self) -> u64 {
        self.census.size
    }

    /// How many persons it has: adults with an account, adults without, children, foreigners. Indices run from 0 to one less.
    pub fn persons(&self) -> u64 {
        self.tables.registers.last().map_or(0, Register::end)
    }

    /// The ID number of the person with this index.
    pub fn number_at(&self, index: u64) -> Option<IdNumber> {
        self.spot(index)?.number()
    }

    /// The index of the person with this number; `None` if it is nobody's.
    pub fn index_of(&self, number: &IdNumber) -> Option<u64> {
        self.tables.registers.iter().find_map(|register| register.index_of(number))
    }

    /// The phone of the person with this index: every adult citizen and every foreigner of 6 and over has one.
    pub fn phone_at(&self, index: u64) -> Option<Phone> {
        let (before, register) = self.with_phones().find(|(_, one)| index < one.end())?;
        let ordinal = before + index.checked_sub(register.first)?;
        Phone::from_ordinal(self.tables.phones.forward(0, ordinal)?)
    }

    /// The index of the person with this phone; `None` if it is nobody's.
    pub fn index_of_phone(&self, phone: &Phone) -> Option<u64> {
        let ordinal = self.tables.phones.back(0, phone.ordinal())?;
        self.with_phones().find_map(|(before, register)| {
            let index = register.first + ordinal.checked_sub(before)?;
            (index < register.end()).then_some(index)
        })
    }

    /// The account a person begins with.
    pub fn initial(&self, index: u64) -> Option<Initial> {
        (index < self.persons()).then_some(())?;
        let register = self.tables.registers.iter().find(|register| index < register.end())?;
        Some(register.part(index)?.initial)
    }

    /// The registers whose people have phones, each with the number of phones before it.
    fn with_phones(&self) -> impl Iterator<Item = (u64, &Register)> {
        let all = self.tables.registers.iter().filter(|register| register.kind.has_phones());
        all.scan(0, |before, register| {
            let here = *before;
            *before += register.cells.size();
            Some((here, register))
        })
    }

    /// A register.
    pub(crate) fn register(&self, kind: RegisterKind) -> &Register {
        &self.tables.registers[kind as usize]
    }

    /// The person with this index.
    pub(crate) fn spot(&self, index: u64) -> Option<Spot<'_>> {
        self.tables.registers.iter().find(|register| index < register.end())?.spot(index)
    }
}
