//! A relying party as it is registered: the field names of RFC 7591, and what the simulator adds.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{keys::Algorithm, scope};
use crate::identity::Level;

/// How a client proves itself at the token endpoint (OIDC Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// `Authorization: Basic`.
    #[default]
    ClientSecretBasic,
    /// `client_id` and `client_secret` in the body.
    ClientSecretPost,
    /// A public client: `client_id` alone, and PKCE.
    None,
}

/// When the holder is asked before claims go to the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Never.
    #[default]
    Never,
    /// Once for these scopes.
    First,
    /// At every sign-in.
    Always,
}

/// The shape a client speaks (product §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// The standards.
    #[default]
    Oidc,
}

/// A registered client. The secret is kept as the SHA-256 of its bytes: it is 256 random bits, not a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// What it is known by.
    pub client_id: String,
    /// SHA-256 of the secret, base64url; none for a public client.
    pub secret_hash: Option<String>,
    /// Shown on the pages.
    pub client_name: String,
    /// Where answers may go: compared exactly.
    pub redirect_uris: Vec<String>,
    /// How it authenticates.
    pub token_endpoint_auth_method: AuthMethod,
    /// The scopes it may ask for.
    pub scope: String,
    /// What its ID tokens are signed with.
    pub id_token_signed_response_alg: Algorithm,
    /// The lowest account level it lets in.
    pub minimum_level: Level,
    /// When the holder is asked.
    pub consent: Consent,
    /// Whether PKCE is required of this confidential client; of public ones it always is.
    pub require_pkce: bool,
    /// Its dialect.
    pub dialect: Dialect,
}

/// A field of a client that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct ClientFault {
    /// Which field.
    pub field: &'static str,
    /// What it should be.
    pub message: &'static str,
}

const fn fault(field: &'static str, message: &'static str) -> ClientFault {
    ClientFault { field, message }
}

impl Client {
    /// Whether a scope token may be granted to it.
    pub fn may_ask_for(&self, token: &str) -> bool {
        self.scope.split(' ').any(|allowed| allowed == token)
    }

    /// Whether PKCE must be used (RFC 9700 §2.1.1: of public clients always).
    pub fn needs_pkce(&self) -> bool {
        self.require_pkce || self.token_endpoint_auth_method == AuthMethod::None
    }

    /// The first broken rule, if any.
    pub fn check(&self) -> Result<(), ClientFault> {
        let id = &self.client_id;
        if id.is_empty() || id.len() > 128 || !id.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
            return Err(fault("client_id", "is 1 to 128 visible ASCII characters"));
        }
        let name = self.client_name.chars();
        if self.client_name.is_empty()
            || name.clone().count() > 100
            || name.clone().any(char::is_control)
        {
            return Err(fault("client_name", "is 1 to 100 characters without control characters"));
        }
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > 20 {
            return Err(fault("redirect_uris", "has 1 to 20 entries"));
        }
        for uri in &self.redirect_uris {
            check_redirect_uri(uri)?;
        }
        if !self.scope.split(' ').all(|token| scope::SUPPORTED.contains(&token)) {
            return Err(fault("scope", "has only supported scopes, one space between them"));
        }
        if !self.may_ask_for("openid") {
            return Err(fault("scope", "contains openid"));
        }
        Ok(())
    }
}

/// RFC 6749 §3.1.2: absolute, without a fragment. `javascript:` and `data:` would run in the provider's page.
fn check_redirect_uri(uri: &str) -> Result<(), ClientFault> {
    const FIELD: &str = "redirect_uris";
    if uri.len() > 2000 || !uri.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
        return Err(fault(FIELD, "has at most 2000 visible ASCII characters an entry"));
    }
    let url = Url::parse(uri).map_err(|_| fault(FIELD, "holds absolute URIs"))?;
    if url.fragment().is_some() {
        return Err(fault(FIELD, "holds no fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fault(FIELD, "holds no user name or password"));
    }
    match url.scheme() {
        // The parser mends `https:/host` and `https:///host`; what is registered is compared as it stands.
        "http" | "https" if names_its_host(uri) => Ok(()),
        "javascript" | "data" | "file" | "blob" | "vbscript" | "about" => {
            Err(fault(FIELD, "holds https, http or an application's own scheme"))
        }
        // RFC 8252 §7.1: an application's own scheme, such as vn.example.app:/callback.
        scheme if scheme.contains('.') => Ok(()),
        _ => Err(fault(FIELD, "holds https, http or an application's own scheme")),
    }
}

/// `scheme://` and a host right behind it.
fn names_its_host(uri: &str) -> bool {
    uri.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) && !rest.starts_with(['/', '\\'])
    })
}
