//! PURE: rules for what goes wrong, the menu they choose from, and the count of how often they did.

use std::collections::BTreeMap;

mod armed;
mod check;
mod door;
pub mod entries;
pub mod menu;
pub mod rule;

use serde::{Deserialize, Serialize};

pub use armed::{ArmedRule, Call};
pub use entries::menu;
pub use menu::{FaultEffect, MenuEntry, Verdict};
pub use rule::Rule;

/// Why a rule cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdded {
    /// There is one of this name.
    Exists,
    /// There are [`rule::MOST`] already.
    Full,
}

/// Adds a rule to those in force.
pub fn add(rules: &mut Vec<ArmedRule>, rule: ArmedRule) -> Result<(), NotAdded> {
    if rules.iter().any(|it| it.rule().id == rule.rule().id) {
        return Err(NotAdded::Exists);
    }
    if rules.len() == rule::MOST {
        return Err(NotAdded::Full);
    }
    rules.push(rule);
    Ok(())
}

/// How often a rule was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Count {
    /// Calls that matched.
    pub seen: u32,
    /// Calls that it made fail.
    pub fired: u32,
}

/// The counts of a realm's rules, by id.
pub type Counts = BTreeMap<String, Count>;

/// Counts a matching call; whether it goes wrong. `chance` answers a number below 100.
pub fn fires(rule: &Rule, count: &mut Count, chance: impl FnOnce() -> u64) -> bool {
    count.seen = count.seen.saturating_add(1);
    let due = rule.nth.is_none_or(|nth| count.seen >= nth);
    let left = rule.times.is_none_or(|times| count.fired < times);
    let fires = due && left && rule.percent.is_none_or(|percent| chance() < u64::from(percent));
    count.fired = count.fired.saturating_add(u32::from(fires));
    fires
}

/// The name that a mistyped one most likely means.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.map(|name| (distance(typed, name), name));
    scored.min().filter(|(steps, _)| *steps <= 1 + typed.len() / 3).map(|(_, name)| name)
}

/// What a sentence about a mistyped name ends with: `; did you mean …?`, or nothing.
pub fn hint<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> String {
    nearest(typed, names).map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

/// Levenshtein's, over bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let kept = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = kept.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
