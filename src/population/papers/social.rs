//! Participation in social insurance: stretches of work with one employer each, and the gaps between them.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::{
    identity::{
        birthday,
        papers::{Period, SocialInsurance},
    },
    population::{
        country::Country,
        draw::{Draw, PopulationDraw},
    },
};

use super::{PaperHolder, insurance::PENSION};

/// Nobody's participation begins before.
const FIRST_MONTH: Date = date(1995, 1, 1);
/// The last month in which a stretch may begin or, of those who work no more, end.
const LAST_MONTH: Date = date(2025, 10, 1);
/// Ages at which a first job begins.
const FIRST_JOB: [u16; 2] = [19, 26];

/// Whether there is a number: all who work, and half of the other adults, who did before.
pub(super) fn has(holder: &PaperHolder) -> bool {
    let percent = if holder.foreign { 25 } else { 50 };
    let began = first_month(holder) < LAST_MONTH.saturating_sub(2.years());
    holder.employer.is_some()
        || (holder.age >= 21 && began && holder.draw.chance(PopulationDraw::FirstJob, percent))
}

/// The first month of the first job.
fn first_month(holder: &PaperHolder) -> Date {
    let [young, old] = FIRST_JOB.map(|age| birthday(holder.birth, age).unwrap_or(LAST_MONTH));
    let day = holder.draw.day(PopulationDraw::Jobs, young, old);
    day.first_of_month().clamp(FIRST_MONTH, LAST_MONTH.saturating_sub(1.year()))
}

impl Country {
    /// One to three stretches. The last is with the present employer and open, or else ends before the country begins.
    pub(super) fn social_insurance(
        &self,
        holder: &PaperHolder,
        today: Date,
    ) -> Option<SocialInsurance> {
        has(holder).then_some(())?;
        let first = first_month(holder);
        let end = Self::last_month(holder).max(first);
        let months = first.until((jiff::Unit::Month, end)).map_or(0, |span| span.get_months());
        let jobs =
            i32::try_from(holder.draw.below(PopulationDraw::JobCount, 3)).unwrap_or_default() + 1;
        let jobs = jobs.min(months / 12 + 1);
        let mut periods = Vec::new();
        for turn in 0..jobs {
            let draw = holder.draw.again(100 + u64::from(turn.unsigned_abs()));
            let gap = i32::try_from(draw.below(PopulationDraw::Gap, 7)).unwrap_or_default();
            let from = first.saturating_add((months / jobs * turn).months());
            let last = turn + 1 == jobs;
            let until = first.saturating_add((months / jobs * (turn + 1) - 1 - gap).months());
            let employer = holder.employer.filter(|_| last);
            let until = match (last, employer) {
                (true, Some(index)) => self.leaves(holder, index),
                (true, None) => Some(end),
                (false, _) => Some(until),
            };
            periods.push(Period {
                from,
                until: until.map(|until| until.max(from)),
                unit: employer.and_then(|index| self.organisation_number(index)),
                unit_name: employer
                    .and_then(|index| self.organisation_name(index))
                    .unwrap_or_else(|| former_employer(draw)),
                salary: 5_000_000 + draw.below(PopulationDraw::Salary, 200) * 100_000,
            });
        }
        periods.retain(|period| period.from <= today);
        Some(SocialInsurance { number: holder.insurance_number(), periods })
    }

    /// The last month of somebody who works no more, or the latest in which somebody who does began.
    fn last_month(holder: &PaperHolder) -> Date {
        let pension = birthday(holder.birth, PENSION).unwrap_or(LAST_MONTH).first_of_month();
        let left =
            holder.draw.day(PopulationDraw::LeftWork, first_month(holder), LAST_MONTH.min(pension));
        let last = if holder.employer.is_some() { LAST_MONTH.min(pension) } else { left };
        holder.died.map_or(last, |died| last.min(died.first_of_month())).first_of_month()
    }

    /// The last month with the present employer: of the dead, and where it was dissolved.
    fn leaves(&self, holder: &PaperHolder, employer: u64) -> Option<Date> {
        let ended = holder.died.or_else(|| self.dissolved(employer));
        ended.map(Date::first_of_month)
    }
}

fn former_employer(draw: Draw) -> String {
    let forms = ["Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân", "Hợp tác xã"];
    let first = ["Tân", "Phú", "An", "Đại", "Thiên", "Hoàng"];
    let second = ["Phát", "Thịnh", "Hưng", "Long", "Khang", "Vinh"];
    format!(
        "{} {} {}",
        draw.one_of(PopulationDraw::Form, &forms),
        draw.one_of(PopulationDraw::FirstMiddle, &first),
        draw.one_of(PopulationDraw::SecondMiddle, &second)
    )
}
