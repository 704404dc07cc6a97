//! `/console`: a page of scripts over the admin API, with no power of its own (decision 0013).

use askama::Template;
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use super::{
    extract::{Path, Queried},
    pages::{Frame, page},
    state::HttpState,
};
use crate::{flow::Realm, oidc::language::Language};

/// Every file of the page by its name.
const FILES: [(&str, &str); 15] = [
    ("account.js", include_str!("account.js")),
    ("accounts.js", include_str!("accounts.js")),
    ("api.js", include_str!("api.js")),
    ("clock.js", include_str!("clock.js")),
    ("console.css", include_str!("console.css")),
    ("dom.js", include_str!("dom.js")),
    ("faults.js", include_str!("faults.js")),
    ("journal.js", include_str!("journal.js")),
    ("log.js", include_str!("log.js")),
    ("main.js", include_str!("main.js")),
    ("messages.js", include_str!("messages.js")),
    ("realms.js", include_str!("realms.js")),
    ("sign_in.js", include_str!("sign_in.js")),
    ("sign_ins.js", include_str!("sign_ins.js")),
    ("words.js", include_str!("words.js")),
];

/// Scripts and answers of this origin alone; and no text ever becomes markup or code (Trusted Types).
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

#[derive(Template)]
#[template(path = "console.html")]
struct Page {
    frame: Frame,
    realm: String,
}

/// The page in every realm, and its files.
pub(crate) fn router(state: &HttpState) -> Router {
    Router::new()
        .route("/console", get(serve))
        .route("/realms/{realm}/console", get(serve))
        .route("/assets/console/{file}", get(file))
        .method_not_allowed_fallback(super::no_such_method)
        .with_state(state.clone())
}

/// `GET /console`, `GET /realms/{realm}/console`; Vietnamese, or `?lang=en`.
async fn serve(realm: Realm, Queried(query): Queried) -> Response {
    let language = Language::of(query.unwrap_or_default().text("lang"));
    let frame = Frame { base: realm.path(), language };
    let mut response = page(StatusCode::OK, &Page { frame, realm: realm.name().to_owned() });
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// `GET /assets/console/{file}`; asked anew each time, since a newer program brings other files under the same names.
async fn file(Path(name): Path<String>) -> Response {
    let Some((_, text)) = FILES.iter().find(|(known, _)| *known == name) else {
        return super::nothing_here().into_response();
    };
    let style = name == "console.css";
    let kind = if style { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], *text).into_response()
}
