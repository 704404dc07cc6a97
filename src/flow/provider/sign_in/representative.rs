//! A child's or ward's account is used with the representative's consent, given in her app (Decree 69/2024 Art. 14.2).

use super::{Entrant, FormResult, Ongoing, StepValues, SubmittedForm};
use crate::{
    dice::DrawPurpose as Draw,
    flow::{
        Error, Realm,
        base::{loaded_account::LoadedAccount, messages::Draft},
        retry,
    },
    identity::{IdNumber, Refused, consent::WardConsent},
    oidc::{
        INTERACTION_SECONDS,
        error::{self, Code},
        interaction::{Interaction, InteractionStep},
    },
    outbox::{MessagePurpose, templates},
    store::Change,
};

fn name(representative: &IdNumber, id: &str) -> String {
    format!("{representative}\0{id}")
}

impl Realm {
    /// Asks the representative of a child or ward, within the batch; `None` where nobody need be asked.
    pub(super) fn ask_representative(
        &self,
        change: &mut Change,
        interaction: &Interaction,
        Entrant { who, held }: &Entrant<'_>,
        turn: &StepValues,
    ) -> Result<Option<InteractionStep>, Error> {
        let now = self.now;
        if !held.who.kind.is_represented() {
            return Ok(None);
        }
        let representative = held.subject.representative(held.who);
        let representative = representative.ok_or(Refused::RepresentativeRequired)?;
        let id: String = turn.id.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let question = WardConsent {
            id: id.clone(),
            ward: who.number,
            portal: interaction.client_name.clone(),
            answer: None,
            at: now,
        };
        let consent = name(&representative, &id);
        change.put(&consent, &question, Some(now.plus_seconds(INTERACTION_SECONDS)));
        let what = format!("dang nhap {}", crate::identity::unaccent(&interaction.client_name));
        let text = templates::consent(&held.subject.unaccented(), &what);
        let draft = Draft { reference: Some(id), ..Draft::plain(MessagePurpose::Consent, text) };
        self.app_notice(change, &held.account, &representative, draft);
        Ok(Some(InteractionStep::Representative { authentication: who.clone(), consent }))
    }

    /// The questions that wait for a representative's answer: her own, and her spouse's.
    pub async fn consents(&self, held: &LoadedAccount) -> Result<Vec<WardConsent>, Error> {
        let mut found = Vec::new();
        for representative in parents(held)? {
            let prefix = name(&representative, "");
            let page = self.scan::<WardConsent>(prefix.as_bytes(), None, 100).await?;
            found.extend(page.into_iter().map(|(_, it)| it).filter(|it| it.answer.is_none()));
        }
        Ok(found)
    }

    /// The representative answers; her passcode was checked.
    pub async fn answer_consent(
        &self,
        held: &LoadedAccount,
        id: &str,
        allow: bool,
    ) -> Result<WardConsent, Error> {
        retry!(async {
            for representative in parents(held)? {
                let name = name(&representative, id);
                let found = self.get::<WardConsent>(&name).await?;
                let Some(mut found) = found.filter(|found| found.record.answer.is_none()) else {
                    continue;
                };
                let ward = self.load_known_account(&found.record.ward).await?;
                if !self.acts_for(&held.account.number, &ward).await? {
                    return Err(Refused::NotRepresentative.into());
                }
                found.record.answer = Some(allow);
                let until = found.record.at.plus_seconds(INTERACTION_SECONDS);
                let mut change = self.change();
                change.replace(&name, found.version, &found.record, Some(until));
                self.commit(change).await?;
                return Ok(found.record);
            }
            Err(Error::Missing("consent"))
        })
    }

    /// The waiting page is sent: on, if the representative has consented.
    pub async fn after_consent(&self, form: SubmittedForm<'_>) -> Result<FormResult, Error> {
        let code = self.dice().token(Draw::Code);
        let next_form = self.dice().token(Draw::Session);
        retry!(async {
            let mut found = self.posted(form).await?;
            let step = found.record.step.clone();
            let InteractionStep::Representative { authentication, consent } = step else {
                return Err(Error::StaleForm);
            };
            let asked = self.get::<WardConsent>(&consent).await?;
            let still = self.token_holder(&authentication).await?.is_some();
            found.record.form.clone_from(&next_form);
            let ongoing = Ongoing { form, found };
            match asked.and_then(|asked| asked.record.answer) {
                Some(true) if still => self.go_on(ongoing, authentication, &code).await,
                None if still => {
                    self.settle(self.change(), ongoing, Err(Refused::ConsentRequired)).await
                }
                _ => {
                    let sentence = "the representative did not consent";
                    let error = error::Error::new(Code::AccessDenied, sentence)
                        .by("Decree 69/2024 Art. 14.2")
                        .expecting("the representative's consent, given in her app");
                    self.close(ongoing, &error).await
                }
            }
        })
    }
}

/// The person herself and her spouse: both are parents.
fn parents(held: &LoadedAccount) -> Result<impl Iterator<Item = IdNumber>, Error> {
    Ok(std::iter::once(held.account.number).chain(held.person()?.spouse))
}
