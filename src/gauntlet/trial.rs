//! One case: what is done, and what came of it.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::{
    cases::{Case, CaseMethod, Needs},
    judge::{Judge, told},
    party::{Arrival, PartyUnderTest, Trouble},
    plan::GauntletPlan,
    provider::{Provider, TestPerson},
    report::Seen,
};
use crate::{
    faults::Verdict,
    visitor::{FetchedPage, Visitor, param},
};

/// How long an application may go on with keys it has: libraries wait half a minute before they look them up again.
const KEYS_KEPT: Duration = Duration::from_secs(40);
/// Between two looks.
const PAUSE: Duration = Duration::from_secs(2);
/// How long an application may take to start.
const START: Duration = Duration::from_mins(1);

/// What is learnt before the first case.
pub(crate) struct Ring {
    pub(crate) plan: GauntletPlan,
    pub(crate) provider: Provider,
    pub(crate) party: PartyUnderTest,
    pub(crate) judge: Judge,
    pub(crate) client_id: String,
    pub(crate) request: Url,
    pub(crate) asks_userinfo: bool,
    pub(crate) has_logout: bool,
    /// Whether a sound logout token ends the session; unknown until it was tried.
    pub(crate) logs_out: Option<bool>,
}

type TrialResult = Result<Seen, Trouble>;

