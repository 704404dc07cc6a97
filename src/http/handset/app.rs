//! `GET|POST /phone/app`: the simulated app for people: scan or look, then confirm or refuse, by password and passcode.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    flow::{Error, Realm},
    http::{
        page_text::{PageText, page_text},
        extract::{FormError, PostedForm, Queried},
        pages::{Frame, page},
    },
    identity::{IdNumber, Refused},
    oidc::{
        language::Language,
        params::Params,
        sign_in_request::{SignInRequest, SignInState},
    },
};

const FIELDS: [&str; 6] = ["lang", "username", "password", "passcode", "code", "decision"];

#[derive(Template)]
#[template(path = "handset.html")]
struct Page {
    frame: Frame,
    username: String,
    code: String,
    error: Option<String>,
    request: Option<ShownRequest>,
}

/// A sign-in as the holder sees it.
struct ShownRequest {
    portal: String,
    reference: String,
    scopes: String,
    /// Her answer, once there is one.
    answered: Option<bool>,
}

impl From<SignInRequest> for ShownRequest {
    fn from(request: SignInRequest) -> Self {
        let answered = match request.state {
            SignInState::Waiting | SignInState::Scanned { .. } => None,
            SignInState::Approved { .. } | SignInState::Used => Some(true),
            SignInState::Refused => Some(false),
        };
        let (portal, reference) = (request.client_name, request.reference);
        Self { portal, reference, scopes: request.scope, answered }
    }
}

/// What the form leads to.
struct HandsetOutcome {
    status: StatusCode,
    error: Option<(String, String)>,
    request: Option<ShownRequest>,
}

fn shown(realm: &Realm, fields: &Params, outcome: HandsetOutcome) -> Response {
    let language = Language::of(fields.text("lang"));
    let typed = |name: &str| fields.text(name).chars().take(100).collect();
    let shown = Page {
        frame: Frame { base: realm.path(), language },
        username: typed("username"),
        code: typed("code"),
        error: outcome.error.map(|(vi, en)| language.pick(vi, en)),
        request: outcome.request,
    };
    page(outcome.status, &shown)
}

/// `GET /phone/app`, `GET /realms/{realm}/phone/app`.
pub(super) async fn get(realm: Realm, Queried(query): Queried) -> Response {
    let outcome = HandsetOutcome { status: StatusCode::OK, error: None, request: None };
    shown(&realm, &query.unwrap_or_default(), outcome)
}

fn unreadable(fault: &FormError) -> HandsetOutcome {
    let sentence = ("Không đọc được biểu mẫu.".to_owned(), format!("The form: {fault}."));
    HandsetOutcome { status: fault.status(), error: Some(sentence), request: None }
}

/// The same by a form.
pub(super) async fn post(realm: Realm, PostedForm(fields): PostedForm) -> Response {
    let read = fields.and_then(|fields| {
        fields.check_once(&FIELDS)?;
        Ok(fields)
    });
    let fields = match read {
        Ok(fields) => fields,
        Err(fault) => return shown(&realm, &Params::default(), unreadable(&fault)),
    };
    let outcome = match taken(&realm, &fields).await {
        Ok(request) => {
            HandsetOutcome { status: StatusCode::OK, error: None, request: Some(request.into()) }
        }
        Err(Error::Missing(_)) => {
            let (vi, en) = ("Không có yêu cầu đăng nhập nào.", "There is no such sign-in.");
            let error = Some((vi.to_owned(), en.to_owned()));
            HandsetOutcome { status: StatusCode::NOT_FOUND, error, request: None }
        }
        Err(error) => {
            let PageText { status, vietnamese: vi, english: en, .. } = page_text(error);
            HandsetOutcome { status, error: Some((vi, en)), request: None }
        }
    };
    shown(&realm, &fields, outcome)
}

/// Scans the code, or looks at what was pushed if there is none; then answers it, if the form does.
async fn taken(realm: &Realm, fields: &Params) -> Result<SignInRequest, Error> {
    let allow = match fields.text("decision") {
        "look" => None,
        "allow" => Some(true),
        "deny" => Some(false),
        _ => return Err(crate::flow::invalid("decision", "must be look, allow or deny")),
    };
    let number = IdNumber::typed(fields.text("username"));
    let number = number.map_err(|_| Refused::WrongCredentials { left: 0 })?;
    let held = realm.proven(&number, fields.text("password")).await?;
    let request = if let Some(code) = fields.get("code") {
        realm.scan_sign_in(&held, code).await?
    } else {
        let pushed = realm.sign_in_requests(&held).await?;
        pushed.into_iter().next().ok_or(Error::Missing("sign-in request"))?
    };
    let Some(allow) = allow else { return Ok(request) };
    let held = realm.confirm(&held, fields.text("passcode")).await?;
    realm.answer_sign_in(&held, &request.id, allow).await
}
