//! Who may sign in at all: state and card.

use crate::{
    clock::Timestamp,
    flow::base::loaded_account::LoadedAccount,
    identity::{CardStatus, Citizen, Level, Refused},
};

/// State and card: who may sign in at all.
pub(crate) fn may_enter(held: &LoadedAccount, now: Timestamp) -> Result<Level, Refused> {
    let level = held.account.life.may_sign_in(now)?;
    // An organisation's account has no password: its members sign in with their own.
    let person = held
        .subject
        .person()
        .ok_or(Refused::NotForHolder { holder: held.who.kind, command: "sign_in".into() })?;
    card_allows(person, now)?;
    Ok(level)
}

/// Facts §5.2: expired → notice at login, services refused. Under Decree 69/2024 the account is locked by then; under
/// Decree 59/2022 it is not.
pub(crate) fn card_allows(citizen: &Citizen, now: Timestamp) -> Result<(), Refused> {
    match citizen.card.as_ref().map(|card| card.status(now.day())) {
        Some(CardStatus::Expired) => Err(Refused::CardExpired),
        Some(CardStatus::Revoked) => Err(Refused::CardRevoked),
        Some(CardStatus::Valid | CardStatus::Expiring) | None => Ok(()),
    }
}
