//! `/admin/openapi.json` and `/admin/docs`: the API document and a page over it, with no outside request.

use axum::{Json, Router, routing::get};
use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{InfoBuilder, OpenApi, security, tag::TagBuilder},
};

use super::{error::ProblemBody, state::HttpState};

const TAGS: [(&str, &str); 18] = [
    ("app", "What a citizen does in the app"),
    ("desk", "What an officer does at a police desk"),
    ("accounts", "Accounts: create one of a kind, run any command, force any state"),
    ("citizens", "The population database"),
    ("registrations", "The ministry's review"),
    ("organisations", "The business-registration and other databases of organisations"),
    ("requests", "What agencies and holders ask of an office"),
    ("reports", "The report of a BHXH unit"),
    ("messages", "The outbox"),
    ("clients", "Relying parties"),
    ("sign-ins", "Sign-ins without pages"),
    ("clock", "The realm's time"),
    ("policy", "The realm's policy"),
    ("keys", "The provider's signing keys"),
    ("faults", "Injected faults: rules, and the menu they choose from"),
    ("journal", "What happened: listed, waited for, streamed, drawn, asserted"),
    ("webhooks", "Notifications of what happens"),
    ("realms", "Isolated copies of the country"),
];

const DESCRIPTION: &str = "A simulation of VNeID for tests; it is not VNeID. Every path but `/admin/v1/realms` \
answers beneath `/realms/{name}` too, for that realm. Refusals are `application/problem+json` with a stable `code`.";

/// Adds what is said once for the whole document.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("mock-vneid")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .build();
    let tag =
        |(name, text): (&str, &str)| TagBuilder::new().name(name).description(Some(text)).build();
    document.tags = Some(TAGS.into_iter().map(tag).collect());
    let bearer = security::HttpBuilder::new()
        .scheme(security::HttpAuthScheme::Bearer)
        .description(Some("Only where the simulator was started with an admin token"))
        .build();
    let components = document.components.get_or_insert_default();
    // Named here, where no door names it: `document` adds the refusals of all of them.
    components.schemas.insert(ProblemBody::name().into_owned(), ProblemBody::schema());
    components.add_security_scheme("admin_token", security::SecurityScheme::Http(bearer));
    let name = "admin_token";
    let none = Vec::<String>::new();
    document.security = Some(vec![
        security::SecurityRequirement::new(name, none),
        security::SecurityRequirement::default(),
    ]);
    document
}

/// The document and its page.
pub(crate) fn routes() -> Router<HttpState> {
    let document = get(|| async { Json(super::api_document()) });
    Router::new().route("/admin/openapi.json", document).merge(viewer())
}

#[cfg(feature = "viewer")]
fn viewer() -> Router<HttpState> {
    use utoipa_swagger_ui::{Config, SwaggerUi};
    Router::from(SwaggerUi::new("/admin/docs").config(Config::from("/admin/openapi.json")))
}

#[cfg(not(feature = "viewer"))]
fn viewer() -> Router<HttpState> {
    Router::new()
}
