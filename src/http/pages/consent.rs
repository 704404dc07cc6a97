//! `GET|POST /login/consent`: the holder allows or denies what the portal asks for.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, lets_show, page, refusal,
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
                let links = visit.links(&interaction).await;
                let step = StepFields { links, ..visit.step(&interaction, None) };
                let logo = step.links.logo.clone();
                let shown = Page { frame: visit.frame(&interaction), step, shared };
                let mut response = page(StatusCode::OK, &shown);
                lets_show(&mut response, logo.as_deref());
                response
            }
            other => visit.due(other),
        },
        Err(error) => failure(error),
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
    Ok(visit.answered(answer.map(Ok), String::new()))
}
