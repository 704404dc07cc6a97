//! `GET|POST /login/select-account`: the holder who is signed in goes on, or somebody else signs in.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, page_with_logo, refusal,
    step::{FormPost, StepFields, Taken, Visited},
};
use crate::oidc::interaction::InteractionStep as Due;

#[derive(Template)]
#[template(path = "select_account.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    number: String,
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::SelectAccount { authentication, .. } => {
                let step = visit.step(&interaction, None).await;
                let number = authentication.number.masked();
                let shown = Page { frame: visit.frame(&interaction), step, number };
                page_with_logo(StatusCode::OK, shown.step.links.logo.as_deref(), &shown)
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let same = match fields.text("account") {
        "same" => true,
        "other" => false,
        _ => {
            let (vi, en) = ("Chọn tài khoản.", "account is same or other.");
            return Err(refusal(StatusCode::BAD_REQUEST, vi.to_owned(), en.to_owned(), None));
        }
    };
    let answer = visit.realm.select_account(visit.form(&fields), same).await;
    Ok(visit.answered(answer, String::new()))
}
