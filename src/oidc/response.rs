//! The answer to an authorization request: which pairs go where, and how (RFC 6749 §4.1.2, RFC 9207, Form Post 1.0).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::params;

/// How an answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In the query of the redirect URI.
    #[default]
    Query,
    /// In the fragment of the redirect URI: pages without a server read it there (Multiple Response Types §2.1).
    Fragment,
    /// In a form that the browser posts by itself (OAuth 2.0 Form Post Response Mode §2).
    FormPost,
}

impl Mode {
    /// The mode of that name; query where none is named.
    pub fn of(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("query") => Some(Self::Query),
            Some("fragment") => Some(Self::Fragment),
            Some("form_post") => Some(Self::FormPost),
            Some(_) => None,
        }
    }
}

/// A parameter of an answer, and its value.
pub type ResponsePair = (Cow<'static, str>, String);

/// An answer on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationResponse {
    /// The registered redirect URI.
    pub uri: String,
    /// The channel.
    pub mode: Mode,
    /// What it says.
    pub pairs: Vec<ResponsePair>,
    /// Base64 that goes into the query as it is, before the pairs: a partner's code (facts §4.3).
    pub raw: Vec<ResponsePair>,
}

impl AuthorizationResponse {
    /// The error it tells, if it does.
    pub fn error(&self) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == "error").map(|(_, code)| code.as_str())
    }

    /// The redirect URI with the answer in its query, which keeps a query of its own, or in its fragment.
    pub fn location(&self) -> String {
        let pairs: Vec<_> =
            self.pairs.iter().map(|(name, value)| (name.as_ref(), Some(value.as_str()))).collect();
        if self.mode == Mode::Fragment {
            // RFC 6749 §3.1.2: a registered address has no fragment of its own.
            let answer = params::append("", &pairs);
            return format!("{}#{}", self.uri, answer.trim_start_matches('?'));
        }
        if self.raw.is_empty() {
            return params::append(&self.uri, &pairs);
        }
        let raw: Vec<_> = self.raw.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let joint = if self.uri.contains('?') { '&' } else { '?' };
        params::append(&format!("{}{joint}{}", self.uri, raw.join("&")), &pairs)
    }
}
