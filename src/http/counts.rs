//! Answers counted by route and status, in Prometheus' text format.
//!
//! One counter needs no metrics library: the usual exporter measures the processor's clock for some milliseconds
//! when it starts (docs/performance.md).

use std::collections::BTreeMap;

use parking_lot::Mutex;

/// How often each route answered with each status.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<BTreeMap<String, BTreeMap<u16, u64>>>);

impl Counts {
    /// Counts one answer. `route` is a pattern such as `/realms/{realm}/login`, so there are few.
    pub(crate) fn add(&self, route: &str, status: u16) {
        let mut routes = self.0.lock();
        if let Some(statuses) = routes.get_mut(route) {
            *statuses.entry(status).or_default() += 1;
        } else {
            routes.insert(route.to_owned(), BTreeMap::from([(status, 1)]));
        }
    }

    /// Everything counted so far.
    pub(crate) fn render(&self) -> String {
        let routes = self.0.lock();
        let lines = routes.iter().flat_map(|(route, statuses)| {
            statuses.iter().map(move |(status, count)| {
                format!(
                    "mock_vneid_requests_total{{path=\"{route}\",status=\"{status}\"}} {count}\n"
                )
            })
        });
        std::iter::once("# TYPE mock_vneid_requests_total counter\n".to_owned())
            .chain(lines)
            .collect()
    }
}
