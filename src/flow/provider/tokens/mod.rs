//! The token endpoint: a client proves itself and presents a code, a refresh token, or itself.

mod client_auth;
mod code;
mod introspect;
pub mod live;
mod refresh;
mod revoke;
mod service;

use std::sync::Arc;

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm, provider::forged},
    journal::Event,
    oidc::{
        client::{Client, GrantType, TokenFormat},
        dialect::{
            Dialect,
            seal::{Sealed, seal_for},
        },
        digest::sha256_base64url,
        error::{self, Code},
        grant::{AccessToken, Grant},
        params::Params,
        refresh::RefreshFamily,
        scopes::contains,
        target,
        token::{TokenIssuer, Tokens, pairwise},
    },
    store::Change,
};

pub use client_auth::{Basic, Credentials};
pub use live::TokenHolder;

/// A refusal: what is wrong, which clause says so, and what would have been right.
pub(crate) fn oauth_error(
    code: Code,
    description: &'static str,
    clause: &'static str,
    expected: &'static str,
) -> Error {
    error::Error::new(code, description).by(clause).expecting(expected).into()
}

/// The parameters that may come only once (RFC 6749 §3.2), beside those of [`Realm::authenticate`].
const ONCE: [&str; 6] =
    ["grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "scope"];

/// RFC 6749 §3.2: parameters come once.
pub(crate) fn once(params: &Params, names: &[&str]) -> Result<(), Error> {
    params.check_once(names).map_err(|repeated| {
        let error = error::Error::said(Code::InvalidRequest, &repeated.to_string());
        let error = error.by("RFC 6749 §3.2: parameters come once");
        error.expecting("each parameter once").into()
    })
}

/// What `grant_type` may be.
const GRANTS: &str = "grant_type authorization_code, refresh_token or client_credentials";

impl Realm {
    /// RFC 6749 §3.2.
    pub async fn exchange(
        &self,
        credentials: &Credentials,
        params: &Params,
    ) -> Result<TokenResponse, Error> {
        once(params, &ONCE)?;
        let client = self.authenticate(credentials, params).await?;
        let tokens = self.exchange_for(&client, params).await?;
        if client.dialect == Dialect::Partner {
            let plain = serde_json::to_vec(&tokens).unwrap_or_default();
            if let Some(sealed) = seal_for(&client, &plain, &self.dice().token(DrawPurpose::Id)) {
                return Ok(TokenResponse::Sealed(sealed));
            }
        }
        Ok(TokenResponse::Plain(Box::new(tokens)))
    }

    async fn exchange_for(&self, client: &Arc<Client>, params: &Params) -> Result<Tokens, Error> {
        let Some(name) = params.get("grant_type") else {
            return Err(oauth_error(
                Code::InvalidRequest,
                "grant_type is missing",
                "RFC 6749 §4.1.3",
                GRANTS,
            ));
        };
        let Some(grant) = GrantType::from_name(name) else {
            let sentence = "grant_type is authorization_code, refresh_token or client_credentials";
            return Err(oauth_error(Code::UnsupportedGrantType, sentence, "RFC 6749 §5.2", GRANTS));
        };
        if !client.may_present(grant) {
            let sentence = "this client is not registered for this grant_type";
            let types: Vec<&str> = client.grant_types.iter().map(|it| it.as_str()).collect();
            let expected = format!("a registered grant_type: {}", types.join(", "));
            let error = error::Error::new(Code::UnauthorizedClient, sentence);
            return Err(error.by("RFC 6749 §5.2, RFC 7591 §2").expecting(expected).into());
        }
        match grant {
            GrantType::AuthorizationCode => self.exchange_code(client, params).await,
            GrantType::RefreshToken => self.exchange_refresh(client, params).await,
            GrantType::ClientCredentials => self.exchange_service(client, params).await,
        }
    }

    /// Where this client's tokens are made.
    pub(crate) fn mint<'a>(&'a self, client: &'a Client, issuer: &'a str) -> TokenIssuer<'a> {
        let now = self.stamp();
        let seconds = i64::from(self.record.policy.token_seconds);
        TokenIssuer { keys: self.keys().at(now.at), issuer, client, now, seconds }
    }

    /// What a client knows a holder by.
    pub(crate) fn sub_for(&self, client: &Client, subject: &str) -> String {
        match client.subject_type {
            crate::oidc::client::SubjectType::Public => subject.to_owned(),
            crate::oidc::client::SubjectType::Pairwise => {
                pairwise(&self.issuer(), &client.sector(), subject)
            }
        }
    }

    /// What is drawn before tokens are decided on.
    pub(crate) fn generate(&self) -> Generated {
        Generated {
            token: self.dice().token(DrawPurpose::Token),
            family: self.dice().token(DrawPurpose::Refresh),
            refresh: self.dice().token(DrawPurpose::Refresh),
        }
    }

    /// Makes the tokens of a grant: the access token, its record, and the first refresh token where one is due.
    pub(crate) fn issue(
        &self,
        change: &mut Change,
        issuance: Issuance<'_>,
    ) -> Result<Tokens, Error> {
        let Issuance { grant, drawn, .. } = issuance;
        let family = grant.is_offline().then(|| drawn.family_name());
        let mut tokens = self.issue_access_token(change, issuance, family.clone())?;
        if let Some(family) = family {
            let until = self.stamp().plus_seconds(i64::from(self.record.policy.refresh_seconds));
            let kept = Grant { code_challenge: None, nonce: None, ..grant.clone() };
            let record = RefreshFamily::begun(kept, sha256_base64url(&drawn.refresh), until);
            change.insert(family, &record, Some(until.at));
            tokens.refresh_token = Some(drawn.refresh_token().into());
        }
        Ok(tokens)
    }

    /// Issues an access token with its record, and the ID token beside it.
    fn issue_access_token(
        &self,
        change: &mut Change,
        issuance: Issuance<'_>,
        family: Option<String>,
    ) -> Result<Tokens, Error> {
        let Issuance { client, grant, holding, drawn, .. } = issuance;
        let now = self.stamp();
        let issuer = self.issuer();
        let mint = self.mint(client, &issuer);
        let seconds = i64::from(self.record.policy.token_seconds);
        let record = AccessToken {
            client_id: grant.client_id.clone(),
            scope: grant.scope.clone(),
            issued: now,
            until: now.plus_seconds(seconds),
            audience: issuance.audience.to_vec(),
            grant: Some(Grant { code_challenge: None, nonce: None, ..grant.clone() }),
            family,
        };
        let mut access_token = mint.access_token(&record, drawn.token.clone())?;
        let number = grant.authentication.number;
        let citizen = Some(number.as_str());
        if client.access_token_format == TokenFormat::Jwt {
            let (forged, strikes) =
                self.perhaps_forged(access_token, forged::access_token, client, citizen)?;
            Self::keep_hits_with(change, strikes);
            access_token = forged;
        }
        let id_token = if contains(&grant.scope, "openid") && client.dialect.has_id_token() {
            let token = mint.id_token(grant, &holding.holder(now.at), &access_token)?;
            let (token, strikes) = self.perhaps_forged(token, forged::id_token, client, citizen)?;
            Self::keep_hits_with(change, strikes);
            Some(token.into())
        } else {
            None
        };
        change.insert(live::name_of(&access_token), &record, Some(record.until.at));
        let event = Event::new("token", format!("tokens for {}", grant.scope));
        self.note_with(change, event.of_client(&grant.client_id).about(number));
        Ok(Tokens {
            access_token: access_token.into(),
            token_type: "Bearer",
            expires_in: seconds,
            refresh_token: None,
            id_token,
            scope: grant.scope.clone(),
        })
    }

    /// Issues tokens for a grant without a code, for sign-ins without a browser.
    pub(crate) async fn issue_directly(
        &self,
        client: &Arc<Client>,
        grant: &Grant,
    ) -> Result<Tokens, Error> {
        let holding = self.token_holder(&grant.authentication).await?;
        let mut holding = holding.ok_or(Error::Missing("account"))?;
        self.load_for_id_token(&mut holding, grant).await?;
        let drawn = self.generate();
        let mut change = self.change();
        let tokens =
            {
            let audience = audience(client, &grant.resource, &[]);
            let (holding, drawn, audience) = (&holding, &drawn, &audience);
            self.issue(&mut change, Issuance { client, grant, holding, drawn, audience })?
        };
        self.store().commit(change).await?;
        Ok(tokens)
    }
}

