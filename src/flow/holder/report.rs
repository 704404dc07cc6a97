//! The report of BHXH letter 1397/BHXH-VP, item 3: per unit the five counts, and why not, from live state.

use std::collections::BTreeMap;

use crate::{
    clock::Timestamp,
    flow::{Error, Realm, base::loaded_account::LoadedAccount},
    identity::{
        IdNumber, Level, Organisation,
        life::{AccountState, Standing},
    },
};

/// The counts of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// The unit.
    pub unit: IdNumber,
    /// Its name.
    pub name: String,
    /// Total of staff (tổng số CCVC&NLĐ).
    pub staff: u64,
    /// With a chip card.
    pub with_card: u64,
    /// Without one.
    pub without_card: u64,
    /// Level 2 installed: approved, activated and in use.
    pub level_2: u64,
    /// Not installed.
    pub not_level_2: u64,
    /// Why not, and how many; they add up to `not_level_2`.
    pub reasons: BTreeMap<&'static str, u64>,
}

/// Why somebody has no level 2 in use; `None` = has it.
fn reason(held: &LoadedAccount, now: Timestamp) -> Option<&'static str> {
    let card = held.subject.person().is_some_and(|person| person.card.is_some());
    let overdue = |until: Timestamp| now > until;
    Some(match held.account.life.settled(now).state {
        AccountState::Unregistered if !card => "no_card",
        AccountState::Unregistered => "not_registered",
        AccountState::Locked { reason, .. } => reason.name(),
        AccountState::TemporarilyLocked { standing, .. } | AccountState::Open(standing) => {
            match standing {
                Standing::Active { level: Level::Two, .. } => return None,
                Standing::Active { upgrade: Some(until), .. } if overdue(until) => {
                    "activation_overdue"
                }
                Standing::Active { upgrade: Some(_), .. } => "level_2_not_activated",
                Standing::Active { .. } => "level_1_only",
                Standing::Approved { level: Level::One, .. } => "level_1_not_activated",
                Standing::Approved { until, .. } if overdue(until) => "activation_overdue",
                Standing::Approved { .. } => "level_2_not_activated",
                Standing::Level0 => "level_0_only",
            }
        }
    })
}

impl Realm {
    /// The report of one unit.
    pub async fn rollout(&self, unit: &IdNumber) -> Result<Rollout, Error> {
        let organisation = self.organisation(unit).await?;
        let mut report = Rollout {
            unit: *unit,
            name: organisation.name.clone(),
            staff: 0,
            with_card: 0,
            without_card: 0,
            level_2: 0,
            not_level_2: 0,
            reasons: BTreeMap::new(),
        };
        for number in self.staff(&organisation) {
            let Some(held) = self.load_account(&number).await? else { continue };
            report.staff += 1;
            if held.subject.person().is_some_and(|person| person.card.is_some()) {
                report.with_card += 1;
            } else {
                report.without_card += 1;
            }
            match reason(&held, self.now) {
                None => report.level_2 += 1,
                Some(reason) => {
                    report.not_level_2 += 1;
                    *report.reasons.entry(reason).or_insert(0) += 1;
                }
            }
        }
        Ok(report)
    }

    /// The reports of named and changed units by number, after `after`, at most `limit`.
    pub async fn rollouts(
        &self,
        after: Option<&IdNumber>,
        limit: usize,
    ) -> Result<Vec<Rollout>, Error> {
        let mut reports = Vec::new();
        for unit in self.units(after, limit).await? {
            reports.push(self.rollout(&unit).await?);
        }
        Ok(reports)
    }

    /// Named and stored organisations by number.
    pub async fn units(
        &self,
        after: Option<&IdNumber>,
        limit: usize,
    ) -> Result<Vec<IdNumber>, Error> {
        self.named_and_stored::<Organisation>(
            self.flow.fixtures.organisations.keys(),
            |organisation| organisation.number,
            after,
            limit,
        )
        .await
    }

    /// The staff of a unit: the named, and those the country derives.
    fn staff(&self, organisation: &Organisation) -> Vec<IdNumber> {
        let mut staff = organisation.staff.clone();
        staff.extend(self.flow.derived_staff(&organisation.number));
        staff.sort_unstable();
        staff.dedup();
        staff
    }
}
