//! The application as a browser finds it: the way to the provider, a whole sign-in, the probe.

use std::{collections::VecDeque, sync::Arc};

use url::{Position, Url};

use super::{
    judge::told,
    plan::GauntletPlan,
    provider::{Provider, TestPerson},
};
use crate::visitor::{FetchedPage, HtmlForm, Press, Unreached, Visitor, Wire, param};

/// Most pages that are pressed one after the other to get to the provider.
const DEEPEST: usize = 3;
/// Most ways that are tried.
const MOST_TRIED: usize = 24;
/// Most pages of one sign-in.
const MOST_PAGES: usize = 12;
/// Words on what begins a sign-in, the likeliest first.
const WORDS: [&str; 17] = [
    "vneid",
    "bộ công an",
    "định danh",
    "oidc",
    "openid",
    "oauth",
    "sso",
    "đăng nhập",
    "dang-nhap",
    "log in",
    "login",
    "sign in",
    "sign-in",
    "signin",
    "auth",
    "account",
    "tài khoản",
];

/// Why a browser did not get where it should.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The application does not answer.
    Silent(String),
    /// The gauntlet itself cannot go on.
    Stuck(String),
}

impl From<Unreached> for Trouble {
    fn from(error: Unreached) -> Self {
        Self::Silent(error.0)
    }
}

/// The simulator refuses what a gauntlet needs of it.
impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::Stuck(why)
    }
}

/// What is pressed, as it is found again on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NamedControl {
    text: String,
    path: String,
}

impl NamedControl {
    fn of(press: &Press) -> Self {
        Self { text: press.text.clone(), path: press.to.path().to_owned() }
    }
}

/// Where a sign-in came to.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// The page.
    pub(crate) page: FetchedPage,
    /// Every address on the way.
    pub(crate) way: Vec<Url>,
}

pub(crate) struct PartyUnderTest {
    wire: Wire,
    start: Url,
    probe: Url,
    origins: Vec<url::Origin>,
    way: Vec<NamedControl>,
    /// Where answers come to, as the client is registered.
    pub(crate) callbacks: Vec<Url>,
}

impl PartyUnderTest {
    pub(crate) fn new(plan: &GauntletPlan, wire: Wire, provider: &Provider) -> Self {
        let start = plan.login.clone().unwrap_or_else(|| plan.rp.clone());
        let mut origins =
            vec![plan.rp.origin(), start.origin(), plan.probe().origin(), provider.origin()];
        origins.extend(plan.also.iter().map(Url::origin));
        let probe = plan.probe().clone();
        Self { wire, start, probe, origins, way: Vec::new(), callbacks: Vec::new() }
    }

    /// A browser that was never here.
    pub(crate) fn browser(&self) -> Visitor {
        Visitor::new(self.wire.clone(), self.origins.clone())
    }

    /// One that stops before it brings an answer to the application.
    pub(crate) fn halting(&self) -> Visitor {
        let callbacks = self.callbacks.clone();
        self.browser().halting_before(Arc::new(move |url| is_answer(url, &callbacks)))
    }

    /// What the probe answers a browser.
    pub(crate) async fn probe(&self, browser: &mut Visitor) -> Result<FetchedPage, Unreached> {
        browser.open(self.probe.clone()).await
    }

    /// Looks for the way to the provider; answers the request that it leads to.
    pub(crate) async fn find(&mut self, provider: &Provider) -> Result<Url, String> {
        let mut left = VecDeque::from([Vec::new()]);
        let (mut seen, mut ends) = (Vec::new(), Vec::new());
        for _ in 0..MOST_TRIED {
            let Some(way) = left.pop_front() else { break };
            let page = match self.follow(&mut self.browser(), &way).await {
                Ok(page) => page,
                // Without the first page there is nothing to look at.
                Err(error) if way.is_empty() => return Err(format!("{}: {error}", self.start)),
                Err(_) => continue,
            };
            if let Some(request) = provider.request(&page.way) {
                self.way = way;
                return Ok(request);
            }
            if page.status.is_none() {
                ends.push(page.url.to_string());
            }
            if way.len() == DEEPEST {
                continue;
            }
            for press in self.likely(&page) {
                if !seen.contains(&press) {
                    seen.push(press.clone());
                    left.push_back([&way[..], &[press]].concat());
                }
            }
        }
        Err(self.not_found(provider, &seen, &ends))
    }

    fn not_found(&self, provider: &Provider, seen: &[NamedControl], ends: &[String]) -> String {
        let tried: Vec<String> =
            seen.iter().map(|it| format!("\"{}\" ({})", it.text, it.path)).collect();
        let mut text = format!(
            "no way leads from {} to {}",
            self.start,
            provider.origin().ascii_serialization()
        );
        if tried.is_empty() {
            text.push_str("; no link and no button there speaks of signing in");
        } else {
            text = format!("{text}; pressed: {}", tried.join(", "));
        }
        if let Some(end) = ends.first() {
            text = format!(
                "{text}; one led to {end}, which is not visited (--also, or another --url)"
            );
        }
        text + "; name the address that begins a sign-in with --login"
    }

