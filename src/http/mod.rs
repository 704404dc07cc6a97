//! The doors: every URL on one page.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::flow::Flow;

pub mod admin;
pub mod citizen;
pub mod codes;
mod console;
mod cookies;
mod document;
mod enter;
pub mod error;
pub mod extract;
mod faulty;
#[cfg(feature = "demo")]
mod handset;
pub mod layers;
pub mod oidc;
pub mod openapi;
pub mod ops;
mod page_text;
pub mod pages;
mod refusal_note;
mod secrets;
pub mod state;
mod unread;
mod unrepeated;
mod untrusted;
pub mod views;
mod words;

use error::Problem;
pub use state::HttpSettings;
use state::HttpState;

/// What relying parties call, from servers and from pages: a page of any origin may, since no cookie counts here.
fn back_channel() -> Router<HttpState> {
    let userinfo = get(oidc::userinfo::serve).post(oidc::userinfo::serve);
    let registered =
        get(oidc::register::get).put(oidc::register::put).delete(oidc::register::delete);
    Router::new()
        .route("/.well-known/openid-configuration", get(oidc::metadata::discovery))
        .route(enter::METADATA, get(oidc::metadata::discovery))
        .route("/oauth2/jwks", get(oidc::metadata::jwks))
        .route("/oauth2/token", post(oidc::token::post))
        .route("/oauth2/userinfo", userinfo)
        .route("/oauth2/introspect", post(oidc::introspect::introspect))
        .route("/oauth2/revoke", post(oidc::introspect::revoke))
        .route("/oauth2/par", post(oidc::par::post))
        .route("/oauth2/register", post(oidc::register::create))
        .route("/oauth2/register/{client_id}", registered)
        // Before the layer: a preflight is an OPTIONS that no door answers by itself.
        .method_not_allowed_fallback(no_such_method)
        .layer(layers::readable_by_pages())
}

/// RFC 8414 §3.1: the well-known part of a realm's metadata stands before the path of its issuer.
fn inserted() -> axum::routing::MethodRouter<HttpState> {
    get(oidc::metadata::discovery)
        .fallback(no_such_method)
        .layer(layers::readable_by_pages())
}

/// What browsers are sent to, in every realm: never readable by another origin.
fn front_channel() -> Router<HttpState> {
    let authorize = get(oidc::authorize::get).post(oidc::authorize::post);
    Router::new()
        .route("/oauth2/authorize", authorize.clone())
        .route("/auth", authorize)
        .route("/oidc/logout", get(pages::logout::get).post(pages::logout::post))
        .route("/oidc/initiate-login", get(oidc::initiate::get))
        .route("/explain/{id}", get(pages::explain::get))
        .route("/login", get(pages::login::get).post(pages::posts::login))
        .route("/login/otp", get(pages::otp::get).post(pages::posts::otp))
        .route("/login/otp/resend", post(pages::posts::otp_resend))
        .route("/login/qr", get(pages::qr::get).post(pages::posts::qr))
        .route(
            "/login/representative",
            get(pages::representative::get).post(pages::posts::representative),
        )
        .route(
            "/login/select-account",
            get(pages::select_account::get).post(pages::posts::select_account),
        )
        .route(
            "/login/account-type",
            get(pages::account_type::get).post(pages::posts::account_type),
        )
        .route("/login/level", get(pages::level::get).post(pages::posts::level))
        .route("/login/consent", get(pages::consent::get).post(pages::posts::consent))
}

/// What browsers and relying parties use, in every realm.
fn protocol() -> Router<HttpState> {
    back_channel().merge(front_channel())
}

