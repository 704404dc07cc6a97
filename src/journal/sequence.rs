//! Entries as a sequence: who called whom, what came of it, what was answered; [`super::mermaid`] and the console draw it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{EntryKind, Event, Exchange, JournalEntry};

/// Who takes part.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    utoipa::ToSchema,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// The holder's browser.
    Browser,
    /// The portal's server.
    RelyingParty,
    /// A test or a tester.
    Tester,
    /// The app or an officer's program.
    App,
    /// This program.
    Simulator,
    /// Where messages arrive.
    Phone,
}

impl Lane {
    /// From left to right.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    fn of(exchange: &Exchange) -> Self {
        let beneath = |folders: &[&str]| folders.iter().any(|it| exchange.path.starts_with(it));
        if exchange.path == "/oauth2/authorize" {
            Self::Browser
        } else if beneath(&["/oauth2/", "/.well-known/"]) {
            Self::RelyingParty
        } else if beneath(&["/admin/"]) {
            Self::Tester
        } else if beneath(&["/app/", "/desk/"]) {
            Self::App
        } else {
            Self::Browser
        }
    }
}

/// How a step is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arrow {
    /// A request.
    Call,
    /// Its answer.
    Answer,
    /// A message that is sent.
    Message,
    /// Something that happened in one place: `from` and `to` are the same.
    Note,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SequenceStep {
    /// The entry of the journal it is drawn from.
    pub seq: u64,
    /// When (RFC 3339, virtual).
    pub at: String,
    /// `request`, or the kind of the event.
    pub kind: &'static str,
    /// Where it begins.
    pub from: Lane,
    /// Where it leads.
    pub to: Lane,
    /// How it is drawn.
    pub arrow: Arrow,
    /// A sentence without secrets.
    pub text: String,
    /// For answers: the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// The steps of the entries, in order: what came of a request stands between it and its answer.
pub fn of(entries: &[JournalEntry]) -> Vec<SequenceStep> {
    let exchanges = entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Exchange(exchange) => Some(exchange.number),
        EntryKind::Event(_) => None,
    });
    let answered: BTreeSet<u64> = exchanges.collect();
    // An event is noted before the request it came of, which is noted once it is answered.
    let mut outcomes: BTreeMap<u64, Vec<SequenceStep>> = BTreeMap::new();
    let mut steps = Vec::new();
    for entry in entries {
        match &entry.kind {
            EntryKind::Event(event) => match event
                .request
                .filter(|number| answered.contains(number))
            {
                Some(number) => outcomes.entry(number).or_default().push(of_event(entry, event)),
                None => steps.push(of_event(entry, event)),
            },
            EntryKind::Exchange(exchange) => {
                steps.push(called(entry, exchange));
                steps.extend(outcomes.remove(&exchange.number).unwrap_or_default());
                steps.push(answer(entry, exchange));
            }
        }
    }
    steps
}

fn of_event(entry: &JournalEntry, event: &Event) -> SequenceStep {
    let (to, arrow) = match event.kind {
        "message" => (Lane::Phone, Arrow::Message),
        _ => (Lane::Simulator, Arrow::Note),
    };
    let text = match event.kind {
        "fault" => format!("FAULT {}", event.text),
        _ => event.text.clone(),
    };
    let (seq, at) = (entry.seq, entry.at.to_string());
    SequenceStep { seq, at, kind: event.kind, from: Lane::Simulator, to, arrow, text, status: None }
}

fn called(entry: &JournalEntry, exchange: &Exchange) -> SequenceStep {
    let mut words = vec![format!("{} {}", exchange.method, exchange.path)];
    for pairs in [exchange.queried(), exchange.posted()] {
        let open = pairs.into_iter().filter(|(name, _)| !(exchange.is_secret)(name));
        words.extend(open.take(4).map(|(name, value)| {
            let mut shown: String = value.chars().take(40).collect();
            if shown.len() < value.len() {
                shown.push('…');
            }
            format!("{name}={shown}")
        }));
    }
    SequenceStep {
        seq: entry.seq,
        at: entry.at.to_string(),
        kind: "request",
        from: Lane::of(exchange),
        to: Lane::Simulator,
        arrow: Arrow::Call,
        text: words.join(" "),
        status: None,
    }
}

fn answer(entry: &JournalEntry, exchange: &Exchange) -> SequenceStep {
    let to = exchange.location().split('?').next().unwrap_or_default();
    SequenceStep {
        from: Lane::Simulator,
        to: Lane::of(exchange),
        arrow: Arrow::Answer,
        text: format!("{} {to}", exchange.status).trim_end().to_owned(),
        status: Some(exchange.status),
        ..called(entry, exchange)
    }
}
