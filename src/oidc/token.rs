//! The ID token (OIDC Core §2), the JWT access token (RFC 9068), and the answer of the token endpoint (§3.1.3.3).

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    client::{Client, TokenFormat},
    grant::{AccessToken, Grant, Method},
    keys::{KeyError, provider::KeysAt},
    scopes::{self, ClaimRequest, ClaimsHolder},
};
use crate::{clock::Stamp, identity::secret::Secret};

/// The token endpoint's answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    /// 256 random bits, or a JWT (RFC 9068).
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    /// Replaces the one that was presented, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// A signed JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
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
    amr: &'a [Method],
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    at_hash: String,
    vneid_mock: bool,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// RFC 7519 §4.1.3: a text, or a list where there are several.
#[derive(Serialize)]
#[serde(untagged)]
enum Audience<'a> {
    One(&'a str),
    Many(&'a [String]),
}

/// RFC 9068 §2.2.
#[derive(Serialize)]
struct JwtAccessToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: Audience<'a>,
    client_id: &'a str,
    exp: i64,
    iat: i64,
    jti: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<&'a [Method]>,
    vneid_mock: bool,
}

/// Where a token is made.
#[derive(Debug, Clone, Copy)]
pub struct TokenIssuer<'a> {
    /// The provider's keys at that moment.
    pub keys: KeysAt<'a>,
    /// `iss`.
    pub issuer: &'a str,
    /// For whom.
    pub client: &'a Client,
    /// The moment.
    pub now: Stamp,
    /// Seconds an ID token is good for.
    pub seconds: i64,
}

impl TokenIssuer<'_> {
    /// Signs the ID token that goes with `access_token`.
    pub fn id_token(
        self,
        grant: &Grant,
        holder: &ClaimsHolder<'_>,
        access_token: &str,
    ) -> Result<String, KeyError> {
        let more = scopes::id_token(
            holder,
            ClaimRequest {
                scope: &grant.scope,
                by_name: &grant.claims.id_token,
                allowed: &self.client.scope,
            },
        );
        let who = &grant.authentication;
        let algorithm = self.client.id_token_signed_response_alg;
        let claims = IdToken {
            iss: self.issuer,
            sub: &grant.sub,
            aud: &grant.client_id,
            exp: self.now.wire.plus_seconds(self.seconds).numeric_date(),
            iat: self.now.wire.numeric_date(),
            auth_time: who.at.wire.numeric_date(),
            nonce: grant.nonce.as_deref(),
            acr: &grant.acr,
            amr: &who.methods,
            sid: grant.session.as_deref(),
            at_hash: algorithm.half_hash(access_token),
            vneid_mock: true,
            more,
        };
        self.keys.sign(algorithm, None, &claims)
    }

    /// The text of an access token: the drawn one, or a JWT around it.
    pub fn access_token(self, token: &AccessToken, drawn: String) -> Result<String, KeyError> {
        if self.client.access_token_format == TokenFormat::Opaque {
            return Ok(drawn);
        }
        let grant = token.grant.as_ref();
        let claims = JwtAccessToken {
            iss: self.issuer,
            // RFC 9068 §2.2: the client itself, where no person stands behind it.
            sub: grant.map_or(token.client_id.as_str(), |grant| &grant.sub),
            // RFC 9068 §3: the resource that was asked for, else the default of the client.
            aud: match token.audience.as_slice() {
                [] => Audience::One(self.issuer),
                [one] => Audience::One(one),
                many => Audience::Many(many),
            },
            client_id: &token.client_id,
            exp: token.until.wire.numeric_date(),
            iat: token.issued.wire.numeric_date(),
            jti: &drawn,
            scope: &token.scope,
            auth_time: grant.map(|grant| grant.authentication.at.wire.numeric_date()),
            acr: grant.map(|grant| grant.acr.as_str()),
            amr: grant.map(|grant| grant.authentication.methods.as_slice()),
            vneid_mock: true,
        };
        self.keys.sign(self.client.id_token_signed_response_alg, Some("at+jwt"), &claims)
    }
}

/// What a client of a sector knows a holder by (OIDC Core §8.1): opaque, and of no use in another sector.
pub fn pairwise(issuer: &str, sector: &str, subject: &str) -> String {
    super::digest::sha256_base64url(format!("mock-vneid pairwise\0{issuer}\0{sector}\0{subject}"))
}
