//! The demo: a portal `/demo` and a small BHXH site `/demo/bhxh` that sign in like any relying party, and the handset `/phone`.

use std::sync::Arc;

use axum::{
    Router,
    http::header,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};

use crate::{
    dice::Dice,
    flow::Flow,
    http::state::HttpState,
    identity::Level,
    oidc::{client::Client, digest::sha256_base64url},
};

mod address;
mod cast;
mod claims;
mod client;
mod handset;
mod home;
mod party;
mod phone;
mod portal;
mod services;
mod session;
mod signed_out;
mod stopped;

pub(crate) use home::Home;
use party::RelyingParty;
use session::Sessions;

/// Which of the two sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteKind {
    /// Public services, from level 1.
    Portal,
    /// Social insurance, level 2 only.
    Insurance,
}

impl SiteKind {
    const fn client_id(self) -> &'static str {
        match self {
            Self::Portal => "demo-portal",
            Self::Insurance => "demo-bhxh",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Portal => "/demo",
            Self::Insurance => "/demo/bhxh",
        }
    }
}

/// One site: who it is at the provider, and who is signed in to it.
pub(crate) struct Site {
    kind: SiteKind,
    party: RelyingParty,
    sessions: Sessions,
    flow: Arc<Flow>,
}

/// The demo's own clients, with the secret of this process.
pub(crate) fn clients(issuer: &str, secret: &str) -> Vec<Client> {
    let client = |kind: SiteKind, name: &str, minimum_level| Client {
        client_id: kind.client_id().to_owned(),
        secret_hash: Some(sha256_base64url(secret)),
        client_name: name.to_owned(),
        redirect_uris: vec![format!("{issuer}{}/callback", kind.path())],
        post_logout_redirect_uris: vec![format!("{issuer}{}", kind.path())],
        backchannel_logout_uri: Some(back_channel(issuer, kind)),
        backchannel_logout_session_required: true,
        scope: crate::oidc::scopes::every(),
        minimum_level,
        require_pkce: true,
        ..Client::default()
    };
    vec![
        client(SiteKind::Portal, "Cổng dịch vụ công thử nghiệm", Level::One),
        client(SiteKind::Insurance, "Cổng BHXH thử nghiệm", Level::Two),
    ]
}

fn back_channel(issuer: &str, kind: SiteKind) -> String {
    format!("{issuer}{}/backchannel-logout", kind.path())
}

/// The sites over `provider`, which they reach as any relying party would, without leaving the process; and the handset.
///
/// `state` lends them the default realm's time and people, and the handset its messages. `secret` is the one of [`clients`];
/// `home` is how logout tokens come to them.
pub(crate) fn router(provider: &Router, state: &HttpState, secret: &str, home: &Home) -> Router {
    let sites =
        [SiteKind::Portal, SiteKind::Insurance].map(|kind| site(kind, provider, state, secret));
    let issuer = &state.flow.settings.issuer;
    let known = sites.iter().map(|it| (back_channel(issuer, it.kind), Arc::downgrade(it)));
    home.move_in(known.collect());
    let [portal, insurance] = sites.map(doors);
    let phones = Router::new()
        .route("/phone", get(phone::get))
        .route("/realms/{realm}/phone", get(phone::get))
        .route("/phone/app", get(handset::get).post(handset::post))
        .route("/realms/{realm}/phone/app", get(handset::get).post(handset::post))
        .with_state(state.clone());
    portal
        .merge(insurance)
        .merge(phones)
        .route("/assets/demo.css", get(style))
        .method_not_allowed_fallback(super::no_such_method)
}

fn site(kind: SiteKind, provider: &Router, state: &HttpState, secret: &str) -> Arc<Site> {
    let dice = Arc::new(Dice::new(None, "demo", 0));
    let issuer = &state.flow.settings.issuer;
    Arc::new(Site {
        kind,
        party: RelyingParty::new(kind, issuer, secret, provider.clone(), Arc::clone(&dice)),
        sessions: Sessions::new(kind, state.is_secure(), dice),
        flow: Arc::clone(&state.flow),
    })
}

fn doors(site: Arc<Site>) -> Router {
    let path = site.kind.path();
    Router::new()
        .route(path, get(portal::home))
        .route(&format!("{path}/login"), get(portal::login))
        .route(&format!("{path}/start"), get(portal::start).post(portal::start_by_form))
        .route(&format!("{path}/callback"), get(portal::callback))
        .route(&format!("{path}/logout"), post(portal::logout))
        .route(&format!("{path}/backchannel-logout"), post(signed_out::post))
        .layer(middleware::from_fn_with_state(Arc::clone(&site), address::one))
        .with_state(site)
}

/// `GET /assets/demo.css`.
async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    let kept = (header::CACHE_CONTROL, "public, max-age=300");
    ([kind, kept], include_str!("demo.css")).into_response()
}
