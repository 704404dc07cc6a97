//! `GET|POST /login/otp` and `POST /login/otp/resend`.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, page,
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
        Err(error) => return failure(error),
    };
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let shown = Page {
        frame: visit.frame(interaction),
        step: visit.step(interaction, refused.map(|(_, refused)| refused)),
        phone: account.phone.map(|phone| phone.masked()).unwrap_or_default(),
        reference: interaction.reference.clone(),
    };
    page(status, &shown)
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Otp { number, .. } => show(&visit, &interaction, number, None).await,
            other => visit.due(other),
        },
        Err(error) => failure(error),
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
