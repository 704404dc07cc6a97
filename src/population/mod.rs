//! The national databases the ministry checks against, as a function: index ↔ ID number ↔ citizen, computed, never stored.
//!
//! A [`Country`] has registers of adults, children and foreigners, each a keyed bijection. Its people fall into cells
//! (province of birth × year of birth × sex) laid end to end; prefix sums say where each begins, so a person's *place* tells
//! the cell and the rank within it. Keyed permutations do the rest: index → place, rank within a block of numbers → the last
//! six digits, index → phone, index → rank for the initial account, women ↔ husbands, children ↔ mothers, people of working
//! age ↔ jobs. All run backwards as easily, so a number or a phone that nobody has is refused at once, and shares (levels,
//! states, locks) are exact counts, not averages of a hash. Everything else about a person is drawn from the index, and
//! papers from the number. A search walks candidates and tests them; nothing is stored.
//!
//! By default the numbers carry province codes that no province has, so none can be a living person's.
//!
//! The mixing is for spreading, not for secrecy: it is no cipher. Never draw a token, a code or a password salt from it.
//! And the generator is a file format: whoever stores changes over it stores the [`Census`] and the [`GENERATOR_VERSION`] too.

mod addresses;
mod cards;
mod cells;
mod census;
mod country;
mod draw;
mod employed;
mod employers;
mod families;
mod feistel;
mod generation;
mod given_names;
mod households;
mod like;
mod names;
mod nations;
mod organisations;
mod papers;
mod people;
mod pyramid;
mod ranking;
mod registers;
mod search;
mod shares;
mod situations;

pub use census::{Census, GENERATOR_VERSION};
pub use country::Country;
pub use like::{Found, Like, OrganisationLike};
pub use shares::{Initial, InitialState};
#[cfg(feature = "internals")]
pub use {census::CensusError, shares::Shares};
pub use situations::{Situation, SituationSubject, situations};
