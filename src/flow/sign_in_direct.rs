//! A sign-in without pages, for API tests that need a token, not a browser; the rules are the same.

use super::{Error, Realm, sign_in};
use crate::{
    clock::Timestamp,
    dice::Purpose,
    identity::{IdNumber, Refused},
    oidc::{
        authorize,
        digest::sha256_base64url,
        grant::{AuthorizationCode, CODE_SECONDS},
        params::Params,
        token::Tokens,
    },
};

/// Who signs in.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// The holder.
    pub citizen: &'a IdNumber,
    /// The parent or guardian who consents, for a child or ward.
    pub representative: Option<&'a IdNumber>,
    /// The organisation the holder acts for, if she does.
    pub organisation: Option<&'a IdNumber>,
}

/// What a direct sign-in gives.
#[derive(Debug)]
pub struct Direct {
    /// Where the browser would have gone.
    pub redirect: String,
    /// The code in it; spent when tokens were asked for.
    pub code: Option<String>,
    /// Tokens, when asked for.
    pub tokens: Option<Tokens>,
}

impl Realm {
    /// Checks the request as `/oauth2/authorize` does and the account as the pages do, then gives code or tokens.
    ///
    /// `params` is an authorization request; with `exchange` it needs no PKCE, since the code never leaves.
    pub async fn sign_in_direct(
        &self,
        params: &Params,
        who: Signing<'_>,
        exchange: bool,
        now: Timestamp,
    ) -> Result<Direct, Error> {
        let id = authorize::client_id(params)?;
        let mut client = self.client(id, now).await?.ok_or(Error::Missing("client"))?;
        let redirect = authorize::trust(params, &client)?;
        if exchange {
            client.require_pkce = false;
            client.token_endpoint_auth_method = crate::oidc::client::AuthMethod::ClientSecretPost;
        }
        let request = authorize::check(params, &client, redirect)?;
        let Signing { citizen, representative, organisation } = who;
        let mut who = self.authenticated(citizen, representative, now).await?;
        if let Some(number) = organisation {
            let acting = self.acting(citizen, number, now).await?;
            who.acting = Some(acting.ok_or(Refused::ManagerRequired)?);
        }
        if who.level < client.minimum_level {
            return Err(Refused::LevelTooLow.into());
        }
        let grant = sign_in::grant(&request, &who);
        if exchange {
            let tokens = self.give(&client, &grant, now).await?;
            let redirect = request.redirect.uri().to_owned();
            return Ok(Direct { redirect, code: None, tokens: Some(tokens) });
        }
        let code = self.dice().token(Purpose::Code);
        let until = now.plus_seconds(CODE_SECONDS);
        let mut change = self.change(now);
        let record = AuthorizationCode::Issued { grant, until };
        change.insert(sha256_base64url(&code), &record, Some(until));
        self.commit(change).await?;
        let redirect = request.redirect.granted(&code, &self.issuer());
        Ok(Direct { redirect, code: Some(code), tokens: None })
    }
}
