//! Couples, parents, children and guardians, by index.

use crate::identity::{Gender, IdNumber, lock::LockReason};

use super::country::Country;
use super::feistel::{below, mix};
use super::registers::{RegisterKind, Spot};

use super::households::{
    HouseholdFamily, MARRIED, MOTHERS_AGE, MarriedPair, Mother, PARENT_YEARS, Parents, WITH_WARD,
    YEARS_OLDER, YOUNGEST_WIFE, tweak,
};

impl Country {
    #[cfg(feature = "internals")]
    /// The index of the spouse; the spouse's spouse is this person.
    pub fn spouse_of(&self, index: u64) -> Option<u64> {
        let spot = self.spot(index)?;
        spot.register.index_at(self.pair(&spot)?.spouse)
    }

    /// Those a person acts for: children under 14 on 1 January 2026, and the spouse if that is a ward.
    pub fn dependants_of(&self, index: u64) -> Vec<IdNumber> {
        let Some(spot) = self.spot(index) else { return Vec::new() };
        self.dependants(&spot)
    }

    pub(crate) fn dependants(&self, spot: &Spot) -> Vec<IdNumber> {
        if spot.register.kind.is_foreign() {
            return self.foreign_child(spot).and_then(|child| child.number()).into_iter().collect();
        }
        let spouse = self.pair(spot).and_then(|pair| spot.register.spot_at(pair.spouse));
        let wards_guardian = spouse.filter(|spouse| self.is_ward(spouse));
        let children = self.children(spot).filter(|child| {
            let guardian = self.parents(child).and_then(|parents| parents.guardian);
            guardian.is_some_and(|guardian| guardian.index == spot.index)
        });
        children.chain(wards_guardian).filter_map(|one| one.number()).collect()
    }

    /// The pair an adult citizen belongs to.
    pub(crate) fn pair(&self, spot: &Spot) -> Option<MarriedPair> {
        (spot.register.kind == RegisterKind::Adults).then_some(())?;
        let cell = spot.cell;
        let is_wife = cell.gender == Gender::Female;
        let year = if is_wife { cell.year } else { cell.year + YEARS_OLDER };
        (year <= YOUNGEST_WIFE).then_some(())?;
        let cells = &spot.register.cells;
        let wives = cells.group(cell.area, year, Gender::Female);
        let husbands = cells.group(cell.area, year.checked_sub(YEARS_OLDER)?, Gender::Male);
        let [size, others] = [&wives, &husbands].map(|group| group.end - group.start);
        let pairs = size.min(others) * MARRIED / 100;
        let houses = &self.tables.households;
        let tweak = tweak(cell.area, year);
        let (one, other) = (houses.wives.over(size), houses.husbands.over(others));
        let (rank, spouse) = if is_wife {
            let rank = one.forward(tweak, spot.place - wives.start).filter(|rank| *rank < pairs)?;
            (rank, husbands.start + other.back(tweak, rank)?)
        } else {
            let rank = other.forward(tweak, spot.place - husbands.start);
            let rank = rank.filter(|rank| *rank < pairs)?;
            (rank, wives.start + one.back(tweak, rank)?)
        };
        let chance = mix(houses.key ^ mix(tweak ^ rank));
        let ward = (below(chance, 1_000) < WITH_WARD).then_some(if chance & 1 == 0 {
            Gender::Female
        } else {
            Gender::Male
        });
        Some(MarriedPair { spouse, ward })
    }

    /// Whether the population database says that the person died.
    pub(crate) fn is_dead(spot: &Spot) -> bool {
        spot.part().is_some_and(|part| part.initial.state.reason() == Some(LockReason::Death))
    }

    /// Whether an adult is under the guardianship of the spouse, who lives.
    pub(crate) fn is_ward(&self, spot: &Spot) -> bool {
        self.pair(spot).is_some_and(|pair| Self::is_ward_of(spot, pair))
    }

    fn is_ward_of(spot: &Spot, pair: MarriedPair) -> bool {
        pair.ward == Some(spot.cell.gender)
            && spot.register.spot_at(pair.spouse).is_some_and(|spouse| !Self::is_dead(&spouse))
    }

