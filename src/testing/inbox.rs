//! The messages of a simulator: looked at, waited for.

use std::time::Duration;

use axum::http::Method;
use serde_json::Value;

use super::{CallError, MockVneid, seconds};

/// The messages of the default realm.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use std::time::Duration;
/// use mock_vneid::MockVneid;
/// use serde_json::json;
///
/// let vneid = MockVneid::start().await?;
/// let lan = vneid.person(json!({"level": 2, "state": "approved"})).await?;
/// let (number, phone) = (lan["number"].as_str().unwrap(), lan["phone"].as_str().unwrap());
/// let begun = json!({"number": number, "phone": phone});
/// vneid.call("POST".parse().unwrap(), "/app/v1/activations", Some(begun)).await?;
/// let message = vneid.inbox().wait_for(phone, Duration::from_secs(5)).await?;
/// assert_eq!(message["code"].as_str().unwrap().len(), 6);
/// # Ok::<(), mock_vneid::testing::CallError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Inbox<'a> {
    pub(super) vneid: &'a MockVneid,
}

impl Inbox<'_> {
    /// The newest delivered message to a phone number, e-mail address or ID number, with its `code`; waits for one, a minute
    /// at most.
    ///
    /// # Errors
    /// [`CallError::Answer`] with 404 when none came in time.
    pub async fn wait_for(&self, to: &str, patience: Duration) -> Result<Value, CallError> {
        let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let wait = seconds(patience);
        let path = format!("/admin/v1/messages/latest?to={to}&wait={wait}s");
        self.vneid.call(Method::GET, &path, None).await
    }

    /// All of them, the oldest first: `{items, next}`.
    ///
    /// # Errors
    /// [`CallError::Answer`].
    pub async fn all(&self) -> Result<Value, CallError> {
        self.vneid.call(Method::GET, "/admin/v1/messages?limit=1000", None).await
    }
}
