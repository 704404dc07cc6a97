//! A client's metadata as it is written: in admin requests, fixtures and dynamic registration (RFC 7591 §2).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    ApplicationType, AuthMethod, CallbackEncoding, Client, Consent, Dialect, GrantType, SubjectType,
    TokenFormat,
};
use crate::{
    identity::{Level, invalid::Invalid, secret::Secret},
    oidc::{keys::Algorithm, scopes},
};

/// The one list of fields that are kept as they are written.
macro_rules! copied {
    ($give:ident, $($field:ident),*) => {
        impl Metadata {
            fn copied(self) -> Client {
                let $give = self;
                Client {
                    client_id: $give.client_id.clone().unwrap_or_default(),
                    client_name: $give.name(),
                    scope: $give.scope.clone().unwrap_or_else(scopes::every),
                    minimum_level: $give.minimum_level,
                    require_pkce: $give.require_pkce,
                    secret_hash: None,
                    secret: None,
                    registration_token_hash: None,
                    $($field: $give.$field,)*
                }
            }
        }

        impl From<&Client> for Metadata {
            fn from($give: &Client) -> Self {
                Self {
                    client_id: Some($give.client_id.clone()),
                    client_secret: None,
                    client_name: Some($give.client_name.clone()),
                    scope: Some($give.scope.clone()),
                    minimum_level: $give.minimum_level,
                    require_pkce: $give.needs_pkce(),
                    response_types: code_alone(),
                    $($field: $give.$field.clone(),)*
                }
            }
        }
    };
}

copied!(
    it,
    redirect_uris,
    application_type,
    audience,
    token_endpoint_auth_method,
    grant_types,
    service_scope,
    id_token_signed_response_alg,
    userinfo_signed_response_alg,
    access_token_format,
    resource_server,
    subject_type,
    sector_identifier_uri,
    consent,
    require_pushed_authorization_requests,
    default_max_age,
    default_acr_values,
    jwks,
    jwks_uri,
    post_logout_redirect_uris,
    backchannel_logout_uri,
    backchannel_logout_session_required,
    initiate_login_uri,
    client_uri,
    logo_uri,
    policy_uri,
    tos_uri,
    contacts,
    dialect,
    encryption_public_key,
    callback_encoding,
    json_token_requests
);

/// Client metadata of RFC 7591, OIDC Registration, RP-Initiated and Back-Channel Logout and RFC 9126, and the simulator's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "members of a document, each its own choice")]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_id": "my-portal", "client_name": "Cổng của tôi", "redirect_uris": ["http://localhost:3000/callback"]}))]
pub struct Metadata {
    /// Generated if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// 16 to 256 visible ASCII characters; generated if left out and the method needs one. Shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// Shown on the pages; the host of the first redirect URI, or the id, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Where answers may go: compared character for character, but for the port of a native application's loopback IP.
    /// A client without the code flow needs none.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// `client_secret_basic` if left out.
    #[serde(default)]
    pub token_endpoint_auth_method: AuthMethod,
    /// Code and refresh token if left out.
    #[serde(default = "code_and_refresh")]
    pub grant_types: Vec<GrantType>,
    /// `code`, the only one.
    #[serde(default = "code_alone")]
    pub response_types: Vec<String>,
    /// `native` lets the port of a loopback IP be any (RFC 8252 §7.3); a public client is native unless it is `web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_type: Option<ApplicationType>,
    /// `aud` of its access tokens where no `resource` is asked for; the issuer if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The scopes it may ask for; all supported ones if left out.
    #[serde(default)]
    pub scope: Option<String>,
    /// The scopes of its client credentials: its own words (RFC 6749 §3.3).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service_scope: String,
    /// `RS256` if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub id_token_signed_response_alg: Algorithm,
    /// Signs userinfo as a JWT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub userinfo_signed_response_alg: Option<Algorithm>,
    /// `opaque` if left out; `jwt`: RFC 9068.
    #[serde(default)]
    pub access_token_format: TokenFormat,
    /// Lets it introspect every client's tokens: a resource server.
    #[serde(default)]
    pub resource_server: bool,
    /// `public` if left out.
    #[serde(default)]
    pub subject_type: SubjectType,
    /// An https document that lists the redirect URIs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// The lowest account level it lets in; 1 if left out.
    #[serde(default = "one")]
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 2)]
    pub minimum_level: Level,
    /// When the holder is asked; `never` if left out.
    #[serde(default)]
    pub consent: Consent,
    /// Require PKCE of a confidential client too.
    #[serde(default)]
    pub require_pkce: bool,
    /// Require pushed requests (RFC 9126 §6).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// Oldest acceptable sign-in in seconds, where a request says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 31_622_400)]
    pub default_max_age: Option<u32>,
    /// The `acr_values` of a request that has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// Public keys by value: a JWK set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Public keys by address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Where the browser may go after logout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens are posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether its logout tokens must carry `sid` (they always do).
    #[serde(default)]
    pub backchannel_logout_session_required: bool,
    /// Where a third party begins a sign-in: https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// Its home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Its terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Contact addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// `oidc` if left out.
    #[serde(default)]
    pub dialect: Dialect,
    /// What a partner's code and answers are encrypted for: an RSA public key in PEM, 2048 bits or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_public_key: Option<String>,
    /// How a partner's encrypted code stands in the callback; `raw` if left out.
    #[serde(default)]
    pub callback_encoding: CallbackEncoding,
    /// Take token requests as JSON too; otherwise they are refused with 415.
    #[serde(default)]
    pub json_token_requests: bool,
}

impl Metadata {
    /// The client that is meant, not checked yet but for what it does not keep.
    pub fn into_client(self) -> Result<Client, Invalid> {
        if self.response_types != code_alone() {
            return Err(Invalid::new(
                "response_types",
                "must be [code]: the authorization code flow",
            ));
        }
        Ok(self.copied())
    }

    /// RFC 7591 §2: a name is optional. People see something that they know.
    fn name(&self) -> String {
        let host = || {
            let url = url::Url::parse(self.redirect_uris.first()?).ok()?;
            url.host_str().map(str::to_owned)
        };
        let id = || self.client_id.clone().unwrap_or_else(|| "client".to_owned());
        self.client_name.clone().or_else(host).unwrap_or_else(id)
    }
}

fn code_alone() -> Vec<String> {
    vec!["code".to_owned()]
}

fn code_and_refresh() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
}

const fn one() -> Level {
    Level::One
}
