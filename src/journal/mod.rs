//! PURE: what happened, in order: requests with their answers, decisions, messages, changes; bounded, and masked when read.

pub mod exchange;
pub mod har;
pub mod kept;
pub mod links;
pub mod mask;
pub mod mermaid;
pub mod sequence;
pub mod verify;

use std::{collections::VecDeque, sync::Arc};

use serde_json::{Map, Value, json};

pub use exchange::Exchange;

use crate::clock::Timestamp;

/// Most entries that are kept; the oldest go first.
pub const MOST_ENTRIES: usize = 5_000;
/// Most bytes that are kept, of bodies, headers and addresses.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The kinds of entries.
pub const KINDS: [&str; 11] = [
    "request",
    "account",
    "registration",
    "message",
    "decision",
    "refused",
    "token",
    "session",
    "clock",
    "due",
    "fault",
];
/// The fields of entries.
pub const FIELDS: [&str; 18] = [
    "seq",
    "at",
    "kind",
    "request",
    "sign_in",
    "client_id",
    "citizen",
    "method",
    "path",
    "status",
    "micros",
    "query",
    "form",
    "json",
    "headers",
    "answer",
    "text",
    "data",
];

/// Something that happened.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// Its place in the order, from 1.
    pub seq: u64,
    /// The realm's time.
    pub at: Timestamp,
    /// What.
    pub kind: EntryKind,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum EntryKind {
    /// A request was answered.
    Exchange(Arc<Exchange>),
    /// Something came of a request, or of time.
    Event(Arc<Event>),
}

/// A decision, a message, a change of state, a fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// `account`, `registration`, `message`, `decision`, `refused`, `token`, `session`, `clock`, `due`, `fault`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
    /// The request it came of.
    pub request: Option<u64>,
    /// The client it is about.
    pub client_id: Option<String>,
    /// The citizen it is about.
    pub citizen: Option<String>,
    /// What else there is to say.
    pub data: Map<String, Value>,
}

impl Event {
    /// An event of a kind, in words.
    pub fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), ..Self::default() }
    }

    /// The same, of a client.
    #[must_use]
    pub fn of_client(mut self, client_id: &str) -> Self {
        self.client_id = Some(client_id.to_owned()).filter(|id| !id.is_empty());
        self
    }

    /// The same, about a citizen.
    #[must_use]
    pub fn about(mut self, citizen: impl std::fmt::Display) -> Self {
        self.citizen = Some(format!("{citizen}"));
        self
    }

    /// The same, saying more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }
}

/// The journal of a realm.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<JournalEntry>,
    bytes: usize,
    last: u64,
    requests: u64,
}

impl Journal {
    /// A number for a request that begins.
    pub fn begin(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Adds what happened.
    pub fn add(&mut self, at: Timestamp, kind: EntryKind) {
        self.last += 1;
        self.bytes += weight(&kind);
        self.entries.push_back(JournalEntry { seq: self.last, at, kind });
        while self.entries.len() > MOST_ENTRIES || self.bytes > MOST_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= weight(&oldest.kind);
        }
    }

    /// Forgets everything; numbers go on.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// The place of the newest entry.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// Everything that is kept, in order.
    pub fn entries(&self) -> Vec<JournalEntry> {
        self.entries.iter().cloned().collect()
    }

    /// How many entries were let go.
    pub fn dropped(&self) -> u64 {
        self.entries.front().map_or(self.last, |first| first.seq - 1)
    }
}

fn weight(kind: &EntryKind) -> usize {
    match kind {
        EntryKind::Exchange(exchange) => exchange.weight(),
        EntryKind::Event(event) => 200 + event.text.len(),
    }
}

/// Entries after a place as they are shown: linked to the sign-in they belong to, secrets masked. Each is made when it is
/// asked for.
pub fn shown(entries: &[JournalEntry], after: u64) -> impl Iterator<Item = Value> {
    let links = links::of(entries);
    entries.iter().filter(move |entry| entry.seq > after).map(move |entry| {
        let mut view = match &entry.kind {
            EntryKind::Exchange(exchange) => exchange.view(),
            EntryKind::Event(event) => view_of(event),
        };
        view.insert("seq".to_owned(), entry.seq.into());
        view.insert("at".to_owned(), entry.at.to_string().into());
        if let Some(sign_in) = links.sign_in(entry) {
            view.insert("sign_in".to_owned(), sign_in.into());
        }
        Value::Object(view)
    })
}

fn view_of(event: &Event) -> Map<String, Value> {
    let mut view = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            view.insert(name.to_owned(), value);
        }
    };
    put("kind", event.kind.into());
    put("text", event.text.clone().into());
    put("request", json!(event.request));
    put("client_id", json!(event.client_id));
    put("citizen", json!(event.citizen));
    if !event.data.is_empty() {
        put("data", Value::Object(event.data.clone()));
    }
    view
}
