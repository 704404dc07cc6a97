//! `GET|POST /oidc/logout`: the end of a session, at the portal's or the holder's wish (RP-Initiated Logout 1.0).

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Frame, failure, failure_explained, page};
use crate::{
    flow::{
        Error, Realm,
        provider::{explain::RefusalContext, logout::LogoutStep},
    },
    http::{
        cookies,
        extract::{PostedForm, Queried},
        state,
    },
    oidc::{authorize::Untrusted, language::Language, params::Params},
};

#[derive(Template)]
#[template(path = "logout.html")]
struct Page {
    frame: Frame,
    /// The anti-forgery field, as long as the holder is asked, and what the portal sent with its request.
    form: Option<String>,
    sent: Vec<(String, String)>,
}

/// What of the request the holder's answer brings back: it is checked again.
const SENT: [&str; 4] = ["client_id", "post_logout_redirect_uri", "state", "ui_locales"];

/// The request in the query.
pub(crate) async fn get(
    State(state): State<state::HttpState>,
    realm: Realm,
    headers: HeaderMap,
    Queried(params): Queried,
) -> Response {
    answer(&state, &realm, &headers, params.ok()).await
}

/// The request as a form (§2), or the holder's answer.
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
        return failure(Error::Untrusted(Untrusted::Malformed));
    };
    let browser = cookies::read(state, realm, headers);
    let left = match params.get("form") {
        Some(_) => realm.leave_for_sure(&params, &browser).await,
        None => realm.leave(&params, &browser).await,
    };
    let frame = Frame { base: realm.path(), language: Language::of(params.text("ui_locales")) };
    let gone = match left {
        Ok(LogoutStep::Ask { form }) => {
            let sent = params.into_pairs();
            let sent = sent.into_iter().filter(|(name, _)| SENT.contains(&name.as_str())).collect();
            return page(StatusCode::OK, &Page { frame, form: Some(form), sent });
        }
        Ok(LogoutStep::Portal(to)) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
        }
        Ok(LogoutStep::Gone) => {
            page(StatusCode::OK, &Page { frame, form: None, sent: Vec::new() })
        }
        Err(Error::Protocol(error)) => {
            let about = RefusalContext::request(params.text("client_id"), "/oidc/logout", &params);
            let explained = realm.explain(&error, about);
            return failure_explained(Error::Protocol(error), explained);
        }
        Err(error) => return failure(error),
    };
    let mut response = gone;
    cookies::forget(response.headers_mut(), state, realm, "session");
    response
}
