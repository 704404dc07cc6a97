//! Every door of the API document, found there and nowhere else: malformed bodies, nasty path values, odd queries.

use axum::{body::Body, http::Request};
use serde_json::{Map, Value, json};

use super::{Fire, Verdict, app, sent, token_of};
use crate::harness::{Reply, Sim, actors::LAN};

/// A door as the document describes it.
struct Door {
    method: String,
    path: String,
    /// Names in the path, and names and types in the query.
    names: Vec<String>,
    query: Vec<(String, Value)>,
    body: Option<Value>,
}

impl Door {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The address with a value for each name: `nasty` for one, something well formed for the others.
    fn address(&self, nasty: Option<(&str, &str)>) -> String {
        let mut path = self.path.clone();
        for name in &self.names {
            let usual = match name.as_str() {
                "number" | "member" => LAN.number,
                "kind" => "tax",
                "service" => "tax_code",
                "command" => "lock",
                _ => "no-such-thing",
            };
            let value = nasty.filter(|(given, _)| given == name).map_or(usual, |(_, value)| value);
            path = path.replace(&format!("{{{name}}}"), value);
        }
        path
    }

    fn request(&self, path: &str, token: &str, body: impl Into<Body>) -> Request<Body> {
        if path.starts_with("/app/") {
            return app(&self.method, path, token, body);
        }
        super::json(&self.method, path, body)
    }
}

fn doors(document: &Value) -> Vec<Door> {
    let mut doors = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let no_parameters = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&no_parameters);
            let named = |place: &str| {
                let found = parameters.iter().filter(move |it| it["in"] == place);
                let found = found.map(|it| (it["name"].as_str().unwrap(), &it["schema"]));
                found.map(|(name, schema)| (name.to_owned(), schema.clone())).collect::<Vec<_>>()
            };
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            doors.push(Door {
                method: method.to_uppercase(),
                path: path.clone(),
                names: named("path").into_iter().map(|(name, _)| name).collect(),
                query: named("query"),
                body: (!schema.is_null()).then(|| resolved(document, schema)),
            });
        }
    }
    doors
}

/// A schema behind its reference or its `null` alternative.
fn resolved(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return resolved(document, document.pointer(pointer).unwrap());
    }
    let alternatives = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    let real = alternatives.and_then(|all| all.iter().find(|it| it["type"] != "null"));
    real.map_or_else(|| schema.clone(), |real| resolved(document, real))
}

/// `string`, `integer`, …, whatever else may be there.
fn kind(schema: &Value) -> &str {
    let listed = |kinds: &Vec<Value>| kinds.iter().position(|it| it != "null");
    let kinds = schema["type"].as_array();
    let first = kinds.and_then(|kinds| listed(kinds).map(|at| &kinds[at]));
    first.unwrap_or(&schema["type"]).as_str().unwrap_or_default()
}

/// A value that fits a schema's type.
fn sample(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    match kind(&schema) {
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([]),
        "object" => object(document, &schema),
        _ => json!("097190000011"),
    }
}

/// An object with what a schema requires.
fn object(document: &Value, schema: &Value) -> Value {
    let no_names = Vec::new();
    let required = schema["required"].as_array().unwrap_or(&no_names);
    let property = |name: &Value| {
        let name = name.as_str().unwrap();
        (name.to_owned(), sample(document, &schema["properties"][name]))
    };
    Value::Object(required.iter().map(property).collect::<Map<_, _>>())
}

/// Values of types that a schema is not.
fn misfits(schema: &Value) -> Vec<Value> {
    let huge = || json!(1e300);
    match kind(schema) {
        "integer" => vec![
            json!("1"),
            json!([1]),
            json!({"a": 1}),
            json!(1.5),
            json!(-9_223_372_036_854_775_808_i64),
            json!(18_446_744_073_709_551_615_u64),
            huge(),
            json!(true),
        ],
        "boolean" => vec![json!("true"), json!(1), json!([true]), json!({})],
        "array" => vec![json!("x"), json!(1), json!({}), json!([[]]), json!([null])],
        "object" => vec![json!("x"), json!(1), json!([1]), json!({"no_such_field": 1})],
        "string" => vec![json!(1), json!(true), json!(["x"]), json!({"x": 1}), huge()],
        _ => Vec::new(),
    }
}

/// A 4xx in the shape of every API, with a sentence.
fn refused(reply: &Reply) -> Verdict {
    if !reply.status.is_client_error() {
        return Err("is no 4xx".to_owned());
    }
    if reply.header("content-type") != "application/problem+json" {
        return Err(format!("content-type is {:?}", reply.header("content-type")));
    }
    let body: Value = serde_json::from_str(&reply.text()).map_err(|e| e.to_string())?;
    let told = body["code"].as_str().is_some_and(|code| !code.is_empty())
        && body["status"] == reply.status.as_u16()
        && body["detail"].as_str().is_some_and(|detail| detail.len() < 2000);
    if told { Ok(()) } else { Err("tells no code, status or sentence".to_owned()) }
}

async fn range() -> (Fire, &'static Value, String) {
    let sim = Sim::new().await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    let document = mock_vneid::http::api_document();
    (Fire::at(sim).await, document, token)
}

