//! `prompt=select_account`: the holder who is signed in goes on, or somebody else signs in (OIDC Core §3.1.2.1).

use super::{
    AuthorizationAttempt, FormResult, Next, Ongoing, StepValues, SubmittedForm, begun, named, page,
};
use crate::{
    flow::{Error, Realm, retry},
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
        let id = named(&turn.id, &asked.request.client_id);
        let interaction = begun(asked, &id, turn.form, step, self.now);
        let mut change = self.change();
        change.insert(&id, &interaction, Some(interaction.until));
        self.commit(change).await?;
        Ok(Next::Page { id, path: path.into(), session: None })
    }

    /// The holder goes on as who she is, or to the first form.
    pub async fn select_account(
        &self,
        form: SubmittedForm<'_>,
        same: bool,
    ) -> Result<FormResult, Error> {
        let now = self.now;
        let turn = self.turn();
        retry!(async {
        let mut found = self.posted(form).await?;
        let InteractionStep::SelectAccount { authentication, session } = found.record.step.clone()
        else {
            return Err(Error::StaleForm);
        };
        found.record.form.clone_from(&turn.form);
        let request = &found.record.request;
        let reached = authentication.context_class();
        let alive = self.token_holder(&authentication).await?.is_some()
            && !self.has_ended(&session).await?;
        let old =
            Session { sid: session.clone(), authentication: authentication.clone(), until: now };
        let fits = alive && !request.steps_up(reached) && old.answers(request, self.stamp());
        if same && fits {
            found.record.session = Some(session);
            let client = self.asking(&found.record.request).await?;
            if let Some(step) = self.due(&found.record.request, &client, &authentication).await? {
                found.record.step = step;
            } else {
                return self.go_on(Ongoing { form, found }, authentication, &turn.code).await;
            }
        } else {
            found.record.step = InteractionStep::Password;
        }
        let next = page(form.id, &found.record);
        self.settle(self.change(), Ongoing { form, found }, Ok(next)).await
        })
    }
}
