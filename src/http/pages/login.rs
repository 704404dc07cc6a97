//! `GET|POST /login`: ID number and password.

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
#[template(path = "login.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    username: String,
}

pub(crate) async fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    username: &str,
    refused: Option<(StatusCode, &Refused)>,
) -> Response {
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let step = visit.step(interaction, refused.map(|(_, refused)| refused)).await;
    let username = username.chars().take(64).collect();
    let shown = Page { frame: visit.frame(interaction), step, username };
    page_with_logo(status, shown.step.links.logo.as_deref(), &shown)
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) if interaction.step == Due::Password => {
            let before = visit.refused_last(language).await;
            let (refused, typed) = before.map_or((None, None), |(no, typed)| (Some(no), Some(typed)));
            let why = refused.as_ref().map(|refused| (StatusCode::OK, refused));
            let hint = interaction.request.login_hint.clone().unwrap_or_default();
            let username = typed.filter(|typed| !typed.is_empty()).unwrap_or(hint);
            show(&visit, &interaction, &username, why).await
        }
        Ok(interaction) => visit.due(&interaction.step),
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let (username, password) = (fields.text("username"), fields.text("password"));
    let answer = visit.realm.enter_password(visit.form(&fields), username, password).await;
    Ok(visit.answered(answer, username.to_owned()))
}
