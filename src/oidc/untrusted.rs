//! An authorization request that cannot be answered at its redirect URI, and what it should have been.

use super::error::{Code, Error};

/// Why nothing may be sent to the redirect URI (RFC 6749 §4.1.2.1): answered with a page, never a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    /// `client_id` is missing or given twice.
    ClientMissing,
    /// No such client.
    ClientUnknown,
    /// `redirect_uri` is missing or given twice.
    RedirectMissing,
    /// Not registered, character for character.
    RedirectMismatch,
    /// The query or body cannot be read.
    Malformed,
    /// The client must push its requests (RFC 9126 §5).
    NotPushed,
    /// No such pushed request: unknown, used, or older than 90 seconds.
    PushedUnknown,
    /// The client has no `initiate_login_uri` (OIDC Core §4).
    NotInitiable,
}

impl Untrusted {
    /// The same as an error that is explained and never sent to the redirect URI.
    pub fn explained(self) -> Error {
        let (expected, clause) = self.reason();
        let sentence = "the request cannot be answered at its redirect_uri";
        Error::new(Code::InvalidRequest, sentence).by(clause).expecting(expected)
    }

    /// What was expected, and which clause says so.
    const fn reason(self) -> (&'static str, &'static str) {
        match self {
            Self::ClientMissing => ("exactly one client_id", "RFC 6749 §4.1.1"),
            Self::ClientUnknown => ("a registered client_id", "RFC 6749 §4.1.2.1"),
            Self::RedirectMissing => ("exactly one redirect_uri", "OIDC Core §3.1.2.1"),
            Self::RedirectMismatch => (
                "a registered redirect_uri, compared as a string; of a native client's loopback IP, any port",
                "RFC 9700 §2.1, RFC 6749 §3.1.2.3",
            ),
            Self::Malformed => (
                "parameters in UTF-8, without NUL, at most 64 of 8192 bytes",
                "RFC 6749 Appendix B",
            ),
            Self::NotPushed => ("a pushed request: request_uri of /oauth2/par", "RFC 9126 §5"),
            Self::NotInitiable => ("a client with an initiate_login_uri", "OIDC Core §4"),
            Self::PushedUnknown => (
                "a request_uri that was pushed by this client, not used and not 90 seconds old",
                "RFC 9126 §4",
            ),
        }
    }
}
