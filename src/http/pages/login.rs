//! `GET|POST /login`: ID number and password.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, lets_show, page,
    step::{FormPost, PageRequest, StepFields, Taken, Visited},
};
use crate::{
    identity::Refused,
    oidc::interaction::{Interaction, InteractionStep as Due},
};

#[derive(Template)]
#[template(path = "login.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    username: String,
}

pub(crate) fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    username: &str,
    refused: Option<(StatusCode, &Refused)>,
) -> Response {
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let step = visit.step(interaction, refused.map(|(_, refused)| refused));
    page(status, &form(visit, interaction, username, step))
}

fn form(visit: &PageRequest, interaction: &Interaction, username: &str, step: StepFields) -> Page {
    let username = username.chars().take(64).collect();
    Page { frame: visit.frame(interaction), step, username }
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) if interaction.step == Due::Password => {
            let hint = interaction.request.login_hint.clone().unwrap_or_default();
            let links = visit.links(&interaction).await;
            let step = StepFields { links, ..visit.step(&interaction, None) };
            let logo = step.links.logo.clone();
            let mut response = page(StatusCode::OK, &form(&visit, &interaction, &hint, step));
            lets_show(&mut response, logo.as_deref());
            response
        }
        Ok(interaction) => visit.due(&interaction.step),
        Err(error) => failure(error),
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let (username, password) = (fields.text("username"), fields.text("password"));
    let answer = visit.realm.enter_password(visit.form(&fields), username, password).await;
    Ok(visit.answered(answer, username.to_owned()))
}
