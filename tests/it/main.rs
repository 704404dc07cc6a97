//! Every integration test, in one binary that mirrors the rooms.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod gauntlet;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod identity_bounds;
mod identity_primitives;
#[cfg(test)]
mod interleaved;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod oidc;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod papers_of_form;
#[cfg(test)]
mod population_room;
#[cfg(test)]
mod races;
#[cfg(test)]
mod regimes;
#[cfg(test)]
mod relying_party;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod simulator;
#[cfg(test)]
mod store;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod visitor;
#[cfg(test)]
mod walks;
