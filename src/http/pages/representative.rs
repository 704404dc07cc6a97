//! `GET|POST /login/representative`: the representative of a child or ward is asked in her app.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, page,
    step::{FormPost, PageRequest, StepFields, Taken, Visited},
};
use crate::{
    identity::Refused,
    oidc::interaction::{Interaction, InteractionStep as Due},
};

#[derive(Template)]
#[template(path = "representative.html")]
struct Page {
    frame: Frame,
    step: StepFields,
}

pub(crate) fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    refused: Option<(StatusCode, &Refused)>,
) -> Response {
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let step = visit.step(interaction, refused.map(|(_, refused)| refused));
    page(status, &Page { frame: visit.frame(interaction), step })
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Representative { .. } => show(&visit, &interaction, None),
            other => visit.due(other),
        },
        Err(error) => failure(error),
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let answer = visit.realm.after_consent(visit.form(&fields)).await;
    Ok(visit.answered(answer, String::new()))
}
