//! What a sign-in gives: who it was, the single-use authorization code, the access token behind it.

use serde::{Deserialize, Serialize};

use super::{
    acr::ContextClass,
    error::{Code, Error},
    pkce,
    requested::Requested,
    scopes::{OFFLINE, contains},
};
use crate::{
    clock::{Stamp, Timestamp},
    identity::{IdNumber, Level, organisation::Role},
};

/// The authentication a holder went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// Who.
    pub number: IdNumber,
    /// What portals know the holder by.
    pub subject: String,
    /// The account level.
    pub level: Level,
    /// When: the wire's `auth_time` of everything that comes of it.
    pub at: Stamp,
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
    /// The class its methods reach: 03 has a biometric among its factors.
    pub fn context_class(&self) -> ContextClass {
        match self.methods.len() {
            0 | 1 => ContextClass::LoA1,
            _ if self.methods.contains(&Method::Face) => ContextClass::LoA3,
            _ => ContextClass::LoA2,
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
    /// What the client knows the holder by.
    #[serde(default)]
    pub sub: String,
    /// The session it came of, by its `sid`.
    #[serde(default)]
    pub session: Option<String>,
    /// The `acr` to assert.
    #[serde(default)]
    pub acr: String,
    /// Single claims asked for.
    #[serde(default)]
    pub claims: Requested,
    /// What its access tokens are for, where the request said so (RFC 8707).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
}

/// The life of an authorization code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationCode {
    /// Sent to the client.
    Issued {
        /// What it stands for.
        grant: Box<Grant>,
        /// When it dies.
        until: Timestamp,
    },
    /// Exchanged once.
    Redeemed {
        /// By whom.
        client_id: String,
        /// The name of the access token it gave.
        token: String,
        /// The name of the refresh family it gave, if any.
        #[serde(default)]
        family: Option<String>,
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
    /// The name of the refresh family drawn for it.
    pub family: &'a str,
}

/// What follows a presented code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeOutcome {
    /// Give tokens for this grant.
    Granted(Box<Grant>),
    /// Refuse.
    Refused(Error),
    /// Refuse, and revoke the access token of this name, and the family (RFC 6749 §4.1.2).
    Revoked(String, Option<String>),
}

/// What a code must be.
pub const GOOD_CODE: &str =
    "a code that this client was given, not used yet and not older than the policy's code_seconds";

fn invalid_grant(
    description: &'static str,
    clause: &'static str,
    expected: &'static str,
) -> CodeOutcome {
    let error = Error::new(Code::InvalidGrant, description).by(clause);
    CodeOutcome::Refused(error.expecting(expected))
}

impl Grant {
    /// Whether it gives a refresh token (OIDC Core §11).
    pub fn is_offline(&self) -> bool {
        contains(&self.scope, OFFLINE)
    }

    /// The session that must go on for its tokens to live: none, if they may outlive it.
    pub fn bound_to(&self) -> Option<&str> {
        if self.is_offline() { None } else { self.session.as_deref() }
    }
}

impl AuthorizationCode {
    /// A redeemed code, with the name of the access token that it gave after all.
    #[must_use]
    pub fn redeemed_for(self, name: String) -> Self {
        match self {
            Self::Redeemed { client_id, family, .. } => {
                Self::Redeemed { client_id, token: name, family }
            }
            other => other,
        }
    }

    /// RFC 6749 §4.1.3 in its order: client, age, redirect URI, then RFC 7636 §4.6.
    pub fn redeem(self, by: Redeem<'_>, now: Timestamp) -> (Self, CodeOutcome) {
        match self {
            Self::Issued { grant, until } => {
                if let Some(refused) = objection(&grant, until, by, now) {
                    return (Self::Issued { grant, until }, refused);
                }
                let (client_id, token) = (by.client_id.to_owned(), by.token.to_owned());
                let family = grant.is_offline().then(|| by.family.to_owned());
                let redeemed = Self::Redeemed { client_id, token, family };
                (redeemed, CodeOutcome::Granted(grant))
            }
            Self::Redeemed { client_id, token, family } if client_id == by.client_id => {
                (Self::Replayed, CodeOutcome::Revoked(token, family))
            }
            other => (
                other,
                invalid_grant(
                    "the code is unknown, expired or used",
                    "RFC 6749 §4.1.2: a code is used once",
                    GOOD_CODE,
                ),
            ),
        }
    }
}

fn objection(
    grant: &Grant,
    until: Timestamp,
    by: Redeem<'_>,
    now: Timestamp,
) -> Option<CodeOutcome> {
    if grant.client_id != by.client_id || now >= until {
        return Some(invalid_grant(
            "the code is unknown, expired or used",
            "RFC 6749 §4.1.2: a code is used once",
            GOOD_CODE,
        ));
    }
    if by.redirect_uri != Some(&grant.redirect_uri) {
        return Some(invalid_grant(
            "redirect_uri is not the one of the authorization request",
            "RFC 6749 §4.1.3: redirect_uri",
            "the redirect_uri of the authorization request, character for character",
        ));
    }
    match (&grant.code_challenge, by.code_verifier) {
        (None, None) => None,
        // RFC 9700 §2.1.1: a verifier without a challenge is a downgrade.
        (None, Some(_)) => Some(invalid_grant(
            "code_verifier without a code_challenge",
            "RFC 9700 §2.1.1: PKCE downgrade",
            "no code_verifier, or a code_challenge in the authorization request",
        )),
        (Some(_), None) => Some(invalid_grant(
            "code_verifier is missing",
            "RFC 7636 §4.5",
            "the code_verifier whose S256 is the code_challenge of the authorization request",
        )),
        (Some(_), Some(verifier)) if !pkce::well_formed(verifier) => Some(invalid_grant(
            "code_verifier is malformed",
            "RFC 7636 §4.1: code_verifier",
            "a code_verifier of 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
        )),
        (Some(challenge), Some(verifier)) => {
            let unproven = || {
                invalid_grant(
                    "code_verifier does not match",
                    "RFC 7636 §4.6",
                    "the code_verifier whose S256 is the code_challenge of the authorization request",
                )
            };
            (!pkce::proves(verifier, challenge)).then(unproven)
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
    /// Since when.
    pub issued: Stamp,
    /// Until when.
    pub until: Stamp,
    /// What it is for; the issuer if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// Whose it is: the sign-in it came of; none if the client calls for itself (RFC 6749 §4.4).
    pub grant: Option<Grant>,
    /// The refresh family it belongs to: it dies with it.
    pub family: Option<String>,
}

/// The scopes a holder allowed a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented(pub String);
