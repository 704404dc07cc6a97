//! A portal sends a browser; the holder types password and OTP; the browser goes back with a code.

mod account_type;
mod decisions;
mod otp;
mod password;
mod qr;
mod representative;
mod who;

use super::{Error, Realm};
use crate::{
    clock::Timestamp,
    dice::Purpose,
    identity::{IdNumber, Refused},
    oidc::{
        authorize::{self, Request},
        client::{Client, Consent},
        digest::{constant_time_eq, sha256_base64url},
        error::{self, Code},
        grant::{Authentication, AuthorizationCode, CODE_SECONDS, Grant},
        interaction::{INTERACTION_SECONDS, Interaction, Session, Step},
        language::Language,
        params::Params,
        scope,
    },
    store::{Change, kinds::Consented, records::Loaded},
};

/// Where the browser goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// To the page of the step that is due.
    Page {
        /// Names the interaction.
        id: String,
        /// The page's path beneath the realm.
        path: &'static str,
        /// A new single sign-on cookie, if the holder just signed in.
        session: Option<String>,
    },
    /// Back to the portal.
    Portal {
        /// The registered URI with the answer in its query.
        location: String,
        /// A new single sign-on cookie, if the holder just signed in.
        session: Option<String>,
    },
}

/// What a browser brings along.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The cookie that ties interactions to it.
    pub key: String,
    /// The single sign-on cookie.
    pub session: Option<String>,
}

/// A form of the sign-in pages.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// The interaction it continues.
    pub id: &'a str,
    /// The browser's cookie.
    pub browser: &'a str,
    /// The anti-forgery field.
    pub form: &'a str,
}

/// What a form led to: on, or the same form with a refusal.
pub type Answer = Result<Next, Refused>;

/// One request's moment, and what it draws before anything is decided.
struct Turn {
    now: Timestamp,
    id: String,
    form: String,
    otp: String,
    code: String,
    session: String,
}

pub use qr::{Waiting, Whom};
use who::authentication;
pub(crate) use who::may_enter;

impl Realm {
    fn turn(&self, now: Timestamp) -> Turn {
        Turn {
            now,
            id: self.dice().token(Purpose::Session),
            form: self.dice().token(Purpose::Session),
            otp: self.dice().otp(),
            code: self.dice().token(Purpose::Code),
            session: self.dice().token(Purpose::Session),
        }
    }

