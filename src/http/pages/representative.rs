//! `GET|POST /login/representative`: the representative of a child or ward is asked in her app.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, page_with_logo,
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

pub(crate) async fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    refused: Option<(StatusCode, &Refused)>,
) -> Response {
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let step = visit.step(interaction, refused.map(|(_, refused)| refused)).await;
    let shown = Page { frame: visit.frame(interaction), step };
    page_with_logo(status, shown.step.links.logo.as_deref(), &shown)
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Representative { .. } => {
                let refused = visit.refused_last(language).await.map(|(refused, _)| refused);
                let why = refused.as_ref().map(|refused| (StatusCode::OK, refused));
                show(&visit, &interaction, why).await
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let answer = visit.realm.after_consent(visit.form(&fields)).await;
    Ok(visit.answered(answer, String::new()))
}
