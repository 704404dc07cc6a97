//! Which page is due between sign-in and portal, if any.

use crate::{
    flow::{Error, Realm},
    oidc::{
        authorize::AuthorizationRequest,
        client::{Client, Consent},
        grant::{Authentication, Consented},
        interaction::InteractionStep,
        scopes,
    },
};

impl Realm {
    /// The page between sign-in and portal, if one is due.
    pub(super) async fn due(
        &self,
        request: &AuthorizationRequest,
        client: &Client,
        who: &Authentication,
    ) -> Result<Option<InteractionStep>, Error> {
        let authentication = who.clone();
        if who.acting.is_none() && !self.acts_for_organisations(&who.number).await?.is_empty() {
            return Ok(Some(InteractionStep::AccountType { authentication }));
        }
        self.due_after_choice(request, client, who).await
    }

    /// The same once it is settled for whom the holder acts.
    pub(super) async fn due_after_choice(
        &self,
        request: &AuthorizationRequest,
        client: &Client,
        who: &Authentication,
    ) -> Result<Option<InteractionStep>, Error> {
        let authentication = who.clone();
        if who.level < client.minimum_level {
            return Ok(Some(InteractionStep::Level { authentication }));
        }
        let asks = match client.consent {
            Consent::Never => request.prompt.consent,
            Consent::Always => true,
            Consent::First => request.prompt.consent || !self.has_consented(request, who).await?,
        };
        Ok(asks.then_some(InteractionStep::Consent { authentication }))
    }

    async fn has_consented(
        &self,
        request: &AuthorizationRequest,
        who: &Authentication,
    ) -> Result<bool, Error> {
        let name = super::code::consent_name(&request.client_id, &who.number);
        let found = self.get::<Consented>(name).await?;
        Ok(found.is_some_and(|found| {
            request.scope.split(' ').all(|token| scopes::contains(&found.record.0, token))
        }))
    }
}
