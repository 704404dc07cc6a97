//! What a step expects: a part of its answer, literally or by a comparison.

use serde_json::{Map, Value};

use crate::{faults::nearest, journal::verify::is_like};

/// Comparisons that may stand instead of a value.
pub(crate) const OPERATORS: [&str; 8] =
    ["exists", "not", "one_of", "contains", "at_least", "at_most", "count", "like"];

/// Whether a table is a comparison: all its keys are.
fn comparison(table: &Map<String, Value>) -> bool {
    !table.is_empty() && table.keys().all(|key| OPERATORS.contains(&key.as_str()))
}

/// What is wrong with an expectation before anything is run.
pub(crate) fn check(wanted: &Value) -> Result<(), String> {
    let Value::Object(table) = wanted else { return Ok(()) };
    if comparison(table) {
        return table.iter().try_for_each(|(key, value)| right_kind(key, value));
    }
    let some = table.keys().any(|key| OPERATORS.contains(&key.as_str()));
    let stray = table.keys().find(|key| !OPERATORS.contains(&key.as_str()));
    if let (true, Some(stray)) = (some, stray) {
        let hint = hint(nearest(stray, OPERATORS.into_iter()));
        return Err(format!("`{stray}` stands beside comparisons and is none{hint}"));
    }
    table.values().try_for_each(check)
}

fn right_kind(key: &str, value: &Value) -> Result<(), String> {
    let variable = value.as_str().is_some_and(|text| text.contains("${"));
    let right = match key {
        "exists" => value.is_boolean(),
        "one_of" => value.is_array(),
        "count" => value.is_u64(),
        "like" => value.is_string(),
        _ => true,
    };
    let example = match key {
        "exists" => "true or false",
        "one_of" => "[\"a\", \"b\"]",
        "count" => "a number",
        _ => "\"beginning*\"",
    };
    if right || variable { Ok(()) } else { Err(format!("`{key}` is {example}")) }
}

/// What of an answer is not as expected: path, what was expected, what is there.
pub(crate) fn differences(path: &str, wanted: &Value, given: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(&mut found, path, wanted, given);
    found
}

fn hint(meant: Option<&str>) -> String {
    meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
}

/// The field that a path with nothing at its end most likely means, as the end of a sentence.
pub(crate) fn meant(value: &Value, path: &str) -> String {
    let (parent, name) =
        path.rsplit_once('.').map_or((value, path), |(parent, name)| (at(value, parent), name));
    let members = parent.as_object().filter(|members| !members.contains_key(name));
    hint(members.and_then(|members| nearest(name, members.keys().map(String::as_str))))
}

/// The value at a path with dots; numbers count the items of a list from 0.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    const NULL: &Value = &Value::Null;
    path.split('.').fold(value, |value, key| match value {
        Value::Array(items) => key.parse().ok().and_then(|at: usize| items.get(at)).unwrap_or(NULL),
        other => other.get(key).unwrap_or(NULL),
    })
}

fn compare(out: &mut Vec<String>, path: &str, wanted: &Value, given: &Value) {
    let is = if given.is_null() { "missing".to_owned() } else { given.to_string() };
    let mut no = |expected: String| out.push(format!("{path} is {is}, expected {expected}"));
    match (wanted, given) {
        (Value::Object(table), _) if comparison(table) => {
            for (key, operand) in table {
                if !holds(key, operand, given) {
                    no(format!("{key} {operand}"));
                }
            }
        }
        (Value::Object(table), Value::Object(_)) => {
            for (key, wanted) in table {
                compare(out, &format!("{path}.{key}"), wanted, at(given, key));
            }
        }
        (Value::Object(_), _) if !given.is_null() => {
            no(format!("{wanted}: fields of its own, or a comparison ({})", OPERATORS.join(", ")));
        }
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            for (index, (wanted, given)) in wanted.iter().zip(given).enumerate() {
                compare(out, &format!("{path}.{index}"), wanted, given);
            }
        }
        (Value::String(pattern), Value::String(text)) if is_like(pattern, text) => {}
        (wanted, given) if same(wanted, given) => {}
        (wanted, _) => no(wanted.to_string()),
    }
}

/// Numbers are the same whatever they are written as.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a.total_cmp(&b).is_eq())
}

fn holds(operator: &str, operand: &Value, given: &Value) -> bool {
    let numbers = operand.as_f64().zip(given.as_f64());
    let texts = operand.as_str().zip(given.as_str());
    match operator {
        "exists" => Some(!given.is_null()) == operand.as_bool(),
        // What is not there is no other value: a mistyped field must not pass.
        "not" => !given.is_null() && !same(operand, given),
        "one_of" => operand.as_array().is_some_and(|all| all.iter().any(|it| same(it, given))),
        "like" => texts.is_some_and(|(pattern, text)| is_like(pattern, text)),
        "contains" => match given {
            Value::String(text) => operand.as_str().is_some_and(|part| text.contains(part)),
            Value::Array(items) => {
                items.iter().any(|item| differences("", operand, item).is_empty())
            }
            Value::Object(members) => {
                operand.as_str().is_some_and(|name| members.contains_key(name))
            }
            _ => false,
        },
        "count" => {
            let count = match given {
                Value::Array(items) => items.len(),
                Value::Object(members) => members.len(),
                _ => return false,
            };
            operand.as_u64() == u64::try_from(count).ok()
        }
        // Moments in RFC 3339 and UTC are in order as texts.
        "at_least" => numbers.map_or_else(|| texts.is_some_and(|(a, b)| b >= a), |(a, b)| b >= a),
        "at_most" => numbers.map_or_else(|| texts.is_some_and(|(a, b)| b <= a), |(a, b)| b <= a),
        _ => false,
    }
}
