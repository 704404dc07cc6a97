//! Which parameters and members are secrets: one list, made of what the doors declare.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;

use super::api_document;
use crate::oidc::params::SECRET;

/// The fields of the pages: what is typed, and the token of each form.
const OF_PAGES: [&str; 4] = ["password", "passcode", "otp", "form"];

/// Made when somebody first reads what was kept.
static NAMES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let mut names: BTreeSet<_> = SECRET.into_iter().chain(OF_PAGES).collect();
    collect(api_document(), &mut names);
    names
});

/// Whether the values under this name are kept from readers: journal, archive, diagrams, refusals.
pub(crate) fn is_secret(name: &str) -> bool {
    NAMES.contains(name)
}

/// The names of all properties of `format: password`, which the type `Secret` has.
fn collect(schema: &'static Value, names: &mut BTreeSet<&'static str>) {
    match schema {
        Value::Object(members) => {
            let properties = members.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if property["format"] == "password" {
                    names.insert(name);
                }
            }
            members.values().for_each(|value| collect(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}
