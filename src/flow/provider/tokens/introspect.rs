//! Introspection (RFC 7662): what a token is worth now, said to the client it belongs to.

use serde::Serialize;

use super::{Credentials, oauth_error, once, refresh::parts};
use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm},
    oidc::{
        client::{AuthMethod, Client, Dialect},
        dialect::seal::{Sealed, seal_for},
        error::Code,
        grant::{Grant, Method},
        params::Params,
        refresh::RefreshFamily,
    },
};

/// RFC 7662 §2.2: of a token that is not worth anything, nothing but that is said.
#[derive(Debug, Default, Serialize)]
pub struct Introspection {
    /// Whether it is alive, and the asker's own.
    pub active: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    about: Option<TokenFacts>,
}

/// What the introspection endpoint answers a client that proved itself.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum IntrospectionResponse {
    /// RFC 7662 §2.2.
    Plain(Box<Introspection>),
    /// The same, sealed for a partner.
    Sealed(Sealed),
}

#[derive(Debug, Serialize)]
struct TokenFacts {
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    sub: String,
    iss: String,
    // RFC 7662 §2.2, where the token is for somebody else than the provider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aud: Vec<String>,
    // RFC 9470 §6.2: what a resource server needs for step-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<Method>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    vneid_mock: bool,
}

impl Realm {
    /// How the national portal's integrators ask (facts §4.1): by an access token of their own.
    pub async fn introspect_by_bearer(
        &self,
        bearer: &str,
        params: &Params,
    ) -> Result<Introspection, Error> {
        once(params, &["token", "token_type_hint", "client_id", "client_secret"])?;
        if params.get("client_secret").or(params.get("client_assertion")).is_some() {
            let sentence = "two client authentication methods in one request";
            return Err(oauth_error(
                Code::InvalidRequest,
                sentence,
                "RFC 6749 §2.3: one method in each request",
                "either the bearer token or the client's secret",
            ));
        }
        let live = self.live_token(bearer).await?;
        let own = live.filter(|live| live.client.dialect == Dialect::Dvcqg).ok_or_else(|| {
            let sentence = "a bearer token proves a client of the dialect dvcqg alone";
            oauth_error(
                Code::InvalidClient,
                sentence,
                "RFC 7662 §2.1: authorised callers",
                "a live access token of a client of the dialect dvcqg, or the client's own authentication",
            )
        })?;
        // A token proves less than a secret: it asks about its own client's tokens, whatever else that client may.
        let client = Client { resource_server: false, ..Client::clone(&own.client) };
        self.introspect_for(&client, params).await
    }

    /// RFC 7662 §2.1.
    pub async fn introspect(
        &self,
        credentials: &Credentials,
        params: &Params,
    ) -> Result<IntrospectionResponse, Error> {
        once(params, &["token", "token_type_hint"])?;
        let client = self.authenticate(credentials, params).await?;
        let answer = self.introspect_for(&client, params).await?;
        if client.dialect == Dialect::Partner {
            let plain = serde_json::to_vec(&answer).unwrap_or_default();
            // As every answer of the back channel to a partner (facts §4.3).
            if let Some(sealed) = seal_for(&client, &plain, &self.dice().token(DrawPurpose::Id)) {
                return Ok(IntrospectionResponse::Sealed(sealed));
            }
        }
        Ok(IntrospectionResponse::Plain(Box::new(answer)))
    }

    /// The same once it is known who asks.
    pub(crate) async fn introspect_for(
        &self,
        client: &Client,
        params: &Params,
    ) -> Result<Introspection, Error> {
        if client.token_endpoint_auth_method == AuthMethod::None {
            let sentence = "a public client cannot introspect";
            return Err(oauth_error(
                Code::InvalidClient,
                sentence,
                "RFC 7662 §2.1: authorised callers",
                "a client that proves itself: with a secret or an assertion",
            ));
        }
        let Some(token) = params.get("token") else {
            return Err(oauth_error(Code::InvalidRequest, "token is missing", "RFC 7662 §2.1", "the token to look at"));
        };
        if let Some(live) = self.live_token(token).await? {
            // Whoever finds another client's token learns nothing by it.
            if live.client.client_id != client.client_id && !client.resource_server {
                return Ok(Introspection::default());
            }
            let (until, issued) = (live.token.until, live.token.issued);
            let scope = live.token.scope.clone();
            let mut about = self.about(&live.token.client_id, live.token.grant.as_ref());
            (about.exp, about.iat) = (until.wire.numeric_date(), Some(issued.wire.numeric_date()));
            (about.scope, about.token_type) = (scope, Some("Bearer"));
            about.aud.clone_from(&live.token.audience);
            return Ok(Introspection { active: true, about: Some(about) });
        }
        let Some((name, hash)) = parts(token) else { return Ok(Introspection::default()) };
        let found = self.get::<RefreshFamily>(name).await?;
        let own = |family: &RefreshFamily| {
            family.holds(&hash, self.now)
                && (family.grant.client_id == client.client_id || client.resource_server)
        };
        let Some(family) = found.map(|found| found.record).filter(own) else {
            return Ok(Introspection::default());
        };
        if self.token_holder(&family.grant.authentication).await?.is_none() {
            return Ok(Introspection::default());
        }
        let mut about = self.about(&family.grant.client_id, Some(&family.grant));
        about.exp = family.until.wire.numeric_date();
        about.scope.clone_from(&family.grant.scope);
        Ok(Introspection { active: true, about: Some(about) })
    }

    fn about(&self, client_id: &str, grant: Option<&Grant>) -> TokenFacts {
        TokenFacts {
            scope: String::new(),
            client_id: client_id.to_owned(),
            token_type: None,
            exp: 0,
            iat: None,
            sub: grant.map_or(client_id, |grant| &grant.sub).to_owned(),
            iss: self.issuer(),
            aud: Vec::new(),
            acr: grant.map(|grant| grant.acr.clone()),
            amr: grant.map(|grant| grant.authentication.methods.clone()),
            auth_time: grant.map(|grant| grant.authentication.at.wire.numeric_date()),
            vneid_mock: true,
        }
    }
}
