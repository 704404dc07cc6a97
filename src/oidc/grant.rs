//! What a sign-in gives: who it was, the single-use authorization code, the access token behind it.

use serde::{Deserialize, Serialize};

use super::{
    error::{Code, Error},
    pkce,
};
use crate::{
    clock::Timestamp,
    identity::{IdNumber, Level, organisation::Role},
};

/// Seconds a code lives. Invented; real integrators report a few seconds (facts §4.3).
pub const CODE_SECONDS: i64 = 60;
/// Seconds an access token lives. Invented.
pub const TOKEN_SECONDS: i64 = 3600;

/// The authentication a holder went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// Who.
    pub number: IdNumber,
    /// What portals know the holder by.
    pub subject: String,
    /// The account level.
    pub level: Level,
    /// When.
    pub at: Timestamp,
    /// How, in the words of RFC 8176.
    pub methods: Vec<Method>,
    /// The account's epoch: a later one ends what came of this.
    pub epoch: u32,
    /// For whom the holder acts, if she chose “Tổ chức”.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting: Option<Acting>,
}

/// An organisation the holder acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// The organisation.
    pub organisation: IdNumber,
    /// `Quản trị` or `Thành viên`.
    pub role: Role,
    /// The epoch of the organisation's account.
    pub epoch: u32,
}

/// An authentication method reference (RFC 8176 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Pwd,
    /// A one-time password.
    Otp,
    /// By text message.
    Sms,
    /// A passcode.
    Pin,
    /// A key that software holds: the app on its device.
    Swk,
    /// A face.
    Face,
}

impl Authentication {
    /// `LoA2` = authentication level 02 of Decree 69/2024 Art. 20: two factors, no biometric; `LoA3` = level 03: a biometric
    /// among them. The strings are this simulator's own encoding.
    pub fn context_class(&self) -> &'static str {
        match self.methods.len() {
            0 | 1 => "LoA1",
            _ if self.methods.contains(&Method::Face) => "LoA3",
            _ => "LoA2",
        }
    }
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Which client.
    pub client_id: String,
    /// Where the code went.
    pub redirect_uri: String,
    /// The granted scopes.
    pub scope: String,
    /// The request's nonce.
    pub nonce: Option<String>,
    /// The request's PKCE challenge.
    pub code_challenge: Option<String>,
    /// Who signed in, and how.
    pub authentication: Authentication,
}

/// The life of an authorization code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum AuthorizationCode {
    /// Sent to the client.
    Issued {
        /// What it stands for.
        grant: Grant,
        /// When it dies.
        until: Timestamp,
    },
    /// Exchanged once.
    Redeemed {
        /// By whom.
        client_id: String,
        /// The name of the access token it gave.
        token: String,
    },
    /// Exchanged again: what it gave is revoked.
    Replayed,
}

/// A client presents a code at the token endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Redeem<'a> {
    /// The authenticated client.
    pub client_id: &'a str,
    /// `redirect_uri` as sent.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier` as sent.
    pub code_verifier: Option<&'a str>,
    /// The name of the access token drawn for it.
    pub token: &'a str,
}

/// What follows a presented code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Give tokens for this grant.
    Granted(Box<Grant>),
    /// Refuse.
    Refused(Error),
    /// Refuse, and revoke the access token of this name (RFC 6749 §4.1.2).
    Revoked(String),
}

const fn invalid_grant(description: &'static str) -> Outcome {
    Outcome::Refused(Error::new(Code::InvalidGrant, description))
}

impl AuthorizationCode {
    /// RFC 6749 §4.1.3 in its order: client, age, redirect URI, then RFC 7636 §4.6.
    pub fn redeem(self, by: Redeem<'_>, now: Timestamp) -> (Self, Outcome) {
        match self {
            Self::Issued { grant, until } => {
                if let Some(refused) = objection(&grant, until, by, now) {
                    return (Self::Issued { grant, until }, refused);
                }
                let (client_id, token) = (by.client_id.to_owned(), by.token.to_owned());
                (Self::Redeemed { client_id, token }, Outcome::Granted(Box::new(grant)))
            }
            Self::Redeemed { client_id, token } if client_id == by.client_id => {
                (Self::Replayed, Outcome::Revoked(token))
            }
            other => (other, invalid_grant("the code is unknown, expired or used")),
        }
    }
}

fn objection(grant: &Grant, until: Timestamp, by: Redeem<'_>, now: Timestamp) -> Option<Outcome> {
    if grant.client_id != by.client_id || now >= until {
        return Some(invalid_grant("the code is unknown, expired or used"));
    }
    if by.redirect_uri != Some(&grant.redirect_uri) {
        return Some(invalid_grant("redirect_uri is not the one of the authorization request"));
    }
    match (&grant.code_challenge, by.code_verifier) {
        (None, None) => None,
        // RFC 9700 §2.1.1: a verifier without a challenge is a downgrade.
        (None, Some(_)) => Some(invalid_grant("code_verifier without a code_challenge")),
        (Some(_), None) => Some(invalid_grant("code_verifier is missing")),
        (Some(challenge), Some(verifier)) => {
            let proven = pkce::well_formed(verifier) && pkce::proves(verifier, challenge);
            (!proven).then(|| invalid_grant("code_verifier does not match"))
        }
    }
}

/// What an access token opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Which client holds it.
    pub client_id: String,
    /// The granted scopes.
    pub scope: String,
    /// Who signed in, and how.
    pub authentication: Authentication,
}