/// What tokens are issued for, and the random values for them.
#[derive(Clone, Copy)]
pub(crate) struct Issuance<'a> {
    pub(crate) client: &'a Client,
    pub(crate) grant: &'a Grant,
    pub(crate) holding: &'a TokenHolder,
    pub(crate) drawn: &'a Generated,
    /// What the access token is for; the issuer if empty.
    pub(crate) audience: &'a [String],
}

/// What an access token is for (RFC 8707 §2.2): what is asked for now, else what was granted, else the client's own.
fn audience(client: &Client, granted: &[String], asked: &[String]) -> Vec<String> {
    match (asked, granted) {
        ([], []) => client.audience.iter().cloned().collect(),
        ([], granted) => granted.to_vec(),
        (asked, _) => asked.to_vec(),
    }
}

/// The `resource` of a token request, within what was granted (RFC 8707 §2.2).
fn targets(params: &Params, client: &Client, granted: &[String]) -> Result<Vec<String>, Error> {
    const CLAUSE: &str = "RFC 8707 §2.2: resource";
    target::resource(params, client)
        .map_err(|error| error.by(CLAUSE).expecting(target::TARGETS))?;
    let asked: Vec<String> = params.all("resource").map(str::to_owned).collect();
    if !granted.is_empty() && !asked.iter().all(|it| granted.contains(it)) {
        let error = error::Error::new(Code::InvalidTarget, "resource goes beyond what was granted");
        let expected = format!("one of the resources of the grant: {}", granted.join(" "));
        return Err(error.by(CLAUSE).expecting(expected).into());
    }
    Ok(audience(client, granted, &asked))
}

/// What the token endpoint answers.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub enum TokenResponse {
    /// RFC 6749 §5.1.
    Plain(Box<Tokens>),
    /// The same, sealed for a partner.
    Sealed(Sealed),
}

/// The random values of a token response.
#[derive(Debug)]
pub(crate) struct Generated {
    token: String,
    family: String,
    refresh: String,
}

impl Generated {
    /// The name of the refresh family.
    pub(crate) fn family_name(&self) -> String {
        self.family.chars().take(22).collect()
    }

    /// A refresh token says which family it is of: so a used one is known for what it is.
    fn refresh_token(&self) -> String {
        refresh::token(&self.family_name(), &self.refresh)
    }
}