    /// The mother of a child; `None` where a tiny country has too few women.
    pub(crate) fn mother(&self, child: &Spot) -> Option<Spot<'_>> {
        matches!(child.register.kind, RegisterKind::Children | RegisterKind::Infants)
            .then_some(())?;
        let cell = child.cell;
        let place =
            child.place - child.register.cells.span(cell.area, &(cell.year..=cell.year)).start;
        let (half, parity) = (place / 2, place % 2);
        let gap = MOTHERS_AGE.get(usize::try_from(parity).ok()?)?;
        let adults = self.register(RegisterKind::Adults);
        let women = adults.cells.group(cell.area, cell.year - gap, Gender::Female);
        let tweak = tweak(cell.area, cell.year) ^ parity;
        let mothers = self.tables.households.mothers.over(women.end - women.start);
        adults.spot_at(women.start + mothers.forward(tweak, half)?)
    }

    /// The children of an adult citizen: a woman's own, a man's by his wife.
    pub(crate) fn children(&self, spot: &Spot) -> impl Iterator<Item = Spot<'_>> {
        let mother = match (spot.register.kind, spot.cell.gender) {
            (RegisterKind::Adults, Gender::Female) => {
                Some(Mother { place: spot.place, area: spot.cell.area, born: spot.cell.year })
            }
            (RegisterKind::Adults, Gender::Male) => self.pair(spot).map(|pair| Mother {
                place: pair.spouse,
                area: spot.cell.area,
                born: spot.cell.year + YEARS_OLDER,
            }),
            _ => None,
        };
        (0..2).zip(MOTHERS_AGE).filter_map(move |(parity, gap)| self.child(mother?, parity, gap))
    }

    fn child(
        &self,
        Mother { place, area, born }: Mother,
        parity: u64,
        gap: u16,
    ) -> Option<Spot<'_>> {
        let year = born + gap;
        let registers =
            [RegisterKind::Children, RegisterKind::Infants].map(|kind| self.register(kind));
        let register = registers.into_iter().find(|one| one.cells.years().contains(&year))?;
        let women = self.register(RegisterKind::Adults).cells.group(area, born, Gender::Female);
        let mothers = self.tables.households.mothers.over(women.end - women.start);
        let half = mothers.back(tweak(area, year) ^ parity, place - women.start)?;
        let span = register.cells.span(area, &(year..=year));
        let place = span.start + half * 2 + parity;
        if place < span.end { register.spot_at(place) } else { None }
    }

    /// The parents of a child, and which of them acts for it: the mother, or the father if she cannot.
    fn parents(&self, child: &Spot) -> Option<Parents<'_>> {
        let mother = self.mother(child)?;
        let pair = self.pair(&mother);
        let father = pair.and_then(|pair| mother.register.spot_at(pair.spouse));
        let is_ward = pair.is_some_and(|pair| Self::is_ward_of(&mother, pair));
        let guardian = if is_ward || Self::is_dead(&mother) {
            father.filter(|father| !Self::is_dead(father))
        } else {
            Some(mother)
        };
        Some(Parents { mother, father, guardian })
    }

    /// The parent of a foreign child: a compatriot.
    pub(crate) fn foreign_parent(&self, child: &Spot) -> Option<Spot<'_>> {
        (child.register.kind == RegisterKind::YoungForeigners).then_some(())?;
        let area = child.cell.area;
        let place =
            child.place - child.register.cells.span(area, child.register.cells.years()).start;
        let register = self.register(RegisterKind::Foreigners);
        let adults = register.cells.span(area, &PARENT_YEARS);
        let parents = self.tables.households.parents.over(adults.end - adults.start);
        register.spot_at(adults.start + parents.forward(area as u64, place)?)
    }

    /// The child a foreigner acts for.
    pub(crate) fn foreign_child(&self, parent: &Spot) -> Option<Spot<'_>> {
        (parent.register.kind == RegisterKind::Foreigners).then_some(())?;
        let area = parent.cell.area;
        let adults = parent.register.cells.span(area, &PARENT_YEARS);
        adults.contains(&parent.place).then_some(())?;
        let parents = self.tables.households.parents.over(adults.end - adults.start);
        let place = parents.back(area as u64, parent.place - adults.start)?;
        let register = self.register(RegisterKind::YoungForeigners);
        let children = register.cells.span(area, register.cells.years());
        let place = children.start + place;
        if place < children.end { register.spot_at(place) } else { None }
    }

    /// Everything about the household that a person's record says.
    pub(crate) fn family(&self, spot: &Spot) -> HouseholdFamily {
        let own = HouseholdFamily { head: spot.index, ..HouseholdFamily::default() };
        match spot.register.kind {
            RegisterKind::Adults => self.couple(spot).unwrap_or(own),
            RegisterKind::Children | RegisterKind::Infants => {
                self.childs_family(spot).unwrap_or(own)
            }
            RegisterKind::Foreigners => own,
            RegisterKind::YoungForeigners => {
                self.foreign_parent(spot).map_or(own, |parent| HouseholdFamily {
                    head: parent.index,
                    name: Some((parent.index, 0)),
                    representative: parent.number(),
                    ..own
                })
            }
        }
    }

    fn couple(&self, spot: &Spot) -> Option<HouseholdFamily> {
        let pair = self.pair(spot)?;
        let other = spot.register.spot_at(pair.spouse)?;
        let spouse = other.number();
        let ward = Self::is_ward_of(spot, pair);
        Some(HouseholdFamily {
            head: if spot.cell.gender == Gender::Female { other.index } else { spot.index },
            name: None,
            spouse,
            representative: spouse.filter(|_| ward),
            ward,
        })
    }

    fn childs_family(&self, spot: &Spot) -> Option<HouseholdFamily> {
        let Parents { mother, father, guardian } = self.parents(spot)?;
        let parent = father.unwrap_or(mother);
        Some(HouseholdFamily {
            head: parent.index,
            name: Some((parent.index, parent.birth_province())),
            spouse: None,
            representative: guardian.and_then(|one| one.number()),
            ward: false,
        })
    }
}
