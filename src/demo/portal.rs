//! The pages of the two sites: home, the choice of an account, the way to the provider and back, and out.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawForm, RawQuery, State, rejection::RawFormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use openidconnect::core::CoreAuthPrompt;

use super::{
    Site, SiteKind,
    claims::{ClaimRow, SignedInVisitor},
    page::{SiteFrame, page},
    people::{self, CastMember},
    posted,
    provider::ShownClock,
    queried,
    services::{self, PortalService},
    session::Sessions,
    stopped::Stopped,
};
use crate::{
    clock::Timestamp,
    oidc::{
        language::Language,
        params::{self, Params},
    },
};

type Here = State<Arc<Site>>;

/// A visitor as the pages show one.
struct ShownVisitor {
    name: String,
    level: u8,
    rows: Vec<ClaimRow>,
    basic: Vec<PortalService>,
    more: Vec<PortalService>,
}

impl ShownVisitor {
    fn of(visitor: &SignedInVisitor, language: Language) -> Self {
        let level = visitor.level();
        let (basic, more) = services::of(level, language);
        let rows = visitor.rows(language);
        Self { name: visitor.name(), level: level.into(), rows, basic, more }
    }
}

#[derive(Template)]
#[template(path = "portal.html")]
struct PortalPage {
    frame: SiteFrame,
    site: &'static str,
    visitor: Option<ShownVisitor>,
    people: Vec<CastMember>,
    clock: ShownClock,
}

#[derive(Template)]
#[template(path = "insurance.html")]
struct InsurancePage {
    frame: SiteFrame,
    site: &'static str,
    visitor: Option<ShownVisitor>,
    people: Vec<CastMember>,
    clock: ShownClock,
}

#[derive(Template)]
#[template(path = "choose.html")]
struct ChoosePage {
    frame: SiteFrame,
    site: &'static str,
    insurance: bool,
    people: Vec<CastMember>,
}

#[derive(Template)]
#[template(path = "stopped.html")]
struct StoppedPage {
    frame: SiteFrame,
    site: &'static str,
    sentence: &'static str,
    code: String,
    detail: Option<String>,
    to_level_2: bool,
}

impl Site {
    fn stopped(&self, stopped: &Stopped, language: Language) -> Response {
        let shown = StoppedPage {
            frame: SiteFrame::new(language),
            site: self.kind.path(),
            sentence: stopped.sentence(self.kind, language),
            code: stopped.code().to_owned(),
            detail: stopped.detail().map(str::to_owned),
            to_level_2: self.kind == SiteKind::Insurance && stopped.code() == "access_denied",
        };
        if stopped.status().is_server_error() {
            let cause = stopped.detail().unwrap_or_default();
            tracing::error!(cause, "a demo site cannot reach the provider");
        }
        page(stopped.status(), &shown)
    }

    /// The simulator's time, or the page that says that it does not answer.
    async fn clock(&self, language: Language) -> Result<ShownClock, Response> {
        let silent = || Stopped::Provider("the simulator does not tell its time".to_owned());
        self.provider.clock().await.ok_or_else(|| self.stopped(&silent(), language))
    }

    async fn show_home(&self, headers: &HeaderMap, query: &Params) -> Result<Response, Response> {
        let clock = self.clock(Language::of(query.text("lang"))).await?;
        let (visitor, chosen) = self.sessions.visitor(headers, clock.now);
        let language = query.get("lang").map_or(chosen, Language::of);
        let visitor = visitor.map(|visitor| ShownVisitor::of(&visitor, language));
        let people = people::now(&self.provider, &self.cast).await;
        let (frame, site) = (SiteFrame::new(language), self.kind.path());
        Ok(match self.kind {
            SiteKind::Portal => {
                page(StatusCode::OK, &PortalPage { frame, site, visitor, people, clock })
            }
            SiteKind::Insurance => {
                page(StatusCode::OK, &InsurancePage { frame, site, visitor, people, clock })
            }
        })
    }

    async fn go(&self, headers: &HeaderMap, asked: &Params) -> Response {
        let language = Language::of(asked.text("lang"));
        let prompt = match asked.text("prompt") {
            "none" => Some(CoreAuthPrompt::None),
            "login" => Some(CoreAuthPrompt::Login),
            "consent" => Some(CoreAuthPrompt::Consent),
            _ => None,
        };
        match self.party.begin(language, prompt).await {
            Ok((to, pending)) => {
                let cookie = self.sessions.begin(headers, pending);
                let mut response = to_place(to);
                Sessions::put(response.headers_mut(), cookie);
                response
            }
            Err(stopped) => self.stopped(&stopped, language),
        }
    }

