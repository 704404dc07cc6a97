//! What the API document says in one place for every door: unique operation ids, what each status means, no defaults.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use crate::identity::policy::BOUNDS;

/// The members of a path that are operations (`OpenAPI` 3.1 §4.8.9).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document with what is the same for all doors.
pub(crate) fn finished(document: &OpenApi) -> Value {
    // A document of plain structures always becomes JSON.
    let mut value = serde_json::to_value(document).unwrap_or_default();
    if let Some(paths) = value.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            let Some(item) = item.as_object_mut() else { continue };
            for (_, operation) in item.iter_mut().filter(|(name, _)| METHODS.contains(&&***name)) {
                name_operation(path, operation);
                share_refusals(operation);
                describe_responses(operation);
            }
        }
    }
    inline_secrets(&mut value);
    if let Some(schemas) = value.pointer_mut("/components/schemas") {
        bound_policy(schemas);
        join_flattened(schemas);
        tell_defaults(schemas);
    }
    value
}

/// `clients_list`, `app_activations_otp`: the tag, the resource if it is another word, and the verb.
fn name_operation(path: &str, operation: &mut Value) {
    let verb = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default();
    let mut parts = path.split('/').skip_while(|part| *part != "v1").skip(1);
    let resource = parts.next().unwrap_or_default();
    let mut words = vec![tag, resource, verb];
    words.dedup();
    words.retain(|word| !word.is_empty());
    let id = words.join("_").replace('-', "_");
    operation["operationId"] = id.into();
}

/// What every door answers that cannot do what was asked.
fn share_refusals(operation: &mut Value) {
    let content = json!({ "schema": { "$ref": "#/components/schemas/ProblemBody" } });
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        let refused = json!({ "content": { "application/problem+json": content } });
        responses.insert("4XX".to_owned(), refused);
    }
}

/// `OpenAPI` 3.1 §4.8.17: `description` is required.
fn describe_responses(operation: &mut Value) {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let Some(response) = response.as_object_mut() else { continue };
        let is_empty = |it: &Value| it.as_str().is_none_or(str::is_empty);
        if response.get("description").is_none_or(is_empty) {
            response.insert("description".to_owned(), meaning(status).into());
        }
    }
}

fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "Done",
        "201" => "Created",
        "204" => "Done; there is nothing to say",
        "4XX" => "Refused: a problem with a stable `code` (RFC 9457)",
        "5XX" => "The simulator failed",
        _ => "See RFC 9110 §15",
    }
}

/// The numbers of the policy, from the table that refuses what is beyond them.
fn bound_policy(schemas: &mut Value) {
    for bound in &BOUNDS {
        if let Some(property) = schemas.pointer_mut(&format!("/Policy/properties/{}", bound.field))
        {
            property["minimum"] = bound.least.into();
            property["maximum"] = bound.most.into();
        }
    }
}

/// Clients know a secret as a text of `format: password`, not as a type of ours.
fn inline_secrets(value: &mut Value) {
    if let Some(schemas) = value.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.remove("Secret");
    }
    inline_secret(value);
}

fn inline_secret(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if is_secret(members) {
                members.remove("$ref");
                members.insert("type".to_owned(), "string".into());
                members.insert("format".to_owned(), "password".into());
            } else if let Some(Value::Object(mut secret)) = optional_secret(members) {
                members.remove("oneOf");
                secret.remove("$ref");
                members.append(&mut secret);
                members.insert("type".to_owned(), json!(["string", "null"]));
                members.insert("format".to_owned(), "password".into());
            }
            members.values_mut().for_each(inline_secret);
        }
        Value::Array(items) => items.iter_mut().for_each(inline_secret),
        _ => {}
    }
}

fn is_secret(members: &Map<String, Value>) -> bool {
    members.get("$ref").and_then(Value::as_str) == Some("#/components/schemas/Secret")
}

/// The secret of `oneOf: [null, secret]`, with what is said of it.
fn optional_secret(members: &Map<String, Value>) -> Option<Value> {
    let all = members.get("oneOf")?.as_array().filter(|all| all.len() == 2)?;
    all.iter().find(|it| it.as_object().is_some_and(is_secret)).cloned()
}

/// A flattened member is part of its owner: one that may be absent demands nothing, and none forbids the owner's own members.
fn join_flattened(schemas: &mut Value) {
    let all = schemas.clone();
    let referenced = |part: &Value| {
        let name = part.get("$ref")?.as_str()?.rsplit('/').next()?;
        all.get(name)?.as_object().cloned()
    };
    let whole = schemas.as_object_mut().into_iter().flat_map(Map::values_mut);
    for part in whole.filter_map(|it| it.get_mut("allOf")?.as_array_mut()).flatten() {
        let optional = part.pointer("/oneOf/0").and_then(referenced);
        if let Some(mut inner) =
            optional.filter(|_| part.pointer("/oneOf/1/type") == Some(&"null".into()))
        {
            inner.remove("required");
            inner.remove("additionalProperties");
            *part = inner.into();
        } else if let Some(mut inner) =
            referenced(part).filter(|it| it.contains_key("additionalProperties"))
        {
            inner.remove("additionalProperties");
            *part = inner.into();
        }
    }
}

/// A default makes generated clients demand the property: it is told in the description instead.
fn tell_defaults(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if !members.contains_key("properties") {
                tell_default(members);
            }
            members.values_mut().for_each(tell_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(tell_defaults),
        _ => {}
    }
}

fn tell_default(members: &mut Map<String, Value>) {
    let is_schema =
        ["type", "$ref", "oneOf", "anyOf", "allOf"].iter().any(|it| members.contains_key(*it));
    if !is_schema {
        return;
    }
    let Some(default) = members.remove("default").filter(|it| !it.is_null()) else { return };
    let before = members.get("description").and_then(Value::as_str).unwrap_or_default();
    let space = if before.is_empty() { "" } else { " " };
    let told = format!("{before}{space}Default: `{default}`.");
    members.insert("description".to_owned(), told.into());
}
