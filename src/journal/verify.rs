//! Assertions about what happened: how often, in which order; and what came close where nothing matched.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Most expectations of one call.
pub const MOST: usize = 100;
/// Near misses that are told of each expectation.
const NEAR: usize = 3;

/// What must have happened.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expect": [{"match": {"path": "/oauth2/token", "status": 400}, "count": 0}]}))]
pub struct Verification {
    /// Expectations that must all hold.
    pub expect: Vec<Expectation>,
    /// Whether their first matches must come one after the other.
    #[serde(default)]
    pub in_order: bool,
    /// Only entries after this `seq`: a number that JSON keeps exactly (RFC 8259 §6).
    #[serde(default)]
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub after: u64,
}

/// One expectation.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// A part of an entry as `GET /admin/v1/journal` shows it. `*` at either end of a text stands for anything.
    #[serde(rename = "match")]
    #[schema(value_type = Object)]
    pub pattern: Map<String, Value>,
    /// Exactly this many matches; at least one if none of the three bounds is given.
    pub count: Option<usize>,
    /// At least this many matches.
    pub at_least: Option<usize>,
    /// At most this many matches.
    pub at_most: Option<usize>,
}

/// What came of a verification.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Verified {
    /// Whether everything holds.
    pub ok: bool,
    /// One for each expectation.
    pub results: Vec<ExpectationResult>,
}

/// What came of an expectation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ExpectationResult {
    /// Whether it holds.
    pub ok: bool,
    /// How many entries match.
    pub matched: usize,
    /// Why it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Entries that nearly match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub near_misses: Vec<NearMiss>,
}

/// An entry that differs in few fields.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NearMiss {
    /// Which entry.
    pub seq: u64,
    /// The fields that differ.
    pub differences: Vec<FieldDifference>,
}

/// A field that differs.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FieldDifference {
    /// Its path, with dots.
    pub field: String,
    /// What was expected.
    pub expected: Value,
    /// What is there; null where it is missing.
    pub found: Value,
}

/// Looks at shown entries, those after [`Verification::after`].
pub fn verify(wanted: &Verification, entries: &[Value]) -> Verified {
    let seq = |entry: &Value| entry["seq"].as_u64().unwrap_or_default();
    let mut from = 0;
    let mut results = Vec::new();
    for expectation in &wanted.expect {
        let differing = |entry: &Value| differences(&expectation.pattern, entry);
        let matching: Vec<u64> =
            entries.iter().filter(|entry| differing(entry).is_empty()).map(seq).collect();
        let mut outcome = counted(expectation, matching.len());
        if wanted.in_order && outcome.ok {
            match matching.iter().find(|at| **at > from) {
                Some(at) => from = *at,
                None if matching.is_empty() => {}
                None => {
                    outcome.ok = false;
                    outcome.problem = Some(format!("happened, but not after entry {from}"));
                }
            }
        }
        if !outcome.ok && matching.is_empty() {
            let mut near: Vec<NearMiss> = entries
                .iter()
                .map(|entry| NearMiss { seq: seq(entry), differences: differing(entry) })
                .filter(|miss| miss.differences.len() < expectation.pattern.len().max(2))
                .collect();
            near.sort_by_key(|miss| (miss.differences.len(), u64::MAX - miss.seq));
            near.truncate(NEAR);
            outcome.near_misses = near;
        }
        results.push(outcome);
    }
    Verified { ok: results.iter().all(|outcome| outcome.ok), results }
}

fn counted(expectation: &Expectation, matched: usize) -> ExpectationResult {
    let Expectation { count, at_least, at_most, .. } = *expectation;
    let least =
        if count.is_none() && at_least.is_none() && at_most.is_none() { Some(1) } else { at_least };
    let problem = match (count, least, at_most) {
        (Some(count), ..) if count != matched => Some(format!("expected {count}, found {matched}")),
        (_, Some(least), _) if matched < least => {
            Some(format!("expected at least {least}, found {matched}"))
        }
        (.., Some(most)) if matched > most => {
            Some(format!("expected at most {most}, found {matched}"))
        }
        _ => None,
    };
    ExpectationResult { ok: problem.is_none(), matched, problem, near_misses: Vec::new() }
}

/// The fields of a pattern that an entry does not have so.
pub fn differences(pattern: &Map<String, Value>, entry: &Value) -> Vec<FieldDifference> {
    let mut found = Vec::new();
    compare(&mut found, String::new(), &Value::Object(pattern.clone()), entry);
    found
}

fn compare(out: &mut Vec<FieldDifference>, path: String, wanted: &Value, given: &Value) {
    match (wanted, given) {
        (Value::Object(members), _) => {
            for (name, wanted) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(out, path, wanted, given.get(name).unwrap_or(&Value::Null));
            }
        }
        (Value::String(wanted), Value::String(given)) if is_like(wanted, given) => {}
        (wanted, given) if wanted == given => {}
        (wanted, given) => {
            out.push(FieldDifference {
                field: path,
                expected: wanted.clone(),
                found: given.clone(),
            });
        }
    }
}

/// `*` at either end stands for anything.
pub fn is_like(pattern: &str, text: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => text.contains(pattern.trim_matches('*')),
        (Some(ending), None) => text.ends_with(ending),
        (None, Some(beginning)) => text.starts_with(beginning),
        (None, None) => pattern == text,
    }
}
