//! `GET|POST /login/qr`: the holder confirms in her app, by a QR code or by a notice pushed to it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use qrcode::{QrCode, render::svg};

use super::{
    Frame, page_with_logo, refusal,
    step::{FormPost, PageRequest, StepFields, Taken, Visited},
};
use crate::{
    flow::provider::sign_in::{QrWaiting, Whom},
    http::extract::Queried,
    identity::Refused,
    oidc::{
        interaction::{Interaction, InteractionStep as Due},
        language::Language,
        sign_in_request::{SignInState, content},
    },
};

#[derive(Template)]
#[template(path = "qr.html")]
struct Page {
    frame: Frame,
    step: StepFields,
    reference: String,
    /// Nothing before an app was asked.
    asked: Option<AppQuestion>,
    refreshing: bool,
}

/// What an app was asked.
struct AppQuestion {
    /// The code and its picture as a data URL; a push has neither.
    picture: Option<(String, String)>,
    /// In the page's language.
    standing: &'static str,
    approved: bool,
    /// Still before its end.
    open: bool,
    /// Still without an answer.
    counting: bool,
    seconds: i64,
}

impl AppQuestion {
    fn of(waiting: QrWaiting, language: Language) -> Self {
        let (vietnamese, english) = match &waiting.state {
            Some(SignInState::Waiting) if waiting.code.is_some() => {
                ("Chờ quét mã", "Waiting for a scan")
            }
            Some(SignInState::Waiting) => ("Chờ xác nhận", "Waiting for confirmation"),
            Some(SignInState::Scanned { .. }) => (
                "Đã quét, chờ xác nhận trên ứng dụng",
                "Scanned, waiting for confirmation in the app",
            ),
            Some(SignInState::Approved { .. } | SignInState::Used) => {
                ("Đã xác nhận trên ứng dụng", "Confirmed in the app")
            }
            Some(SignInState::Refused) => ("Đã từ chối trên ứng dụng", "Refused in the app"),
            None => ("Đã hết hiệu lực", "Expired"),
        };
        let counting =
            matches!(waiting.state, Some(SignInState::Waiting | SignInState::Scanned { .. }));
        let code = waiting.code.filter(|_| counting);
        Self {
            picture: code.and_then(|code| picture(&code).map(|picture| (code, picture))),
            standing: language.pick(vietnamese, english),
            approved: matches!(waiting.state, Some(SignInState::Approved { .. })),
            open: waiting.state.is_some(),
            counting,
            seconds: waiting.seconds,
        }
    }
}

/// An SVG as a `data:` URL: the page asks nobody else for it.
fn picture(code: &str) -> Option<String> {
    let drawn = QrCode::new(content(code)).ok()?;
    let svg = drawn.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)))
}

async fn show(
    visit: &PageRequest,
    interaction: &Interaction,
    refused: Option<(StatusCode, &Refused)>,
    refreshing: bool,
) -> Response {
    let waiting = match visit.realm.waiting(interaction).await {
        Ok(waiting) => waiting,
        Err(error) => return visit.lost(error).await,
    };
    let asked = waiting.map(|waiting| AppQuestion::of(waiting, interaction.language));
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    let shown = Page {
        frame: visit.frame(interaction),
        step: visit.step(interaction, refused.map(|(_, refused)| refused)).await,
        reference: interaction.reference.clone(),
        refreshing: refreshing && asked.as_ref().is_some_and(|it| it.counting),
        asked,
    };
    page_with_logo(status, shown.step.links.logo.as_deref(), &shown)
}

/// The page once more, with the sentence.
pub(crate) async fn again(
    visit: &PageRequest,
    interaction: &Interaction,
    status: StatusCode,
    refused: &Refused,
) -> Response {
    show(visit, interaction, Some((status, refused)), false).await
}

pub(crate) async fn get(Visited(visit, language): Visited, Queried(query): Queried) -> Response {
    let refreshing = query.unwrap_or_default().get("refresh") == Some("on");
    match visit.load(language).await {
        Ok(interaction) => match &interaction.step {
            Due::Password | Due::Qr { .. } => {
                let refused = visit.refused_last(language).await.map(|(refused, _)| refused);
                let why = refused.as_ref().map(|refused| (StatusCode::OK, refused));
                show(&visit, &interaction, why, refreshing).await
            }
            other => visit.due(other),
        },
        Err(error) => visit.lost(error).await,
    }
}

pub(crate) async fn post(FormPost(visit, fields): FormPost) -> Taken {
    let (realm, form) = (&visit.realm, visit.form(&fields));
    let username = fields.text("username");
    let answer = match fields.text("action") {
        "begin" => realm.ask_app(form, Whom::Anybody).await,
        "push" => realm.ask_app(form, Whom::Holder(username)).await,
        "reload" => realm.ask_app(form, Whom::Again).await,
        "continue" => realm.go_on_from_app(form).await,
        "back" => realm.leave_app(form).await,
        _ => {
            let vietnamese = "Chọn begin, push, reload, continue hoặc back.".to_owned();
            let english = "action is begin, push, reload, continue or back.".to_owned();
            return Err(refusal(StatusCode::BAD_REQUEST, vietnamese, english, None));
        }
    };
    Ok(visit.answered(answer, username.to_owned()))
}
