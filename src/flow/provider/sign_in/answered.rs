//! A form is answered once, and whoever sends it again hears the same (product §5): a double click, a reload.

use super::{FormResult, Next, Ongoing, SubmittedForm, portal_of};
use crate::{
    flow::{Error, Realm},
    identity::{Refused, secret::Secret},
    oidc::{
        answered::{AnsweredForm, FormOutcome},
        client::Client,
        digest::{constant_time_eq, sha256_base64url},
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
