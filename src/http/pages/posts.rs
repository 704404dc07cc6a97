//! What the sign-in pages' forms lead to: on, or the page that is due once more, with the sentence. It stands above the pages.

use axum::response::{IntoResponse as _, Response};

use super::{
    account_type, consent, failure, level, login, otp, qr, representative, select_account,
    step::{AnsweredForm, FormPost, PageRequest, Taken},
};
use crate::{
    http::{error::refused_status, oidc::authorize::go, refusal_note::RefusalNote},
    identity::{IdNumber, Refused},
    oidc::interaction::{Interaction, InteractionStep as Due},
};

/// A handler for each page's form.
macro_rules! forms {
    ($($name:ident => $take:path,)*) => {$(
        pub(crate) async fn $name(posted: FormPost) -> Response {
            shown($take(posted).await).await
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

/// On to the next page, or the due one again with the sentence.
async fn shown(taken: Taken) -> Response {
    let AnsweredForm { visit, answer, typed } = match taken {
        Ok(answered) => answered,
        Err(response) => return response.into_response(),
    };
    match answer {
        Ok(Ok(next)) => go(&visit.state, &visit.realm, next),
        Ok(Err(refused)) => match visit.load(None).await {
            Ok(interaction) => again(&visit, &interaction, &refused, &typed).await,
            Err(error) => failure(error),
        },
        Err(error) => failure(error),
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
        Due::Representative { .. } => representative::show(visit, interaction, why),
        _ => login::show(visit, interaction, typed, why),
    };
    let client_id = &interaction.request.client_id;
    response.extensions_mut().insert(RefusalNote::on_page(refused, client_id, citizen));
    response
}
