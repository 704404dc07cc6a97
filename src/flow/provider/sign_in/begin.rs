//! The authorization request arrives: checked, answered by a session, or led to the page that is due.

use super::{AuthorizationAttempt, Browser, Next, StepValues, begun, code::Giving, named};
use crate::{
    clock::Stamp,
    flow::{Error, Realm, provider::explain::RefusalContext},
    oidc::{
        authorize::{self, AuthorizationRequest},
        error::{self, Code},
        grant::Authentication,
        interaction::InteractionStep,
        params::Params,
        session::Session,
    },
};

impl Realm {
    /// RFC 6749 §4.1.1: checks the request and finds out which page, if any, the holder must see.
    pub async fn begin_sign_in(&self, params: &Params, browser: &Browser) -> Result<Next, Error> {
        let now = self.now;
        let id = authorize::client_id(params)?;
        let client = self.client(id).await?.ok_or(authorize::Untrusted::ClientUnknown)?;
        let pushed = self.unpushed(&client, params).await?;
        let params = pushed.as_ref().unwrap_or(params);
        let redirect = authorize::trust(params, &client)?;
        let no = |error: &error::Error| {
            let about =
                RefusalContext::request(&client.client_id, "/oauth2/authorize", params).of(&client);
            self.refused(&redirect, error, about)
        };
        let request = match authorize::check(params, &client, redirect.clone()) {
            Ok(request) => request,
            Err(error) => return Ok(no(&error)),
        };
        let hinted = match self.hinted(&request) {
            Ok(hinted) => hinted,
            Err(error) => return Ok(no(&error)),
        };
        self.trace(&request.client_id, "authorization request accepted");
        let is_hinted = |who: &Authentication| {
            hinted.as_ref().is_none_or(|sub| *sub == self.sub_for(&client, &who.subject))
        };
        let turn = self.turn();
        let session = self.session(browser).await?;
        if let Some((name, session)) =
            session.filter(|(_, session)| is_hinted(&session.authentication))
        {
            if request.prompt.select_account && !request.prompt.login {
                let asked = AuthorizationAttempt { request, client: &client, browser };
                return self.ask_account(asked, session, turn).await;
            }
            if answers(&session, &request, self.stamp()) {
                let due = self.due(&request, &client, &session.authentication).await?;
                let asked = AuthorizationAttempt { request, client: &client, browser };
                return self.proceed(asked, Some((name, session)), due, &turn).await;
            }
        }
        if self.record.policy.automatic_sign_in
            && let Some(who) = self.automatic(&request).await?
            && is_hinted(&who)
        {
            if let Err(error) = request.asserted(who.context_class()) {
                return Ok(no(&error));
            }
            // Without pages nobody chooses: the holder signs in for herself.
            let due = self.due_after_choice(&request, &client, &who).await?;
            let session = Session { sid: String::new(), authentication: who, until: now };
            let asked = AuthorizationAttempt { request, client: &client, browser };
            return self.proceed(asked, Some((String::new(), session)), due, &turn).await;
        }
        if request.prompt.none {
            let sentence = "nobody is signed in, or not as the request wants";
            let error = error::Error::new(Code::LoginRequired, sentence);
            let error = error.by("OIDC Core §3.1.2.1: prompt=none");
            return Ok(no(&error.expecting("a browser with a session that answers max_age, acr and hints; or a page")));
        }
        let id = named(&turn.id, &request.client_id);
        let asked = AuthorizationAttempt { request, client: &client, browser };
        let interaction = begun(asked, &id, turn.form, InteractionStep::Password, now);
        let mut change = self.change();
        change.insert(&id, &interaction, Some(interaction.until));
        self.commit(change).await?;
        Ok(Next::Page { id, path: InteractionStep::Password.path().into(), session: None })
    }

    /// What a signed-in holder meets next: the level, consent, or the portal.
    async fn proceed(
        &self,
        asked: AuthorizationAttempt<'_>,
        session: Option<(String, Session)>,
        due: Option<InteractionStep>,
        turn: &StepValues,
    ) -> Result<Next, Error> {
        let now = self.now;
        let mut change = self.change();
        let AuthorizationAttempt { request, client, .. } = &asked;
        let Some((name, session)) = session else { return Err(Error::Missing("session")) };
        let sid = Some(session.sid.as_str()).filter(|sid| !sid.is_empty());
        if sid.is_some() {
            let forgotten = session.forgotten(self.lifetimes(), now);
            change.put(name, &session, Some(forgotten));
        }
        let Some(step) = due else {
            let who = &session.authentication;
            let giving = Giving { request, client, who, sid, code: &turn.code };
            let answer = self.give_code(&mut change, giving);
            self.commit(change).await?;
            return Ok(Next::Portal { answer, session: None });
        };
        if request.prompt.none {
            let error = match step {
                InteractionStep::Consent { .. } => {
                    error::Error::new(Code::ConsentRequired, "the holder must consent")
                }
                InteractionStep::AccountType { .. } => {
                    let sentence = "the holder must choose: for herself or for an organisation";
                    error::Error::new(Code::AccountSelectionRequired, sentence)
                }
                _ => error::Error::new(Code::InteractionRequired, "account level 2 is required"),
            };
            let error = error.by("OIDC Core §3.1.2.6: prompt=none");
            let error = error.expecting("a request without prompt=none, so that the page can be shown");
            let about = RefusalContext::client(&request.client_id, "/oauth2/authorize");
            return Ok(self.refused(&request.redirect, &error, about));
        }
        let path = step.path();
        let sid = sid.map(str::to_owned);
        let id = named(&turn.id, &asked.request.client_id);
        let mut interaction = begun(asked, &id, turn.form.clone(), step, now);
        interaction.session = sid;
        change.insert(&id, &interaction, Some(interaction.until));
        self.commit(change).await?;
        Ok(Next::Page { id, path: path.into(), session: None })
    }
}

/// Whether a session answers a request: its age, `prompt`, and how strong its sign-in was (RFC 9470 §4).
fn answers(session: &Session, request: &AuthorizationRequest, now: Stamp) -> bool {
    let reached = session.authentication.context_class();
    // OIDC Core §5.5.1.1: a voluntary class that only a page could reach is not reached; an essential one must be.
    let voluntary = request.claims.essential_acr.is_empty();
    let strong = !request.steps_up(reached) || (voluntary && request.prompt.none);
    strong && session.answers(request, now)
}
