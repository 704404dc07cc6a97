//! What a parser says of a value, in words of ours: what it must be.

/// Serde's message without its own names.
pub(super) fn words(message: &str) -> String {
    let list = |text: &str| text.replace('`', "");
    if let Some((_, allowed)) = message.split_once("variant `").and(message.split_once("expected ")) {
        return format!("must be {}", list(allowed));
    }
    if let Some((_, allowed)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once("`, expected "))
    {
        let known = list(allowed);
        let known = known.strip_prefix("one of ").unwrap_or(&known);
        return format!("is not known here, only {known}");
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("needs the field {}", list(name));
    }
    match message.rsplit_once("expected ") {
        Some((_, wanted)) => format!("must be {}", kind_of(wanted)),
        None => format!("cannot be read: {message}"),
    }
}

/// The kind of a value as JSON names it.
fn kind_of(wanted: &str) -> &str {
    match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "i64" | "i32" => "a whole number",
        "a string" | "a borrowed string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" | "an object" => "an object",
        other => other,
    }
}
