//! The verbs of a person at her browser.

use serde_json::{Map, Value, json};
use url::Url;

use super::{
    list::REQUEST,
    run_session::{Acted, ActionResult, HeldTokens, RunSession, VERIFIER},
    target::HttpAnswer,
    variables::plain,
    verbs::{Special, VerbField},
};
use crate::{
    oidc::digest::sha256_base64url,
    visitor::{FetchedPage, HtmlForm, Visitor, html},
};

/// Most pages of one sign-in.
const MOST_PAGES: usize = 12;

impl RunSession {
    pub(crate) async fn in_browser(&mut self, special: Special, acted: &Acted) -> ActionResult {
        let page = match special {
            Special::Open => self.open(acted).await?,
            Special::SignIn => return self.sign_in(acted).await,
            Special::SignOut => self.sign_out(acted).await?,
            Special::Password => self.type_password(acted).await?,
            Special::Otp => self.type_otp(acted).await?,
            Special::Resend => self.send_form(&acted.who, "/login/otp/resend", &[]).await?,
            Special::Consent => self.decide(acted).await?,
            _ => {
                let fields = acted.object("fields");
                let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), plain(v))).collect();
                self.send_form(&acted.who, &acted.text("form"), &fields).await?
            }
        };
        Ok(self.shown(&page))
    }

    fn browser(&mut self, who: &str) -> &mut Visitor {
        let (wire, origin) = (self.ground.wire.clone(), self.ground.url.origin());
        let visitor = || Visitor::new(wire, vec![origin]);
        self.browsers.entry(who.to_owned()).or_insert_with(visitor)
    }

    async fn go(&mut self, who: &str, url: Url) -> Result<FetchedPage, String> {
        let page = self.browser(who).open(url).await.map_err(|error| error.to_string())?;
        Ok(self.arrived(who, page))
    }

    /// Notes where her browser is, and the code that a portal got by it.
    fn arrived(&mut self, who: &str, page: FetchedPage) -> FetchedPage {
        if let (None, Some(code)) = (page.status, page.param("code")) {
            for ((holder, _), held) in &mut self.held {
                if holder == who && page.url.as_str().starts_with(&held.redirect_uri) {
                    held.code.clone_from(&code);
                }
            }
        }
        self.pages.insert(who.to_owned(), page.clone());
        page
    }

    async fn open(&mut self, acted: &Acted) -> Result<FetchedPage, String> {
        let client = &acted.client;
        self.opened += 1;
        let usual = |name: &str| match name {
            "scope" => Some("openid profile phone".to_owned()),
            "state" => Some(format!("state-{}", self.opened)),
            "nonce" => Some(format!("nonce-{}", self.opened)),
            "redirect_uri" => self.vars.text(&format!("{client}.redirect_uris.0")).ok(),
            _ => None,
        };
        let mut params: Vec<(String, String)> = vec![
            ("client_id".to_owned(), self.vars.text(&format!("{client}.client_id"))?),
            ("response_type".to_owned(), "code".to_owned()),
            ("code_challenge".to_owned(), sha256_base64url(VERIFIER)),
            ("code_challenge_method".to_owned(), "S256".to_owned()),
        ];
        for VerbField { name, .. } in REQUEST {
            let value = acted.given(name).or_else(|| usual(name));
            params.extend(value.map(|value| ((*name).to_owned(), value)));
        }
        for (name, value) in &acted.object("params") {
            params.retain(|(given, _)| given != name);
            if !value.is_null() && value != "" {
                params.push((name.clone(), plain(value)));
            }
        }
        let of =
            |name: &str| params.iter().find(|(given, _)| given == name).map(|(_, v)| v.clone());
        let held = HeldTokens {
            redirect_uri: of("redirect_uri").unwrap_or_default(),
            ..HeldTokens::default()
        };
        self.held.insert((acted.who.clone(), client.clone()), held);
        let path = format!("{}/oauth2/authorize", self.base);
        let mut url = self.ground.url.join(&path).map_err(|error| error.to_string())?;
        url.query_pairs_mut().extend_pairs(params);
        self.go(&acted.who, url).await
    }

    /// Sends a form of the open page, filled in.
    async fn send_form(
        &mut self,
        who: &str,
        ending: &str,
        fields: &[(&str, String)],
    ) -> Result<FetchedPage, String> {
        let page = self.pages.get(who).ok_or_else(|| {
            format!("{who}'s browser shows no page: do = \"open\", who = \"{who}\", client = \"…\"")
        })?;
        let form = page.form(ending).ok_or_else(|| {
            let actions: Vec<String> =
                page.forms().iter().map(|form| form.action.path().to_owned()).collect();
            let ending = if ending.is_empty() { "any" } else { ending };
            format!("{}: no form {ending} on this page, only {actions:?}", page.url.path())
        })?;
        let mut form: HtmlForm = form;
        if form.buttons.len() == 1 {
            form.fields.extend(form.buttons.clone());
        }
        for (name, value) in fields {
            form.fill(name, value);
        }
        let page = self.browser(who).send(form).await.map_err(|error| error.to_string())?;
        Ok(self.arrived(who, page))
    }

    async fn type_password(&mut self, acted: &Acted) -> Result<FetchedPage, String> {
        let who = &*acted.who;
        let number = match acted.given("username") {
            Some(number) => number,
            None => self.own(acted, "number")?,
        };
        let fields = [("username", number), ("password", self.own(acted, "password")?)];
        self.send_form(who, "/login", &fields).await
    }

    async fn type_otp(&mut self, acted: &Acted) -> Result<FetchedPage, String> {
        let otp = self.otp(acted).await?;
        self.send_form(&acted.who, "/login/otp", &[("otp", otp)]).await
    }

    async fn decide(&mut self, acted: &Acted) -> Result<FetchedPage, String> {
        let decision = acted.or("decision", "allow");
        self.send_form(&acted.who, "/login/consent", &[("decision", decision)]).await
    }

    /// Until the way leads back to the portal, or somewhere a script has to say what comes next.
    async fn sign_in(&mut self, acted: &Acted) -> ActionResult {
        let mut page = self.open(acted).await?;
        let mut typed = Vec::new();
        for _ in 0..MOST_PAGES {
            let at = page.url.path().to_owned();
            // A page that comes again has refused what was typed.
            if page.status.is_none() || typed.contains(&at) {
                break;
            }
            page = if at.ends_with("/login") {
                self.type_password(acted).await?
            } else if at.ends_with("/login/otp") {
                self.type_otp(acted).await?
            } else if at.ends_with("/login/consent") {
                self.decide(acted).await?
            } else if at.ends_with("/login/level") || at.ends_with("/login/account-type") {
                // She goes back to the portal, and acts for herself.
                self.send_form(&acted.who, &at, &[]).await?
            } else {
                break;
            };
            typed.push(at);
        }
        let answer = self.shown(&page);
        if answer.get("code").is_null() || answer.refused().is_some() {
            return Ok(answer);
        }
        let bare = Acted { fields: Map::new(), ..acted.clone() };
        let mut tokens = self.as_portal(Special::Exchange, &bare).await?;
        if tokens.refused().is_none() {
            let claims = self.as_portal(Special::Userinfo, &bare).await?;
            tokens.0.insert("userinfo".to_owned(), Value::Object(claims.0));
        }
        Ok(tokens)
    }

    async fn sign_out(&mut self, acted: &Acted) -> Result<FetchedPage, String> {
        let key = (acted.who.clone(), acted.client.clone());
        let hint = self.held.get(&key).map(|held| held.id_token.clone()).unwrap_or_default();
        let path = format!("{}/oidc/logout", self.base);
        let mut url = self.ground.url.join(&path).map_err(|error| error.to_string())?;
        url.query_pairs_mut().append_pair("id_token_hint", &hint);
        let page = self.go(&acted.who, url).await?;
        if page.form("/oidc/logout").is_some() {
            return self.send_form(&acted.who, "/oidc/logout", &[]).await;
        }
        Ok(page)
    }

    /// A page as a script sees it: `page`, `says`; or the way back: `redirect`, its parameters.
    fn shown(&self, page: &FetchedPage) -> HttpAnswer {
        let Some(status) = page.status else {
            let params = page.url.query_pairs().map(|(n, v)| (n.into_owned(), json!(v)));
            let mut members: Map<String, Value> = params.collect();
            if let Some(error) = members.get("error").cloned() {
                members.insert("refused".to_owned(), error);
            }
            members.insert("page".to_owned(), "callback".into());
            members.insert("redirect".to_owned(), page.url.as_str().into());
            return HttpAnswer(members);
        };
        let path = page.url.path().strip_prefix(self.base.as_str()).unwrap_or_default();
        let says = html::text_of(&page.text, "[role=alert]");
        let code = html::attribute_of(&page.text, "[data-code]", "data-code");
        let code = code.filter(|code| !code.is_empty());
        let mut answer = HttpAnswer::of(status.as_u16(), json!({ "page": path, "says": says }));
        let refused = code.or_else(|| answer.refused().map(|_| "page".to_owned()));
        answer.0.insert("refused".to_owned(), json!(refused));
        let title = html::text_of(&page.text, "h1");
        answer.0.insert("title".to_owned(), json!(title));
        answer
    }
}
