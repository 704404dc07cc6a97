//! What a run has at hand: variables, browsers, apps, tokens; and the verbs that are one request.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    script::Act,
    target::{Caller, HttpAnswer, RequestBody, Target},
    variables::{Variables, plain},
    verbs::Send,
};
use crate::visitor::{FetchedPage, Visitor};

/// What an act comes to: an answer, or why it could not be done at all.
pub(crate) type ActionResult = Result<HttpAnswer, String>;

/// RFC 7636 Appendix B: every request of a script carries its challenge.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// What a portal holds of a visitor.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeldTokens {
    pub(crate) redirect_uri: String,
    pub(crate) code: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) id_token: String,
}

/// One run.
#[derive(Debug)]
pub(crate) struct RunSession {
    pub(crate) ground: Target,
    /// What every path begins with: nothing, or `/realms/{name}`.
    pub(crate) base: String,
    pub(crate) vars: Variables,
    pub(crate) browsers: BTreeMap<String, Visitor>,
    pub(crate) pages: BTreeMap<String, FetchedPage>,
    pub(crate) apps: BTreeMap<String, String>,
    pub(crate) registrations: BTreeMap<String, String>,
    /// By person and client.
    pub(crate) held: BTreeMap<(String, String), HeldTokens>,
    /// Sign-ins that were opened: `state` and `nonce` count them.
    pub(crate) opened: u32,
}

impl RunSession {
    pub(crate) fn new(ground: Target, base: String) -> Self {
        Self {
            ground,
            base,
            vars: Variables::default(),
            browsers: BTreeMap::new(),
            pages: BTreeMap::new(),
            apps: BTreeMap::new(),
            registrations: BTreeMap::new(),
            held: BTreeMap::new(),
            opened: 0,
        }
    }

    /// One request beneath the realm.
    pub(crate) async fn ask(
        &self,
        asker: Caller,
        method: &str,
        path: &str,
        sent: RequestBody,
    ) -> ActionResult {
        let path = format!("{}{path}", self.base);
        self.ground.ask(&asker, method, &path, sent).await
    }

    /// The same as a tester, with JSON.
    pub(crate) async fn tell(&self, method: &str, path: &str, body: Option<Value>) -> ActionResult {
        let sent = body.map_or(RequestBody::Nothing, RequestBody::Json);
        self.ask(Caller::Tester, method, path, sent).await
    }

    /// An act with its variables filled in.
    pub(crate) fn fill(&self, act: &Act) -> Result<Acted, String> {
        let name = |name: &Option<String>| {
            name.as_ref().map(|name| self.vars.fill_text(name).map(|name| plain(&name))).transpose()
        };
        let (who, client) = (name(&act.who)?, name(&act.client)?);
        let fields = self.vars.fill_all(&act.fields)?;
        Ok(Acted { who: who.unwrap_or_default(), client: client.unwrap_or_default(), fields })
    }

    pub(crate) async fn through(
        &mut self,
        method: &str,
        path: &str,
        sends: &[Send],
        acted: &Acted,
    ) -> ActionResult {
        let Acted { who, client, fields } = acted;
        let (mut path, mut fields) = (path.to_owned(), fields.clone());
        if path.contains("{number}") {
            path = path.replace("{number}", &self.vars.text(&format!("{who}.number"))?);
        }
        if path.contains("{registration}") {
            let id = self.registrations.get(who);
            let id = id.ok_or_else(|| format!("{who} has no registration in this script"))?;
            path = path.replace("{registration}", id);
        }
        for send in sends {
            let (field, whose, name) = match send {
                Send::Number => ("number", who, "number"),
                Send::Phone => ("phone", who, "phone"),
                Send::Citizen => ("citizen", who, "number"),
                Send::ClientId => ("client_id", client, "client_id"),
            };
            if !fields.contains_key(field) && !whose.is_empty() {
                fields.insert(field.to_owned(), self.known(whose, name)?.into());
            }
        }
        // The journal's own word for them is a step's.
        if let Some(events) = fields.remove("events") {
            fields.insert("expect".to_owned(), events);
        }
        let mut answer = if method == "GET" {
            let pairs = fields.iter().map(|(name, value)| (name, plain(value)));
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            let mark = if query.is_empty() { "" } else { "?" };
            self.tell("GET", &format!("{path}{mark}{query}"), None).await?
        } else {
            // A door without a body does not read it.
            self.tell(method, &path, Some(Value::Object(fields))).await?
        };
        if answer.get("legal_time").is_string() {
            self.registrations.insert(who.clone(), answer.text("id").to_owned());
        }
        // Her own from now on: of a registration, or of a change.
        if let (Some(phone), "POST", None) = (acted.given("phone"), method, answer.refused()) {
            self.vars.set_in(who, "phone", phone.into());
        }
        if answer.get("ok") == &json!(false) {
            answer.0.insert("refused".to_owned(), "not_so".into());
        }
        Ok(answer)
    }

