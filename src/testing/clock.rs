//! The time of a simulator: moved, stopped, asked what is due.

use axum::http::Method;
use serde_json::{Value, json};

use super::{CallError, MockVneid};

/// The clock of the default realm. What moves it answers `{now, mode, happened, …}`, `happened` being what became due on the
/// way.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use mock_vneid::MockVneid;
/// use serde_json::json;
///
/// let vneid = MockVneid::builder().at("2026-03-02T09:00:00+07:00").start().await?;
/// let lan = vneid.person(json!({"level": 2, "state": "approved"})).await?;
///
/// // Seven days to activate; then the hotline's business (Decree 69/2024).
/// assert_eq!(vneid.clock().due().await?[0]["to"], lan["number"]);
/// assert_eq!(vneid.clock().next().await?["happened"][0]["what"], "activation_overdue");
///
/// vneid.clock().set("2026-12-24T18:00:00+07:00").await?;
/// vneid.clock().advance("PT3M").await?;
/// # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TestClock<'a> {
    pub(super) vneid: &'a MockVneid,
}

impl TestClock<'_> {
    /// Moves on by an ISO 8601 duration; back, if it is negative.
    ///
    /// # Errors
    /// [`CallError::Answer`], as of every method here.
    pub async fn advance(&self, duration: &str) -> Result<Value, CallError> {
        self.vneid.post("/admin/v1/clock/advance", json!({ "duration": duration })).await
    }

    /// Sets the clock to a moment (RFC 3339, 1970 to 2199).
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn set(&self, at: &str) -> Result<Value, CallError> {
        self.vneid.post("/admin/v1/clock/set", json!({ "at": at })).await
    }

    /// Freezes the clock where it is.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn freeze(&self) -> Result<Value, CallError> {
        self.vneid.post("/admin/v1/clock/freeze", json!({})).await
    }

    /// Resumes the clock from where it stands.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn resume(&self) -> Result<Value, CallError> {
        self.vneid.call(Method::POST, "/admin/v1/clock/resume", None).await
    }

    /// Advances the clock to the next moment at which something is due.
    ///
    /// # Errors
    /// [`CallError::Answer`] with 404 when nothing is.
    pub async fn next(&self) -> Result<Value, CallError> {
        self.vneid.call(Method::POST, "/admin/v1/clock/next", None).await
    }

    /// What is due, the soonest first: `[{at, kind, to}]`, 1,000 at most.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn due(&self) -> Result<Value, CallError> {
        self.vneid.call(Method::GET, "/admin/v1/clock/due?limit=1000", None).await
    }
}
