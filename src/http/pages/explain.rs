//! `GET /explain/{id}`: why the protocol said no, as a page or as JSON.

use askama::Template;
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Frame, page};
use crate::{
    flow::{
        Error, Realm,
        provider::explain::{Explanation, ShownParameter},
    },
    http::{
        error::Problem,
        extract::{ById, Path},
    },
    oidc::language::Language,
};

#[derive(Template)]
#[template(path = "explain.html")]
struct Page {
    frame: Frame,
    it: Explanation,
    /// Parameters by heading, in Vietnamese and English.
    lists: [(&'static str, &'static str, Vec<ShownParameter>); 2],
}

/// JSON for whoever asks for it, a page for browsers.
pub(crate) async fn get(
    realm: Realm,
    headers: HeaderMap,
    path: Result<Path<ById>, Problem>,
) -> Response {
    let found = path.ok().and_then(|Path(path)| realm.explanation(&path.id));
    let Some(mut it) = found else {
        return Problem::from(Error::Missing("explanation")).into_response();
    };
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.contains("text/html")) {
        let frame = Frame { base: realm.path(), language: Language::Vi };
        let came = std::mem::take(&mut it.came);
        let registered = std::mem::take(&mut it.registered);
        let lists =
            [("Đã nhận", "What came", came), ("Ứng dụng đã đăng ký", "Registered", registered)];
        return page(StatusCode::OK, &Page { frame, it, lists });
    }
    Json(it).into_response()
}
