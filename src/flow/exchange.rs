//! The token endpoint: a client proves itself and turns a code into tokens, once.

use super::{Error, Realm, retry};
use crate::{
    clock::Timestamp,
    dice::Purpose,
    oidc::{
        claims::Holder,
        client::{AuthMethod, Client},
        digest::{constant_time_eq, sha256_base64url},
        error::{self, Code},
        grant::{AccessToken, AuthorizationCode, Grant, Outcome, Redeem, TOKEN_SECONDS},
        params::Params,
        token::{Mint, Tokens},
    },
    store::Change,
};

/// How a client says who it is: from the header, the body, or both.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Id and secret of `Authorization: Basic`.
    pub basic: Option<(String, String)>,
}

fn no(code: Code, description: &'static str) -> Error {
    error::Error::new(code, description).into()
}

/// The parameters that may come only once (RFC 6749 §3.2).
const ONCE: [&str; 6] =
    ["grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier"];

impl Realm {
    /// RFC 6749 §4.1.3.
    pub async fn exchange(
        &self,
        credentials: &Credentials,
        params: &Params,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        if let Err(repeated) = params.check_once(&ONCE) {
            return Err(error::Error::said(Code::InvalidRequest, &repeated.to_string()).into());
        }
        let client = self.authenticate(credentials, params, now).await?;
        match params.get("grant_type") {
            Some("authorization_code") => {}
            Some(_) => {
                return Err(no(
                    Code::UnsupportedGrantType,
                    "grant_type must be authorization_code",
                ));
            }
            None => return Err(no(Code::InvalidRequest, "grant_type is missing")),
        }
        let Some(code) = params.get("code") else {
            return Err(no(Code::InvalidRequest, "code is missing"));
        };
        let token = self.dice().token(Purpose::Token);
        let (grant, holder) = retry!(self.try_redeem(&client, code, params, &token, now).await)?;
        self.mint(&client, &grant, &holder, token, now)
    }

    /// RFC 6749 §2.3, OIDC Core §9: exactly the registered method, and only one.
    async fn authenticate(
        &self,
        credentials: &Credentials,
        params: &Params,
        now: Timestamp,
    ) -> Result<Client, Error> {
        let body_secret = params.get("client_secret");
        let (id, secret, method) = match (&credentials.basic, params.get("client_id")) {
            (Some(_), _) if body_secret.is_some() => {
                let sentence = "two client authentication methods in one request";
                return Err(no(Code::InvalidRequest, sentence));
            }
            (Some((id, _)), Some(other)) if id != other => {
                let sentence = "client_id differs from the authenticated client";
                return Err(no(Code::InvalidRequest, sentence));
            }
            (Some((id, secret)), _) => {
                (id.as_str(), Some(secret.as_str()), AuthMethod::ClientSecretBasic)
            }
            (None, Some(id)) if body_secret.is_some() => {
                (id, body_secret, AuthMethod::ClientSecretPost)
            }
            (None, Some(id)) => (id, None, AuthMethod::None),
            (None, None) => return Err(no(Code::InvalidClient, "no client authentication")),
        };
        let refused = || no(Code::InvalidClient, "client authentication failed");
        let client = self.client(id, now).await?.ok_or_else(refused)?;
        if client.token_endpoint_auth_method != method {
            return Err(refused());
        }
        let right = match (&client.secret_hash, secret) {
            (Some(hash), Some(secret)) => {
                constant_time_eq(sha256_base64url(secret).as_bytes(), hash.as_bytes())
            }
            (None, None) => true,
            _ => false,
        };
        if right { Ok(client) } else { Err(refused()) }
    }

    async fn try_redeem(
        &self,
        client: &Client,
        code: &str,
        params: &Params,
        token: &str,
        now: Timestamp,
    ) -> Result<(Grant, Holding), Error> {
        let unknown = || no(Code::InvalidGrant, "the code is unknown, expired or used");
        let name = sha256_base64url(code);
        let found = self.store().get::<AuthorizationCode>(self.id(), &name, now).await?;
        let found = found.ok_or_else(unknown)?;
        let token_name = sha256_base64url(token);
        let redeem = Redeem {
            client_id: &client.client_id,
            redirect_uri: params.get("redirect_uri"),
            code_verifier: params.get("code_verifier"),
            token: &token_name,
        };
        let (code, outcome) = found.record.redeem(redeem, now);
        let mut change = self.change(now);
        // Kept as long as what it gave, so that a late replay still revokes.
        change.replace(&name, found.version, &code, Some(now.plus_seconds(TOKEN_SECONDS)));
        match outcome {
            Outcome::Refused(error) => Err(error.into()),
            Outcome::Revoked(token_name) => {
                change.delete::<AccessToken>(&token_name);
                self.store().commit(change).await?;
                Err(unknown())
            }
            Outcome::Granted(grant) => {
                let holder = self.holding(&grant.authentication, now).await?;
                let holder = holder.ok_or_else(unknown)?;
                give_token(&mut change, &grant, &token_name, now);
                self.store().commit(change).await?;
                Ok((*grant, holder))
            }
        }
    }

    /// Tokens for a grant without a code: for sign-ins that have no browser.
    pub(crate) async fn give(
        &self,
        client: &Client,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let holder = self.holding(&grant.authentication, now).await?;
        let holder = holder.ok_or(Error::Missing("account"))?;
        let token = self.dice().token(Purpose::Token);
        let mut change = self.change(now);
        give_token(&mut change, grant, &sha256_base64url(&token), now);
        self.store().commit(change).await?;
        self.mint(client, grant, &holder, token, now)
    }

    fn mint(
        &self,
        client: &Client,
        grant: &Grant,
        holding: &Holding,
        token: String,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let issuer = self.issuer();
        let algorithm = client.id_token_signed_response_alg;
        let mint = Mint { keys: self.keys().at(now), issuer: &issuer, algorithm, now };
        Ok(mint.tokens(grant, holding.holder(now), token)?)
    }
}

fn give_token(change: &mut Change, grant: &Grant, name: &str, now: Timestamp) {
    let token = AccessToken {
        client_id: grant.client_id.clone(),
        scope: grant.scope.clone(),
        authentication: grant.authentication.clone(),
    };
    change.insert(name, &token, Some(now.plus_seconds(TOKEN_SECONDS)));
}

/// A holder who is still the one who signed in.
#[derive(Debug)]
pub(crate) struct Holding {
    pub(crate) citizen: crate::identity::Citizen,
    pub(crate) account: crate::identity::Account,
    pub(crate) level: crate::identity::Level,
    pub(crate) organisation:
        Option<(crate::identity::Organisation, crate::identity::organisation::Role)>,
    pub(crate) papers: crate::identity::Papers,
}

impl Holding {
    pub(crate) fn holder(&self, now: Timestamp) -> Holder<'_> {
        Holder {
            citizen: &self.citizen,
            account: &self.account,
            level: self.level,
            organisation: self.organisation.as_ref(),
            papers: &self.papers,
            today: now.day(),
        }
    }
}