    /// Changes rules, and keeps the others.
    pub(crate) async fn set_policy(&self, rules: &Map<String, Value>) -> ActionResult {
        self.tell("PATCH", "/admin/v1/policy", Some(Value::Object(rules.clone()))).await
    }

    pub(crate) async fn call(&self, asker: Caller, acted: &Acted) -> ActionResult {
        let body = acted.fields.get("body").cloned();
        let usual = if body.is_some() { "POST" } else { "GET" };
        let method = acted.or("method", usual);
        let sent = body.map_or(RequestBody::Nothing, RequestBody::Json);
        self.ask(asker, &method, &acted.text("path"), sent).await
    }

    /// A field of the step; without it, of who acts.
    pub(crate) fn own(&self, acted: &Acted, name: &str) -> Result<String, String> {
        acted.given(name).map_or_else(|| self.known(&acted.who, name), Ok)
    }

    /// What is known of a person or a client.
    fn known(&self, whose: &str, name: &str) -> Result<String, String> {
        let found = self.vars.text(&format!("{whose}.{name}"));
        found.map_err(|_| format!("{whose} has no {name}: say {name} = \"…\" in this step"))
    }

    /// The OTP that a step types: its own, or the one that was delivered last about the account.
    pub(crate) async fn otp(&self, acted: &Acted) -> Result<String, String> {
        if let Some(otp) = acted.given("otp") {
            return Ok(otp);
        }
        let who = &acted.who;
        let number = self.vars.text(&format!("{who}.number"))?;
        let path = format!("/admin/v1/messages/latest?citizen={number}&purpose=otp");
        let message = self.tell("GET", &path, None).await?;
        match message.get("code").as_str() {
            Some(code) if message.refused().is_none() => Ok(code.to_owned()),
            _ => Err(format!("no OTP was delivered for {who}")),
        }
    }

    pub(crate) async fn activate(&mut self, acted: &Acted) -> ActionResult {
        let who = &*acted.who;
        let mut body = json!({
            "number": self.own(acted, "number")?, "phone": self.own(acted, "phone")?, "device": acted.device(),
        });
        if let Some(confirm) = acted.fields.get("confirm") {
            body["confirm"] = confirm.clone();
        }
        let mut answer = self.tell("POST", "/app/v1/activations", Some(body)).await?;
        let id = answer.text("id").to_owned();
        let (password, passcode) =
            (acted.or("password", "Mat#khau2026"), acted.or("passcode", "135790"));
        while answer.refused().is_none() {
            let next = answer.text("next").to_owned();
            if next == "done" || acted.given("until").as_deref() == Some(&next) {
                break;
            }
            let body = match next.as_str() {
                "otp" => json!({ "otp": self.otp(acted).await? }),
                "password" => json!({ "password": password }),
                "passcode" => json!({ "passcode": passcode }),
                _ => {
                    json!({"answers": [{"question": 0, "answer": "Trường Hoa Sen"}, {"question": 3, "answer": "Bạch Mai"}]})
                }
            };
            let path = format!("/app/v1/activations/{id}/{next}");
            answer = self.tell("POST", &path, Some(body)).await?;
            if answer.refused().is_none() && ["password", "passcode"].contains(&next.as_str()) {
                let value = if next == "password" { &password } else { &passcode };
                self.vars.set_in(who, &next, value.as_str().into());
            }
        }
        Ok(answer)
    }

    pub(crate) async fn open_app(&mut self, acted: &Acted) -> ActionResult {
        let body = json!({
            "number": self.own(acted, "number")?, "password": self.own(acted, "password")?, "device": acted.device(),
        });
        let mut answer = self.tell("POST", "/app/v1/sign-ins", Some(body)).await?;
        if answer.refused().is_none() && answer.get("token").is_null() {
            let otp = self.otp(acted).await?;
            let path = format!("/app/v1/sign-ins/{}/otp", answer.text("id"));
            answer = self.tell("POST", &path, Some(json!({ "otp": otp }))).await?;
        }
        if let Some(token) = answer.get("token").as_str() {
            self.apps.insert(acted.who.clone(), token.to_owned());
        }
        Ok(answer)
    }
}

/// An act with its variables filled in.
#[derive(Debug, Clone)]
pub(crate) struct Acted {
    pub(crate) who: String,
    pub(crate) client: String,
    pub(crate) fields: Map<String, Value>,
}

impl Acted {
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(plain)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.given(name).unwrap_or_default()
    }

    pub(crate) fn or(&self, name: &str, usual: &str) -> String {
        self.given(name).unwrap_or_else(|| usual.to_owned())
    }

    /// The device of her app.
    fn device(&self) -> String {
        self.or("device", &format!("phone-of-{}", self.who))
    }

    pub(crate) fn object(&self, name: &str) -> Map<String, Value> {
        self.fields.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }
}
