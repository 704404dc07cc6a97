//! `prompt=select_account`: the holder who is signed in goes on, or somebody else signs in (OIDC Core §3.1.2.1).

use super::{AuthorizationAttempt, FormResult, Next, StepValues, SubmittedForm, begun, page};
use crate::{
    flow::{Error, Realm},
    oidc::{interaction::InteractionStep, session::Session},
};

impl Realm {
    /// Shows who is signed in, and asks.
    pub(super) async fn ask_account(
        &self,
        asked: AuthorizationAttempt<'_>,
        session: Session,
        turn: StepValues,
    ) -> Result<Next, Error> {
        let Session { sid: session, authentication, .. } = session;
        let step = InteractionStep::SelectAccount { authentication, session };
        let path = step.path();
        let interaction = begun(asked, &turn.id, turn.form, step, self.now);
        let mut change = self.change();
        change.insert(&turn.id, &interaction, Some(interaction.until));
        self.commit(change).await?;
        Ok(Next::Page { id: turn.id, path, session: None })
    }

    /// The holder goes on as who she is, or to the first form.
    pub async fn select_account(
        &self,
        form: SubmittedForm<'_>,
        same: bool,
    ) -> Result<FormResult, Error> {
        let now = self.now;
        let turn = self.turn();
        let mut found = self.posted(form).await?;
        let InteractionStep::SelectAccount { authentication, session } = found.record.step.clone()
        else {
            return Err(Error::StaleForm);
        };
        found.record.form = turn.form;
        let request = &found.record.request;
        let reached = authentication.context_class();
        let alive = self.token_holder(&authentication).await?.is_some()
            && !self.has_ended(&session).await?;
        let old =
            Session { sid: session.clone(), authentication: authentication.clone(), until: now };
        let fits = alive && !request.steps_up(reached) && old.answers(request, now);
        if same && fits {
            found.record.session = Some(session);
            let client = self.asking(&found.record.request).await?;
            if let Some(step) = self.due(&found.record.request, &client, &authentication).await? {
                found.record.step = step;
            } else {
                return self.go_on(form.id, found, authentication, &turn.code).await.map(Ok);
            }
        } else {
            found.record.step = InteractionStep::Password;
        }
        let mut change = self.change();
        change.replace(form.id, found.version, &found.record, Some(found.record.until));
        match self.commit(change).await {
            Err(Error::Store(crate::store::Error::Conflict)) => Err(Error::StaleForm),
            Err(error) => Err(error),
            Ok(()) => Ok(Ok(page(form.id, &found.record))),
        }
    }
}
