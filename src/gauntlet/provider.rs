//! The simulator as a tester uses it: people, one-time passwords, rules, keys.

use std::time::Duration;

use serde_json::{Value, json};
use url::{Origin, Url};

use super::plan::GauntletPlan;
use crate::{
    scenario::{Caller, RequestBody, Target},
    visitor::{FetchedPage, Wire},
};

/// What the rules of a gauntlet are called, so that those of one that broke off are found.
const MARK: &str = "gauntlet-";
/// How long an SMS may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub(crate) struct TestPerson {
    pub(crate) number: String,
    pub(crate) password: String,
}

pub(crate) struct Provider {
    ground: Target,
    /// What every path of the admin API begins with: nothing, or `/realms/{name}`.
    base: String,
    /// As browsers see it.
    issuer: Url,
    authorize: Url,
    like: Value,
    accounts: Vec<(String, String)>,
}

impl Provider {
    /// Finds out who it is, and takes back what a gauntlet before this one may have left.
    pub(crate) async fn meet(plan: &GauntletPlan, wire: Wire) -> Result<Self, String> {
        let base = plan.realm.as_ref().map_or(String::new(), |name| format!("/realms/{name}"));
        let ground = Target { wire, url: plan.url.clone(), admin_token: plan.admin_token.clone() };
        let like = plan.like.clone().unwrap_or_else(|| json!({ "level": 2, "state": "active" }));
        let (issuer, authorize) = (plan.url.clone(), plan.url.clone());
        let mut met =
            Self { ground, base, issuer, authorize, like, accounts: plan.account.clone() };
        let whose = |what: &str| format!("{} is no mock-vneid: {what}", plan.url);
        let metadata = met.ask("GET", "/.well-known/openid-configuration", None).await?;
        let address = |name: &str| -> Result<Url, String> {
            metadata[name]
                .as_str()
                .unwrap_or_default()
                .parse()
                .map_err(|_| whose("it has no metadata"))
        };
        (met.issuer, met.authorize) = (address("issuer")?, address("authorization_endpoint")?);
        let rules =
            met.ask("GET", "/admin/v1/faults", None).await.map_err(|error| whose(&error))?;
        for id in
            rules["items"].as_array().into_iter().flatten().filter_map(|rule| rule["id"].as_str())
        {
            if id.starts_with(MARK) {
                met.disarm(id).await?;
            }
        }
        Ok(met)
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, String> {
        let sent = body.map_or(RequestBody::Nothing, RequestBody::Json);
        let path = format!("{}{path}", self.base);
        let answer = self.ground.ask(&Caller::Tester, method, &path, sent).await?;
        if let Some(refused) = answer.refused() {
            let detail = answer.text("detail");
            return Err(format!("{method} {path}: {refused} {detail}"));
        }
        Ok(Value::Object(answer.0))
    }

    pub(crate) fn origin(&self) -> Origin {
        self.authorize.origin()
    }

    /// The request that an application sent a browser with, if a way led through it.
    pub(crate) fn request(&self, way: &[Url]) -> Option<Url> {
        let same =
            |url: &&Url| url.origin() == self.origin() && url.path() == self.authorize.path();
        way.iter().rfind(same).cloned()
    }

    /// The path of one of the provider's own pages, beneath its realm.
    pub(crate) fn page(&self, page: &FetchedPage) -> Option<String> {
        let base = self.issuer.path().trim_end_matches('/');
        let path =
            page.url.path().strip_prefix(base).filter(|_| page.url.origin() == self.origin())?;
        let own = path == "/login" || path.starts_with("/login/") || path == "/oauth2/authorize";
        own.then(|| path.to_owned())
    }

    /// Where a browser signs out.
    pub(crate) fn sign_out(&self) -> Result<Url, String> {
        let issuer = self.issuer.as_str().trim_end_matches('/');
        format!("{issuer}/oidc/logout").parse().map_err(|error| format!("{issuer}: {error}"))
    }

    /// Somebody for a case: new, or the next of those that were named.
    pub(crate) async fn person(&mut self) -> Result<TestPerson, String> {
        if let Some((number, password)) = self.accounts.first().cloned() {
            self.accounts.rotate_left(1);
            return Ok(TestPerson { number, password });
        }
        let account = self.ask("POST", "/admin/v1/accounts", Some(self.like.clone())).await?;
        let of = |name: &str| account[name].as_str().unwrap_or_default().to_owned();
        Ok(TestPerson { number: of("number"), password: of("password") })
    }

    /// The OTP that was delivered last to somebody.
    pub(crate) async fn otp(&self, person: &TestPerson) -> Result<String, String> {
        let path = format!(
            "/admin/v1/messages/latest?citizen={}&purpose=otp&wait={}s",
            person.number,
            PATIENCE.as_secs()
        );
        let message = self.ask("GET", &path, None).await?;
        Ok(message["code"].as_str().unwrap_or_default().to_owned())
    }

    /// What is known of a client.
    pub(crate) async fn client(&self, id: &str) -> Result<Value, String> {
        let id = escaped(id);
        self.ask("GET", &format!("/admin/v1/clients/{id}"), None).await
    }

    /// Whether an application asked userinfo after the token request that a client made last; yes where nobody knows.
    pub(crate) async fn asks_userinfo(&self, client_id: &str) -> Result<bool, String> {
        let id = escaped(client_id);
        let path = format!("/admin/v1/journal?path=/oauth2/token&client_id={id}&limit=1000");
        let found = self.ask("GET", &path, None).await?;
        let last = found["items"].as_array().and_then(|items| items.last());
        let Some(sign_in) = last.and_then(|last| last["sign_in"].as_u64()) else { return Ok(true) };
        let path = format!("/admin/v1/journal?path=/oauth2/userinfo&sign_in={sign_in}&limit=1");
        let found = self.ask("GET", &path, None).await?;
        Ok(found["items"].as_array().is_some_and(|items| !items.is_empty()))
    }

    /// Why the logout token that a client was to get last was not taken, if it was not.
    pub(crate) async fn not_signed_out(&self, client_id: &str) -> Result<Option<String>, String> {
        let id = escaped(client_id);
        let path = format!("/admin/v1/journal?kind=session&client_id={id}&limit=1000");
        let found = self.ask("GET", &path, None).await?;
        let last = found["items"].as_array().and_then(|items| items.last());
        Ok(last.and_then(|last| last["data"]["error"].as_str()).map(str::to_owned))
    }

    /// Puts a rule in force; answers its id.
    pub(crate) async fn arm(&self, mut rule: Value, name: &str) -> Result<String, String> {
        let id = id_of(name);
        rule["id"] = id.as_str().into();
        self.ask("POST", "/admin/v1/faults", Some(rule)).await?;
        Ok(id)
    }

    /// Whether a rule went off.
    pub(crate) async fn fired(&self, id: &str) -> Result<bool, String> {
        let count = self.ask("GET", &format!("/admin/v1/faults/{id}"), None).await?;
        Ok(count["fired"].as_u64().is_some_and(|times| times > 0))
    }

    /// Takes a rule back; answers whether it went off.
    pub(crate) async fn disarm(&self, id: &str) -> Result<bool, String> {
        let fired = self.fired(id).await?;
        self.ask("DELETE", &format!("/admin/v1/faults/{id}"), None).await?;
        Ok(fired)
    }

    /// Takes back what a case that broke off may have left; who cannot be asked any more keeps it until the next gauntlet.
    pub(crate) async fn clear(&self, name: &str) {
        let path = format!("/admin/v1/faults/{}", id_of(name));
        drop(self.ask("DELETE", &path, None).await);
    }

    /// Signs with new keys from now on; the old ones are gone.
    pub(crate) async fn rotate_keys(&self) -> Result<(), String> {
        let pace = json!({ "publish_seconds": 0, "overlap_seconds": 0 });
        self.ask("POST", "/admin/v1/keys/rotate", Some(pace)).await.map(drop)
    }
}

/// What the rule of a case is called.
fn id_of(name: &str) -> String {
    format!("{MARK}{}", name.replace('.', "-"))
}

/// A text within a path or a query.
fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
