//! `GET|POST /login/representative`: the representative of a child or ward is asked in her app.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, page,
    step::{Posted, Step, Taken, Visit, Visited},
};
use crate::{
    identity::Refused,
    oidc::interaction::{Interaction, Step as Due},
};

#[derive(Template)]
#[template(path = "representative.html")]
struct Page {
    frame: Frame,
    step: Step,
}

pub(crate) fn show(
    visit: &Visit,
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

pub(crate) async fn post(Posted(visit, fields): Posted) -> Taken {
    let answer = visit.realm.after_consent(visit.form(&fields)).await;
    Ok(visit.answered(answer, String::new()))
}
