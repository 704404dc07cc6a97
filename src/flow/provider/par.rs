//! Pushed authorization requests (RFC 9126): checked in the back channel, named once in the front channel.

use std::sync::Arc;

use crate::{
    dice::DrawPurpose,
    flow::{
        Error, Realm,
        provider::tokens::{Credentials, oauth_error},
    },
    oidc::{
        authorize::{self, Untrusted},
        client::Client,
        error::Code,
        params::Params,
        pushed::Pushed,
    },
};

/// Seconds a pushed request waits for its browser. Invented.
pub const SECONDS: i64 = 90;
/// What its names begin with (RFC 9126 §2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// A request that is kept.
#[derive(Debug)]
pub struct PushedRequest {
    /// What `/oauth2/authorize` is told.
    pub request_uri: String,
    /// Seconds.
    pub expires_in: i64,
}

impl Realm {
    /// RFC 9126 §2.1: the client proves itself, and the request is checked as at `/oauth2/authorize`.
    pub async fn push(
        &self,
        credentials: &Credentials,
        params: &Params,
    ) -> Result<PushedRequest, Error> {
        let client = self.authenticate(credentials, params).await?;
        if params.get("request_uri").is_some() {
            let sentence = "a pushed request does not name another";
            return Err(oauth_error(
                Code::InvalidRequest,
                sentence,
                "RFC 9126 §2.1: no request_uri",
                "the parameters of an authorization request, without request_uri",
            ));
        }
        let own = params.without(&["client_secret", "client_assertion", "client_assertion_type"]);
        let own = own.with("client_id", &client.client_id);
        let redirect = authorize::trust(&own, &client).map_err(|_| {
            let sentence = "redirect_uri is missing or not a registered one";
            let clause = "RFC 6749 §3.1.2.3: redirect_uri";
            oauth_error(Code::InvalidRequest, sentence, clause, "exactly one registered redirect_uri")
        })?;
        authorize::check(&own, &client, redirect)?;
        let name = self.dice().token(DrawPurpose::Code);
        let record = Pushed { client_id: client.client_id.clone(), params: own.into_pairs() };
        let mut change = self.change();
        change.insert(&name, &record, Some(self.now.plus_seconds(SECONDS)));
        self.store().commit(change).await?;
        Ok(PushedRequest { request_uri: format!("{PREFIX}{name}"), expires_in: SECONDS })
    }

    /// The request that is meant: the one that came, or the pushed one that it names, which counts once (RFC 9126 §4).
    pub(crate) async fn unpushed(
        &self,
        client: &Arc<Client>,
        params: &Params,
    ) -> Result<Option<Params>, Error> {
        let named = params.get("request_uri").and_then(|uri| uri.strip_prefix(PREFIX));
        let Some(name) = named.filter(|_| !params.repeats("request_uri")) else {
            return if client.require_pushed_authorization_requests {
                Err(Untrusted::NotPushed.into())
            } else {
                Ok(None)
            };
        };
        let gone = || Error::from(Untrusted::PushedUnknown);
        let found = self.get::<Pushed>(name).await?;
        let found = found.filter(|it| it.record.client_id == client.client_id).ok_or_else(gone)?;
        let mut change = self.change();
        change.expect_version::<Pushed>(name, found.version);
        change.delete::<Pushed>(name);
        match self.store().commit(change).await {
            Err(crate::store::Error::Conflict) => Err(gone()),
            other => {
                other?;
                Ok(Some(Params::of_pairs(found.record.params)))
            }
        }
    }
}