/// The app's API, in every realm.
fn citizen_api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(citizen::registrations::create))
        .routes(routes!(citizen::registrations::get))
        .routes(routes!(citizen::registrations::withdraw))
        .routes(routes!(citizen::level0::begin))
        .routes(routes!(citizen::activation::begin))
        .routes(routes!(citizen::activation::list_questions))
        .merge(citizen::steps::routes())
        .routes(routes!(citizen::app::begin))
        .routes(routes!(citizen::app::account))
        .routes(routes!(citizen::devices::list))
        .routes(routes!(citizen::devices::unlink))
        .routes(routes!(citizen::devices::password))
        .routes(routes!(citizen::forgotten::begin_password))
        .routes(routes!(citizen::forgotten::begin_passcode))
        .routes(routes!(citizen::phone::begin))
        .routes(routes!(citizen::locks::lock))
        .routes(routes!(citizen::locks::begin))
        .routes(routes!(citizen::papers::list, citizen::papers::integrate))
        .routes(routes!(citizen::papers::get))
        .routes(routes!(citizen::services::list))
        .routes(routes!(citizen::services::open))
        .routes(routes!(citizen::consents::list))
        .routes(routes!(citizen::consents::answer))
        .routes(routes!(citizen::qr::create))
        .routes(routes!(citizen::sign_in_requests::scan))
        .routes(routes!(citizen::sign_in_requests::list))
        .routes(routes!(citizen::sign_in_requests::answer))
        .routes(routes!(citizen::organisations::register))
        .routes(routes!(citizen::organisations::consent))
        .routes(routes!(citizen::organisations::list))
        .routes(routes!(citizen::organisations::activate))
        .routes(routes!(citizen::organisations::put_member, citizen::organisations::delete_member))
}

/// What an officer does, in every realm.
fn desk_api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(citizen::registrations::create_at_desk))
        .routes(routes!(citizen::organisations::register_on_paper))
        .routes(routes!(citizen::desk::renew_card))
        .routes(routes!(citizen::desk::lose_card))
        .routes(routes!(citizen::desk::change_phone))
        .routes(routes!(citizen::desk::agency_request))
        .routes(routes!(citizen::desk::lock))
        .routes(routes!(citizen::desk::unlock))
        .routes(routes!(citizen::desk::change_civil))
        .routes(routes!(citizen::qr::verify))
}

/// What testers do, in every realm.
fn admin_api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(admin::citizens::find))
        .routes(routes!(admin::citizens::get, admin::citizens::put))
        .routes(routes!(admin::accounts::create, admin::accounts::list))
        .routes(routes!(admin::accounts::get))
        .routes(routes!(admin::people::search))
        .routes(routes!(admin::people::situations))
        .routes(routes!(admin::accounts::force))
        .routes(routes!(admin::accounts::command))
        .routes(routes!(admin::registrations::list))
        .routes(routes!(admin::registrations::approve))
        .routes(routes!(admin::registrations::reject))
        .routes(routes!(admin::messages::list, admin::messages::clear))
        .routes(routes!(admin::messages::latest))
        .routes(routes!(admin::messages::follow))
        .routes(routes!(admin::messages::delete))
        .routes(routes!(admin::clients::create, admin::clients::list))
        .routes(routes!(admin::clients::get, admin::clients::put, admin::clients::delete))
        .routes(routes!(admin::sign_ins::create))
        .routes(routes!(admin::clock::get))
        .routes(routes!(admin::clock::set))
        .routes(routes!(admin::clock::advance))
        .routes(routes!(admin::clock::freeze))
        .routes(routes!(admin::clock::resume))
        .routes(routes!(admin::clock::next))
        .routes(routes!(admin::clock::due))
        .routes(routes!(admin::organisations::list))
        .routes(routes!(admin::organisations::get, admin::organisations::put))
        .routes(routes!(admin::requests::list))
        .routes(routes!(admin::requests::get))
        .routes(routes!(admin::requests::forward))
        .routes(routes!(admin::requests::grant))
        .routes(routes!(admin::requests::refuse))
        .routes(routes!(admin::reports::rollout))
        .routes(routes!(admin::provinces::list))
        .routes(routes!(admin::policy::get, admin::policy::put, admin::policy::patch))
        .routes(routes!(admin::keys::list))
        .routes(routes!(admin::keys::rotate))
        .routes(routes!(admin::faults::create, admin::faults::list, admin::faults::clear))
        .routes(routes!(admin::faults::menu))
        .routes(routes!(admin::faults::get, admin::faults::delete))
        .routes(routes!(admin::journal::list, admin::journal::clear))
        .routes(routes!(admin::journal::verify))
        .routes(routes!(admin::journal::archive))
        .routes(routes!(admin::journal::diagram))
        .routes(routes!(admin::journal::steps))
        .routes(routes!(admin::journal::follow))
        .routes(routes!(admin::webhooks::create, admin::webhooks::list))
        .routes(routes!(admin::webhooks::delete))
        .routes(routes!(admin::webhooks::deliveries))
        .routes(routes!(admin::webhooks::replay))
}