    /// RFC 6749 §4.1.2, RFC 9207 §2.4: state, issuer, refusal, code; each only after the one before.
    async fn come_back(
        &self,
        headers: &HeaderMap,
        answer: &Params,
        at: Timestamp,
    ) -> (Language, Result<SignedInVisitor, Stopped>) {
        let pending = match self.sessions.take(headers, answer.text("state")) {
            Ok(pending) => pending,
            Err(fault) => return (Language::default(), Err(Stopped::NotBegun(fault))),
        };
        let visitor = match self.party.code_of(answer) {
            Ok(code) => self.party.finish(&pending, code, at).await,
            Err(stopped) => Err(stopped),
        };
        (pending.language, visitor)
    }
}

/// 303: the browser gets the place, whatever it posted.
fn to_place(to: String) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// `GET /demo`, `GET /demo/bhxh`.
pub(super) async fn home(
    State(site): Here,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = queried(query.as_deref()).unwrap_or_default();
    site.show_home(&headers, &query).await.unwrap_or_else(|response| response)
}

/// `GET …/login`: which account to sign in with.
pub(super) async fn login(State(site): Here, RawQuery(query): RawQuery) -> Response {
    let query = queried(query.as_deref()).unwrap_or_default();
    let people = people::now(&site.provider, &site.cast).await;
    let insurance = site.kind == SiteKind::Insurance;
    let (frame, site) = (SiteFrame::new(Language::of(query.text("lang"))), site.kind.path());
    page(StatusCode::OK, &ChoosePage { frame, site, insurance, people })
}

/// `GET …/start`: to the provider.
pub(super) async fn start(
    State(site): Here,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    site.go(&headers, &queried(query.as_deref()).unwrap_or_default()).await
}

/// `POST …/start`: the same from a form.
pub(super) async fn start_by_form(
    State(site): Here,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    site.go(&headers, &posted(form).unwrap_or_default()).await
}

/// `GET …/callback`: back from the provider.
pub(super) async fn callback(
    State(site): Here,
    headers: HeaderMap,
    RawQuery(answer): RawQuery,
) -> Response {
    const ONCE: [&str; 5] = ["code", "state", "iss", "error", "error_description"];
    let answer = queried(answer.as_deref());
    let Some(answer) = answer.filter(|answer| answer.check_once(&ONCE).is_ok()) else {
        return site.stopped(&Stopped::Unreadable, Language::default());
    };
    let now = match site.clock(Language::default()).await {
        Ok(clock) => clock.now,
        Err(response) => return response,
    };
    let (language, visitor) = site.come_back(&headers, &answer, now).await;
    match visitor {
        Ok(visitor) => {
            let cookie = site.sessions.sign_in(&headers, visitor);
            let mut response = to_place(format!("{}?lang={}", site.kind.path(), language.tag()));
            Sessions::put(response.headers_mut(), Some(cookie));
            response
        }
        Err(stopped) => site.stopped(&stopped, language),
    }
}

/// `POST …/logout`: out of this site, and with `everywhere` out of the provider too (RP-Initiated Logout 1.0 §2). A foreign
/// page's post does not bring the cookie (`SameSite=Lax`).
pub(super) async fn logout(
    State(site): Here,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let query = queried(query.as_deref()).unwrap_or_default();
    let language = Language::of(query.text("lang"));
    let everywhere = posted(form).is_some_and(|form| form.get("everywhere").is_some());
    let visitor = match site.provider.now().await {
        Some(now) if everywhere => site.sessions.visitor(&headers, now).0,
        _ => None,
    };
    let to = match visitor {
        Some(visitor) => {
            let after = format!("{}{}", site.provider.issuer, site.kind.path());
            params::append(
                "/oidc/logout",
                &[
                    ("id_token_hint", Some(visitor.id_token.as_str())),
                    ("post_logout_redirect_uri", Some(after.as_str())),
                    ("ui_locales", Some(language.tag())),
                ],
            )
        }
        None => format!("{}?lang={}", site.kind.path(), language.tag()),
    };
    let cookie = site.sessions.sign_out(&headers);
    let mut response = to_place(to);
    Sessions::put(response.headers_mut(), Some(cookie));
    response
}
