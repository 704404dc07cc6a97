//! The pages after the OTP: the upgrade notice, and consent.

use super::{
    FormResult, Next, Ongoing, SubmittedForm,
    answered::sign_in_ended,
    code::{Giving, consent_name},
};
use crate::{
    flow::{Error, Realm, retry},
    oidc::{
        error::{self, Code},
        grant::Consented,
        interaction::InteractionStep,
    },
};

impl Realm {
    /// The holder leaves the upgrade notice: the portal hears `access_denied`.
    pub async fn leave_level(&self, form: SubmittedForm<'_>) -> Result<FormResult, Error> {
        let found = self.posted(form).await?;
        let InteractionStep::Level { .. } = found.record.step else { return Err(Error::StaleForm) };
        let error = error::Error::new(Code::AccessDenied, "account level 2 is required")
            .by("the client's minimum_level")
            .expecting("an account of level 2, which the client's minimum_level asks for");
        self.close(Ongoing { form, found }, &error).await
    }

    /// The holder allows or denies.
    pub async fn decide_consent(
        &self,
        form: SubmittedForm<'_>,
        allow: bool,
    ) -> Result<FormResult, Error> {
        let turn = self.turn();
        retry!(async {
        let found = self.posted(form).await?;
        let InteractionStep::Consent { authentication: who } = &found.record.step else {
            return Err(Error::StaleForm);
        };
        let request = &found.record.request;
        let client = self.asking(request).await?;
        if !allow {
            let error = error::Error::new(Code::AccessDenied, "the holder denied the request")
                .by("RFC 6749 §4.1.2.1: access_denied")
                .expecting("decision=allow on the consent page");
            return self.close(Ongoing { form, found }, &error).await;
        }
        if self.token_holder(who).await?.is_none() {
            let error = sign_in_ended();
            return self.close(Ongoing { form, found }, &error).await;
        }
        let mut change = self.change();
        let name = consent_name(&request.client_id, &who.number);
        change.put(name, &Consented(request.scope.clone()), None);
        let sid = found.record.session.as_deref();
        let giving = Giving { request, client: &client, who, sid, code: &turn.code };
        let answer = self.give_code(&mut change, giving);
        let next = Next::Portal { answer, session: None };
        self.settle(change, Ongoing { form, found }, Ok(next)).await
        })
    }
}
