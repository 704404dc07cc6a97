//! The JSON Schema of scripts, made from the list of verbs, so that editors complete them.

use serde_json::{Map, Value, json};

use super::{
    list::VERBS,
    verbs::{Need, Verb, VerbField},
};
use crate::{faults::menu, identity::wanted::StateName};

fn field(verb: &Verb, field: &VerbField) -> Value {
    let mut schema = Map::new();
    let says = if field.says.is_empty() { "see the API" } else { field.says };
    schema.insert("description".to_owned(), says.into());
    let names = match (verb.name, field.name) {
        ("fault", "effect") => Some(menu().map(|entry| entry.name).collect::<Vec<_>>()),
        ("force", "state") => Some(StateName::ALL.to_vec()),
        _ => None,
    };
    if let Some(names) = names {
        let variable = json!({ "type": "string", "pattern": "\\$\\{.*\\}" });
        schema.insert("anyOf".to_owned(), json!([{ "enum": names }, variable]));
    } else if !field.kind.is_empty() {
        // A variable may stand for anything.
        let kinds =
            if field.kind == "string" { json!("string") } else { json!([field.kind, "string"]) };
        schema.insert("type".to_owned(), kinds);
    }
    Value::Object(schema)
}

fn step(verb: &Verb) -> Value {
    let mut properties = Map::new();
    properties.insert("do".to_owned(), json!({ "const": verb.name, "description": verb.does }));
    let mut required = vec!["do"];
    let people =
        [("who", verb.who, "a name of [people]"), ("client", verb.client, "a name of [clients]")];
    for (name, need, says) in people {
        if need != Need::No {
            properties.insert(name.to_owned(), json!({ "type": "string", "description": says }));
        }
        if need == Need::Must {
            required.push(name);
        }
    }
    for each in verb.fields() {
        properties.insert(each.name.to_owned(), field(verb, each));
        if each.must {
            required.push(each.name);
        }
    }
    for name in ["say", "expect", "save"] {
        properties.insert(name.to_owned(), json!({ "$ref": format!("#/$defs/{name}") }));
    }
    json!({ "title": verb.name, "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The schema, JSON Schema 2020-12.
pub fn schema() -> Value {
    let mut steps: Vec<Value> = VERBS.iter().map(step).collect();
    steps.push(json!({ "title": "note", "type": "object", "required": ["say"], "additionalProperties": false,
        "properties": { "say": { "$ref": "#/$defs/say" } } }));
    steps.push(json!({ "title": "for_each", "type": "object", "required": ["for_each", "step"], "additionalProperties": false,
        "properties": { "say": { "$ref": "#/$defs/say" },
            "for_each": { "type": "string", "description": "a name of [tables]; the steps are played for each row, ${row.…}" },
            "step": { "type": "array", "items": { "$ref": "#/$defs/step" } } } }));
    let rows = json!({ "type": "array", "items": { "type": "object" } });
    let text = |says: &str| json!({ "type": "string", "description": says });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of mock-vneid",
        "type": "object",
        "required": ["step"],
        "additionalProperties": false,
        "properties": {
            "name": text("what it is called; the file's name if left out"),
            "story": text("what it tells"),
            "source": text("where the story is from"),
            "at": { "description": "time stands still here at the beginning (RFC 3339)" },
            "seed": text("what chance follows from; the file's name if left out"),
            "policy": { "type": "object", "description": "rules of the realm that are other than usual" },
            "vars": { "type": "object", "description": "${vars.name}" },
            "people": { "type": "object", "description": "accounts like this, or with a number somebody who is there",
                "additionalProperties": { "type": "object" } },
            "clients": { "type": "object", "description": "portals: client metadata of RFC 7591",
                "additionalProperties": { "type": "object" } },
            "tables": { "type": "object", "description": "rows for for_each", "additionalProperties": rows.clone() },
            "case": rows,
            "step": { "type": "array", "items": { "$ref": "#/$defs/step" } },
        },
        "$defs": {
            "say": text("a sentence for the transcript"),
            "expect": { "type": "object", "description": "a part of the answer: a value, a text with * at either end, a table, or a comparison: exists, not, one_of, contains, at_least, at_most, count, like" },
            "save": { "type": "object", "description": "variable = \"path.in.the.answer\"", "additionalProperties": { "type": "string" } },
            "step": { "anyOf": steps },
        },
    })
}
