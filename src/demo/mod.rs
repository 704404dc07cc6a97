//! The demo: a portal `/demo` and a small BHXH site `/demo/bhxh` that sign in like any relying party. They know the simulator by HTTP alone.

use std::sync::{Arc, Weak};

use axum::{
    Router,
    extract::{RawForm, rejection::RawFormRejection},
    http::header,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};

use crate::{
    dice::Dice,
    identity::Level,
    oidc::{client::Client, digest::sha256_base64url, params::Params, scopes},
};

mod address;
mod claims;
mod page;
mod party;
mod people;
mod portal;
mod provider;
mod services;
mod session;
mod signed_out;
mod stopped;

use party::RelyingParty;
pub(crate) use people::CastMember;
pub(crate) use provider::InProcessProvider;
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
    provider: InProcessProvider,
    party: RelyingParty,
    sessions: Sessions,
    /// The people one can try it with.
    cast: Vec<CastMember>,
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
        scope: scopes::every(),
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

/// What the sites are told when they are built; everything else they learn by HTTP.
pub(crate) struct DemoSettings {
    /// The secret of their [`clients`].
    pub(crate) secret: String,
    /// Whether cookies are marked `Secure`.
    pub(crate) is_secure: bool,
    /// The people one can try them with.
    pub(crate) cast: Vec<CastMember>,
}

/// Where logout tokens come in. Weak: the sites hold the simulator, and the simulator this.
pub(crate) struct BackChannels(Vec<(String, Weak<Site>)>);

impl BackChannels {
    /// Whether an address is a site's back channel.
    pub(crate) fn have(&self, url: &str) -> bool {
        self.0.iter().any(|(own, _)| own == url)
    }

    /// Hands a posted form over, or says why it was refused.
    pub(crate) async fn post(&self, url: &str, body: &str) -> Result<(), String> {
        let site = self.0.iter().find(|(own, _)| own == url).and_then(|(_, site)| site.upgrade());
        let site = site.ok_or("the site is gone")?;
        let form = Params::parse(body.as_bytes()).map_err(|error| error.to_string())?;
        site.signed_out(&form).await
    }
}

/// The sites over `provider`, which they reach as any relying party would, without leaving the process.
pub(crate) fn router(
    provider: &InProcessProvider,
    settings: &DemoSettings,
) -> (Router, BackChannels) {
    let sites = [SiteKind::Portal, SiteKind::Insurance].map(|kind| site(kind, provider, settings));
    let issuer = &provider.issuer;
    let known = sites.iter().map(|it| (back_channel(issuer, it.kind), Arc::downgrade(it)));
    let known = BackChannels(known.collect());
    let [portal, insurance] = sites.map(doors);
    (portal.merge(insurance).route("/assets/demo.css", get(style)), known)
}

fn site(kind: SiteKind, provider: &InProcessProvider, settings: &DemoSettings) -> Arc<Site> {
    let dice = Arc::new(Dice::new(None, "demo", 0));
    let DemoSettings { secret, is_secure, cast } = settings;
    Arc::new(Site {
        kind,
        provider: provider.clone(),
        party: RelyingParty::new(kind, provider.clone(), secret, Arc::clone(&dice)),
        sessions: Sessions::new(kind, &provider.issuer, *is_secure, dice),
        cast: cast.clone(),
    })
}

/// A query, strictly read.
fn queried(query: Option<&str>) -> Option<Params> {
    Params::parse(query.unwrap_or_default().as_bytes()).ok()
}

/// A posted form, strictly read.
fn posted(form: Result<RawForm, RawFormRejection>) -> Option<Params> {
    form.ok().and_then(|RawForm(body)| Params::parse(&body).ok())
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
