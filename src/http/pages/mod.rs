//! The sign-in pages: Vietnamese first, usable without JavaScript, never in a frame, never stored.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    page_text::{PageText, page_text},
    refusal_note::{Cause, LoggedRefusal},
};
use crate::{
    flow::Error,
    oidc::{client::Client, language::Language, params},
};

pub mod account_type;
pub mod consent;
pub mod explain;
pub mod form_post;
pub mod level;
pub mod login;
pub mod logout;
pub mod otp;
pub mod posts;
pub(crate) mod qr;
pub mod representative;
pub mod select_account;
mod step;

/// What every page is framed by.
pub(crate) struct Frame {
    /// The realm's path.
    pub(crate) base: String,
    /// The language.
    pub(crate) language: Language,
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    vietnamese: String,
    english: String,
    explained: Option<String>,
    back: Option<WayBack>,
}

/// No script, no frame, nothing from elsewhere. `form-action` is left open on purpose: Chromium applies it to the
/// redirect after a post, which leads to the portal and wherever the portal goes on to.
const POLICY_TEXT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";
const POLICY: HeaderValue = HeaderValue::from_static(POLICY_TEXT);

/// A page with its headers.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response.extensions_mut().insert(Cause(error.to_string()));
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The origin of a portal's picture, if a page may show it.
pub(crate) fn logo_origin(logo: &str) -> Option<String> {
    let origin = url::Url::parse(logo).ok()?.origin();
    let origin = origin.is_tuple().then(|| origin.ascii_serialization())?;
    // A host may hold `;` or `,`, which would write rules of its own into the policy: such a picture is not shown.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:/[]-".contains(&byte);
    origin.bytes().all(plain).then_some(origin)
}

/// A page of a sign-in: it may show the portal's picture, from its own origin, and from no other.
pub(crate) fn page_with_logo(
    status: StatusCode,
    logo: Option<&str>,
    template: &impl Template,
) -> Response {
    let mut response = page(status, template);
    if let Some(origin) = logo.and_then(logo_origin) {
        let policy = POLICY_TEXT.replace("img-src", &format!("img-src {origin}"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}

/// The way back to a portal from a page that cannot go on.
pub(crate) struct WayBack {
    href: String,
    name: String,
}

impl WayBack {
    /// Where the portal begins a sign-in by itself (OIDC Core §4), else its home page.
    pub(crate) fn to(client: &Client, base: &str) -> Option<Self> {
        let begins = client.initiate_login_uri.as_ref().map(|_| {
            let path = format!("{base}/oidc/initiate-login");
            params::append(&path, &[("client_id", Some(&client.client_id))])
        });
        let href = begins.or_else(|| client.client_uri.clone())?;
        Some(Self { href, name: client.client_name.clone() })
    }
}

/// A page for what cannot go on, in both languages: nobody knows yet who reads it.
pub(crate) fn failure(error: Error) -> Response {
    stopped(page_text(error), None, None)
}

/// The same with the way back to the portal.
pub(crate) fn failure_back(error: Error, back: Option<WayBack>) -> Response {
    stopped(page_text(error), None, back)
}

/// The same with the way to an explanation.
pub(crate) fn failure_explained(error: Error, explained: Option<String>) -> Response {
    stopped(page_text(error), explained, None)
}

/// The same for what the door itself refuses.
pub(crate) fn refusal(
    status: StatusCode,
    vietnamese: String,
    english: String,
    cause: Option<String>,
) -> Response {
    let logged = LoggedRefusal::code("invalid_form");
    stopped(PageText { status, vietnamese, english, cause, logged }, None, None)
}

fn stopped(text: PageText, explained: Option<String>, back: Option<WayBack>) -> Response {
    let PageText { status, vietnamese, english, cause, logged } = text;
    let frame = Frame { base: String::new(), language: Language::Vi };
    let shown = FailurePage { frame, vietnamese, english, explained, back };
    let mut response = page(status, &shown);
    response.extensions_mut().insert(logged);
    if let Some(cause) = cause {
        response.extensions_mut().insert(Cause(cause));
    }
    response
}

/// `GET /assets/style.css`.
pub(crate) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    let kept = (header::CACHE_CONTROL, "public, max-age=300");
    ([kind, kept], include_str!("style.css")).into_response()
}
