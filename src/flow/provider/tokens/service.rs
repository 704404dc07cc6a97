//! `client_credentials`: a client calls for itself; no person stands behind the token (RFC 6749 §4.4).

use super::{live::name_of, targets};
use crate::{
    flow::{Error, Realm},
    oidc::{
        client::Client, error::{self, Code}, grant::AccessToken, params::Params, scopes::contains,
        token::Tokens,
    },
};

impl Realm {
    pub(super) async fn exchange_service(
        &self,
        client: &Client,
        params: &Params,
    ) -> Result<Tokens, Error> {
        let now = self.stamp();
        let scope = match params.get("scope") {
            None => client.service_scope.clone(),
            Some(asked) => {
                let mut tokens = asked.split(' ').filter(|token| !token.is_empty());
                if !tokens.all(|token| contains(&client.service_scope, token)) {
                    let sentence =
                        "scope goes beyond the client's service_scope: no person signs in here";
                    let expected = format!("scopes of its service_scope: {}", client.service_scope);
                    let error = error::Error::new(Code::InvalidScope, sentence);
                    return Err(error.by("RFC 6749 §4.4.2").expecting(expected).into());
                }
                asked.to_owned()
            }
        };
        let seconds = i64::from(self.record.policy.token_seconds);
        let record = AccessToken {
            client_id: client.client_id.clone(),
            scope: scope.clone(),
            issued: now,
            until: now.plus_seconds(seconds),
            audience: targets(params, client, &[])?,
            grant: None,
            family: None,
        };
        let issuer = self.issuer();
        let drawn = self.generate();
        let access_token = self.mint(client, &issuer).access_token(&record, drawn.token)?;
        let mut change = self.change();
        change.insert(name_of(&access_token), &record, Some(record.until.at));
        self.store().commit(change).await?;
        // RFC 6749 §4.4.3: no refresh token.
        Ok(Tokens {
            access_token: access_token.into(),
            token_type: "Bearer",
            expires_in: seconds,
            refresh_token: None,
            id_token: None,
            scope,
        })
    }
}