    /// What speaks of signing in, the likeliest first. What leaves the origins comes last: it is told, not visited.
    fn likely(&self, page: &FetchedPage) -> Vec<NamedControl> {
        let scored = page.presses().into_iter().filter_map(|press| {
            let said = format!("{} {}", press.text, press.to.path()).to_lowercase();
            let leaves = !self.origins.contains(&press.to.origin());
            let at = WORDS.iter().position(|word| said.contains(word))?;
            Some(((leaves, at), NamedControl::of(&press)))
        });
        let mut scored: Vec<_> = scored.collect();
        scored.sort_by_key(|(rank, _)| *rank);
        scored.into_iter().map(|(_, named)| named).collect()
    }

    async fn follow(
        &self,
        browser: &mut Visitor,
        way: &[NamedControl],
    ) -> Result<FetchedPage, Unreached> {
        let mut page = browser.open(self.start.clone()).await?;
        for named in way {
            let found = page.presses().into_iter().find(|press| NamedControl::of(press) == *named);
            let Some(press) = found else { break };
            page = browser.press(press).await?;
        }
        Ok(page)
    }

    /// For the report.
    pub(crate) fn way_in(&self) -> String {
        let pressed: Vec<String> = self.way.iter().map(|it| format!("\"{}\"", it.text)).collect();
        [&[self.start.to_string()][..], &pressed].concat().join(" → ")
    }

    /// A whole sign-in: from the application's page to the end of the way.
    pub(crate) async fn sign_in(
        &self,
        browser: &mut Visitor,
        provider: &Provider,
        person: &TestPerson,
    ) -> Result<Arrival, Trouble> {
        let mut page = self.follow(browser, &self.way).await?;
        let mut way = page.way.clone();
        if provider.request(&way).is_none() {
            let said = told(&page);
            return Err(Trouble::Silent(format!(
                "the way to the provider ends at {} {said}",
                page.url
            )));
        }
        let mut typed: Vec<String> = Vec::new();
        for _ in 0..MOST_PAGES {
            let Some(at) = provider.page(&page) else { break };
            page = if let Some(form) = self.posted_answer(&page) {
                browser.send(form).await?
            } else if typed.contains(&at) {
                // A page that comes again has refused what was typed.
                let said = told(&page);
                return Err(Trouble::Stuck(format!(
                    "{} cannot sign in: {at} {said}",
                    person.number
                )));
            } else {
                let form = own_form(&page, &at)?;
                Self::fill_in(browser, provider, person, form, &at).await?
            };
            way.extend(page.way.iter().cloned());
            typed.push(at);
        }
        Ok(Arrival { page, way })
    }

    /// OAuth 2.0 Form Post Response Mode: a browser sends this form by itself.
    fn posted_answer(&self, page: &FetchedPage) -> Option<HtmlForm> {
        page.forms().into_iter().find(|form| is_callback(&form.action, &self.callbacks))
    }

    /// The answer that a way brought to the application.
    pub(crate) fn answer(&self, way: &[Url]) -> Option<Url> {
        way.iter().rfind(|url| is_answer(url, &self.callbacks)).cloned()
    }

    /// A browser that began a sign-in and left it at the provider.
    pub(crate) async fn begun(&self) -> Result<Visitor, Trouble> {
        let mut browser = self.browser();
        self.follow(&mut browser, &self.way).await?;
        Ok(browser)
    }

    async fn fill_in(
        browser: &mut Visitor,
        provider: &Provider,
        person: &TestPerson,
        mut form: HtmlForm,
        at: &str,
    ) -> Result<FetchedPage, Trouble> {
        match at {
            "/login" => {
                form.fill("username", &person.number);
                form.fill("password", &person.password);
            }
            "/login/otp" => form.fill("otp", &provider.otp(person).await?),
            "/login/consent" => form.fill("decision", "allow"),
            _ => form.fields.extend(form.buttons.first().cloned()),
        }
        Ok(browser.send(form).await?)
    }
}

/// The form of a page of the provider's.
fn own_form(page: &FetchedPage, at: &str) -> Result<HtmlForm, String> {
    let own = page.form(at).or_else(|| page.forms().into_iter().next());
    own.ok_or_else(|| format!("{at} {}", told(page)))
}

/// Whether an address is one of the client's, whatever its query: a callback may be the page that everything begins on.
fn is_callback(url: &Url, callbacks: &[Url]) -> bool {
    callbacks.iter().any(|callback| url[..Position::AfterPath] == callback[..Position::AfterPath])
}

/// RFC 6749 §4.1.2: whether it brings a code, or an error.
fn is_answer(url: &Url, callbacks: &[Url]) -> bool {
    is_callback(url, callbacks) && ["code", "error"].iter().any(|name| param(url, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_from_the_page_that_it_comes_to() {
        let callbacks =
            ["http://rp.example", "http://rp.example/cb?site=1"].map(|url| url.parse().unwrap());
        for (url, answers) in [
            ("http://rp.example/?code=1&state=2", true),
            ("http://rp.example/?error=access_denied", true),
            ("http://rp.example/cb?site=1&code=1", true),
            ("http://rp.example/", false),
            ("http://rp.example/?lang=vi", false),
            ("http://rp.example/login?code=1", false),
            ("http://rp.example/cb/other?code=1", false),
        ] {
            assert_eq!(is_answer(&url.parse().unwrap(), &callbacks), answers, "{url}");
        }
    }
}
