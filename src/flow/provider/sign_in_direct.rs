//! A sign-in without pages, for API tests that need a token, not a browser; the rules are the same.

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm, invalid, provider::sign_in::Giving},
    identity::{IdNumber, Refused},
    oidc::{
        authorize,
        client::{AuthMethod, Client},
        params::Params,
        token::Tokens,
    },
};

/// Who signs in.
#[derive(Debug, Clone, Copy)]
pub struct DirectSignIn<'a> {
    /// The holder.
    pub citizen: &'a IdNumber,
    /// The parent or guardian who consents, for a child or ward.
    pub representative: Option<&'a IdNumber>,
    /// The organisation the holder acts for, if she does.
    pub organisation: Option<&'a IdNumber>,
}

/// What a direct sign-in gives.
#[derive(Debug)]
pub struct DirectSignInResult {
    /// The address the browser would have been sent to.
    pub redirect: String,
    /// The code in it; spent when tokens were asked for.
    pub code: Option<String>,
    /// Tokens, when asked for.
    pub tokens: Option<Tokens>,
}

impl Realm {
    /// Why somebody cannot sign in for an organisation, and for which she could.
    async fn no_role(&self, citizen: &IdNumber) -> Result<Error, Error> {
        let own = self.acts_for_organisations(citizen).await?;
        let own: Vec<String> = own
            .iter()
            .map(|(it, role)| format!("{} ({})", it.number, role.vietnamese()))
            .collect();
        let own = if own.is_empty() { "none".to_owned() } else { own.join(", ") };
        let sentence = format!(
            "must be one that the citizen has a role in: {own}; roles are given at /admin/v1/organisations"
        );
        Ok(invalid("organisation", sentence))
    }

    /// Checks the request as `/oauth2/authorize` does and the account as the pages do, then gives code or tokens.
    ///
    /// `params` is an authorization request; with `exchange` it needs no PKCE, since the code never leaves.
    pub async fn sign_in_direct(
        &self,
        params: &Params,
        who: DirectSignIn<'_>,
        exchange: bool,
    ) -> Result<DirectSignInResult, Error> {
        let id = authorize::client_id(params)?;
        let client = self.client(id).await?.ok_or(Error::Missing("client"))?;
        let redirect = authorize::trust(params, &client)?;
        let request = if exchange {
            let without_pkce = Client {
                require_pkce: false,
                token_endpoint_auth_method: AuthMethod::ClientSecretPost,
                ..Client::clone(&client)
            };
            authorize::check(params, &without_pkce, redirect)?
        } else {
            authorize::check(params, &client, redirect)?
        };
        let DirectSignIn { citizen, representative, organisation } = who;
        let mut who = self.authenticated(citizen, representative).await?;
        if let Some(number) = organisation {
            let acting = self.acting(citizen, number).await?;
            let Some(acting) = acting else { return Err(self.no_role(citizen).await?) };
            who.acting = Some(acting);
        }
        if who.level < client.minimum_level {
            return Err(Refused::LevelTooLow.into());
        }
        request.asserted(who.context_class())?;
        let code = self.dice().token(DrawPurpose::Code);
        let giving =
            Giving { request: &request, client: &client, who: &who, sid: None, code: &code };
        if exchange {
            let tokens = self.issue_directly(&client, &self.granted(giving)).await?;
            let redirect = request.redirect.uri().to_owned();
            return Ok(DirectSignInResult { redirect, code: None, tokens: Some(tokens) });
        }
        let mut change = self.change();
        let answer = self.give_code(&mut change, giving);
        self.commit(change).await?;
        let code = client.dialect.code(&code);
        Ok(DirectSignInResult { redirect: answer.location(), code: Some(code), tokens: None })
    }
}
