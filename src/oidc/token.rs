//! The ID token (OIDC Core §2) and the answer of the token endpoint (§3.1.3.3).

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    claims::{self, Holder},
    grant::{Grant, TOKEN_SECONDS},
    keys::{Algorithm, KeyError, provider::KeysAt},
    scope::contains,
};
use crate::clock::Timestamp;

/// Seconds an ID token is good for. Invented.
pub const ID_TOKEN_SECONDS: i64 = 3600;

/// The token endpoint's answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    /// Opaque, 256 bits.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    /// A signed JWT.
    pub id_token: String,
    /// The granted scopes.
    pub scope: String,
}

#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    acr: &'a str,
    amr: &'a [super::grant::Method],
    at_hash: String,
    vneid_mock: bool,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// Where a token is made.
#[derive(Debug, Clone, Copy)]
pub struct Mint<'a> {
    /// The provider's keys at that moment.
    pub keys: KeysAt<'a>,
    /// `iss`.
    pub issuer: &'a str,
    /// The client's `id_token_signed_response_alg`.
    pub algorithm: Algorithm,
    /// The moment.
    pub now: Timestamp,
}

impl Mint<'_> {
    /// Signs the ID token that goes with `access_token`.
    pub fn tokens(
        self,
        grant: &Grant,
        holder: Holder<'_>,
        access_token: String,
    ) -> Result<Tokens, KeyError> {
        let mut more = Map::new();
        if contains(&grant.scope, "vneid.identity") {
            claims::identity(holder, &mut more);
        }
        let who = &grant.authentication;
        let claims = IdToken {
            iss: self.issuer,
            sub: &who.subject,
            aud: &grant.client_id,
            exp: self.now.plus_seconds(ID_TOKEN_SECONDS).as_seconds(),
            iat: self.now.as_seconds(),
            auth_time: who.at.as_seconds(),
            nonce: grant.nonce.as_deref(),
            acr: who.context_class(),
            amr: &who.methods,
            at_hash: self.algorithm.half_hash(&access_token),
            vneid_mock: true,
            more,
        };
        let id_token = self.keys.sign(self.algorithm, None, &claims)?;
        let scope = grant.scope.clone();
        Ok(Tokens {
            access_token,
            token_type: "Bearer",
            expires_in: TOKEN_SECONDS,
            id_token,
            scope,
        })
    }
}
