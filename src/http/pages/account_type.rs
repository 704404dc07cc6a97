//! `GET|POST /login/account-type`: “Cá nhân” or “Tổ chức”, for holders with both roles.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::{
    Frame, failure, page_with_logo, refusal,
    step::{FormPost, PageRequest, StepFields, Taken, Visited},
};
use crate::{
    flow::Error,
    identity::IdNumber,
    oidc::{
        grant::Authentication,
        interaction::{Interaction, InteractionStep as Due},
    },
};

#[derive(Template)]
#[template(path = "account_type.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    organisations: Vec<Choice>,
}

/// One organisation the holder may act for.
struct Choice {
    number: String,
    name: String,
    role: &'static str,
}

async fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    who: &Authentication,
) -> Result<Response, Error> {
    let choices = visit.realm.choices(who).await?;
    let organisations = choices
        .into_iter()
        .map(|(organisation, role)| Choice {
            number: organisation.number.to_string(),
            name: organisation.name,
            role: role.vietnamese(),
        })
        .collect();
    let step = visit.step(interaction, None).await;
    let shown = Page { frame: visit.frame(interaction), step, organisations };
    Ok(page_with_logo(StatusCode::OK, shown.step.links.logo.as_deref(), &shown))
}

pub(crate) async fn get(Visited(visit, language): Visited) -> Response {
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::AccountType { authentication } => {
                show(&visit, &interaction, authentication).await.unwrap_or_else(failure)
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let organisation = match (fields.text("account_type"), fields.get("organisation")) {
        ("ca_nhan", _) => Ok(None),
        ("to_chuc", Some(text)) => IdNumber::parse(text).map(Some).map_err(drop),
        _ => Err(()),
    };
    let Ok(organisation) = organisation else {
        let (vi, en) = (
            "Chọn Cá nhân, hoặc Tổ chức và tên tổ chức.",
            "account_type is ca_nhan, or to_chuc with an organisation.",
        );
        return Err(refusal(StatusCode::BAD_REQUEST, vi.to_owned(), en.to_owned(), None));
    };
    let answer = visit.realm.choose_account_type(visit.form(&fields), organisation.as_ref()).await;
    Ok(visit.answered(answer, String::new()))
}
