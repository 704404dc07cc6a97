//! What a door answers is what the API document says: every answer of the whole suite is looked at.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use axum::http::{HeaderMap, Method, StatusCode, header};
use jsonschema::Validator;
use mock_vneid::http::api_document;
use serde_json::{Value, json};

/// Paths of the document, cut at their slashes.
static PATHS: LazyLock<Vec<(Vec<&str>, &str)>> = LazyLock::new(|| {
    let paths = api_document()["paths"].as_object().unwrap();
    paths.keys().map(|path| (path.split('/').collect(), path.as_str())).collect()
});

type Key = (String, String, String);

/// Made when they are first wanted.
static SCHEMAS: LazyLock<Mutex<BTreeMap<Key, Option<Arc<Validator>>>>> =
    LazyLock::new(Mutex::default);

/// The path of the document that a request goes to; one without a variable before one with.
fn path_of(asked: &str) -> Option<&'static str> {
    let asked = asked.split('?').next()?;
    let below =
        asked.strip_prefix("/realms/").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    let parts: Vec<&str> = below.unwrap_or(asked).split('/').collect();
    let fits = |known: &[&str]| {
        known.len() == parts.len()
            && known.iter().zip(&parts).all(|(known, part)| known.starts_with('{') || known == part)
    };
    let variables = |known: &[&str]| known.iter().filter(|part| part.starts_with('{')).count();
    let all = PATHS.iter().filter(|(known, _)| fits(known));
    all.min_by_key(|(known, _)| variables(known)).map(|(_, path)| *path)
}

/// The schema of an answer; nothing where the document has none for it.
fn schema(method: &Method, path: &str, status: StatusCode) -> Option<Arc<Validator>> {
    let method = method.as_str().to_lowercase();
    let responses = &api_document()["paths"][path][&method]["responses"];
    let exact = status.as_u16().to_string();
    let range = format!("{}XX", status.as_u16() / 100);
    let named = [exact, range].into_iter().find(|it| responses.get(it).is_some())?;
    let key = (method, path.to_owned(), named.clone());
    let mut known = SCHEMAS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let made = known.entry(key).or_insert_with(|| {
        let content = responses[&named]["content"].as_object()?;
        let schema = &content.values().next()?["schema"];
        let whole = json!({ "allOf": [schema], "components": api_document()["components"] });
        Some(Arc::new(jsonschema::validator_for(&whole).unwrap()))
    });
    made.clone()
}

/// Fails where an answer in JSON is not what its door is documented to give.
pub(super) fn check(
    method: &Method,
    asked: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) {
    let is_json =
        headers.get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().ends_with(b"json"));
    let Some(path) = path_of(asked).filter(|_| is_json) else { return };
    let Ok(answer) = serde_json::from_slice::<Value>(body) else { return };
    let Some(schema) = schema(method, path, status) else {
        // A method that the door does not know, or what the realm's faults made of it.
        return;
    };
    let wrong: Vec<String> =
        schema.iter_errors(&answer).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(wrong.is_empty(), "{method} {asked} answers {status}:\n{}\n{answer}", wrong.join("\n"));
}
