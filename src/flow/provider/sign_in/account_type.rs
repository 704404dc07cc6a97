//! “Cá nhân / Tổ chức”: for whom a holder with both roles signs in.

use super::{
    FormResult, Next, Ongoing, SubmittedForm, answered::sign_in_ended, code::Giving, page,
};
use crate::{
    flow::{Error, Realm, retry},
    identity::{IdNumber, Organisation, organisation::Role},
    oidc::{
        grant::Authentication,
        interaction::InteractionStep,
    },
};

impl Realm {
    /// The organisations a holder may choose.
    pub async fn choices(&self, who: &Authentication) -> Result<Vec<(Organisation, Role)>, Error> {
        self.acts_for_organisations(&who.number).await
    }

    /// The holder signs in for herself (`None`) or for an organisation.
    pub async fn choose_account_type(
        &self,
        form: SubmittedForm<'_>,
        organisation: Option<&IdNumber>,
    ) -> Result<FormResult, Error> {
        let code = self.dice().token(crate::dice::DrawPurpose::Code);
        let next_form = self.dice().token(crate::dice::DrawPurpose::Session);
        retry!(async {
            let mut found = self.posted(form).await?;
            let InteractionStep::AccountType { authentication } = found.record.step.clone() else {
                return Err(Error::StaleForm);
            };
            let mut who = authentication;
            if self.token_holder(&who).await?.is_none() {
                return self.close(Ongoing { form, found }, &sign_in_ended()).await;
            }
            if let Some(number) = organisation {
                let Some(acting) = self.acting(&who.number, number).await? else {
                    return Err(Error::StaleForm);
                };
                who.acting = Some(acting);
            }
            found.record.form.clone_from(&next_form);
            self.go_on(Ongoing { form, found }, who, &code).await
        })
    }

    /// To the page that is due after the choice, or back to the portal.
    pub(super) async fn go_on(
        &self,
        Ongoing { form, mut found }: Ongoing<'_>,
        who: Authentication,
        code: &str,
    ) -> Result<FormResult, Error> {
        let request = found.record.request.clone();
        let client = self.asking(&request).await?;
        let mut change = self.change();
        if let Some(step) = self.due_after_choice(&request, &client, &who).await? {
            found.record.step = step;
            let next = page(form.id, &found.record);
            return self.settle(change, Ongoing { form, found }, Ok(next)).await;
        }
        let sid = found.record.session.as_deref();
        let giving = Giving { request: &request, client: &client, who: &who, sid, code };
        let answer = self.give_code(&mut change, giving);
        let next = Next::Portal { answer, session: None };
        self.settle(change, Ongoing { form, found }, Ok(next)).await
    }
}
