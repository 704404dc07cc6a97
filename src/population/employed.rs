//! Who works where, by index.

use crate::identity::{IdNumber, lock::LockReason};

use super::country::Country;
use super::registers::{RegisterKind, Spot};
use super::shares::{Initial, InitialState};

use super::employers::FIRST_NUMBER;

impl Country {
    /// How many organisations there are; their indices run from 0 to one less.
    pub fn organisation_count(&self) -> u64 {
        self.tables.employers.count
    }

    /// The number of the organisation with this index.
    pub fn organisation_number(&self, index: u64) -> Option<IdNumber> {
        (index < self.organisation_count()).then_some(())?;
        let number = FIRST_NUMBER + self.tables.employers.numbers.forward(0, index)?;
        IdNumber::parse(&number.to_string()).ok()
    }

    /// The index of the organisation with this number; `None` if it is nobody's.
    pub fn organisation_index(&self, number: &IdNumber) -> Option<u64> {
        number.is_organisation().then_some(())?;
        let value = number.as_str().parse::<u64>().ok()?.checked_sub(FIRST_NUMBER)?;
        let index = self.tables.employers.numbers.back(0, value)?;
        (index < self.organisation_count()).then_some(index)
    }

    /// The account an organisation begins with. One whose representative has no active account of level 2 has none
    /// (Decree 69/2024 Art. 12), unless it was dissolved since.
    pub fn organisation_initial(&self, index: u64) -> Option<Initial> {
        let employers = &self.tables.employers;
        let initial = employers.ranking.at(employers.ranks.forward(0, index)?)?.initial;
        let needs = match initial.state {
            InitialState::Unregistered | InitialState::Locked(LockReason::Dissolved) => false,
            InitialState::Level0
            | InitialState::Approved
            | InitialState::ActivationOverdue
            | InitialState::Active
            | InitialState::UpgradeApproved
            | InitialState::TemporarilyLocked
            | InitialState::Locked(_) => true,
        };
        let able = || {
            let first = self.representative_spot(index).and_then(|spot| spot.part());
            first.is_some_and(|part| {
                part.initial == Initial { level: 2, state: InitialState::Active }
            })
        };
        Some(if needs && !able() { Initial::UNREGISTERED } else { initial })
    }

    /// How many work for an organisation; 0 if there is none with this index.
    pub fn staff_count(&self, index: u64) -> u64 {
        self.tables.employers.row(index).map_or(0, |(_, row)| row.end - row.start)
    }

    /// Who works for an organisation, the legal representative first.
    pub fn staff(&self, index: u64) -> impl Iterator<Item = IdNumber> {
        let employers = &self.tables.employers;
        let (area, row) = employers.row(index).unwrap_or_default();
        row.filter_map(move |row| {
            let place = employers.place(area, row)?;
            self.register(RegisterKind::Adults).spot_at(place)?.number()
        })
    }

    /// The organisation a person works for.
    pub fn employer_of(&self, person: u64) -> Option<u64> {
        self.employment(&self.spot(person)?).map(|(index, _)| index)
    }

    /// The organisation a person represents: the first of its staff does.
    pub fn represents(&self, person: u64) -> Option<u64> {
        let (index, first) = self.employment(&self.spot(person)?)?;
        first.then_some(index)
    }

    /// The organisation a person works for, and whether as its representative.
    pub(crate) fn employment(&self, spot: &Spot) -> Option<(u64, bool)> {
        self.tables.employers.of(spot)
    }

    /// The legal representative of an organisation.
    pub(crate) fn representative_spot(&self, index: u64) -> Option<Spot<'_>> {
        let employers = &self.tables.employers;
        let (area, row) = employers.row(index)?;
        self.register(RegisterKind::Adults).spot_at(employers.place(area, row.start)?)
    }
}
