//! A portal sends a browser; the holder types password and OTP; the browser goes back with a code.

mod account_type;
mod answered;
mod begin;
mod code;
mod decisions;
mod next_step;
mod otp;
mod password;
mod qr;
mod representative;
mod select_account;
mod who;

use std::{borrow::Cow, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    clock::Timestamp,
    dice::DrawPurpose,
    flow::{Error, Realm, base::loaded_account::LoadedAccount},
    identity::Refused,
    oidc::{
        INTERACTION_SECONDS,
        authorize::{self, AuthorizationRequest},
        client::Client,
        digest::{base64url, constant_time_eq, sha256_base64url},
        grant::Authentication,
        interaction::{Interaction, InteractionStep},
        language::Language,
        response::AuthorizationResponse as ToPortal,
    },
    store::records::Loaded,
};

/// Where the browser goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// To the page of the step that is due.
    Page {
        /// Names the interaction.
        id: String,
        /// The page's path beneath the realm.
        path: Cow<'static, str>,
        /// A new single sign-on cookie, if the holder just signed in.
        session: Option<String>,
    },
    /// Back to the portal.
    Portal {
        /// What the portal hears.
        answer: ToPortal,
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
pub struct SubmittedForm<'a> {
    /// The interaction it continues.
    pub id: &'a str,
    /// The browser's cookie.
    pub browser: &'a str,
    /// The anti-forgery field.
    pub form: &'a str,
    /// The digest of its address and of every field: the same form again has the same.
    pub digest: &'a str,
    /// The ID number as it was typed, if one was.
    pub typed: &'a str,
}

/// What a form led to: on, or the same form with a refusal.
pub type FormResult = Result<Next, Refused>;

/// One request's moment, and what it draws before anything is decided.
struct StepValues {
    id: String,
    form: String,
    otp: String,
    code: String,
    session: String,
}

pub(crate) use code::Giving;
pub use qr::{QrWaiting, Whom};
pub(crate) use who::IdTokenHint;
use who::authentication;

impl Realm {
    fn turn(&self) -> StepValues {
        StepValues {
            id: self.dice().token(DrawPurpose::Session),
            form: self.dice().token(DrawPurpose::Session),
            otp: self.dice().otp(),
            code: self.dice().token(DrawPurpose::Code),
            session: self.dice().token(DrawPurpose::Session),
        }
    }

    /// The client of an interaction, if it is still there with this redirect URI: it may have changed since.
    async fn asking(&self, request: &AuthorizationRequest) -> Result<Arc<Client>, Error> {
        let client = self.client(&request.client_id).await?;
        let client = client.ok_or(authorize::Untrusted::ClientUnknown)?;
        if client.accepts_redirect(request.redirect.uri()) {
            Ok(client)
        } else {
            Err(authorize::Untrusted::RedirectMismatch.into())
        }
    }

    /// The interaction behind a page, if it is this browser's.
    pub async fn interaction(&self, id: &str, browser: &str) -> Result<Loaded<Interaction>, Error> {
        let found = self.get::<Interaction>(id).await?;
        let own = |found: &Loaded<Interaction>| {
            let hash = sha256_base64url(browser);
            constant_time_eq(found.record.browser.as_bytes(), hash.as_bytes())
        };
        found.filter(own).ok_or(Error::Missing("interaction"))
    }

    async fn posted(&self, form: SubmittedForm<'_>) -> Result<Loaded<Interaction>, Error> {
        let found = self.interaction(form.id, form.browser).await?;
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
    ) -> Result<Interaction, Error> {
        let mut found = self.interaction(id, browser).await?;
        if found.record.language != language {
            found.record.language = language;
            let mut change = self.change();
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

/// A request, who sent it, and by which browser.
struct AuthorizationAttempt<'a> {
    request: AuthorizationRequest,
    client: &'a Client,
    browser: &'a Browser,
}

/// An interaction under way, as it was read.
struct Ongoing<'a> {
    form: SubmittedForm<'a>,
    found: Loaded<Interaction>,
}

/// Somebody who has proved who she is, and her account.
struct Entrant<'a> {
    who: Authentication,
    held: &'a LoadedAccount,
}

fn begun(
    AuthorizationAttempt { request, client, browser }: AuthorizationAttempt<'_>,
    id: &str,
    form: String,
    step: InteractionStep,
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
        session: None,
        pushed_at: None,
        until: now.plus_seconds(INTERACTION_SECONDS),
    }
}

/// The page that is due.
fn page(id: &str, interaction: &Interaction) -> Next {
    Next::Page { id: id.to_owned(), path: interaction.step.path().into(), session: None }
}

/// An interaction's name: chance, and the portal that it is for, so that a link to one that is over still knows the way back.
fn named(drawn: &str, client_id: &str) -> String {
    format!("{drawn}.{}", base64url(client_id))
}

/// The portal that an interaction is for, as its name says: nothing is promised of it.
fn portal_of(id: &str) -> Option<String> {
    let (_, client_id) = id.split_once('.')?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(client_id).ok()?).ok()
}
