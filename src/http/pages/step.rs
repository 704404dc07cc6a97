//! What the four pages share: which interaction, which form, and what a post leads to.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use super::{Frame, WayBack, failure_back, logo_origin, refusal};
use crate::{
    flow::{
        Error, Realm,
        provider::sign_in::{FormResult, SubmittedForm},
    },
    http::{
        cookies,
        extract::{FormError, PostedForm},
        state::HttpState,
    },
    identity::Refused,
    oidc::{
        interaction::{Interaction, InteractionStep as Due},
        digest::sha256_base64url,
        language::Language,
        params::Params,
    },
};

/// The fields of every sign-in page.
pub(crate) struct StepFields {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) client_name: String,
    pub(crate) error: Option<String>,
    /// Its stable code, for tools that read the page.
    pub(crate) code: &'static str,
    pub(crate) links: ClientLinks,
}

/// What a portal's registration says of it (OIDC Registration §2): shown where the holder decides to trust it.
#[derive(Default)]
pub(crate) struct ClientLinks {
    pub(crate) logo: Option<String>,
    pub(crate) home: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) terms: Option<String>,
}

/// One request to a page.
pub(crate) struct PageRequest {
    pub(crate) state: HttpState,
    pub(crate) realm: Realm,
    pub(crate) id: String,
    pub(crate) browser: String,
    /// Of its form, where one was posted.
    digest: String,
}

/// A page that is opened, and the language it is asked for in.
pub(crate) struct Visited(pub(crate) PageRequest, pub(crate) Option<Language>);

impl FromRequestParts<HttpState> for Visited {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Response> {
        let realm = Realm::from_request_parts(parts, state).await;
        let realm = realm.map_err(IntoResponse::into_response)?;
        let query = parts.uri.query().unwrap_or_default();
        let query = Params::parse(query.as_bytes()).unwrap_or_default();
        let browser = cookies::read(state, &realm, &parts.headers).key;
        let language = query.get("lang").map(Language::of);
        let (id, state) = (query.text("interaction").to_owned(), state.clone());
        Ok(Self(PageRequest { state, realm, id, browser, digest: String::new() }, language))
    }
}

/// A page's form that is posted, with fields that come once.
pub(crate) struct FormPost(pub(crate) PageRequest, pub(crate) Params);

impl FromRequest<HttpState> for FormPost {
    type Rejection = Response;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Visited(mut visit, _) = Visited::from_request_parts(&mut parts, state).await?;
        let door = parts.uri.path().to_owned();
        let request = Request::from_parts(parts, body);
        let Ok(PostedForm(fields)) = PostedForm::from_request(request, state).await;
        let fields = once(fields).map_err(|fault| unreadable(&fault))?;
        let pairs = fields.pairs().collect::<Vec<_>>();
        visit.digest = sha256_base64url(serde_json::json!([door, pairs]).to_string());
        Ok(Self(visit, fields))
    }
}

/// A posted form that was taken: what it led to, and what was typed, which the page shows again.
pub(crate) struct FormAnswer {
    pub(crate) visit: PageRequest,
    pub(crate) answer: Result<FormResult, Error>,
    pub(crate) typed: String,
}

/// What a page makes of its form; or a response at once, to one that cannot be meant.
pub(crate) type Taken = Result<FormAnswer, Response>;

impl PageRequest {
    /// The interaction, its language changed if the visitor asks.
    pub(crate) async fn load(&self, language: Option<Language>) -> Result<Interaction, Error> {
        let realm = &self.realm;
        if let Some(language) = language {
            return realm.speak(&self.id, &self.browser, language).await;
        }
        Ok(realm.interaction(&self.id, &self.browser).await?.record)
    }

    pub(crate) fn frame(&self, interaction: &Interaction) -> Frame {
        Frame { base: self.realm.path(), language: interaction.language }
    }

    pub(crate) async fn step(
        &self,
        interaction: &Interaction,
        refused: Option<&Refused>,
    ) -> StepFields {
        StepFields {
            id: self.id.clone(),
            form: interaction.form.clone(),
            client_name: interaction.client_name.clone(),
            error: refused.map(|no| interaction.language.pick(no.vietnamese(), no.english())),
            code: refused.map_or("", Refused::code),
            links: self.links(interaction).await,
        }
    }

    /// What the portal's registration says of it now.
    async fn links(&self, interaction: &Interaction) -> ClientLinks {
        let id = &interaction.request.client_id;
        let client = self.realm.client(id).await.ok().flatten();
        client.map_or_else(ClientLinks::default, |client| ClientLinks {
            logo: client.logo_uri.clone().filter(|logo| logo_origin(logo).is_some()),
            home: client.client_uri.clone(),
            policy: client.policy_uri.clone(),
            terms: client.tos_uri.clone(),
        })
    }

    /// To the page that is due.
    pub(crate) fn due(&self, due: &Due) -> Response {
        let to = format!("{}{}?interaction={}", self.realm.path(), due.path(), self.id);
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }

    /// What this visitor's form led to.
    pub(crate) fn answered(self, answer: Result<FormResult, Error>, typed: String) -> FormAnswer {
        FormAnswer { visit: self, answer, typed }
    }

    pub(crate) fn form<'a>(&'a self, fields: &'a Params) -> SubmittedForm<'a> {
        let (form, typed) = (fields.text("form"), fields.text("username"));
        SubmittedForm { id: &self.id, browser: &self.browser, form, digest: &self.digest, typed }
    }

    /// What the last form of this interaction was refused with, and what was typed: a page in another language says it too.
    pub(crate) async fn refused_last(&self, language: Option<Language>) -> Option<(Refused, String)> {
        language?;
        self.realm.refused_last(&self.id, &self.browser).await.ok().flatten()
    }

    /// A page that cannot go on, with the way back to the portal where one is known.
    pub(crate) async fn lost(&self, error: Error) -> Response {
        let portal = self.realm.portal_behind(&self.id).await.ok().flatten();
        let back = portal.and_then(|client| WayBack::to(&client, &self.realm.path()));
        failure_back(error, back)
    }
}

/// A form that cannot be read.
fn unreadable(fault: &FormError) -> Response {
    let vietnamese = "Không đọc được biểu mẫu.".to_owned();
    refusal(fault.status(), vietnamese, format!("The form cannot be read: {fault}."), None)
}

/// The fields of every form: one that comes twice is nobody's.
const FIELDS: [&str; 9] = [
    "form",
    "action",
    "username",
    "password",
    "otp",
    "decision",
    "account",
    "account_type",
    "organisation",
];

/// A form in which no field repeats.
fn once(fields: Result<Params, FormError>) -> Result<Params, FormError> {
    let fields = fields?;
    fields.check_once(&FIELDS)?;
    Ok(fields)
}
