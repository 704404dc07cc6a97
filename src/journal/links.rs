//! Which sign-in an entry belongs to: followed by what one answer gives and a later request brings back.

use std::collections::BTreeMap;

use super::{EntryKind, Exchange, JournalEntry};

/// Sign-ins by request.
#[derive(Debug, Default)]
pub struct SignInLinks(BTreeMap<u64, u64>);

impl SignInLinks {
    /// The sign-in that an entry belongs to: the number of the request that began it.
    pub fn sign_in(&self, entry: &JournalEntry) -> Option<u64> {
        let request = match &entry.kind {
            EntryKind::Exchange(exchange) => Some(exchange.number),
            EntryKind::Event(event) => event.request,
        };
        self.0.get(&request?).copied()
    }
}

/// A sign-in begins where a request for one arrives that nothing leads to.
fn begins(exchange: &Exchange) -> bool {
    const DOORS: [&str; 4] = ["/oauth2/authorize", "/auth", "/oauth2/par", "/admin/v1/sign-ins"];
    DOORS.contains(&exchange.path.as_str())
}

/// Follows every handle through the entries.
pub fn of(entries: &[JournalEntry]) -> SignInLinks {
    let mut by_handle: BTreeMap<&str, u64> = BTreeMap::new();
    let mut links = SignInLinks::default();
    for entry in entries {
        let EntryKind::Exchange(exchange) = &entry.kind else { continue };
        let handles = exchange.handles();
        let known = handles.asked.iter().find_map(|handle| by_handle.get(handle.as_str()).copied());
        let Some(sign_in) = known.or_else(|| begins(exchange).then_some(exchange.number)) else {
            continue;
        };
        links.0.insert(exchange.number, sign_in);
        for handle in handles.asked.iter().chain(&handles.given) {
            by_handle.entry(handle).or_insert(sign_in);
        }
    }
    links
}
