//! `GET /phone`: the simulated handset, the SMS a number received, newest first; it refreshes itself without a script.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::Neighbour;
use crate::{
    flow::{Error, Realm, realm::outbox::MessageFilter},
    http::{
        extract::Queried,
        pages::{Frame, failure, page},
    },
    identity::{Phone, phone::PhoneError},
    oidc::{
        language::Language,
        params::{Malformed, Params},
    },
    outbox::{Channel, DeliveryStatus, Message},
};

/// How many messages are shown.
const SHOWN: usize = 50;

struct Sms {
    at: String,
    instant: String,
    sender: String,
    text: String,
    segments: u16,
}

#[derive(Template)]
#[template(path = "phone.html")]
struct Page {
    frame: Frame,
    typed: String,
    error: Option<&'static str>,
    phone: Option<String>,
    refreshing: bool,
    now: String,
    messages: Vec<Sms>,
    people: Vec<Neighbour>,
}

impl From<Message> for Sms {
    fn from(message: Message) -> Self {
        Self {
            at: message.at.in_vietnam(),
            instant: message.at.to_string(),
            sender: message.sender,
            text: message.text,
            segments: message.segments,
        }
    }
}

const fn sentence(error: PhoneError) -> (&'static str, &'static str) {
    match error {
        PhoneError::NotDigits => {
            ("Số điện thoại chỉ gồm chữ số.", "A phone number is made of digits.")
        }
        PhoneError::Length => (
            "Số di động có 10 chữ số, ví dụ 0912345601, hoặc +84 và 9 chữ số.",
            "A mobile number has 10 digits, such as 0912345601, or +84 and 9 digits.",
        ),
        PhoneError::Prefix => {
            ("Không có mạng di động nào dùng đầu số này.", "No mobile network uses this prefix.")
        }
    }
}

/// `GET /phone`, `GET /realms/{realm}/phone`.
pub(super) async fn get(realm: Realm, Queried(query): Queried) -> Response {
    shown(&realm, query).await.unwrap_or_else(failure)
}

async fn shown(realm: &Realm, query: Result<Params, Malformed>) -> Result<Response, Error> {
    let unreadable = query.is_err();
    let query = query.unwrap_or_default();
    let language = Language::of(query.text("lang"));
    let typed: String = query.text("number").chars().take(64).collect();
    let given = if unreadable { Some("?") } else { query.get("number") };
    let phone = given.map(Phone::parse).transpose();
    let error = phone.err().map(sentence).map(|(vi, en)| language.pick(vi, en));
    let phone = phone.ok().flatten();
    let messages = match phone {
        Some(phone) => received(realm, phone).await?,
        None => Vec::new(),
    };
    let shown = Page {
        frame: Frame { base: realm.path(), language },
        typed: phone.map_or(typed, |phone| phone.to_string()),
        error,
        phone: phone.map(|phone| phone.to_string()),
        refreshing: query.get("refresh") != Some("off"),
        now: realm.now.in_vietnam(),
        messages,
        people: Neighbour::all(realm).await?,
    };
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(page(status, &shown))
}

async fn received(realm: &Realm, phone: Phone) -> Result<Vec<Sms>, Error> {
    let channel = Some(Channel::Sms);
    let filter = MessageFilter {
        to: Some(phone.to_string()),
        channel,
        status: Some(DeliveryStatus::Delivered),
        ..MessageFilter::default()
    };
    let messages = realm.messages(&filter, usize::MAX).await?;
    Ok(messages.into_iter().rev().take(SHOWN).map(Sms::from).collect())
}
