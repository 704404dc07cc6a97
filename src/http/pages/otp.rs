//! `GET|POST /login/otp` and `POST /login/otp/resend`.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, page_with_logo,
    step::{FormPost, PageRequest, StepFields, Taken, Visited},
};
use crate::{
    identity::{IdNumber, Refused},
    oidc::interaction::{Interaction, InteractionStep as Due},
};

#[derive(Template)]
#[template(path = "otp.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    phone: String,
    reference: String,
}

pub(crate) async fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    number: &IdNumber,
    refused: Option<(StatusCode, &Refused)>,
) -> Response {
    let account = match visit.realm.account(number).await {
        Ok(account) => account,
        Err(error) => return visit.lost(error).await,
    };
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let shown = Page {
        frame: visit.frame(interaction),
        step: visit.step(interaction, refused.map(|(_, refused)| refused)).await,
        phone: account.phone.map(|phone| phone.masked()).unwrap_or_default(),
        reference: interaction.reference.clone(),
    };
    page_with_logo(status, shown.step.links.logo.as_deref(), &shown)
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Otp { number, .. } => {
                let refused = visit.refused_last(language).await.map(|(refused, _)| refused);
                let why = refused.as_ref().map(|refused| (StatusCode::OK, refused));
                show(&visit, &interaction, number, why).await
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let answer = visit.realm.enter_otp(visit.form(&fields), fields.text("otp")).await;
    Ok(visit.answered(answer, String::new()))
}

pub(crate) async fn resend(FormPost(visit, fields): FormPost) -> Taken {
    let answer = visit.realm.resend_otp(visit.form(&fields)).await;
    Ok(visit.answered(answer, String::new()))
}
