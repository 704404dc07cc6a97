//! The answer to the portal as a form that the browser posts by itself (OAuth 2.0 Form Post Response Mode §2).

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::Frame;
use crate::oidc::{language::Language, response::AuthorizationResponse};

/// The one script of all pages: it posts the form. Its hash in the policy lets it run, and nothing else.
const SCRIPT: &str = "document.forms[0].submit()";
/// `base64(SHA-256(SCRIPT))`, which a test compares.
const SCRIPT_HASH: &str = "sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE=";

#[derive(Template)]
#[template(path = "form_post.html")]
struct Page<'a> {
    frame: Frame,
    answer: &'a AuthorizationResponse,
    script: &'static str,
}

/// Without JavaScript the holder presses the button.
pub(crate) fn page(answer: &AuthorizationResponse) -> Response {
    let frame = Frame { base: String::new(), language: Language::Vi };
    let mut response = super::page(StatusCode::OK, &Page { frame, answer, script: SCRIPT });
    let policy = format!(
        "default-src 'none'; script-src '{SCRIPT_HASH}'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
