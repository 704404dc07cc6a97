//! A rule as it is written: what goes wrong where, for whom, from when to when, and how often.

use serde::{Deserialize, Serialize};

use crate::outbox::{Channel, MessagePurpose};

/// Most rules of a realm.
pub const MOST: usize = 64;
/// A rule. What is left out matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"effect": "id_token.expired", "client_id": "demo-client", "times": 1}))]
pub struct Rule {
    /// Its name; the simulator gives one if it is left out. 1 to 64 of `a-z A-Z 0-9 - _`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What goes wrong: a name of the menu, such as `id_token.expired`.
    pub effect: String,
    /// For faults of endpoints and of the store: `METHOD /path`, `/path`, or the beginning of a path and `*`. The path is the one
    /// beneath the realm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// Only for this client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Only for this citizen: 12 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizen: Option<String>,
    /// For messages: only to this phone number, e-mail address or ID number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// For messages: only of this purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<MessagePurpose>,
    /// For messages: only by this channel; SMS if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The first matching call in which it may fire, counted from 1; up to 1,000,000.
    #[schema(minimum = 1, maximum = 1_000_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    /// How many times it fires at most; up to 1,000,000.
    #[schema(minimum = 1, maximum = 1_000_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Percentage of matching calls in which it fires, drawn from the realm's random numbers: 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// From this virtual moment on (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Before this virtual moment (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u32>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u32>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations: Option<u32>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// A parameter of the effect, as `GET /admin/v1/faults/menu` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
