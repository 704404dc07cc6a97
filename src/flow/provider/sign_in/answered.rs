//! A form is answered once, and whoever sends it again hears the same: a double click, a reload.

use super::{FormResult, Next, Ongoing, SubmittedForm, portal_of};
use crate::{
    flow::{Error, Realm, provider::explain::RefusalContext},
    identity::{Refused, secret::Secret},
    oidc::{
        answered::{AnsweredForm, FormOutcome},
        authorize::TrustedRedirect,
        client::Client,
        digest::{constant_time_eq, sha256_base64url},
        error::{self, Code},
        interaction::Interaction,
    },
    store::Change,
};

impl Realm {
    /// Commits what a form led to together with the answer. Of two that are sent at the same moment one commits; the other
    /// finds the answer.
    pub(super) async fn settle(
        &self,
        mut change: Change,
        Ongoing { form, found }: Ongoing<'_>,
        answer: FormResult,
    ) -> Result<FormResult, Error> {
        let until = Some(found.record.until);
        if matches!(answer, Ok(Next::Portal { .. })) {
            change.expect_version::<Interaction>(form.id, found.version);
            change.delete::<Interaction>(form.id);
        } else {
            change.replace(form.id, found.version, &found.record, until);
        }
        change.put(form.id, &kept(form, found.record.browser, &answer), until);
        self.commit(change).await?;
        Ok(answer)
    }

    /// Ends the sign-in: the portal hears why.
    pub(super) async fn close(
        &self,
        ongoing: Ongoing<'_>,
        error: &error::Error,
    ) -> Result<FormResult, Error> {
        let request = &ongoing.found.record.request;
        self.asking(request).await?;
        let about = RefusalContext::client(&request.client_id, ongoing.found.record.step.path());
        let next = self.refused(&request.redirect, error, about);
        self.settle(self.change(), ongoing, Ok(next)).await
    }

    /// What the portal hears of a request that is refused.
    pub(super) fn refused(
        &self,
        redirect: &TrustedRedirect,
        error: &error::Error,
        about: RefusalContext<'_>,
    ) -> Next {
        let uri = self.explain(error, about);
        Next::Portal { answer: redirect.refused(error, uri, &self.issuer()), session: None }
    }

    /// What this form was answered before, if it is the last one that was answered.
    pub async fn answered_before(
        &self,
        form: SubmittedForm<'_>,
    ) -> Result<Option<FormResult>, Error> {
        let Some(found) = self.get::<AnsweredForm>(form.id).await? else { return Ok(None) };
        let AnsweredForm { browser, digest, outcome, session, .. } = found.record;
        let same = constant_time_eq(digest.as_bytes(), form.digest.as_bytes())
            && constant_time_eq(browser.as_bytes(), sha256_base64url(form.browser).as_bytes());
        let session = session.map(Secret::into_revealed);
        Ok(same.then(|| match outcome {
            FormOutcome::Page(path) => Ok(Next::Page { id: form.id.to_owned(), path, session }),
            FormOutcome::Portal(answer) => Ok(Next::Portal { answer, session }),
            FormOutcome::Refused(refused) => Err(refused),
        }))
    }

    /// What the last form of an interaction was refused with, and the ID number that was typed.
    pub async fn refused_last(
        &self,
        id: &str,
        browser: &str,
    ) -> Result<Option<(Refused, String)>, Error> {
        let found = self.get::<AnsweredForm>(id).await?.map(|found| found.record);
        let hash = sha256_base64url(browser);
        let own = found.filter(|it| constant_time_eq(it.browser.as_bytes(), hash.as_bytes()));
        Ok(own.and_then(|it| match it.outcome {
            FormOutcome::Refused(refused) => Some((refused, it.typed)),
            FormOutcome::Page(_) | FormOutcome::Portal(_) => None,
        }))
    }

    /// The portal that an interaction was for, also when nothing else is known of it any more.
    pub async fn portal_behind(&self, id: &str) -> Result<Option<std::sync::Arc<Client>>, Error> {
        match portal_of(id) {
            Some(client_id) => self.client(&client_id).await,
            None => Ok(None),
        }
    }
}

fn kept(form: SubmittedForm<'_>, browser: String, answer: &FormResult) -> AnsweredForm {
    let (outcome, session) = match answer.clone() {
        Ok(Next::Page { path, session, .. }) => (FormOutcome::Page(path), session),
        Ok(Next::Portal { answer, session }) => (FormOutcome::Portal(answer), session),
        Err(refused) => (FormOutcome::Refused(refused), None),
    };
    let digest = form.digest.to_owned();
    let typed = form.typed.chars().take(64).collect();
    AnsweredForm { browser, digest, outcome, typed, session: session.map(Into::into) }
}

/// A lock, a new phone or a new password came between the page and its form.
pub(super) fn sign_in_ended() -> error::Error {
    error::Error::new(Code::AccessDenied, "the sign-in has ended")
        .by("a lock, a new phone or a new password ends what came before")
        .expecting("an account that was not locked or changed since the OTP")
}
