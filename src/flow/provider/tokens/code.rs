//! `authorization_code`: a code becomes tokens, once (RFC 6749 §4.1.3).

use super::{Issuance, live::name_of, oauth_error, targets};
use crate::{
    clock::Timestamp,
    flow::{Error, Realm, retry},
    oidc::{
        client::Client,
        digest::sha256_base64url,
        error::Code,
        grant::{AccessToken, AuthorizationCode, CodeOutcome, GOOD_CODE, Redeem},
        params::Params,
        token::Tokens,
    },
    store::Change,
};

fn unknown() -> Error {
    let clause = "RFC 6749 §4.1.2: a code is used once";
    oauth_error(Code::InvalidGrant, "the code is unknown, expired or used", clause, GOOD_CODE)
}

impl Realm {
    pub(super) async fn exchange_code(
        &self,
        client: &Client,
        params: &Params,
    ) -> Result<Tokens, Error> {
        let Some(code) = params.get("code") else {
            let clause = "RFC 6749 §4.1.3";
            let expected = "the code of the way back";
            return Err(oauth_error(Code::InvalidRequest, "code is missing", clause, expected));
        };
        let drawn = self.generate();
        retry!(async {
            let name = sha256_base64url(code);
            let found = self.get::<AuthorizationCode>(&name).await?;
            let found = found.ok_or_else(unknown)?;
            let (token, family) = (name_of(&drawn.token), drawn.family_name());
            let redeem = Redeem {
                client_id: &client.client_id,
                redirect_uri: params.get("redirect_uri"),
                code_verifier: params.get("code_verifier"),
                token: &token,
                family: &family,
            };
            let (code, outcome) = found.record.redeem(redeem, self.now);
            let mut change = self.change();
            match outcome {
                CodeOutcome::Refused(error) => Err(error.into()),
                CodeOutcome::Revoked(token, family) => {
                    change.replace(&name, found.version, &code, Some(self.remembered(true)));
                    change.delete::<AccessToken>(&token);
                    if let Some(family) = family {
                        self.end_family(&mut change, &family).await?;
                    }
                    self.store().commit(change).await?;
                    Err(unknown())
                }
                CodeOutcome::Granted(grant) => {
                    // Whoever was signed out or locked since gets nothing.
                    let ended = match &grant.session {
                        Some(sid) => self.has_ended(sid).await?,
                        None => false,
                    };
                    let holding = self.token_holder(&grant.authentication).await?;
                    let mut holding = holding.filter(|_| !ended).ok_or_else(unknown)?;
                    self.load_for_id_token(&mut holding, &grant).await?;
                    let audience = targets(params, client, &grant.resource)?;
                    let (grant, holding, drawn) = (&*grant, &holding, &drawn);
                    let audience = &audience;
                    let issuance = Issuance { client, grant, holding, drawn, audience };
                    let tokens = self.issue(&mut change, issuance)?;
                    // Kept as long as what it gave, so that a late replay still revokes.
                    let until = self.remembered(grant.is_offline());
                    let code = code.redeemed_for(name_of(tokens.access_token.reveal()));
                    change.replace(&name, found.version, &code, Some(until));
                    self.store().commit(change).await?;
                    Ok(tokens)
                }
            }
        })
    }

    /// How long what a code gave may be alive.
    fn remembered(&self, offline: bool) -> Timestamp {
        let policy = &self.record.policy;
        let seconds = if offline {
            policy.refresh_seconds.max(policy.token_seconds)
        } else {
            policy.token_seconds
        };
        self.now.plus_seconds(i64::from(seconds))
    }

    /// Ends a refresh family, and with it the access tokens it gave.
    pub(super) async fn end_family(&self, change: &mut Change, name: &str) -> Result<(), Error> {
        let found = self.get::<crate::oidc::refresh::RefreshFamily>(name).await?;
        if let Some(mut found) = found {
            found.record.revoked = true;
            change.replace(name, found.version, &found.record, Some(found.record.until.at));
        }
        Ok(())
    }
}
