//! Search over the derivation: walk whichever is narrower, the cells or the ranks that come into question, and test the rest.

use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::identity::{
    CardStatus, HolderKind, PaperKind, Province,
    lock::LockReason,
    wanted::{StateName, WantedCard},
};

use super::cells::{Cell, Origin};
use super::country::Country;
use super::feistel::{Shuffle, derive};
use super::like::{Found, Like, OrganisationLike};
use super::people::card;
use super::ranking::Part;
use super::registers::{Register, RegisterKind, Spot};
use super::shares::{Initial, InitialState};

/// The most people or organisations looked at one by one.
const MOST_LOOKED_AT: u64 = 50_000;
/// Cards that expire at an age, not on some day of before: from this year on.
const REGULAR: i16 = 2026;
/// The ages at which cards expire.
const CARD_AGES: [i16; 4] = [14, 25, 40, 60];

/// A stretch of candidates: places of a register, or ranks of one of its zones.
struct CandidateRun {
    register: usize,
    zone: Option<usize>,
    start: u64,
    /// How many candidates there are up to the end of this run.
    sum: u64,
}

/// Candidates laid end to end.
#[derive(Default)]
struct Runs(Vec<CandidateRun>);

impl Runs {
    fn push(&mut self, register: usize, zone: Option<usize>, range: &Range<u64>) {
        if range.is_empty() {
            return;
        }
        let sum = self.len() + (range.end - range.start);
        self.0.push(CandidateRun { register, zone, start: range.start, sum });
    }

    fn len(&self) -> u64 {
        self.0.last().map_or(0, |run| run.sum)
    }

    fn spot<'a>(&self, registers: &'a [Register], turn: u64) -> Option<Spot<'a>> {
        let at = self.0.partition_point(|run| run.sum <= turn);
        let run = self.0.get(at)?;
        let before = at.checked_sub(1).and_then(|at| self.0.get(at)).map_or(0, |run| run.sum);
        let register = registers.get(run.register)?;
        let here = run.start + (turn - before);
        match run.zone {
            None => register.spot_at(here),
            Some(zone) => register.spot(register.zones.get(zone)?.index_at(here)?),
        }
    }
}

/// A question on a day.
struct Question<'a> {
    country: &'a Country,
    like: &'a Like,
    kind: HolderKind,
    today: Date,
}

impl Country {
    /// A person of this kind on `today`. The same `pick` always yields the same person; another one yields another where there are several.
    ///
    /// Looks at 50 000 people at most, and says whether that was everyone. Organisations are searched with
    /// [`Country::search_organisations`].
    pub fn search(&self, like: &Like, today: Date, pick: u64) -> Found {
        let question = Question { country: self, like, kind: like.meant(), today };
        let registers = &self.tables.registers;
        let candidates = question.candidates();
        let found = self.walk(candidates.len(), pick, |turn| {
            let spot = candidates.spot(registers, turn)?;
            question.fits(&spot).then_some(spot.index)
        });
        found.map_or_else(|nobody| nobody, Found::Person)
    }

    /// An organisation like this, under the same terms as [`Country::search`].
    pub fn search_organisations(&self, like: &OrganisationLike, pick: u64) -> Found {
        let employers = &self.tables.employers;
        let fits = |initial: &Initial| {
            like.state.is_none_or(|state| state == initial.state.name())
                && like.reason.is_none_or(|reason| initial.state.reason() == Some(reason))
        };
        let place = |code| Province::all().iter().position(|one| one.code == code);
        let area = like.province.map(|code| place(code).map_or(0..0, |at| employers.of_area(at)));
        // One that a representative who cannot act keeps unregistered has another rank.
        let by_rank = like.reason.is_some()
            || like.state.is_some_and(|state| state != StateName::Unregistered);
        let mut ranks = Runs::default();
        if by_rank {
            employers.fitting(fits).for_each(|range| ranks.push(0, None, &range));
        }
        let all = area.clone().unwrap_or(0..self.organisation_count());
        let total = all.end - all.start;
        let walks_ranks = by_rank && ranks.len() < total;
        let tests = |index: u64| {
            area.as_ref().is_none_or(|area| area.contains(&index))
                && like.staff.as_ref().is_none_or(|staff| staff.contains(&self.staff_count(index)))
                && self.organisation_initial(index).is_some_and(|initial| fits(&initial))
                && like.representative.is_none_or(|wanted| {
                    let part = self.representative_spot(index).and_then(|spot| spot.part());
                    part.is_some_and(|part| {
                        (part.initial.state.name(), part.initial.level) == wanted
                            && part.initial.state != InitialState::UpgradeApproved
                    })
                })
        };
        let total = if walks_ranks { ranks.len() } else { total };
        let found = self.walk(total, pick, |turn| {
            let index = if walks_ranks {
                let at = ranks.0.partition_point(|run| run.sum <= turn);
                let before = at.checked_sub(1).and_then(|at| ranks.0.get(at));
                let rank = ranks.0.get(at)?.start + turn - before.map_or(0, |run| run.sum);
                employers.index_at(rank)?
            } else {
                all.start + turn
            };
            tests(index).then_some(index)
        });
        found.map_or_else(|nobody| nobody, Found::Organisation)
    }

