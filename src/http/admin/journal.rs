//! `/admin/v1/journal`: what happened, listed, waited for, streamed, drawn, asserted.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};

use super::stream;
use crate::{
    faults::nearest,
    flow::{LONGEST_WAIT, Realm, realm::journal::JournalFilter},
    http::{
        error::Problem,
        extract::{Json, Query, limit, wait},
    },
    journal::{
        FIELDS, KINDS, har, mermaid, sequence, shown,
        verify::{self, MOST, Verification, Verified},
    },
};

/// Which entries; what is left out matches everything. `*` at either end of a text stands for anything.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JournalQuery {
    /// `request`, or a kind of event: `account`, `registration`, `message`, `decision`, `refused`, `token`, `session`,
    /// `clock`, `due`, `fault`.
    pub kind: Option<String>,
    /// For requests: the method.
    pub method: Option<String>,
    /// For requests: the path beneath the realm.
    pub path: Option<String>,
    /// For requests: the status.
    pub status: Option<u16>,
    /// Only entries of this client.
    pub client_id: Option<String>,
    /// Only entries about this citizen.
    pub citizen: Option<String>,
    /// Only entries of this sign-in: the number of the request that began it.
    pub sign_in: Option<u64>,
    /// Only after this `seq`.
    pub after: Option<u64>,
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// How long to wait for a match, such as `10s`; at most 60 s of real time, none if left out.
    pub wait: Option<String>,
}

impl JournalQuery {
    fn wanted(&self) -> Result<JournalFilter, Problem> {
        let mut pattern = Map::new();
        let fields: [(&str, Value); 7] = [
            ("kind", json!(self.kind)),
            ("method", json!(self.method)),
            ("path", json!(self.path)),
            ("status", json!(self.status)),
            ("client_id", json!(self.client_id)),
            ("citizen", json!(self.citizen)),
            ("sign_in", json!(self.sign_in)),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        pattern.extend(given.map(|(name, value)| (name.to_owned(), value)));
        known(&pattern)?;
        Ok(JournalFilter { pattern, after: self.after.unwrap_or(0), limit: limit(self.limit)? })
    }
}

/// What no entry has would match nothing, silently.
fn known(pattern: &Map<String, Value>) -> Result<(), Problem> {
    let meant = |typed: &str, names: &[&str]| {
        let near = nearest(typed, names.iter().copied());
        let near = near.map_or(String::new(), |near| format!("did you mean {near}? "));
        format!("{near}there are {}", names.join(", "))
    };
    if let Some(stray) = pattern.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let meant = meant(stray, &FIELDS);
        return Err(Problem::invalid(stray, format!("is not a field of an entry; {meant}")));
    }
    match pattern.get("kind").and_then(Value::as_str) {
        Some(kind) if !kind.contains('*') && !KINDS.contains(&kind) => {
            let meant = meant(kind, &KINDS);
            Err(Problem::invalid("kind", format!("must be a known kind, not {kind:?}; {meant}")))
        }
        _ => Ok(()),
    }
}

/// Entries in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalView {
    /// Requests have `method`, `path`, `status`, `query`, `form`, `json`, `headers` and `answer`; events have `kind`, `text`,
    /// `citizen`, `client_id`, `data`; all `seq`, `at`, `request` and, where they belong to one, `sign_in`. Secrets are
    /// masked.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<Value>,
    /// For `?after=`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// Entries dropped since the realm was created: the journal is bounded.
    pub dropped: u64,
    /// The newest `seq`, whether it matches or not. If it is smaller than `after`, the journal was cleared.
    pub last: u64,
}

/// Lists what happened, in order; waits for a match if asked to.
#[utoipa::path(get, path = "/admin/v1/journal", tag = "journal", params(JournalQuery),
    responses((status = 200, body = JournalView)))]
pub(crate) async fn list(
    realm: Realm,
    Query(filter): Query<JournalQuery>,
) -> Result<axum::Json<JournalView>, Problem> {
    let (wanted, wait) = (filter.wanted()?, wait(filter.wait.as_deref())?);
    let items =
        if wait > 0 { realm.await_journal(&wanted, wait).await } else { realm.journal(&wanted) };
    let full = items.len() == wanted.limit;
    let next = items.last().filter(|_| full).and_then(|item| item["seq"].as_u64());
    let (dropped, last) = realm.journal_bounds();
    Ok(axum::Json(JournalView { items, next, dropped, last }))
}

