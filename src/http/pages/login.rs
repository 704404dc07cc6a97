//! `GET|POST /login`: ID number and password.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, page,
    step::{Posted, Step, Visit, Visited},
};
use crate::{
    identity::Refused,
    oidc::interaction::{Interaction, Step as Due},
};

#[derive(Template)]
#[template(path = "login.html")]
struct Page {
    frame: Frame,
    step: Step,
    username: String,
}

pub(crate) fn show(
    visit: &Visit,
    interaction: &Interaction,
    username: &str,
    refused: Option<(StatusCode, &Refused)>,
) -> Response {
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let step = visit.step(interaction, refused.map(|(_, refused)| refused));
    let username = username.chars().take(64).collect();
    page(status, &Page { frame: visit.frame(interaction), step, username })
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) if interaction.step == Due::Password => {
            let hint = interaction.request.login_hint.clone().unwrap_or_default();
            show(&visit, &interaction, &hint, None)
        }
        Ok(interaction) => visit.due(&interaction.step),
        Err(error) => failure(error),
    }
}

pub(crate) async fn post(Posted(visit, fields): Posted) -> Response {
    let (username, password) = (fields.text("username"), fields.text("password"));
    let (realm, now) = (&visit.ask.realm, visit.ask.now);
    let answer = realm.enter_password(visit.form(&fields), (username, password), now).await;
    visit.answer(answer, username).await
}
