//! The error registry of OAuth 2.0 and OpenID Connect; descriptions are ASCII (RFC 6749 §4.1.2.1, §5.2).

use std::borrow::Cow;

/// A registered error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Code {
    /// RFC 6749 §4.1.2.1, §5.2.
    InvalidRequest,
    /// RFC 6749 §5.2.
    InvalidClient,
    /// RFC 6749 §5.2.
    InvalidGrant,
    /// RFC 6749 §4.1.2.1, §5.2.
    UnauthorizedClient,
    /// RFC 6749 §5.2.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1, §5.2.
    InvalidScope,
    /// RFC 6749 §4.1.2.1.
    AccessDenied,
    /// OIDC Core §3.1.2.6.
    LoginRequired,
    /// OIDC Core §3.1.2.6.
    ConsentRequired,
    /// OIDC Core §3.1.2.6.
    InteractionRequired,
    /// OIDC Core §3.1.2.6.
    AccountSelectionRequired,
    /// OIDC Core §3.1.2.6.
    RequestNotSupported,
    /// OIDC Core §3.1.2.6.
    RequestUriNotSupported,
    /// OIDC Core §3.1.2.6.
    RegistrationNotSupported,
    /// RFC 6750 §3.1.
    InvalidToken,
    /// RFC 6750 §3.1.
    InsufficientScope,
    /// OIDC Core Unmet Authentication Requirements 1.0.
    UnmetAuthenticationRequirements,
    /// RFC 7009 §2.2.1.
    UnsupportedTokenType,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 7591 §3.2.2.
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2.
    InvalidClientMetadata,
}

impl Code {
    /// As the registry writes it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// An error with its description for developers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct Error {
    /// The registered code.
    pub code: Code,
    /// One English sentence; ASCII without quotes and backslashes.
    pub description: Cow<'static, str>,
    /// The clause it enforces; empty where the code's own definition says it all.
    pub clause: &'static str,
    /// What would have been right, for the explanation and the log.
    pub expected: Cow<'static, str>,
}

impl Error {
    /// An error with a sentence.
    pub const fn new(code: Code, description: &'static str) -> Self {
        Self {
            code,
            description: Cow::Borrowed(description),
            clause: "",
            expected: Cow::Borrowed(""),
        }
    }

    /// An error whose sentence names what came; anything but the allowed characters is dropped.
    pub fn said(code: Code, description: &str) -> Self {
        let allowed = |c: &char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
        let description = Cow::Owned(description.chars().filter(allowed).collect());
        Self { code, description, clause: "", expected: Cow::Borrowed("") }
    }

    /// The same, with the clause it enforces.
    #[must_use]
    pub const fn by(mut self, clause: &'static str) -> Self {
        self.clause = clause;
        self
    }

    /// The same, with what would have been right.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<Cow<'static, str>>) -> Self {
        self.expected = expected.into();
        self
    }
}
