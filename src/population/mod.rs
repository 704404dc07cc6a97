//! The national databases the ministry checks against, as a function: index ↔ ID number ↔ citizen, computed, never stored.
//!
//! A [`Country`] of `size` people is a keyed bijection. Its people fall into cells (province of birth × year of birth × sex)
//! laid end to end; prefix sums say where each begins, so a person's *place* tells the cell and the rank within it. Four keyed
//! permutations do the rest: index → place, rank within a block of numbers → the last six digits, index → phone,
//! index → rank for the initial account. All run backwards as easily, so a number or a phone that nobody has is refused at once,
//! and shares (levels, activation) are exact counts, not averages of a hash. Everything else about a person is drawn from
//! the index.
//!
//! By default the numbers carry province codes that no province has, so none can be a living person's.
//!
//! The mixing is for spreading, not for secrecy: it is no cipher. Never draw a token, a code or a password salt from it.
//! And the generator is a file format: whoever stores changes over it stores the [`Census`] and the [`GENERATOR_VERSION`] too.

mod addresses;
mod cards;
mod cells;
mod country;
mod draw;
mod feistel;
mod given_names;
mod names;
mod people;
mod pyramid;
mod shares;

pub use country::{Census, CensusError, Country, GENERATOR_VERSION, Like};
pub use shares::{Initial, Shares};
