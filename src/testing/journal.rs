//! What happened in a simulator: asserted, waited for.

use std::time::Duration;

use axum::http::Method;
use serde_json::Value;

use super::{CallError, MockVneid, seconds};

/// The journal of the default realm.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use std::time::Duration;
/// use mock_vneid::MockVneid;
/// use serde_json::json;
///
/// let vneid = MockVneid::start().await?;
/// vneid.call("GET".parse().unwrap(), "/oauth2/jwks", None).await?;
/// vneid.journal().wait_for("path=/oauth2/jwks", Duration::from_secs(5)).await?;
/// vneid.journal().verify(json!({"expect": [{"match": {"path": "/oauth2/jwks", "status": 200}, "count": 1}]})).await?;
/// # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TestJournal<'a> {
    pub(super) vneid: &'a MockVneid,
}

impl TestJournal<'_> {
    /// Asserts what happened, see `docs/faults.md`.
    ///
    /// # Errors
    /// [`CallError::NotSo`] with the near misses; [`CallError::Answer`].
    pub async fn verify(&self, expectations: Value) -> Result<(), CallError> {
        let outcome = self.vneid.post("/admin/v1/journal/verify", expectations).await?;
        if outcome["ok"] == true { Ok(()) } else { Err(CallError::NotSo(outcome)) }
    }

    /// Entries that match a filter of `GET /admin/v1/journal`, such as `kind=refused&client_id=portal`; waits for one, a minute
    /// at most. `{items, next, dropped}`; no items when none came in time.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn wait_for(&self, filter: &str, patience: Duration) -> Result<Value, CallError> {
        let path = format!("/admin/v1/journal?{filter}&wait={}s", seconds(patience));
        self.vneid.call(Method::GET, &path, None).await
    }
}