    /// Tests candidates in a scattered order: of few, the `pick`-th who fits, round and round; of many, the first who
    /// fits in a stretch of their own for every pick.
    fn walk(&self, total: u64, pick: u64, test: impl Fn(u64) -> Option<u64>) -> Result<u64, Found> {
        let order = Shuffle::new(total, derive(self.people_key, total));
        let at = |turn| order.forward(0, turn).and_then(&test);
        if total <= MOST_LOOKED_AT {
            let nobody = Found::Nobody { looked_at: total, everyone: true };
            let wanted = usize::try_from(pick).unwrap_or(usize::MAX).saturating_add(1);
            let found: Vec<u64> = (0..total).filter_map(at).take(wanted).collect();
            let nth = pick.checked_rem(found.len() as u64).ok_or(nobody)?;
            return found.get(usize::try_from(nth).unwrap_or_default()).copied().ok_or(nobody);
        }
        let begins = u128::from(pick) * u128::from(MOST_LOOKED_AT);
        // Every time round, the stretches begin a little later.
        let begins = begins + begins / u128::from(total);
        let start = u64::try_from(begins % u128::from(total)).unwrap_or_default();
        let found = (start..start + MOST_LOOKED_AT).find_map(|turn| at(turn % total));
        found.ok_or(Found::Nobody { looked_at: MOST_LOOKED_AT, everyone: false })
    }
}