    /// RFC 6749 §4.1.1: checks the request and finds out which page, if any, the holder must see.
    pub async fn begin_sign_in(
        &self,
        params: &Params,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Next, Error> {
        let id = authorize::client_id(params)?;
        let client = self.client(id, now).await?.ok_or(authorize::Untrusted::ClientUnknown)?;
        let redirect = authorize::trust(params, &client)?;
        let request = match authorize::check(params, &client, redirect.clone()) {
            Ok(request) => request,
            Err(error) => return Ok(self.refused(&redirect, &error)),
        };
        let hinted = match self.hinted_subject(&request) {
            Ok(hinted) => hinted,
            Err(error) => return Ok(self.refused(&redirect, &error)),
        };
        let session = self.session(browser, now).await?;
        let fits = |session: &Session| {
            session.answers(&request, now)
                && hinted.as_ref().is_none_or(|sub| *sub == session.authentication.subject)
        };
        let mut turn = self.turn(now);
        if let Some(session) = session.filter(fits) {
            let who = session.authentication;
            let due = self.due(&request, &client, &who, now).await?;
            return self.proceed(request, &client, (who, due), browser, &turn).await;
        }
        if self.record.policy.automatic_sign_in
            && let Some(who) = self.automatic(&request, now).await?
            && hinted.as_ref().is_none_or(|sub| *sub == who.subject)
        {
            // Without pages nobody chooses: the holder signs in for herself.
            let due = self.due_after_choice(&request, &client, &who, now).await?;
            return self.proceed(request, &client, (who, due), browser, &turn).await;
        }
        if request.prompt.none {
            let error = error::Error::new(Code::LoginRequired, "nobody is signed in");
            return Ok(self.refused(&redirect, &error));
        }
        let id = std::mem::take(&mut turn.id);
        let interaction = begun(request, &client, browser, (&id, turn.form), Step::Password, now);
        let mut change = self.change(now);
        change.insert(&id, &interaction, Some(interaction.until));
        self.commit(change).await?;
        Ok(Next::Page { id, path: Step::Password.path(), session: None })
    }

    fn refused(&self, redirect: &authorize::TrustedRedirect, error: &error::Error) -> Next {
        Next::Portal { location: redirect.refused(error, &self.issuer()), session: None }
    }

    /// What a signed-in holder meets next: the level, consent, or the portal.
    async fn proceed(
        &self,
        request: Request,
        client: &Client,
        (who, due): (Authentication, Option<Step>),
        browser: &Browser,
        turn: &Turn,
    ) -> Result<Next, Error> {
        let now = turn.now;
        let mut change = self.change(now);
        let Some(step) = due else {
            let location = self.give_code(&mut change, &request, &who, &turn.code, now);
            self.commit(change).await?;
            return Ok(Next::Portal { location, session: None });
        };
        if request.prompt.none {
            let error = match step {
                Step::Consent { .. } => {
                    error::Error::new(Code::ConsentRequired, "the holder must consent")
                }
                Step::AccountType { .. } => {
                    let sentence = "the holder must choose: for herself or for an organisation";
                    error::Error::new(Code::AccountSelectionRequired, sentence)
                }
                _ => error::Error::new(Code::InteractionRequired, "account level 2 is required"),
            };
            return Ok(self.refused(&request.redirect, &error));
        }
        let path = step.path();
        let names = (turn.id.as_str(), turn.form.clone());
        let interaction = begun(request, client, browser, names, step, now);
        change.insert(&turn.id, &interaction, Some(interaction.until));
        self.commit(change).await?;
        Ok(Next::Page { id: turn.id.clone(), path, session: None })
    }

    /// The page between sign-in and portal, if one is due.
    async fn due(
        &self,
        request: &Request,
        client: &Client,
        who: &Authentication,
        now: Timestamp,
    ) -> Result<Option<Step>, Error> {
        let authentication = who.clone();
        if who.acting.is_none() && !self.acts_for_organisations(&who.number, now).await?.is_empty()
        {
            return Ok(Some(Step::AccountType { authentication }));
        }
        self.due_after_choice(request, client, who, now).await
    }

    /// The same once it is settled for whom the holder acts.
    async fn due_after_choice(
        &self,
        request: &Request,
        client: &Client,
        who: &Authentication,
        now: Timestamp,
    ) -> Result<Option<Step>, Error> {
        let authentication = who.clone();
        if who.level < client.minimum_level {
            return Ok(Some(Step::Level { authentication }));
        }
        let asks = match client.consent {
            Consent::Never => request.prompt.consent,
            Consent::Always => true,
            Consent::First => {
                request.prompt.consent || !self.has_consented(request, who, now).await?
            }
        };
        Ok(asks.then_some(Step::Consent { authentication }))
    }

    async fn has_consented(
        &self,
        request: &Request,
        who: &Authentication,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let name = consent_name(&request.client_id, &who.number);
        let found = self.store().get::<Consented>(self.id(), name, now).await?;
        Ok(found.is_some_and(|found| {
            request.scope.split(' ').all(|token| scope::contains(&found.record.0, token))
        }))
    }

    fn give_code(
        &self,
        change: &mut Change,
        request: &Request,
        who: &Authentication,
        code: &str,
        now: Timestamp,
    ) -> String {
        let until = now.plus_seconds(CODE_SECONDS);
        let record = AuthorizationCode::Issued { grant: grant(request, who), until };
        change.insert(sha256_base64url(code), &record, Some(until));
        request.redirect.granted(code, &self.issuer())
    }

    /// The client of an interaction, if it is still there with this redirect URI: it may have changed since.
    async fn asking(&self, request: &Request, now: Timestamp) -> Result<Client, Error> {
        let client = self.client(&request.client_id, now).await?;
        let client = client.ok_or(authorize::Untrusted::ClientUnknown)?;
        if client.redirect_uris.iter().any(|uri| uri == request.redirect.uri()) {
            Ok(client)
        } else {
            Err(authorize::Untrusted::RedirectMismatch.into())
        }
    }

    /// The interaction behind a page, if it is this browser's.
    pub async fn interaction(
        &self,
        id: &str,
        browser: &str,
        now: Timestamp,
    ) -> Result<Loaded<Interaction>, Error> {
        let found = self.store().get::<Interaction>(self.id(), id, now).await?;
        let own = |found: &Loaded<Interaction>| {
            let hash = sha256_base64url(browser);
            constant_time_eq(found.record.browser.as_bytes(), hash.as_bytes())
        };
        found.filter(own).ok_or(Error::Missing("interaction"))
    }

    async fn posted(&self, form: Form<'_>, now: Timestamp) -> Result<Loaded<Interaction>, Error> {
        let found = self.interaction(form.id, form.browser, now).await?;
        if constant_time_eq(found.record.form.as_bytes(), form.form.as_bytes()) {
            Ok(found)
        } else {
            Err(Error::StaleForm)
        }
    }

    /// Changes the language of an interaction's pages.
    pub async fn speak(
        &self,
        id: &str,
        browser: &str,
        language: Language,
        now: Timestamp,
    ) -> Result<Interaction, Error> {
        let mut found = self.interaction(id, browser, now).await?;
        if found.record.language != language {
            found.record.language = language;
            let mut change = self.change(now);
            change.replace(id, found.version, &found.record, Some(found.record.until));
            match self.store().commit(change).await {
                // Another request moved the interaction: its page comes in the old language.
                Ok(()) | Err(crate::store::Error::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found.record)
    }
}

fn consent_name(client_id: &str, number: &IdNumber) -> String {
    format!("{client_id}\0{number}")
}

pub(crate) fn grant(request: &Request, who: &Authentication) -> Grant {
    Grant {
        client_id: request.client_id.clone(),
        redirect_uri: request.redirect.uri().to_owned(),
        scope: request.scope.clone(),
        nonce: request.nonce.clone(),
        code_challenge: request.code_challenge.clone(),
        authentication: who.clone(),
    }
}

fn begun(
    request: Request,
    client: &Client,
    browser: &Browser,
    (id, form): (&str, String),
    step: Step,
    now: Timestamp,
) -> Interaction {
    Interaction {
        client_name: client.client_name.clone(),
        browser: sha256_base64url(&browser.key),
        form,
        reference: id.chars().filter(char::is_ascii_alphanumeric).take(6).collect(),
        language: request.language,
        request,
        step,
        pushed_at: None,
        until: now.plus_seconds(INTERACTION_SECONDS),
    }
}

/// The page that is due.
fn page(id: &str, interaction: &Interaction) -> Next {
    Next::Page { id: id.to_owned(), path: interaction.step.path(), session: None }
}
