//! The pages after the OTP: the upgrade notice, and consent.

use super::{
    Next, SubmittedForm,
    code::{Giving, consent_name},
};
use crate::{
    flow::{Error, Realm, provider::explain::RefusalContext},
    oidc::{
        error::{self, Code},
        grant::Consented,
        interaction::{Interaction, InteractionStep},
    },
    store::records::Loaded,
};

impl Realm {
    /// The holder leaves the upgrade notice: the portal hears `access_denied`.
    pub async fn leave_level(&self, form: SubmittedForm<'_>) -> Result<Next, Error> {
        let found = self.posted(form).await?;
        let InteractionStep::Level { .. } = found.record.step else { return Err(Error::StaleForm) };
        let error = error::Error::new(Code::AccessDenied, "account level 2 is required")
            .by("product §5: the client's minimum_level");
        self.close(form.id, &found, &error).await
    }

    pub(super) async fn close(
        &self,
        id: &str,
        found: &Loaded<Interaction>,
        error: &error::Error,
    ) -> Result<Next, Error> {
        self.asking(&found.record.request).await?;
        let mut change = self.change();
        change.expect_version::<Interaction>(id, found.version);
        change.delete::<Interaction>(id);
        match self.store().commit(change).await {
            Err(crate::store::Error::Conflict) => Err(Error::StaleForm),
            Err(error) => Err(error.into()),
            Ok(()) => {
                let request = &found.record.request;
                let about = RefusalContext::client(&request.client_id, found.record.step.path());
                Ok(self.refused(&request.redirect, error, about))
            }
        }
    }

    /// The holder allows or denies.
    pub async fn decide_consent(
        &self,
        form: SubmittedForm<'_>,
        allow: bool,
    ) -> Result<Next, Error> {
        let turn = self.turn();
        let found = self.posted(form).await?;
        let InteractionStep::Consent { authentication: who } = &found.record.step else {
            return Err(Error::StaleForm);
        };
        let request = &found.record.request;
        let client = self.asking(request).await?;
        if !allow {
            let error = error::Error::new(Code::AccessDenied, "the holder denied the request")
                .by("RFC 6749 §4.1.2.1: access_denied");
            return self.close(form.id, &found, &error).await;
        }
        if self.token_holder(who).await?.is_none() {
            let error = error::Error::new(Code::AccessDenied, "the sign-in has ended")
                .by("a lock, a new phone or a new password ends what came before");
            return self.close(form.id, &found, &error).await;
        }
        let mut change = self.change();
        change.expect_version::<Interaction>(form.id, found.version);
        change.delete::<Interaction>(form.id);
        let name = consent_name(&request.client_id, &who.number);
        change.put(name, &Consented(request.scope.clone()), None);
        let sid = found.record.session.as_deref();
        let giving = Giving { request, client: &client, who, sid, code: &turn.code };
        let answer = self.give_code(&mut change, giving);
        match self.commit(change).await {
            Err(Error::Store(crate::store::Error::Conflict)) => Err(Error::StaleForm),
            Err(error) => Err(error),
            Ok(()) => Ok(Next::Portal { answer, session: None }),
        }
    }
}
