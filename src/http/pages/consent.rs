//! `GET|POST /login/consent`: the holder allows or denies what the portal asks for.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, page_with_logo, refusal,
    step::{FormPost, StepFields, Taken, Visited},
};
use crate::oidc::{interaction::InteractionStep as Due, scopes};

#[derive(Template)]
#[template(path = "consent.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    shared: Vec<String>,
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Consent { .. } => {
                let scopes = interaction.request.scope.split(' ').filter_map(scopes::named);
                let shared = scopes.map(|scope| scope.words(interaction.language)).collect();
                let step = visit.step(&interaction, None).await;
                let shown = Page { frame: visit.frame(&interaction), step, shared };
                page_with_logo(StatusCode::OK, shown.step.links.logo.as_deref(), &shown)
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let allow = match fields.text("decision") {
        "allow" => true,
        "deny" => false,
        _ => {
            let (vi, en) = ("Chọn đồng ý hoặc từ chối.", "decision is allow or deny.");
            return Err(refusal(StatusCode::BAD_REQUEST, vi.to_owned(), en.to_owned(), None));
        }
    };
    let answer = visit.realm.decide_consent(visit.form(&fields), allow).await;
    Ok(visit.answered(answer, String::new()))
}
