//! `GET|POST /login/level`: the portal asks for level 2, the account has level 1.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    Frame, failure, page,
    step::{Step, Visit, once, unreadable},
};
use crate::{
    http::{
        extract::{PostedForm, Queried},
        state::{self, Ask},
    },
    oidc::interaction::Step as Due,
};

#[derive(Template)]
#[template(path = "level.html")]
struct Page {
    frame: Frame,
    step: Step,
}

pub(crate) async fn get(
    State(state): State<state::State>,
    ask: Ask,
    headers: HeaderMap,
    Queried(query): Queried,
) -> Response {
    let (visit, language) = Visit::new(state, ask, &headers, query);
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Level { .. } => {
                let step = visit.step(&interaction, None);
                page(StatusCode::OK, &Page { frame: visit.frame(&interaction), step })
            }
            other => visit.due(other),
        },
        Err(error) => failure(error),
    }
}

pub(crate) async fn post(
    State(state): State<state::State>,
    ask: Ask,
    headers: HeaderMap,
    Queried(query): Queried,
    PostedForm(fields): PostedForm,
) -> Response {
    let fields = match once(fields) {
        Ok(fields) => fields,
        Err(fault) => return unreadable(&fault),
    };
    let (visit, _) = Visit::new(state, ask, &headers, query);
    let answer = visit.ask.realm.leave_level(visit.form(&fields), visit.ask.now).await;
    visit.answer(answer.map(Ok), "").await
}