/// What testers do to realms, at the root only.
fn realms_api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(admin::realms::create, admin::realms::list))
        .routes(routes!(admin::realms::delete))
        .routes(routes!(admin::realms::reset))
        .routes(routes!(admin::realms::snapshot, admin::realms::restore))
        .routes(routes!(admin::realms::fork))
        .routes(routes!(admin::realms::diff))
        .merge(scenarios_api())
}

#[cfg(feature = "scenarios")]
fn scenarios_api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(admin::scenarios::play))
}

#[cfg(not(feature = "scenarios"))]
fn scenarios_api() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
}

/// The API document and its routes, before any state.
fn documented() -> (Router<HttpState>, Router<HttpState>, OpenApi) {
    let (citizen, document) = citizen_api().merge(desk_api()).split_for_parts();
    let (admin, of_admin) = admin_api().split_for_parts();
    let (realms, of_realms) = realms_api().split_for_parts();
    let document = openapi::complete(document.merge_from(of_admin).merge_from(of_realms));
    let admin_here = admin.clone().merge(realms);
    (citizen.clone().merge(admin), citizen.merge(admin_here), document)
}

/// The API document as it is checked in and served.
pub fn api_document() -> &'static serde_json::Value {
    static DOCUMENT: LazyLock<serde_json::Value> =
        LazyLock::new(|| document::finished(&documented().2));
    &DOCUMENT
}

/// The doors of one simulator, for whoever stands over them; [`finished`] makes them ready to serve.
pub(crate) fn router(flow: Arc<Flow>, doors: HttpSettings) -> Router {
    ops::install_metrics();
    provider(&HttpState::new(flow, doors))
}

fn provider(state: &HttpState) -> Router {
    let (in_realms, at_root, _) = documented();
    let gate = || middleware::from_fn_with_state(state.clone(), admin::gate::check);
    Router::new()
        .merge(protocol())
        .merge(at_root)
        .route(&format!("{}/realms/{{realm}}", enter::METADATA), inserted())
        .nest("/realms/{realm}", protocol().merge(in_realms))
        .merge(openapi::routes())
        // Before the layers: what no door answers is seen too.
        .fallback(no_such_door)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(state.clone(), enter::enter))
        .layer(gate())
        .route("/assets/style.css", get(pages::style))
        .route("/livez", get(ops::livez))
        .route("/readyz", get(ops::readyz))
        .route("/metrics", get(ops::metrics))
        .method_not_allowed_fallback(no_such_method)
        .with_state(state.clone())
        .merge(console::router(state))
        .merge(handset(state))
}

#[cfg(feature = "demo")]
fn handset(state: &HttpState) -> Router {
    handset::routes().method_not_allowed_fallback(no_such_method).with_state(state.clone())
}

#[cfg(not(feature = "demo"))]
fn handset(_: &HttpState) -> Router {
    Router::new()
}

/// Everything that is served: the doors, and the `guests` of this process that know them by HTTP alone.
pub(crate) fn finished(doors: Router, guests: Router) -> Router {
    doors
        // What a guest is sent keeps the bounds of size and time that the doors have.
        .merge(
            guests
                .method_not_allowed_fallback(no_such_method)
                .layer(middleware::from_fn(whole_body)),
        )
        // Every door counts what it reads and refuses in its own shape; this is for a door that forgets to.
        .layer(DefaultBodyLimit::max(extract::LARGEST_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(layers::around))
}

async fn whole_body(request: Request, next: middleware::Next) -> axum::response::Response {
    next.run(extract::with_whole_body(request).await.0).await
}

/// The body is read, so that the journal shows what was sent to the wrong address.
async fn no_such_door(request: Request) -> Problem {
    extract::with_whole_body(request).await;
    nothing_here()
}

fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
}

async fn no_such_method(request: Request) -> Problem {
    extract::with_whole_body(request).await;
    let detail = "this address does not answer this method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    let detail = "a fault of the simulator; its log says more";
    let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail);
    let mut response = problem.into_response();
    response.extensions_mut().insert(refusal_note::Cause(format!("panic: {text}")));
    response
}
