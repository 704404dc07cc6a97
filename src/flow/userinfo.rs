//! The claims behind an access token, as they are now.

use serde_json::{Map, Value};

use super::{Error, Realm, exchange::Holding};
use crate::{
    clock::Timestamp,
    identity::{Level, Papers, Subject, life::Standing},
    oidc::{
        claims,
        digest::sha256_base64url,
        error::{self, Code},
        grant::{AccessToken, Authentication},
        scope::contains,
    },
};

impl Realm {
    /// OIDC Core §5.3. The profile may have changed since the sign-in; `sub` has not.
    pub async fn userinfo(
        &self,
        bearer: &str,
        now: Timestamp,
    ) -> Result<Map<String, Value>, Error> {
        let refused = || {
            let sentence = "the access token is unknown, expired or revoked";
            Error::from(error::Error::new(Code::InvalidToken, sentence))
        };
        let name = sha256_base64url(bearer);
        let found = self.store().get::<AccessToken>(self.id(), &name, now).await?;
        let token = found.ok_or_else(refused)?.record;
        self.client(&token.client_id, now).await?.ok_or_else(refused)?;
        let mut holding = self.holding(&token.authentication, now).await?.ok_or_else(refused)?;
        if token.scope.contains("vneid.") && holding.level == Level::Two {
            holding.papers = self.papers(&holding.citizen, now);
        }
        let mut claims = claims::of(holding.holder(now), &token.scope);
        if contains(&token.scope, "vneid.dependants") && holding.level == Level::Two {
            let dependants = self.dependants(&token.authentication.number, now).await?;
            claims::dependants(&dependants, &mut claims);
        }
        Ok(claims)
    }

    /// The holder, if nothing has ended the sign-in since: no lock, no new epoch.
    pub(crate) async fn holding(
        &self,
        authentication: &Authentication,
        now: Timestamp,
    ) -> Result<Option<Holding>, Error> {
        let Some(held) = self.held(&authentication.number, now).await? else { return Ok(None) };
        let account = held.account;
        // A lawful lock begins a new epoch. A temporary one does not: it stops new sign-ins, and does not
        // end those that were right before it.
        if account.epoch != authentication.epoch {
            return Ok(None);
        }
        let Some(Standing::Active { level, .. }) = account.life.state.standing() else {
            return Ok(None);
        };
        let Subject::Person(citizen) = held.subject else { return Ok(None) };
        let organisation = match &authentication.acting {
            None => None,
            // Whoever no longer acts for the organisation, or whose organisation is locked, is signed out.
            Some(before) => {
                let now_acting =
                    self.acting(&authentication.number, &before.organisation, now).await?;
                if now_acting.as_ref() != Some(before) {
                    return Ok(None);
                }
                Some((self.organisation(&before.organisation, now).await?, before.role))
            }
        };
        let (citizen, papers) = (*citizen, Papers::default());
        Ok(Some(Holding { citizen, account, level, organisation, papers }))
    }
}
