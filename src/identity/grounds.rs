//! What the databases say of an account: the ground for a lock that holds today, and the day the next one appears.

use jiff::{ToSpan as _, civil::Date};

use super::{
    citizen::{CardStatus, Citizen},
    holder::Who,
    lock::LockReason,
    organisation::Organisation,
};
use crate::{clock::Timestamp, identity::citizen::Card};

impl Citizen {
    /// The ground that the databases give on `today`, the gravest first (Decree 69/2024 Art. 15, 29).
    pub fn ground(&self, who: Who, today: Date) -> Option<LockReason> {
        let card = self.card.as_ref().map(|card| card.status(today));
        let papers = self.foreign.as_ref();
        [
            (LockReason::Death, self.died.is_some_and(|day| day <= today)),
            (LockReason::CardRevoked, card == Some(CardStatus::Revoked)),
            (LockReason::CardExpired, card == Some(CardStatus::Expired)),
            (LockReason::PassportExpired, papers.is_some_and(|it| it.passport.expires < today)),
            (
                LockReason::ResidenceExpired,
                papers.is_some_and(|it| it.residence_card.expires < today),
            ),
        ]
        .into_iter()
        .find(|(reason, holds)| *holds && reason.applies_to(who))
        .map(|(reason, _)| reason)
    }

    /// The first day after `today` on which time alone gives another ground.
    pub fn next_ground(&self, who: Who, today: Date) -> Option<Date> {
        let card = self.card.as_ref().filter(|_| LockReason::CardExpired.applies_to(who));
        let papers = self.foreign.as_ref();
        let now = self.ground(who, today);
        [
            self.died,
            card.and_then(|card| card.expires).map(day_after),
            papers.map(|it| day_after(it.passport.expires)),
            papers.map(|it| day_after(it.residence_card.expires)),
        ]
        .into_iter()
        .flatten()
        // A lesser ground beneath the one there is changes nothing.
        .filter(|day| *day > today && self.ground(who, *day) != now)
        .min()
    }
}

impl Organisation {
    /// The ground that the databases give on `today`.
    pub fn ground(&self, today: Date) -> Option<LockReason> {
        self.dissolved.filter(|day| *day <= today).map(|_| LockReason::Dissolved)
    }
}

fn day_after(day: Date) -> Date {
    day.saturating_add(1.day())
}

/// A new card of today in place of the one there is.
pub(crate) fn renew(citizen: &mut Citizen, now: Timestamp) {
    let card = Card::issued_on(now.day(), citizen.birth_date);
    citizen.former_cards.extend(citizen.card.replace(card));
    // Twenty renewals are more than a life has.
    let over = citizen.former_cards.len().saturating_sub(20);
    citizen.former_cards.drain(..over);
}

/// Makes a ground hold in a person's record, or not hold any more.
pub(crate) fn ground(citizen: &mut Citizen, reason: LockReason, holds: bool, now: Timestamp) {
    use jiff::ToSpan as _;
    let today = now.day();
    let (yesterday, later) = (today.saturating_sub(1.day()), today.saturating_add(10.years()));
    let issued = citizen.card.as_ref().map(|card| card.issued.min(yesterday));
    match (reason, holds) {
        (LockReason::Death, true) => citizen.died = Some(today),
        (LockReason::Death, false) => citizen.died = None,
        (LockReason::CardRevoked, true) => {
            let card =
                citizen.card.get_or_insert_with(|| Card::issued_on(today, citizen.birth_date));
            card.revoked = true;
        }
        (LockReason::CardRevoked, false) => {
            if let Some(card) = &mut citizen.card {
                card.revoked = false;
            }
        }
        (LockReason::CardExpired, true) => {
            let issued = issued.unwrap_or(yesterday);
            citizen.card = Some(Card { issued, expires: Some(yesterday), revoked: false });
        }
        (LockReason::CardExpired, false) => renew(citizen, now),
        (LockReason::PassportExpired, _) => {
            if let Some(papers) = &mut citizen.foreign {
                papers.passport.expires = if holds { yesterday } else { later };
                papers.passport.issued = papers.passport.issued.min(papers.passport.expires);
            }
        }
        (LockReason::ResidenceExpired, _) => {
            if let Some(papers) = &mut citizen.foreign {
                papers.residence_card.expires = if holds { yesterday } else { later };
            }
        }
        _ => {}
    }
}
