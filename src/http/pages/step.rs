//! What the four pages share: which interaction, which form, and what a post leads to.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Frame, failure, refusal};
use crate::{
    flow::{
        Error,
        sign_in::{Answer, Form},
    },
    http::{
        cookies,
        error::refused_status,
        extract::FormFault,
        oidc::authorize::go,
        state::{Ask, State},
    },
    identity::Refused,
    oidc::{
        interaction::{Interaction, Step as Due},
        language::Language,
        params::{Malformed, Params},
    },
};

/// The fields of every sign-in page.
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) client_name: String,
    pub(crate) error: Option<String>,
}

/// One request to a page.
pub(crate) struct Visit {
    pub(crate) state: State,
    pub(crate) ask: Ask,
    pub(crate) id: String,
    pub(crate) browser: String,
}

impl Visit {
    pub(crate) fn new(
        state: State,
        ask: Ask,
        headers: &HeaderMap,
        query: Result<Params, Malformed>,
    ) -> (Self, Option<Language>) {
        let query = query.unwrap_or_default();
        let browser = cookies::read(&state, &ask.realm, headers).key;
        let language = query.get("lang").map(Language::of);
        (Self { id: query.text("interaction").to_owned(), state, ask, browser }, language)
    }

    /// The interaction, its language changed if the visitor asks.
    pub(crate) async fn load(&self, language: Option<Language>) -> Result<Interaction, Error> {
        let (realm, now) = (&self.ask.realm, self.ask.now);
        if let Some(language) = language {
            return realm.speak(&self.id, &self.browser, language, now).await;
        }
        Ok(realm.interaction(&self.id, &self.browser, now).await?.record)
    }

    pub(crate) fn frame(&self, interaction: &Interaction) -> Frame {
        Frame { base: self.ask.realm.path(), language: interaction.language }
    }

    pub(crate) fn step(&self, interaction: &Interaction, refused: Option<&Refused>) -> Step {
        Step {
            id: self.id.clone(),
            form: interaction.form.clone(),
            client_name: interaction.client_name.clone(),
            error: refused.map(|no| interaction.language.pick(no.vietnamese(), no.english())),
        }
    }

    /// To the page that is due.
    pub(crate) fn due(&self, due: &Due) -> Response {
        let to = format!("{}{}?interaction={}", self.ask.realm.path(), due.path(), self.id);
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }

    pub(crate) fn form<'a>(&'a self, fields: &'a Params) -> Form<'a> {
        Form { id: &self.id, browser: &self.browser, form: fields.text("form") }
    }

    /// On to the next page, or the due one again with the sentence.
    pub(crate) async fn answer(&self, answer: Result<Answer, Error>, typed: &str) -> Response {
        match answer {
            Ok(Ok(next)) => go(&self.state, &self.ask, next),
            Ok(Err(refused)) => match self.load(None).await {
                Ok(interaction) => self.again(&interaction, &refused, typed).await,
                Err(error) => failure(error),
            },
            Err(error) => failure(error),
        }
    }

    async fn again(&self, interaction: &Interaction, refused: &Refused, typed: &str) -> Response {
        let status = refused_status(refused);
        match &interaction.step {
            Due::Otp { number, .. } => {
                super::otp::show(self, interaction, number, Some((status, refused))).await
            }
            _ => super::login::show(self, interaction, typed, Some((status, refused))),
        }
    }
}

/// A form that cannot be read.
pub(crate) fn unreadable(fault: &FormFault) -> Response {
    let vietnamese = "Không đọc được biểu mẫu.".to_owned();
    refusal(fault.status(), vietnamese, format!("The form cannot be read: {fault}."), None)
}

/// The fields of every form: one that comes twice is nobody's.
const FIELDS: [&str; 5] = ["form", "username", "password", "otp", "decision"];

/// A form in which no field repeats.
pub(crate) fn once(fields: Result<Params, FormFault>) -> Result<Params, FormFault> {
    let fields = fields?;
    fields.check_once(&FIELDS)?;
    Ok(fields)
}
