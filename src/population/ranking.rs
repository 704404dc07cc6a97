//! Which account and card each rank of a register begins with: the exact counts, laid end to end.

use std::ops::Range;

use crate::identity::lock::LockReason;

use super::shares::{
    Initial,
    InitialState::{
        self, ActivationOverdue, Active, Approved, Level0, Locked, TemporarilyLocked, Unregistered,
        UpgradeApproved,
    },
    Shares,
};

/// Shares are of so many.
const WHOLE: u64 = 100_000;

/// Ranks that begin alike.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    start: u64,
    end: u64,
    /// Their account.
    pub(crate) initial: Initial,
    /// Whether they have a card.
    pub(crate) card: bool,
}

/// The parts of all ranks, in order.
#[derive(Debug, Default)]
pub(crate) struct Ranking(Vec<Part>);

/// A share of [`WHOLE`] with a level, a state and a card.
type Share = (u64, u8, InitialState, bool);

impl Ranking {
    /// Holders of accounts. Of the activated, so many are locked; the rest of each group is in its usual state.
    pub(crate) fn accounts(shares: Shares) -> Self {
        let mut all = Self::default();
        let activated = shares.activated();
        for (level, own, waiting) in [
            (1, shares.level1_activated, shares.level1_waiting),
            (2, shares.level2_activated, shares.level2_waiting),
        ] {
            let mut left = own;
            for (share, state) in OF_ACTIVATED {
                let total = activated * share / WHOLE;
                let first = share_of(total, shares.level1_activated, activated);
                let count = if level == 1 { first } else { total - first }.min(left);
                left -= count;
                all.push(count, level, state, true);
            }
            if level == 1 {
                let upgrades = left / 100;
                left -= upgrades;
                all.push(upgrades, 1, UpgradeApproved, true);
            }
            all.push(left, level, Active, true);
            all.push(waiting / 100, level, Approved, true);
            all.push(waiting - waiting / 100, level, ActivationOverdue, true);
        }
        all
    }

    /// Adults without an account: half have a card, some the app.
    pub(crate) fn without_account(size: u64) -> Self {
        Self::of(size, &[(25_000, 0, Level0, true), (25_000, 0, Unregistered, false)], true)
    }

    /// Children of 6 to 13.
    pub(crate) fn children(size: u64) -> Self {
        Self::of(size, &CHILDREN, false)
    }

    /// Children under 6, who have no level 2.
    pub(crate) fn infants(size: u64) -> Self {
        Self::of(size, &INFANTS, false)
    }

    /// Foreigners of 6 and over; their card is that of residence.
    pub(crate) fn foreigners(size: u64) -> Self {
        Self::of(size, &FOREIGNERS, false)
    }

    /// Foreigners under 6.
    pub(crate) fn young_foreigners(size: u64) -> Self {
        Self::of(size, &YOUNG_FOREIGNERS, false)
    }

    /// Organisations, before it is asked whether the representative can act.
    pub(crate) fn organisations(size: u64) -> Self {
        Self::of(size, &ORGANISATIONS, false)
    }

    fn of(size: u64, shares: &[Share], rest_have_cards: bool) -> Self {
        let mut all = Self::default();
        let mut left = size;
        for &(share, level, state, card) in shares {
            let count = (size * share / WHOLE).min(left);
            left -= count;
            all.push(count, level, state, card);
        }
        all.push(left, 0, Unregistered, rest_have_cards);
        all
    }

    fn push(&mut self, count: u64, level: u8, state: InitialState, card: bool) {
        let start = self.0.last().map_or(0, |part| part.end);
        let initial = Initial { level, state };
        self.0.push(Part { start, end: start + count, initial, card });
    }

    /// The part of a rank.
    pub(crate) fn at(&self, rank: u64) -> Option<&Part> {
        self.0.get(self.0.partition_point(|part| part.end <= rank))
    }

    /// The ranks of the parts that fit.
    pub(crate) fn fitting(&self, fits: impl Fn(&Part) -> bool) -> impl Iterator<Item = Range<u64>> {
        self.0.iter().filter(move |part| fits(part)).map(|part| part.start..part.end)
    }
}

fn share_of(total: u64, part: u64, whole: u64) -> u64 {
    let share = u128::from(total) * u128::from(part) / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(total)
}

const OF_ACTIVATED: [(u64, InitialState); 7] = [
    (50, TemporarilyLocked),
    (200, Locked(LockReason::HoldersRequest)),
    (100, Locked(LockReason::BreachOfTerms)),
    (100, Locked(LockReason::AuthoritysRequest)),
    (300, Locked(LockReason::CardRevoked)),
    (400, Locked(LockReason::CardExpired)),
    (200, Locked(LockReason::Death)),
];