#[tokio::test]
async fn no_door_of_the_document_takes_a_malformed_body() {
    let (mut fire, document, token) = range().await;
    let big = format!("{{\"a\":\"{}\"}}", "a".repeat(70_000));
    let deep = format!("{{\"a\":{}}}", "[".repeat(30_000));
    let texts: [&[u8]; 17] = [
        b"",
        b"{",
        b"{\"a\":}",
        b"{\"a\":NaN}",
        b"{'a':1}",
        b"null",
        b"true",
        b"1",
        b"\"x\"",
        b"[]",
        b"[{}]",
        b"{\"no_such_field\":1}",
        b"{\"\xff\xfe\":1}",
        b"{\"a\":\"\\ud800\"}",
        b"\x00",
        big.as_bytes(),
        deep.as_bytes(),
    ];
    let mut doors_with_bodies = 0;
    for door in doors(document).iter().filter(|door| door.body.is_some()) {
        doors_with_bodies += 1;
        let path = door.address(None);
        for text in texts {
            let name = format!("{} {:.40}", door.name(), String::from_utf8_lossy(text));
            fire.fire(&name, door.request(&path, &token, text.to_vec()), refused).await;
        }
        for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"] {
            let method = axum::http::Method::from_bytes(door.method.as_bytes()).unwrap();
            let name = format!("{} as {kind:?}", door.name());
            fire.fire(&name, sent(method, &path, kind, "{}"), refused).await;
        }
        fire.look(&door.name()).await;
    }
    assert!(doors_with_bodies > 50, "only {doors_with_bodies} doors");
    fire.done();
}

#[tokio::test]
async fn no_door_of_the_document_takes_a_field_of_another_type() {
    let (mut fire, document, token) = range().await;
    let mut fields = 0;
    for door in &doors(document) {
        let Some(schema) = &door.body else { continue };
        let path = door.address(None);
        let whole = object(document, schema);
        let no_properties = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&no_properties);
        for (field, of) in properties {
            fields += 1;
            let of = resolved(document, of);
            for misfit in misfits(&of) {
                let mut body = whole.clone();
                body[field] = misfit;
                let name = format!("{} {body}", door.name());
                fire.fire(&name, door.request(&path, &token, body.to_string()), refused).await;
            }
            // A field that must be there is not, or is null.
            let required = schema["required"].as_array();
            if required.is_some_and(|all| all.iter().any(|it| it == field)) {
                for leave in [None, Some(Value::Null)] {
                    let mut body = whole.as_object().unwrap().clone();
                    match leave {
                        Some(null) => body.insert(field.clone(), null),
                        None => body.remove(field),
                    };
                    let body = Value::Object(body);
                    let name = format!("{} {body}", door.name());
                    fire.fire(&name, door.request(&path, &token, body.to_string()), refused).await;
                }
            }
        }
        fire.look(&door.name()).await;
    }
    assert!(fields > 150, "only {fields} fields");
    fire.done();
}

#[tokio::test]
async fn no_door_of_the_document_takes_a_nasty_path() {
    let (mut fire, document, token) = range().await;
    let (long, wide) = ("a".repeat(5000), "9".repeat(400));
    let nasty = [
        "%00",
        "%ff",
        "%c3%28",
        "%ed%a0%80",
        "%0d%0aX-Evil:%201",
        "..%2f..%2fetc%2fpasswd",
        "%20",
        "-1",
        "0",
        "1e9",
        "18446744073709551616",
        "null",
        "undefined",
        "%7B%7D",
        "%5B%5D",
        "'%20OR%201=1--",
        "%F0%9F%92%A9",
        "%EF%BC%90%EF%BC%91",
        "%3Cscript%3E",
        "*",
        "..",
        ".",
        "a%2fb",
        "000000000000",
        "999999999999",
        &long,
        &wide,
    ];
    let mut names = 0;
    for door in &doors(document) {
        let body = door.body.as_ref().map(|it| object(document, it).to_string());
        for name in &door.names {
            names += 1;
            for value in nasty {
                let path = door.address(Some((name, value)));
                let shown = format!("{} {path:.100}", door.name());
                let body = body.clone().unwrap_or_default();
                fire.fire(&shown, door.request(&path, &token, body), refused).await;
            }
        }
        fire.look(&door.name()).await;
    }
    assert!(names > 40, "only {names} names in paths");
    fire.done();
}

#[tokio::test]
async fn no_door_of_the_document_takes_an_odd_query() {
    let (mut fire, document, token) = range().await;
    let mut parameters = 0;
    for door in doors(document).iter().filter(|door| !door.query.is_empty()) {
        let path = door.address(None);
        for odd in ["no_such_parameter=1", "%ff=1", "limit=1&limit=2", "limit=%00", "limit=%ff"] {
            let name = format!("{} ?{odd}", door.name());
            fire.fire(&name, door.request(&format!("{path}?{odd}"), &token, ""), refused).await;
        }
        for (parameter, schema) in &door.query {
            parameters += 1;
            let schema = resolved(document, schema);
            let typed =
                schema["enum"].is_array() || ["integer", "boolean"].contains(&kind(&schema));
            for odd in
                ["-1", "1.5", "1e3", "99999999999999999999999", "%EF%BC%91", "x%00", "yes%0a"]
            {
                let query = format!("{path}?{parameter}={odd}");
                let name = format!("{} {query}", door.name());
                let judge = |reply: &Reply| {
                    if typed || reply.status.is_client_error() { refused(reply) } else { Ok(()) }
                };
                fire.fire(&name, door.request(&query, &token, ""), judge).await;
            }
        }
        fire.look(&door.name()).await;
    }
    assert!(parameters > 30, "only {parameters} parameters");
    fire.done();
}
