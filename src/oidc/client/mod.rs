//! A relying party as it is registered: the field names of RFC 7591, and what the simulator adds.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{keys::Algorithm, scopes};
use crate::identity::{Level, secret::Secret};

mod check;
mod kinds;
mod loopback;
mod metadata;

pub use super::dialect::{CallbackEncoding, Dialect};
pub use kinds::{ApplicationType, AuthMethod, Consent, GrantType, SubjectType, TokenFormat};
pub use metadata::Metadata;

/// A registered client. The secret is kept as the SHA-256 of its bytes: it is 256 random bits, not a password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "members of a document, each its own choice")]
#[serde(default)]
pub struct Client {
    /// What it is known by.
    pub client_id: String,
    /// SHA-256 of the secret, base64url; none for clients without a secret.
    pub secret_hash: Option<String>,
    /// The secret itself, since an HMAC needs it: for `client_secret_jwt` alone.
    pub secret: Option<Secret>,
    /// SHA-256 of the registration access token (RFC 7592), if it registered itself.
    pub registration_token_hash: Option<String>,
    /// Shown on the pages.
    pub client_name: String,
    /// Where answers may go, see [`Client::accepts_redirect`].
    pub redirect_uris: Vec<String>,
    /// `native` or `web`, as it was registered.
    pub application_type: Option<ApplicationType>,
    /// What its access tokens are for where no `resource` says so; the issuer if left out.
    pub audience: Option<String>,
    /// How it authenticates.
    pub token_endpoint_auth_method: AuthMethod,
    /// What it may present at the token endpoint.
    pub grant_types: Vec<GrantType>,
    /// The scopes it may ask for.
    pub scope: String,
    /// The scopes of its own service calls (client credentials): the relying party's words, not ours.
    pub service_scope: String,
    /// What its ID tokens are signed with.
    pub id_token_signed_response_alg: Algorithm,
    /// What userinfo is signed with; none: plain JSON.
    pub userinfo_signed_response_alg: Option<Algorithm>,
    /// The shape of its access tokens.
    pub access_token_format: TokenFormat,
    /// Whether it may introspect every client's tokens: a resource server (RFC 7662 §2.1).
    pub resource_server: bool,
    /// Whether sectors see different identifiers of a holder.
    pub subject_type: SubjectType,
    /// The document that names a sector's redirect URIs (OIDC Core §8.1).
    pub sector_identifier_uri: Option<String>,
    /// The lowest account level it lets in.
    pub minimum_level: Level,
    /// When the holder is asked.
    pub consent: Consent,
    /// Whether PKCE is required of this confidential client; of public ones it always is.
    pub require_pkce: bool,
    /// Whether requests must be pushed (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// Oldest acceptable sign-in in seconds, where a request says nothing.
    pub default_max_age: Option<u32>,
    /// The `acr_values` of a request that has none.
    pub default_acr_values: Vec<String>,
    /// Its public keys, by value (RFC 7517).
    pub jwks: Option<Value>,
    /// Its public keys, by address.
    pub jwks_uri: Option<String>,
    /// Where the browser may go after logout: compared exactly.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens go.
    pub backchannel_logout_uri: Option<String>,
    /// Whether its logout tokens must carry `sid`.
    pub backchannel_logout_session_required: bool,
    /// Where a third party begins a sign-in (OIDC Core §4).
    pub initiate_login_uri: Option<String>,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Its picture, linked to on the pages.
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// Its terms.
    pub tos_uri: Option<String>,
    /// Contact addresses.
    pub contacts: Vec<String>,
    /// Its dialect.
    pub dialect: Dialect,
    /// A partner's RSA public key in PEM.
    pub encryption_public_key: Option<String>,
    /// How a partner's encrypted code stands in the callback.
    pub callback_encoding: CallbackEncoding,
    /// Whether its token requests may be JSON too.
    pub json_token_requests: bool,
}

impl Client {
    /// Whether a scope token may be granted to it.
    pub fn may_ask_for(&self, token: &str) -> bool {
        // OIDC Core §11: nothing is kept offline for whoever cannot refresh.
        scopes::contains(&self.scope, token)
            && (token != scopes::OFFLINE || self.may_present(GrantType::RefreshToken))
    }

    /// Whether it may present a grant of this type; a client of before the types had only the code.
    pub fn may_present(&self, grant: GrantType) -> bool {
        if self.grant_types.is_empty() {
            grant == GrantType::AuthorizationCode
        } else {
            self.grant_types.contains(&grant)
        }
    }

    /// RFC 9700 §2.1: compared as a string; but a native application listens on whatever port it is given, so of a loopback IP
    /// any port is accepted (RFC 8252 §7.3).
    pub fn accepts_redirect(&self, uri: &str) -> bool {
        let exact = self.redirect_uris.iter().any(|registered| registered == uri);
        let portless = || {
            let asked = loopback::without_port(uri);
            let mut registered = self.redirect_uris.iter().map(|it| loopback::without_port(it));
            asked.is_some() && registered.any(|it| it == asked)
        };
        exact || (self.is_native() && portless())
    }

    /// A public client is one unless it says that it is not.
    fn is_native(&self) -> bool {
        match self.application_type {
            Some(kind) => kind == ApplicationType::Native,
            None => self.token_endpoint_auth_method == AuthMethod::None,
        }
    }

    /// Whether PKCE must be used (RFC 9700 §2.1.1: of public clients always).
    pub fn needs_pkce(&self) -> bool {
        self.require_pkce || self.token_endpoint_auth_method == AuthMethod::None
    }

    /// What distinguishes its sector (OIDC Core §8.1): the host of the sector document, or of its redirect URIs.
    pub fn sector(&self) -> String {
        let uri = self.sector_identifier_uri.as_ref().or_else(|| self.redirect_uris.first());
        let url = uri.and_then(|uri| url::Url::parse(uri).ok());
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl Client {
    /// The tokens granted: asked for, supported, and allowed to the client; in the order of [`scopes::all`].
    ///
    /// OIDC Core §3.1.2.1: unknown scope values are ignored.
    pub fn granted(&self, asked: &str) -> String {
        let mut granted = String::new();
        for token in scopes::names() {
            if self.may_ask_for(token) && scopes::contains(asked, token) {
                if !granted.is_empty() {
                    granted.push(' ');
                }
                granted.push_str(token);
            }
        }
        granted
    }
}
