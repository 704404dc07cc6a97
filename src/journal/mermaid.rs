//! A sequence as a Mermaid diagram.

use super::sequence::{Arrow, Lane, SequenceStep};

const fn letter(lane: Lane) -> char {
    match lane {
        Lane::Browser => 'B',
        Lane::RelyingParty => 'R',
        Lane::Tester => 'T',
        Lane::App => 'A',
        Lane::Simulator => 'V',
        Lane::Phone => 'P',
    }
}

const fn name(lane: Lane) -> &'static str {
    match lane {
        Lane::Browser => "Browser",
        Lane::RelyingParty => "Relying party",
        Lane::Tester => "Tester",
        Lane::App => "App",
        Lane::Simulator => "mock-vneid (simulation)",
        Lane::Phone => "Phone",
    }
}

/// The diagram of the steps.
pub fn diagram(steps: &[SequenceStep]) -> String {
    let mut lines = vec!["sequenceDiagram".to_owned()];
    let participant = |lane: &Lane| format!("    participant {} as {}", letter(*lane), name(*lane));
    let takes_part = |lane: &&Lane| steps.iter().any(|it| it.from == **lane || it.to == **lane);
    lines.extend(Lane::ALL.iter().filter(takes_part).map(participant));
    lines.extend(steps.iter().map(line));
    lines.push(String::new());
    lines.join("\n")
}

fn line(step: &SequenceStep) -> String {
    let (from, to, text) = (letter(step.from), letter(step.to), clean(&step.text));
    match step.arrow {
        Arrow::Call => format!("    {from}->>{to}: {text}"),
        Arrow::Answer => format!("    {from}-->>{to}: {text}"),
        Arrow::Message => format!("    {from}-){to}: {text}"),
        Arrow::Note => format!("    Note over {from}: {text}"),
    }
}

/// Nothing that Mermaid would read as its own.
fn clean(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let safe = one_line.replace(['#', ';', '<', '>'], " ");
    let words: Vec<&str> = safe.split_whitespace().collect();
    words.join(" ").chars().take(160).collect()
}
