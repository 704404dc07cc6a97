//! Revocation (RFC 7009): a client gives a token back.

use super::{Credentials, live::name_of, oauth_error, once, refresh::parts};
use crate::{
    flow::{Error, Realm, retry},
    oidc::{error::Code, grant::AccessToken, params::Params, refresh::RefreshFamily},
};

impl Realm {
    /// RFC 7009 §2.1: unknown tokens, and other clients', are answered like revoked ones.
    pub async fn revoke(&self, credentials: &Credentials, params: &Params) -> Result<(), Error> {
        once(params, &["token", "token_type_hint"])?;
        let client = self.authenticate(credentials, params).await?;
        let Some(token) = params.get("token") else {
            return Err(oauth_error(Code::InvalidRequest, "token is missing", "RFC 7009 §2.1", "the token to revoke"));
        };
        retry!(async {
            let mut change = self.change();
            let name = name_of(token);
            let access = self.get::<AccessToken>(&name).await?;
            if access.is_some_and(|it| it.record.client_id == client.client_id) {
                change.delete::<AccessToken>(&name);
            } else if let Some((name, hash)) = parts(token) {
                let family = self.get::<RefreshFamily>(name).await?;
                let own = |family: &RefreshFamily| {
                    family.grant.client_id == client.client_id && family.holds(&hash, self.now)
                };
                // §2.1: with the refresh token go the access tokens of the same grant.
                if family.is_some_and(|family| own(&family.record)) {
                    self.end_family(&mut change, name).await?;
                }
            }
            Ok(self.store().commit(change).await?)
        })
    }
}
