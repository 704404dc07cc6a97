//! What the other databases hold of a person, from the ID number: insurance, driving licence, tax code, health record.
//!
//! Drawn from the number and not the index, so that people who are not of the country have papers too. All of it is
//! invented but the forms.

mod insurance;
mod road;
mod social;

use jiff::civil::{Date, date};

use crate::identity::{Citizen, IdNumber, PaperKind, Papers, papers};

use super::country::Country;
use super::draw::{Draw, PopulationDraw};
use super::registers::Spot;

/// The last day on which anything is issued; from then on only `today` counts.
const LAST_DAY: Date = date(2025, 12, 31);
/// Citizens born before had a nine-digit card: twelve-digit ones came in 2016.
const OLD_CARDS: i16 = 2002;

/// What papers depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaperHolder {
    number: IdNumber,
    birth: Date,
    age: u16,
    foreign: bool,
    province: u8,
    died: Option<Date>,
    /// The index of the organisation the holder works for.
    employer: Option<u64>,
    draw: Draw,
}

impl Country {
    /// What the databases hold of a citizen on `today`; the employer is known of the country's own people.
    pub fn papers(&self, citizen: &Citizen, today: Date) -> Papers {
        let holder = PaperHolder {
            number: citizen.number,
            birth: citizen.birth_date,
            age: citizen.age_on(today),
            foreign: citizen.foreign.is_some(),
            province: citizen.residence.province,
            died: citizen.died,
            employer: self.index_of(&citizen.number).and_then(|index| self.employer_of(index)),
            draw: self.paper_draw(&citizen.number),
        };
        let social = self.social_insurance(&holder, today);
        let vehicle = holder.has(PaperKind::Vehicle).then(|| road::vehicle(&holder));
        Papers {
            health_insurance: holder
                .has(PaperKind::HealthInsurance)
                .then(|| insurance::card(&holder, &citizen.residence.commune, today)),
            social_insurance: social,
            driving: holder.has(PaperKind::Driving).then(|| road::licence(&holder)),
            vehicle,
            tax: holder.has(PaperKind::Tax).then(|| holder.tax()),
            health: holder.has(PaperKind::Health).then(|| insurance::record(&holder, today)),
            old_number: holder
                .has(PaperKind::OldNumber)
                .then(|| holder.draw.digits(PopulationDraw::OldDigits, 9)),
        }
    }

    /// Whether the databases hold a paper of this kind, without making it.
    pub(crate) fn holds(&self, spot: &Spot, kind: PaperKind, birth: Date, age: u16) -> bool {
        let Some(number) = spot.number() else { return false };
        let holder = PaperHolder {
            number,
            birth,
            age,
            foreign: spot.register.kind.is_foreign(),
            province: 0,
            died: Self::is_dead(spot).then_some(LAST_DAY),
            employer: self.employment(spot).map(|(index, _)| index),
            draw: self.paper_draw(&number),
        };
        holder.has(kind)
    }

    fn paper_draw(&self, number: &IdNumber) -> Draw {
        Draw::of(self.people_key, number.as_str().parse().unwrap_or_default()).again(1)
    }
}

impl PaperHolder {
    /// Whether there is such a paper; those of the citizen's own record are not asked here.
    fn has(&self, kind: PaperKind) -> bool {
        let chance = |purpose, percent| self.draw.chance(purpose, percent);
        match kind {
            PaperKind::HealthInsurance => insurance::group(self).is_some(),
            PaperKind::SocialInsurance => social::has(self),
            PaperKind::Driving => road::drives(self),
            PaperKind::Vehicle => road::drives(self) && chance(PopulationDraw::Vehicle, 60),
            PaperKind::Tax => {
                self.age >= 18 && (self.employer.is_some() || chance(PopulationDraw::Taxed, 50))
            }
            PaperKind::Health => chance(PopulationDraw::Record, 70),
            PaperKind::OldNumber => {
                !self.foreign
                    && self.birth.year() < OLD_CARDS
                    && chance(PopulationDraw::OldNumber, 85)
            }
            PaperKind::Card | PaperKind::Residence | PaperKind::Dependants => false,
        }
    }

    /// The ID number; for some a code of before, which began with 8 for persons.
    fn tax(&self) -> papers::Tax {
        let former = self.draw.chance(PopulationDraw::HasFormerTax, 60);
        papers::Tax {
            code: self.number.to_string(),
            former: former.then(|| format!("8{}", self.draw.digits(PopulationDraw::FormerTax, 9))),
        }
    }

    /// The ten-digit number of social insurance, which the health-insurance card repeats.
    fn insurance_number(&self) -> String {
        self.draw.digits(PopulationDraw::InsuranceNumber, 10)
    }
}
