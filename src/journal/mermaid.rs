//! Entries as a Mermaid sequence diagram.

use super::{Entry, Event, Exchange, Kind, mask};

/// The diagram of the entries.
pub fn diagram(entries: &[Entry]) -> String {
    let mut lines = vec![
        "sequenceDiagram".to_owned(),
        "    participant B as Browser".to_owned(),
        "    participant R as Relying party".to_owned(),
        "    participant T as Tester".to_owned(),
        "    participant A as App".to_owned(),
        "    participant V as mock-vneid (simulation)".to_owned(),
        "    participant P as Phone".to_owned(),
    ];
    for entry in entries {
        if let Kind::Exchange(exchange) = &entry.kind {
            let who = caller(exchange);
            let method = &exchange.method;
            lines.push(format!("    {who}->>V: {method} {}", clean(&asked(exchange))));
            // What came of the request was noted before its answer was.
            for other in entries {
                if let Kind::Event(event) = &other.kind
                    && event.request == Some(exchange.number)
                {
                    lines.push(of_event(event));
                }
            }
            lines.push(format!("    V-->>{who}: {}", clean(&answered(exchange))));
        }
    }
    for entry in entries {
        if let Kind::Event(event) = &entry.kind
            && event.request.is_none()
        {
            lines.push(of_event(event));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn of_event(event: &Event) -> String {
    match event.kind {
        "message" => format!("    V-)P: {}", clean(&event.text)),
        "fault" => format!("    Note over V: FAULT {}", clean(&event.text)),
        _ => format!("    Note over V: {}", clean(&event.text)),
    }
}

fn caller(exchange: &Exchange) -> char {
    let path = exchange.path.as_str();
    let back = ["/oauth2/", "/.well-known/"];
    if path == "/oauth2/authorize" {
        'B'
    } else if back.iter().any(|beginning| path.starts_with(beginning)) {
        'R'
    } else if path.starts_with("/admin/") {
        'T'
    } else if path.starts_with("/app/") || path.starts_with("/desk/") {
        'A'
    } else {
        'B'
    }
}

fn asked(exchange: &Exchange) -> String {
    let names = |pairs: Vec<(String, String)>| -> String {
        let shown: Vec<String> = pairs
            .iter()
            .filter(|(name, _)| !mask::is_secret(name))
            .take(4)
            .map(|(name, value)| format!("{name}={}", value.chars().take(40).collect::<String>()))
            .collect();
        shown.join(" ")
    };
    format!("{} {} {}", exchange.path, names(exchange.queried()), names(exchange.posted()))
}

fn answered(exchange: &Exchange) -> String {
    let to = exchange.location();
    let to = to.split('?').next().unwrap_or_default();
    format!("{} {to}", exchange.status)
}

/// Nothing that Mermaid would read as its own.
fn clean(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let safe = one_line.replace(['#', ';', '<', '>'], " ");
    let words: Vec<&str> = safe.split_whitespace().collect();
    words.join(" ").chars().take(160).collect()
}
