//! `GET|POST /login/level`: the portal asks for level 2, the account has level 1.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, page,
    step::{FormPost, StepFields, Taken, Visited},
};
use crate::oidc::interaction::InteractionStep as Due;

#[derive(Template)]
#[template(path = "level.html")]
struct Page {
    frame: Frame,
    step: StepFields,
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
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

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let answer = visit.realm.leave_level(visit.form(&fields)).await;
    Ok(visit.answered(answer.map(Ok), String::new()))
}
