//! Which sign-in an entry belongs to: followed by what one answer gives and a later request brings back. A request that failed
//! and brings nothing back belongs to the last sign-in of its browser, else of its client.

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

/// The last sign-in of each browser and of each client.
#[derive(Default)]
struct LastSignIns<'a> {
    of_browser: BTreeMap<&'a str, u64>,
    of_client: BTreeMap<String, u64>,
}

impl<'a> LastSignIns<'a> {
    fn remember(&mut self, exchange: &'a Exchange, sign_in: u64) {
        if let Some(browser) = exchange.browser() {
            self.of_browser.insert(browser, sign_in);
        }
        if let Some(client) = exchange.client_id() {
            self.of_client.insert(client, sign_in);
        }
    }

    fn of_failed(&self, exchange: &Exchange) -> Option<u64> {
        if exchange.status < 400 {
            return None;
        }
        let by_browser = exchange.browser().and_then(|it| self.of_browser.get(it));
        let by_client = || self.of_client.get(&exchange.client_id()?);
        by_browser.or_else(by_client).copied()
    }
}

/// Follows every handle through the entries.
pub fn of(entries: &[JournalEntry]) -> SignInLinks {
    let mut by_handle: BTreeMap<&str, u64> = BTreeMap::new();
    let mut last = LastSignIns::default();
    let mut links = SignInLinks::default();
    for entry in entries {
        let EntryKind::Exchange(exchange) = &entry.kind else { continue };
        let handles = exchange.handles();
        let known = handles.asked.iter().find_map(|handle| by_handle.get(handle.as_str()).copied());
        let begun = || begins(exchange).then_some(exchange.number);
        let Some(sign_in) = known.or_else(begun).or_else(|| last.of_failed(exchange)) else {
            continue;
        };
        links.0.insert(exchange.number, sign_in);
        last.remember(exchange, sign_in);
        for handle in handles.asked.iter().chain(&handles.given) {
            by_handle.entry(handle).or_insert(sign_in);
        }
    }
    links
}
