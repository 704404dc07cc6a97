//! Requests as an HTTP Archive 1.2, which every browser's developer tools open.

use serde_json::{Value, json};

use super::{EntryKind, Exchange, JournalEntry, kept::Headers, mask};

/// The archive of the requests among the entries; `base` is the issuer.
pub fn archive(base: &str, entries: &[JournalEntry]) -> Value {
    let requests = entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Exchange(exchange) => Some(one(base, &entry.at.to_string(), exchange)),
        EntryKind::Event(_) => None,
    });
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "mock-vneid (simulation)", "version": env!("CARGO_PKG_VERSION") },
        "entries": requests.collect::<Vec<_>>(),
    }})
}

fn one(base: &str, at: &str, exchange: &Exchange) -> Value {
    let is_secret = exchange.is_secret;
    let pairs = |pairs: Vec<(String, String)>| -> Vec<Value> {
        let shown = pairs.into_iter();
        shown
            .map(|(name, value)| json!({ "name": name, "value": mask::parameter(&name, &value, is_secret) }))
            .collect()
    };
    let query =
        if exchange.query.is_empty() { String::new() } else { format!("?{}", exchange.query) };
    let millis = i64::try_from(exchange.micros / 1000).unwrap_or(i64::MAX);
    let mut request = json!({
        "method": exchange.method, "url": mask::location(&format!("{base}{}{query}", exchange.path), is_secret),
        "httpVersion": "HTTP/1.1", "cookies": [], "headers": headers(&exchange.headers, is_secret),
        "queryString": pairs(exchange.queried()), "headersSize": -1, "bodySize": exchange.body.size,
    });
    if let Some((text, kind)) = exchange.shown_body() {
        request["postData"] =
            json!({ "mimeType": kind, "params": pairs(exchange.posted()), "text": text });
    }
    let (text, kind) = exchange.shown_answer().unwrap_or_default();
    json!({
        "startedDateTime": at, "time": millis, "request": request,
        "response": {
            "status": exchange.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(&exchange.answered, is_secret), "redirectURL": mask::location(exchange.location(), is_secret),
            "headersSize": -1, "bodySize": exchange.answer.size,
            "content": { "size": exchange.answer.size, "mimeType": kind, "text": text },
        },
        "cache": {}, "timings": { "send": 0, "wait": millis, "receive": 0 },
    })
}

fn headers(headers: &Headers, is_secret: mask::IsSecret) -> Vec<Value> {
    let shown = headers.iter();
    shown
        .map(|(name, value)| json!({ "name": name, "value": mask::header(name, value, is_secret) }))
        .collect()
}
