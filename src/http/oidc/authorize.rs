//! `GET|POST /oauth2/authorize`, also at `/auth`: checks, then a page or the way back.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm, provider::sign_in::Next},
    http::{
        cookies,
        extract::{PostedForm, Queried},
        pages,
        refusal_note::LoggedRefusal,
        state,
    },
    oidc::{
        authorize::Untrusted,
        params::Params,
        response::{AuthorizationResponse, Mode},
    },
};

/// RFC 6749 §3.1: GET must be supported.
pub(crate) async fn get(
    State(state): State<state::HttpState>,
    realm: Realm,
    headers: HeaderMap,
    Queried(params): Queried,
) -> Response {
    answer(&state, &realm, &headers, params.ok()).await
}

/// OIDC Core §3.1.2.1: POST too, with the parameters as a form.
pub(crate) async fn post(
    State(state): State<state::HttpState>,
    realm: Realm,
    headers: HeaderMap,
    PostedForm(params): PostedForm,
) -> Response {
    answer(&state, &realm, &headers, params.ok()).await
}

async fn answer(
    state: &state::HttpState,
    realm: &Realm,
    headers: &HeaderMap,
    params: Option<Params>,
) -> Response {
    let Some(params) = params else {
        return pages::failure(Error::Untrusted(Untrusted::Malformed));
    };
    let mut browser = cookies::read(state, realm, headers);
    let fresh = browser.key.len() != 43;
    if fresh {
        browser.key = realm.dice().token(DrawPurpose::Session);
    }
    match realm.begin_sign_in(&params, &browser).await {
        Ok(next) => {
            let mut response = go(state, realm, next);
            if fresh {
                cookies::set(response.headers_mut(), state, realm, "browser", &browser.key);
            }
            response
        }
        Err(Error::Untrusted(untrusted)) => {
            let explained = realm.explain_untrusted(untrusted, &params).await;
            pages::failure_explained(Error::Untrusted(untrusted), explained)
        }
        Err(error) => pages::failure(error),
    }
}

/// 303, so that a browser never repeats a form at another place (RFC 9700 §4.12).
pub(crate) fn go(state: &state::HttpState, realm: &Realm, next: Next) -> Response {
    let (to, session) = match next {
        Next::Page { id, path, session } => {
            (format!("{}{path}?interaction={id}", realm.path()), session)
        }
        Next::Portal { answer, session } => {
            let mut response = back(&answer);
            if let Some(code) = answer.error() {
                response.extensions_mut().insert(LoggedRefusal::code(code.to_owned()));
            }
            if let Some(session) = session {
                cookies::set(response.headers_mut(), state, realm, "session", &session);
            }
            return response;
        }
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    if let Some(session) = session {
        cookies::set(response.headers_mut(), state, realm, "session", &session);
    }
    response
}

/// The answer to the portal: in the query, or as a form that posts itself (Form Post 1.0 §2).
fn back(answer: &AuthorizationResponse) -> Response {
    match answer.mode {
        Mode::Query | Mode::Fragment => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, answer.location())]).into_response()
        }
        Mode::FormPost => pages::form_post::page(answer),
    }
}
