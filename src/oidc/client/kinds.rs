//! The closed choices in a client's metadata.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a client proves itself at the back-channel endpoints (OIDC Core §9).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    ToSchema,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuthMethod {
    /// `Authorization: Basic`.
    #[default]
    ClientSecretBasic,
    /// `client_id` and `client_secret` in the body.
    ClientSecretPost,
    /// A JWT signed with the secret (RFC 7523).
    ClientSecretJwt,
    /// A JWT signed with the client's own key (RFC 7523).
    PrivateKeyJwt,
    /// A public client: `client_id` alone, and PKCE.
    None,
}

impl AuthMethod {
    /// Every method, as discovery lists them.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// As the registry writes it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it rests on a shared secret.
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt)
    }
}

/// What a client may present at the token endpoint (RFC 7591 §2).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4: the client calls for itself.
    ClientCredentials,
}

impl GrantType {
    /// Every type, as discovery lists them.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// As the registry writes it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "authorization_code" => Self::AuthorizationCode,
            "refresh_token" => Self::RefreshToken,
            "client_credentials" => Self::ClientCredentials,
            _ => return None,
        })
    }
}

/// What a client runs on (OIDC Registration §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// A server, or pages of one.
    Web,
    /// An application on the holder's device.
    Native,
}

/// When the holder is asked before claims go to the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
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

/// Whether sectors see the same `sub` (OIDC Core §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// The same everywhere.
    #[default]
    Public,
    /// Another in every sector.
    Pairwise,
}

/// The shape of access tokens. The member is this simulator's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenFormat {
    /// 256 random bits.
    #[default]
    Opaque,
    /// A signed JWT (RFC 9068).
    Jwt,
}
