//! What the sign-in pages' forms lead to: on, or the page that is due once more, with the sentence. It stands above the pages.

use axum::response::Response;

use super::{
    account_type, consent, failure, level, login, otp, qr, representative, select_account,
    step::{FormAnswer, FormPost, PageRequest},
};
use crate::{
    flow::{Error, provider::sign_in::FormResult},
    http::{error::refused_status, oidc::authorize::go, refusal_note::RefusalNote},
    identity::{IdNumber, Refused},
    oidc::{
        interaction::{Interaction, InteractionStep as Due},
        params::Params,
    },
};

/// A handler for each page's form.
macro_rules! forms {
    ($($name:ident => $take:path,)*) => {$(
        pub(crate) async fn $name(posted: FormPost) -> Response {
            match repeated(&posted).await {
                Some(response) => response,
                None => match $take(posted).await {
                    Ok(answered) => shown(answered).await,
                    Err(response) => response,
                },
            }
        }
    )*};
}

forms! {
    account_type => account_type::post,
    consent => consent::post,
    level => level::post,
    login => login::post,
    otp => otp::post,
    otp_resend => otp::resend,
    qr => qr::post,
    representative => representative::post,
    select_account => select_account::post,
}

/// The answer to a form that was answered before; it draws nothing and costs no try.
async fn repeated(FormPost(visit, fields): &FormPost) -> Option<Response> {
    match visit.realm.answered_before(visit.form(fields)).await {
        Ok(answer) => Some(went(visit, answer?, fields.text("username")).await),
        Err(error) => Some(failure(error)),
    }
}

/// On to the next page, or the due one again with the sentence.
async fn shown(FormAnswer { visit, answer, typed }: FormAnswer) -> Response {
    match answer {
        Ok(answer) => went(&visit, answer, &typed).await,
        Err(error @ (Error::StaleForm | Error::Missing("interaction"))) => late(&visit, error).await,
        Err(error) => visit.lost(error).await,
    }
}

async fn went(visit: &PageRequest, answer: FormResult, typed: &str) -> Response {
    match answer {
        Ok(next) => go(&visit.state, &visit.realm, next),
        Err(refused) => match visit.load(None).await {
            Ok(interaction) => again(visit, &interaction, &refused, typed).await,
            Err(error) => visit.lost(error).await,
        },
    }
}

/// Another form came first: the same one, which tells the answer, or one with other fields, after which another page is due.
async fn late(visit: &PageRequest, error: Error) -> Response {
    match visit.realm.answered_before(visit.form(&Params::default())).await {
        Ok(Some(answer)) => went(visit, answer, "").await,
        Ok(None) => match visit.load(None).await {
            Ok(interaction) => visit.due(&interaction.step),
            Err(_) => visit.lost(error).await,
        },
        Err(error) => visit.lost(error).await,
    }
}

async fn again(
    visit: &PageRequest,
    interaction: &Interaction,
    refused: &Refused,
    typed: &str,
) -> Response {
    let status = refused_status(refused);
    let why = Some((status, refused));
    let mut citizen = IdNumber::parse(typed).ok();
    let mut response = match &interaction.step {
        Due::Otp { number, .. } => {
            citizen = Some(*number);
            otp::show(visit, interaction, number, why).await
        }
        Due::Qr { .. } => qr::again(visit, interaction, status, refused).await,
        Due::Representative { .. } => representative::show(visit, interaction, why).await,
        _ => login::show(visit, interaction, typed, why).await,
    };
    let client_id = &interaction.request.client_id;
    response.extensions_mut().insert(RefusalNote::on_page(refused, client_id, citizen));
    response
}
