//! What every page of the sites is framed by, and its headers: no script, no frame, nothing stored.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use crate::oidc::language::Language;

/// What every page is framed by.
pub(crate) struct SiteFrame {
    /// Always empty: the sites belong to the default realm.
    pub(crate) base: &'static str,
    /// The language.
    pub(crate) language: Language,
}

/// Forms may lead to the provider, so `form-action` is left open.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
);

impl SiteFrame {
    pub(crate) const fn new(language: Language) -> Self {
        Self { base: "", language }
    }
}

/// A page with its headers.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the demo cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
