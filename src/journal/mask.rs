//! What nobody gets to read: secrets keep their name and their length.

use serde_json::Value;

/// Whether the values of a parameter or member are secrets. The doors know, and hand it to what they keep.
pub type IsSecret = fn(&str) -> bool;

/// Headers whose values are secrets.
const SECRET_HEADERS: [&str; 4] = ["authorization", "cookie", "set-cookie", "proxy-authorization"];

/// Longest value that is shown, in characters.
const LONGEST: usize = 300;

/// A parameter's value as it is shown.
pub fn parameter(name: &str, value: &str, is_secret: IsSecret) -> String {
    if is_secret(name) && !value.is_empty() { hidden(value) } else { cut(value) }
}

/// A header's value as it is shown.
pub fn header(name: &str, value: &str, is_secret: IsSecret) -> String {
    // Where a page came from may have its code in the query.
    if ["location", "referer"].contains(&name) {
        return location(value, is_secret);
    }
    if SECRET_HEADERS.contains(&name) {
        let scheme =
            value.split(' ').next().filter(|it| *it != value && name.contains("authorization"));
        return scheme
            .map_or_else(|| hidden(value), |scheme| format!("{scheme} {}", hidden(value)));
    }
    cut(value)
}

/// An address as it is shown: secrets in its query and fragment are masked.
pub fn location(url: &str, is_secret: IsSecret) -> String {
    let mut shown = String::new();
    for (place, part) in url.split_inclusive(['?', '#']).enumerate() {
        let (part, end) = match part.strip_suffix(['?', '#']) {
            Some(rest) => part.split_at(rest.len()),
            None => (part, ""),
        };
        let pairs = part.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if place > 0 && is_secret(name) && !value.is_empty() => {
                format!("{name}={}", hidden(value))
            }
            _ => cut(pair),
        });
        shown.push_str(&pairs.collect::<Vec<_>>().join("&"));
        shown.push_str(end);
    }
    shown
}

/// JSON as it is shown.
pub fn json(value: &mut Value, is_secret: IsSecret) {
    match value {
        Value::Object(members) => {
            // A message repeats its code in its words.
            let code = members.get("code").and_then(Value::as_str).map(str::to_owned);
            if let Some(code) = code.filter(|code| !code.is_empty() && !is_word(code))
                && let Some(Value::String(text)) = members.get_mut("text")
            {
                *text = text.replace(&code, &hidden(&code));
            }
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(text)
                        if is_secret(name) && !(name == "code" && is_word(text)) =>
                    {
                        *text = hidden(text);
                    }
                    Value::Number(number) if is_secret(name) => {
                        *value = hidden(&number.to_string()).into();
                    }
                    Value::Array(_) if is_secret(name) => *value = "[list]".into(),
                    other => json(other, is_secret),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| json(item, is_secret)),
        Value::String(text) => *text = cut(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The stable `code` of a refusal is a word, not a secret; an authorization code or OTP never looks like one.
fn is_word(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        || ["stale", "invalid", "exists", "locked", "internal"].contains(&text)
}

fn hidden(value: &str) -> String {
    format!("[{} characters]", value.chars().count())
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