impl Question<'_> {
    /// The narrower of the cells and the ranks that come into question.
    fn candidates(&self) -> Runs {
        let registers = &self.country.tables.registers;
        let (mut cells, mut ranks) = (Runs::default(), Runs::default());
        for (at, register) in registers.iter().enumerate() {
            let mut any = false;
            for (cell, size) in register.cells.with_sizes() {
                if self.kind_lives_in(register.kind) && self.cell_fits(cell) {
                    any = true;
                    cells.push(at, None, &(cell.start..cell.start + size));
                }
            }
            for (zone, parts) in register.zones.iter().enumerate().filter(|_| any) {
                let fitting = parts.ranking.fitting(|part| self.part_fits(part));
                fitting.for_each(|range| ranks.push(at, Some(zone), &range));
            }
        }
        if cells.len() <= ranks.len() { cells } else { ranks }
    }

    /// Whether holders of the wanted kind are in a register at all.
    const fn kind_lives_in(&self, kind: RegisterKind) -> bool {
        match self.kind {
            HolderKind::Citizen | HolderKind::Ward | HolderKind::Child | HolderKind::YoungChild => {
                !kind.is_foreign()
            }
            HolderKind::Foreigner | HolderKind::YoungForeigner => kind.is_foreign(),
            HolderKind::Organisation => false,
        }
    }

    /// Everything that a cell decides.
    fn cell_fits(&self, cell: &Cell) -> bool {
        let like = self.like;
        // Somebody born this year is at most `oldest` today, and at least a year less.
        let oldest = i32::from(self.today.year()) - i32::from(cell.year);
        let in_reach =
            |ages: (u16, u16)| oldest >= i32::from(ages.0) && oldest - 1 <= i32::from(ages.1);
        let fits_origin = match cell.origin {
            Origin::Born(province) => {
                like.province.is_none_or(|code| code == province.current)
                    && like.birth_province.is_none_or(|code| code == province.code)
                    && like.nationality.is_none()
            }
            Origin::Abroad(nation) => {
                like.birth_province.is_none()
                    && like.nationality.as_ref().is_none_or(|code| code == nation.code)
            }
        };
        fits_origin
            && like.gender.is_none_or(|gender| gender == cell.gender)
            && like.birth_years.as_ref().is_none_or(|years| years.contains(&cell.year))
            && in_reach(ages_of(self.kind))
            && like.ages.as_ref().is_none_or(|ages| in_reach((*ages.start(), *ages.end())))
            && (like.card != Some(WantedCard::Expiring) || self.card_may_expire(cell.year))
    }

    /// Whether the card of somebody born in a year may be about to expire.
    fn card_may_expire(&self, year: u16) -> bool {
        let soon = self.today.saturating_add(30.days());
        let year = i16::try_from(year).unwrap_or_default();
        let at_an_age = |day: Date| CARD_AGES.iter().any(|age| day.year() - age == year);
        self.today.year() < REGULAR || at_an_age(self.today) || at_an_age(soon)
    }

    /// Everything that a rank decides.
    fn part_fits(&self, part: &Part) -> bool {
        let (like, initial) = (self.like, part.initial);
        let reason = initial.state.reason();
        let upgrade = initial.state == InitialState::UpgradeApproved;
        like.level.is_none_or(|level| level == initial.level)
            && like.state.is_none_or(|state| state == initial.state.name())
            && like.reason.is_none_or(|wanted| reason == Some(wanted))
            && like.upgrade_approved.is_none_or(|wanted| wanted == upgrade)
            && like.card.is_none_or(|wanted| match wanted {
                WantedCard::Lost => reason == Some(LockReason::CardRevoked),
                WantedCard::None => !part.card,
                WantedCard::Valid => part.card && reason != Some(LockReason::CardExpired),
                WantedCard::Expiring | WantedCard::Expired => part.card,
            })
    }

    /// Everything, the cheapest first.
    fn fits(&self, spot: &Spot) -> bool {
        self.cell_fits(spot.cell)
            && spot
                .part()
                .is_some_and(|part| self.part_fits(&part) && self.person_fits(spot, &part))
    }

    fn person_fits(&self, spot: &Spot, part: &Part) -> bool {
        let (country, like) = (self.country, self.like);
        let Some(birth) = country.birth_of(spot) else { return false };
        let age = age(birth, self.today);
        let (youngest, oldest) = ages_of(self.kind);
        (youngest..=oldest).contains(&age)
            && like.ages.as_ref().is_none_or(|ages| ages.contains(&age))
            && like.card.is_none_or(|wanted| self.card_fits(spot, part, birth, wanted))
            && self.household_fits(spot)
            && like
                .represents_organisation
                .is_none_or(|wanted| wanted == country.employment(spot).is_some_and(|it| it.1))
            && like.province.is_none_or(|code| code == country.province_of(spot))
            && like.papers.iter().all(|kind| match kind {
                PaperKind::Card => part.card,
                PaperKind::Residence => true,
                PaperKind::Dependants => !country.dependants(spot).is_empty(),
                PaperKind::Driving
                | PaperKind::Vehicle
                | PaperKind::HealthInsurance
                | PaperKind::SocialInsurance
                | PaperKind::Health
                | PaperKind::Tax
                | PaperKind::OldNumber => country.holds(spot, *kind, birth, age),
            })
    }

    fn household_fits(&self, spot: &Spot) -> bool {
        let (country, like) = (self.country, self.like);
        let is_ward = match self.kind {
            HolderKind::Ward => Some(true),
            HolderKind::Citizen => Some(false),
            HolderKind::Child
            | HolderKind::YoungChild
            | HolderKind::Foreigner
            | HolderKind::YoungForeigner
            | HolderKind::Organisation => None,
        };
        let wards = || [is_ward, like.ward].into_iter().flatten();
        like.married.is_none_or(|wanted| wanted == country.pair(spot).is_some())
            && (wards().next().is_none() || {
                let ward = country.is_ward(spot);
                wards().all(|wanted| wanted == ward)
            })
            && like.has_children.is_none_or(|wanted| {
                let children = country.children(spot).next().is_some();
                wanted == (children || country.foreign_child(spot).is_some())
            })
    }

    fn card_fits(&self, spot: &Spot, part: &Part, birth: Date, wanted: WantedCard) -> bool {
        let card = card(spot.register.kind, birth, part, self.country.draw(spot.index));
        let status = card.map(|card| card.status(self.today));
        match wanted {
            WantedCard::Valid => status == Some(CardStatus::Valid),
            WantedCard::Expiring => status == Some(CardStatus::Expiring),
            WantedCard::Expired => status == Some(CardStatus::Expired),
            WantedCard::Lost => status == Some(CardStatus::Revoked),
            WantedCard::None => status.is_none(),
        }
    }
}

/// The ages of a kind of holder.
const fn ages_of(kind: HolderKind) -> (u16, u16) {
    match kind {
        HolderKind::Citizen | HolderKind::Ward | HolderKind::Organisation => (14, u16::MAX),
        HolderKind::Child => (6, 13),
        HolderKind::YoungChild | HolderKind::YoungForeigner => (0, 5),
        HolderKind::Foreigner => (6, u16::MAX),
    }
}

/// Full years lived, as [`Citizen::age_on`](crate::identity::Citizen::age_on) counts them.
fn age(birth: Date, today: Date) -> u16 {
    let short = (today.month(), today.day()) < (birth.month(), birth.day());
    u16::try_from(today.year() - birth.year() - i16::from(short)).unwrap_or_default()
}