impl Ring {
    /// Why a case says nothing about this application.
    fn idle(&self, case: &Case) -> Option<String> {
        let asked = |names: &[&str]| {
            let pushed = ["request", "request_uri"];
            let mut given = self.request.query_pairs();
            given.any(|(name, _)| names.contains(&&*name) || pushed.contains(&&*name))
        };
        match (&case.needs, &case.how) {
            (Needs::Asked(names), _) if !asked(names) => {
                Some(format!("the request has no {}", names.join(" and no ")))
            }
            (Needs::Userinfo, _) if !self.asks_userinfo => {
                Some("it does not ask userinfo".to_owned())
            }
            (_, CaseMethod::SignedOut(_)) if !self.has_logout => {
                Some("the client has no backchannel_logout_uri".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) async fn play(&mut self, case: &Case) -> Result<Seen, String> {
        if let Some(why) = self.idle(case) {
            return Ok(Seen::idle(why));
        }
        let done = match &case.how {
            CaseMethod::Once(rule) => self.once(case, rule).await,
            CaseMethod::Keys(rule) => self.with_new_keys(case, rule.as_ref()).await,
            CaseMethod::Metadata(rule) => self.with_metadata(case, rule).await,
            CaseMethod::Again => self.opened_again(self.party.browser(), None).await,
            CaseMethod::Elsewhere => {
                self.opened_again(self.party.halting(), Some(self.party.browser())).await
            }
            CaseMethod::Injected => match self.party.begun().await {
                Ok(victim) => self.opened_again(self.party.halting(), Some(victim)).await,
                Err(trouble) => Err(trouble),
            },
            CaseMethod::Request => Ok(self.looked_at()),
            CaseMethod::SignedOut(rule) => self.signed_out(case, rule.as_ref()).await,
        };
        match done {
            Ok(seen) => Ok(seen),
            Err(Trouble::Silent(why)) => {
                self.provider.clear(&case.name).await;
                Ok(Seen::silent(why))
            }
            Err(Trouble::Stuck(why)) => Err(why),
        }
    }

    async fn is_signed_in(&self, browser: &mut Visitor) -> Result<bool, Trouble> {
        let probe = self.party.probe(browser).await?;
        let at_provider = self.provider.request(&probe.way).is_some();
        Ok(self.judge.says(&probe, at_provider))
    }

    /// What an arrival came to, and whether the same browser gets in afterwards.
    async fn seen(
        &self,
        browser: &mut Visitor,
        person: &TestPerson,
        page: &FetchedPage,
    ) -> TrialResult {
        let accepted = self.is_signed_in(browser).await?;
        let recovers = if accepted { None } else { Some(self.gets_in(browser, person).await?) };
        Ok(Seen { accepted, recovers, ..Seen::of(page.status, told(page)) })
    }

    /// A sign-in, and whether somebody is signed in by it.
    async fn attempt(
        &self,
        browser: &mut Visitor,
        person: &TestPerson,
    ) -> Result<(Result<Arrival, Trouble>, bool), Trouble> {
        let arrival = self.party.sign_in(browser, &self.provider, person).await;
        let accepted = arrival.is_ok() && self.is_signed_in(browser).await?;
        Ok((arrival, accepted))
    }

    async fn gets_in(&self, browser: &mut Visitor, person: &TestPerson) -> Result<bool, Trouble> {
        match self.attempt(browser, person).await? {
            (Err(Trouble::Stuck(why)), _) => Err(Trouble::Stuck(why)),
            (_, accepted) => Ok(accepted),
        }
    }

    /// Restricts the rules to this client where the endpoint can identify it.
    async fn arm(&self, case: &Case, rule: &Value) -> Result<String, Trouble> {
        let mut rule = rule.clone();
        let public = matches!(case.how, CaseMethod::Keys(_) | CaseMethod::Metadata(_));
        // A bearer token names no client at the door.
        if !public && rule["door"] != "/oauth2/userinfo" {
            rule["client_id"] = self.client_id.as_str().into();
        }
        if !public {
            rule["times"] = 1.into();
        }
        Ok(self.provider.arm(rule, &case.name).await?)
    }

    async fn once(&mut self, case: &Case, rule: &Value) -> TrialResult {
        let person = self.provider.person().await?;
        let mut browser = self.party.browser();
        let id = self.arm(case, rule).await?;
        let arrival = self.party.sign_in(&mut browser, &self.provider, &person).await;
        let fired = self.provider.disarm(&id).await?;
        let Arrival { page, .. } = arrival?;
        Ok(Seen { fired, ..self.seen(&mut browser, &person, &page).await? })
    }

    async fn with_new_keys(&mut self, case: &Case, rule: Option<&Value>) -> TrialResult {
        let person = self.provider.person().await?;
        let id = match rule {
            Some(rule) => Some(self.arm(case, rule).await?),
            None => None,
        };
        self.provider.rotate_keys().await?;
        let (began, mut browser) = (Instant::now(), self.party.browser());
        let (page, accepted, fired) = loop {
            let (arrival, accepted) = self.attempt(&mut browser, &person).await?;
            let fired = match &id {
                Some(_) if case.verdict == Verdict::Refuse && accepted => true,
                Some(id) => self.provider.fired(id).await?,
                None => accepted,
            };
            // Accepting before fetching the new keys means that none were checked.
            if fired || accepted || began.elapsed() > KEYS_KEPT {
                if let Some(id) = &id {
                    self.provider.disarm(id).await?;
                }
                break (arrival?.page, accepted, fired || id.is_none());
            }
            tokio::time::sleep(PAUSE).await;
        };
        let recovers =
            if accepted { None } else { Some(self.gets_in_again(&mut browser, &person).await?) };
        Ok(Seen { fired, accepted, recovers, ..Seen::of(page.status, told(&page)) })
    }

    /// As often as an application may need until it looks up the keys again.
    async fn gets_in_again(
        &self,
        browser: &mut Visitor,
        person: &TestPerson,
    ) -> Result<bool, Trouble> {
        let began = Instant::now();
        while !self.gets_in(browser, person).await? {
            if began.elapsed() > KEYS_KEPT {
                return Ok(false);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(true)
    }

    async fn with_metadata(&mut self, case: &Case, rule: &Value) -> TrialResult {
        let person = self.provider.person().await?;
        let id = self.arm(case, rule).await?;
        let begun = self.anew().await;
        let mut browser = self.party.browser();
        let (arrival, accepted) = match begun {
            Ok(()) => self.attempt(&mut browser, &person).await?,
            Err(trouble) => (Err(trouble), false),
        };
        let fired = self.provider.disarm(&id).await?;
        if self.plan.restart.is_some() {
            self.restart().await?;
        }
        let recovers =
            if accepted { None } else { Some(self.gets_in_again(&mut browser, &person).await?) };
        // An application that will not even start with such metadata has refused them.
        let seen = match arrival {
            Ok(arrival) => Seen::of(arrival.page.status, told(&arrival.page)),
            Err(Trouble::Silent(why)) => Seen::of(None, why),
            Err(stuck) => return Err(stuck),
        };
        let why = "it did not read the metadata again (--restart COMMAND)";
        let idle = (!fired).then(|| why.to_owned());
        Ok(Seen { fired, idle, accepted, recovers, ..seen })
    }

    /// Makes an application read the metadata again: a restart, or keys that it does not know.
    async fn anew(&self) -> Result<(), Trouble> {
        match self.plan.restart {
            Some(_) => self.restart().await,
            None => Ok(self.provider.rotate_keys().await?),
        }
    }

    async fn restart(&self) -> Result<(), Trouble> {
        let command = self.plan.restart.as_deref().unwrap_or_default();
        let ended = tokio::process::Command::new("sh").args(["-c", command]).status().await;
        match ended {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(Trouble::Stuck(format!("--restart {command}: {status}"))),
            Err(error) => return Err(Trouble::Stuck(format!("--restart {command}: {error}"))),
        }
        let began = Instant::now();
        loop {
            match self.party.probe(&mut self.party.browser()).await {
                Ok(_) => return Ok(()),
                Err(error) if began.elapsed() > START => return Err(error.into()),
                Err(_) => tokio::time::sleep(PAUSE / 10).await,
            }
        }
    }

    /// The answer that one browser got or stopped before, opened in a victim's; in its own where there is no victim.
    async fn opened_again(&mut self, mut first: Visitor, victim: Option<Visitor>) -> TrialResult {
        let person = self.provider.person().await?;
        let arrival = self.party.sign_in(&mut first, &self.provider, &person).await?;
        let Some(answer) = self.party.answer(&arrival.way) else {
            return Ok(Seen::idle("its answers come by form_post".to_owned()));
        };
        let mut victim = victim.unwrap_or(first);
        let page = victim.open(answer).await?;
        self.seen(&mut victim, &person, &page).await
    }

    fn looked_at(&self) -> Seen {
        let of = |name| param(&self.request, name);
        if of("request_uri").is_some() {
            return Seen::idle("the request was pushed (RFC 9126)".to_owned());
        }
        let has = of("code_challenge").is_some()
            && of("code_challenge_method").as_deref() == Some("S256");
        let said = if has { "PKCE with S256" } else { "no PKCE with S256" };
        Seen { accepted: !has, ..Seen::of(None, said.to_owned()) }
    }

    async fn signed_out(&mut self, case: &Case, rule: Option<&Value>) -> TrialResult {
        let works = match self.logs_out {
            Some(works) => works,
            None => self.session_ends().await?,
        };
        self.logs_out = Some(works);
        let Some(rule) = rule else {
            return self.told_of_logout(works).await;
        };
        if !works {
            return Ok(Seen::idle(
                "a sound logout token does not end the session either".to_owned(),
            ));
        }
        let id = self.arm(case, rule).await?;
        let ends = self.session_ends().await;
        let fired = self.provider.disarm(&id).await?;
        let ends = ends?;
        let said = if ends { "the session ended" } else { "the session goes on" };
        Ok(Seen { fired, accepted: ends, ..Seen::of(None, said.to_owned()) })
    }

    /// What a sound logout token came to.
    async fn told_of_logout(&self, works: bool) -> TrialResult {
        let not_taken = self.provider.not_signed_out(&self.client_id).await?;
        let said = match not_taken {
            _ if works => "the session ended".to_owned(),
            // It was not asked, so it cannot have failed.
            Some(why) if why == "forbidden" => {
                return Ok(Seen::idle(
                    "the simulator posts to private addresses only with --allow-private-fetch"
                        .to_owned(),
                ));
            }
            Some(_) => "the session goes on: it did not take the logout token".to_owned(),
            None => "the session goes on".to_owned(),
        };
        Ok(Seen { accepted: works, ..Seen::of(None, said) })
    }

    /// Whether signing out at the provider ends the session here.
    async fn session_ends(&mut self) -> Result<bool, Trouble> {
        let person = self.provider.person().await?;
        let mut browser = self.party.browser();
        self.party.sign_in(&mut browser, &self.provider, &person).await?;
        let page = browser.open(self.provider.sign_out()?).await?;
        if let Some(form) = page.form("/oidc/logout") {
            browser.send(form).await?;
        }
        Ok(!self.is_signed_in(&mut browser).await?)
    }
}