/// Clears the journal.
#[utoipa::path(delete, path = "/admin/v1/journal", tag = "journal",
    responses((status = 204)))]
pub(crate) async fn clear(realm: Realm) -> StatusCode {
    realm.clear_journal();
    StatusCode::NO_CONTENT
}

/// The largest whole number that JSON keeps exactly (RFC 8259 §6).
const LAST_SEQ: u64 = 9_007_199_254_740_991;

/// Verifies what happened; where an expectation fails, returns the entries that nearly match.
#[utoipa::path(post, path = "/admin/v1/journal/verify", tag = "journal", request_body = Verification,
    responses((status = 200, body = Verified)))]
pub(crate) async fn verify(
    realm: Realm,
    Json(wanted): Json<Verification>,
) -> Result<axum::Json<Verified>, Problem> {
    if !(1..=MOST).contains(&wanted.expect.len()) {
        return Err(Problem::invalid("expect", "must have 1 to 100 expectations"));
    }
    if wanted.after > LAST_SEQ {
        return Err(Problem::invalid("after", "must be 0 to 9007199254740991"));
    }
    if wanted.expect.iter().any(|it| it.pattern.is_empty()) {
        return Err(Problem::invalid(
            "expect.match",
            "must have a field, such as {\"kind\": \"message\"}",
        ));
    }
    wanted.expect.iter().try_for_each(|it| known(&it.pattern))?;
    Ok(axum::Json({
        let entries = realm.journal_entries();
        verify::verify(&wanted, &shown(&entries, wanted.after).collect::<Vec<_>>())
    }))
}

/// Which sign-in.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// The number of the request that began it; everything if left out.
    pub sign_in: Option<u64>,
}

/// The requests as an HTTP Archive 1.2.
#[utoipa::path(get, path = "/admin/v1/journal/har", tag = "journal", params(Which),
    responses((status = 200, description = "HAR 1.2", content_type = "application/json", body = Object)))]
pub(crate) async fn archive(realm: Realm, Query(which): Query<Which>) -> axum::Json<Value> {
    axum::Json(har::archive(&realm.issuer(), &realm.journal_of(which.sign_in)))
}

/// What happened as a Mermaid sequence diagram.
#[utoipa::path(get, path = "/admin/v1/journal/mermaid", tag = "journal", params(Which),
    responses((status = 200, description = "Mermaid", content_type = "text/plain", body = String)))]
pub(crate) async fn diagram(realm: Realm, Query(which): Query<Which>) -> Response {
    let text = mermaid::diagram(&sequence::of(&realm.journal_of(which.sign_in)));
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// What happened as a sequence: who called whom, what came of it, what was answered. Mermaid's diagram is drawn from the same.
#[utoipa::path(get, path = "/admin/v1/journal/sequence", tag = "journal", params(Which),
    responses((status = 200, body = Vec<sequence::SequenceStep>)))]
pub(crate) async fn steps(
    realm: Realm,
    Query(which): Query<Which>,
) -> axum::Json<Vec<sequence::SequenceStep>> {
    axum::Json(sequence::of(&realm.journal_of(which.sign_in)))
}

/// Streams entries as server-sent events: `id` is the `seq`, `event` the kind, `data` the entry.
#[utoipa::path(get, path = "/admin/v1/journal/stream", tag = "journal", params(JournalQuery),
    responses((status = 200, description = "server-sent events", content_type = "text/event-stream", body = String)))]
pub(crate) async fn follow(
    realm: Realm,
    Query(filter): Query<JournalQuery>,
) -> Result<Response, Problem> {
    let mut wanted = filter.wanted()?;
    wanted.limit = 256;
    Ok(stream::events(wanted, move |wanted| {
        let realm = realm.clone();
        async move {
            let items = realm.await_journal(&wanted, LONGEST_WAIT).await;
            if items.is_empty() && realm.is_over() {
                return None;
            }
            let last = items.last().and_then(|item| item["seq"].as_u64());
            let after = last.unwrap_or(wanted.after);
            let events = items.into_iter().map(|item| stream::StreamEvent {
                id: item["seq"].as_u64().unwrap_or_default(),
                kind: item["kind"].as_str().unwrap_or_default().to_owned(),
                data: item.to_string(),
            });
            Some((events.collect(), JournalFilter { after, ..wanted }))
        }
    }))
}
