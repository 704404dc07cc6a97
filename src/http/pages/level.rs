//! `GET|POST /login/level`: the portal asks for level 2, the account has level 1.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, page_with_logo,
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
                let step = visit.step(&interaction, None).await;
                let shown = Page { frame: visit.frame(&interaction), step };
                page_with_logo(StatusCode::OK, shown.step.links.logo.as_deref(), &shown)
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let answer = visit.realm.leave_level(visit.form(&fields)).await;
    Ok(visit.answered(answer, String::new()))
}