const CHILDREN: [Share; 14] = [
    (14_000, 1, Active, true),
    (300, 1, UpgradeApproved, true),
    (300, 1, Approved, true),
    (1_500, 1, ActivationOverdue, true),
    (100, 1, TemporarilyLocked, true),
    (200, 1, Locked(LockReason::HoldersRequest), true),
    (10_000, 2, Active, true),
    (300, 2, Approved, true),
    (1_500, 2, ActivationOverdue, true),
    (100, 2, Locked(LockReason::HoldersRequest), true),
    (100, 2, Locked(LockReason::BreachOfTerms), true),
    (100, 2, Locked(LockReason::AuthoritysRequest), true),
    (200, 2, Locked(LockReason::CardRevoked), true),
    (3_000, 0, Unregistered, true),
];

const INFANTS: [Share; 6] = [
    (4_000, 1, Active, true),
    (200, 1, Approved, true),
    (500, 1, ActivationOverdue, true),
    (100, 1, Locked(LockReason::HoldersRequest), true),
    (100, 1, Locked(LockReason::CardRevoked), true),
    (2_000, 0, Unregistered, true),
];

const FOREIGNERS: [Share; 15] = [
    (25_000, 1, Active, false),
    (200, 1, UpgradeApproved, false),
    (300, 1, Approved, false),
    (700, 1, ActivationOverdue, false),
    (30_000, 2, Active, false),
    (300, 2, Approved, false),
    (700, 2, ActivationOverdue, false),
    (100, 2, TemporarilyLocked, false),
    (200, 2, Locked(LockReason::HoldersRequest), false),
    (200, 2, Locked(LockReason::BreachOfTerms), false),
    (200, 2, Locked(LockReason::AuthoritysRequest), false),
    (1_000, 2, Locked(LockReason::PassportExpired), false),
    (1_000, 2, Locked(LockReason::ResidenceExpired), false),
    (100, 2, Locked(LockReason::Death), false),
    (40_000, 0, Unregistered, false),
];

const YOUNG_FOREIGNERS: [Share; 6] = [
    (32_000, 1, Active, false),
    (1_500, 1, Approved, false),
    (3_500, 1, ActivationOverdue, false),
    (1_000, 1, Locked(LockReason::PassportExpired), false),
    (1_000, 1, Locked(LockReason::ResidenceExpired), false),
    (1_000, 1, Locked(LockReason::HoldersRequest), false),
];

/// Four in ten of these have a representative who cannot act, and so no account after all: 5 in 100 are active.
const ORGANISATIONS: [Share; 8] = [
    (9_300, 0, Active, false),
    (1_900, 0, Approved, false),
    (400, 0, ActivationOverdue, false),
    (50, 0, TemporarilyLocked, false),
    (300, 0, Locked(LockReason::HoldersRequest), false),
    (200, 0, Locked(LockReason::BreachOfTerms), false),
    (200, 0, Locked(LockReason::AuthoritysRequest), false),
    (300, 0, Locked(LockReason::Dissolved), false),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn count(ranking: &Ranking, fits: impl Fn(&Part) -> bool) -> u64 {
        ranking.fitting(fits).map(|range| range.end - range.start).sum()
    }

    #[test]
    fn the_full_country_has_the_published_totals_and_exact_locks() {
        let all = Ranking::accounts(Shares::of(68_400_000));
        let of = |state| count(&all, |part| part.initial.state == state);
        assert_eq!(count(&all, |part| part.initial.level == 1), 15_000_000);
        assert_eq!(count(&all, |part| part.initial.level == 2), 53_400_000);
        assert_eq!(count(&all, |part| part.initial.activated()), 52_500_000);
        assert_eq!(of(Approved) + of(ActivationOverdue), 15_900_000);
        assert_eq!((of(Approved), of(TemporarilyLocked)), (159_000, 26_250));
        for (reason, people) in [
            (LockReason::HoldersRequest, 105_000),
            (LockReason::BreachOfTerms, 52_500),
            (LockReason::AuthoritysRequest, 52_500),
            (LockReason::CardRevoked, 157_500),
            (LockReason::CardExpired, 210_000),
            (LockReason::Death, 105_000),
        ] {
            assert_eq!(of(Locked(reason)), people, "{reason:?}");
        }
        assert_eq!(of(UpgradeApproved), (10_500_000 - 141_750) / 100);
        let others = Ranking::without_account(8_000_000);
        assert_eq!(
            count(&others, |part| part.card && part.initial.state == Unregistered),
            4_000_000
        );
        assert_eq!(count(&others, |part| !part.card), 2_000_000);
    }

    #[test]
    fn every_rank_has_one_part_at_every_size() {
        for size in (0..400).chain([10_007, 68_399_999]) {
            let people = Shares::of(size);
            let rankings = [
                Ranking::accounts(people),
                Ranking::without_account(size),
                Ranking::children(size),
                Ranking::infants(size),
                Ranking::foreigners(size),
                Ranking::young_foreigners(size),
                Ranking::organisations(size),
            ];
            for ranking in rankings {
                assert_eq!(count(&ranking, |_| true), size);
                assert!(ranking.at(size).is_none());
                let last = size.checked_sub(1).map(|rank| ranking.at(rank).is_some());
                assert_ne!(last, Some(false));
            }
            let all = Ranking::accounts(people);
            let activated = count(&all, |part| part.initial.activated());
            assert_eq!(activated, people.activated());
        }
    }
}
