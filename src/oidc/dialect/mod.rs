//! The shapes that real integrators meet (facts §4), over the same doors: data, and a small piece of code each.

use serde::{Deserialize, Serialize};

use super::digest::sha256;

pub mod seal;
pub mod table;

/// The dialect a client speaks (product §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// The standards.
    #[default]
    Oidc,
    /// Integrators of the national portal: its claim names, a `state` in Base64 sent as it is, introspection by bearer.
    Dvcqg,
    /// The portal's own request at `/auth`: no `state`, `nonce`, PKCE or, where it is left out, `scope`.
    Bca,
    /// Partners: `code` and answers encrypted for the client's key, no ID token.
    Partner,
}

/// How the encrypted `code` stands in the callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackEncoding {
    /// As Base64 writes it, `+` and all: what the real system is reported to send.
    #[default]
    Raw,
    /// Percent-encoded, as a query should be.
    Escaped,
}

impl Dialect {
    /// Whether a request without `scope` means `openid`.
    pub fn is_lenient(self) -> bool {
        self != Self::Oidc
    }

    /// Whether a `+` in `state` is a plus: it is Base64 that nobody escaped (facts §4.1).
    pub fn has_plain_state(self) -> bool {
        self == Self::Dvcqg
    }

    /// Whether there is an ID token (facts §4.3: a partner gets none).
    pub fn has_id_token(self) -> bool {
        self != Self::Partner
    }

    /// The authorization code of a drawn one: two GUIDs for a partner (facts §4.3), 244 random bits of it.
    pub fn code(self, drawn: &str) -> String {
        if self == Self::Partner {
            let bytes = sha256(format!("code {drawn}"));
            format!("{}.{}", guid(&bytes[..16]), guid(&bytes[16..]))
        } else {
            drawn.to_owned()
        }
    }
}

/// Sixteen bytes as a GUID of version 4 (RFC 9562 §5.4).
fn guid(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match at {
            6 => 0x40 | (byte & 0x0f),
            8 => 0x80 | (byte & 0x3f),
            _ => *byte,
        };
        // Writing to a text does not fail.
        let _written = write!(text, "{byte:02x}");
    }
    text
}
