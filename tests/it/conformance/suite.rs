//! What every module of the suite asserts, written once: metadata, callback, token answer, ID token, userinfo, errors.

use std::collections::BTreeSet;

use axum::http::{Method, header};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{Citizen, LAN},
    browser::Browser,
    request,
};

/// The provider under test, and how answers travel.
pub(super) struct Suite {
    pub(super) sim: Sim,
    pub(super) mode: &'static str,
}

/// A dynamically registered client of the suite.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) callback: String,
    pub(super) told: Value,
}

/// What came to the callback.
#[derive(Debug, Clone)]
pub(super) struct Callback(Vec<(String, String)>);

impl Callback {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// Tokens that passed every assertion.
pub(super) struct Tokens {
    pub(super) answer: Value,
    pub(super) claims: Value,
}

impl Tokens {
    pub(super) fn text(&self, name: &str) -> &str {
        self.answer[name].as_str().unwrap_or_else(|| panic!("no {name}"))
    }
}

pub(super) const STATE: &str = "0123456789";
pub(super) const NONCE: &str = "nonce-0123";

impl Suite {
    pub(super) async fn new(mode: &'static str) -> Self {
        Self::over(Sim::with(mock_vneid::Config::default()).await, mode).await
    }

    /// With a provider that may fetch the suite's own documents.
    pub(super) async fn fetching() -> Self {
        let config =
            mock_vneid::Config { allow_private_fetch: true, ..mock_vneid::Config::default() };
        Self::over(Sim::with(config).await, "query").await
    }

    async fn over(sim: Sim, mode: &'static str) -> Self {
        let policy = json!({"dynamic_registration": true});
        sim.put("/admin/v1/policy", policy).await.status(200);
        Self { sim, mode }
    }

    pub(super) async fn metadata(&self) -> Value {
        self.sim.get("/.well-known/openid-configuration").await.status(200).json()
    }

    /// OIDC Core §10.1: every key has a name of its own, and none is private.
    pub(super) async fn jwks(&self) -> JwkSet {
        let set = self.sim.get("/oauth2/jwks").await.status(200).json();
        let keys = set["keys"].as_array().unwrap();
        let kids: BTreeSet<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert_eq!(kids.len(), keys.len());
        for key in keys {
            for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(key.get(private).is_none(), "{private}");
            }
        }
        serde_json::from_value(set).unwrap()
    }

    /// Registers a client; section 0's assertions on the answer.
    pub(super) async fn registers(&self, more: Value) -> Client {
        let mut body = json!({
            "redirect_uris": ["https://suite.example/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reply = self.sim.post("/oauth2/register", body).await.status(201);
        assert_eq!(reply.header("content-type"), "application/json");
        let told = reply.json();
        assert!(told.get("error").is_none());
        assert_eq!(
            told.get("registration_client_uri").is_some(),
            told.get("registration_access_token").is_some(),
        );
        let method = told["token_endpoint_auth_method"].as_str().unwrap();
        assert_eq!(told.get("client_secret").is_some(), method.starts_with("client_secret"));
        Client {
            id: told["client_id"].as_str().unwrap().to_owned(),
            secret: told["client_secret"].as_str().unwrap_or_default().to_owned(),
            callback: told["redirect_uris"][0].as_str().unwrap().to_owned(),
            told,
        }
    }

    /// The end of every module: the client unregisters itself.
    pub(super) async fn done(&self, client: &Client) {
        let token = client.told["registration_access_token"].as_str().unwrap();
        let request = request(Method::DELETE, &format!("/oauth2/register/{}", client.id))
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.sim.send(request.body(axum::body::Body::empty()).unwrap()).await.status(204);
    }

    /// The address of a request, in the order given; an empty value leaves a parameter out.
    pub(super) fn asks(&self, client: &Client, more: &[(&str, &str)]) -> String {
        let mut pairs = vec![
            ("client_id", client.id.as_str()),
            ("redirect_uri", &client.callback),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", STATE),
            ("nonce", NONCE),
        ];
        if self.mode != "query" {
            pairs.push(("response_mode", self.mode));
        }
        for (name, value) in more {
            pairs.retain(|(given, _)| given != name);
            if !value.is_empty() {
                pairs.push((name, value));
            }
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/oauth2/authorize?{query}")
    }

    /// What reached the client: by its mode, with nothing twice, `iss` right, and `state` as it was.
    #[track_caller]
    pub(super) fn called_back(
        &self,
        client: &Client,
        reply: &Reply,
        state: Option<&str>,
    ) -> Callback {
        let pairs: Vec<(String, String)> = if self.mode == "form_post" {
            assert_eq!(reply.status, 200, "{}", reply.text());
            assert!(reply.headers.get(header::LOCATION).is_none());
            let page = reply.text();
            let action = page.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
            assert_eq!(action, client.callback.replace('&', "&#38;"), "nothing in the address");
            assert!(page.contains("<form method=\"post\""));
            crate::oidc::posted(reply)
        } else {
            let back = reply.location();
            let rest = back.strip_prefix(&client.callback).unwrap_or_else(|| panic!("{back}"));
            assert!(!rest.contains('#'), "{back}");
            let rest = rest.trim_start_matches(['?', '&']);
            form_urlencoded::parse(rest.as_bytes()).into_owned().collect()
        };
        let names: BTreeSet<&String> = pairs.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), pairs.len(), "{pairs:?}");
        let callback = Callback(pairs);
        assert_eq!(callback.get("iss"), Some("http://localhost:8080"));
        assert_eq!(callback.get("state"), state);
        callback
    }

    /// A code, and no error.
    #[track_caller]
    pub(super) fn code(&self, client: &Client, reply: &Reply, state: Option<&str>) -> String {
        let callback = self.called_back(client, reply, state);
        assert_eq!(callback.get("error"), None, "{callback:?}");
        callback.get("code").unwrap().to_owned()
    }

    /// An error, in the registry's shape.
    #[track_caller]
    pub(super) fn error(&self, client: &Client, reply: &Reply, state: Option<&str>) -> String {
        let callback = self.called_back(client, reply, state);
        assert_eq!(callback.get("code"), None);
        let known = ["error", "error_description", "error_uri", "state", "iss"];
        assert!(callback.0.iter().all(|(name, _)| known.contains(&name.as_str())), "{callback:?}");
        let description = callback.get("error_description").unwrap_or_default();
        let right = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
        assert!(description.chars().all(right), "RFC 6749 §4.1.2.1: {description}");
        callback.get("error").unwrap().to_owned()
    }

    /// A new browser, Lan at the pages, the code.
    pub(super) async fn signs_in(
        &self,
        client: &Client,
        more: &[(&str, &str)],
    ) -> (Browser<'_>, String) {
        let mut browser = Browser::new(&self.sim);
        let code = self.signs_in_with(&mut browser, client, more, LAN).await;
        (browser, code)
    }

    /// The same in a browser that is open; the login page must be shown.
    pub(super) async fn signs_in_with(
        &self,
        browser: &mut Browser<'_>,
        client: &Client,
        more: &[(&str, &str)],
        who: Citizen,
    ) -> String {
        browser.open(&self.asks(client, more)).await.status(200);
        assert!(browser.page.contains("name=\"password\""), "the login page is shown");
        let mut reply = who.signs_in(browser).await;
        if browser.url.starts_with("/login/consent") {
            reply = browser.submit("/login/consent", &[("decision", "allow")]).await;
        }
        let state = more.iter().find(|(name, _)| *name == "state").map_or(STATE, |(_, it)| it);
        self.code(client, &reply, Some(state).filter(|state| !state.is_empty()))
    }

    pub(super) async fn token_request(&self, client: &Client, fields: &[(&str, &str)]) -> Reply {
        self.sim.form("/oauth2/token", Some((&client.id, &client.secret)), fields).await
    }

    /// Exchanges a code and asserts everything about the answer; `nonce` is what the request had.
    pub(super) async fn exchanges(
        &self,
        client: &Client,
        code: &str,
        nonce: Option<&str>,
    ) -> Tokens {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &client.callback),
        ];
        let reply = self.token_request(client, &fields).await;
        self.granted(client, &reply, nonce).await
    }

    pub(super) async fn granted(
        &self,
        client: &Client,
        reply: &Reply,
        nonce: Option<&str>,
    ) -> Tokens {
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.header("cache-control"), "no-store");
        let answer = reply.json();
        assert!(answer["token_type"].as_str().unwrap().eq_ignore_ascii_case("bearer"));
        assert!(answer["expires_in"].as_u64().unwrap() > 0);
        let access = answer["access_token"].as_str().unwrap();
        assert!(access.len() >= 22, "128 bits of entropy");
        let claims = self.verified(client, answer["id_token"].as_str().unwrap()).await;
        assert_eq!(claims.get("nonce").and_then(Value::as_str), nonce);
        let info = self.userinfo(access).await;
        assert_eq!(info["sub"], claims["sub"]);
        Tokens { answer, claims }
    }

    /// The ID token by the published keys alone, and its claims by OIDC Core §2.
    pub(super) async fn verified(&self, client: &Client, token: &str) -> Value {
        let head = decode_header(token).unwrap();
        let jwks = self.jwks().await;
        let key = jwks.find(head.kid.as_deref().unwrap()).unwrap();
        let mut checks = Validation::new(head.alg);
        checks.set_audience(&[&client.id]);
        checks.set_issuer(&["http://localhost:8080"]);
        checks.validate_exp = false;
        let key = DecodingKey::from_jwk(key).unwrap();
        let claims = decode::<Value>(token, &key, &checks).unwrap().claims;
        let now = self.sim.seconds();
        let at = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("no {name}"));
        assert!(at("exp") > now && at("exp") < now + 50 * 365 * 24 * 3600, "seconds, not millis");
        assert!((at("iat") - now).abs() <= 300);
        assert!(at("auth_time") <= now && at("auth_time") > now - 365 * 24 * 3600);
        assert_ne!(claims["acr"].as_str().unwrap(), "");
        let sub = claims["sub"].as_str().unwrap();
        assert!(sub.is_ascii() && (1..=255).contains(&sub.len()));
        claims
    }

    /// Userinfo with typed claims (OIDC Core §5.1).
    pub(super) async fn userinfo(&self, access: &str) -> Value {
        let info = self.sim.bearer("/oauth2/userinfo", access).await.status(200);
        assert_eq!(info.header("content-type"), "application/json");
        typed(&info.json());
        info.json()
    }
}

/// Standard claims have the types of OIDC Core §5.1, and none is blank.
pub(super) fn typed(claims: &Value) {
    for (name, value) in claims.as_object().unwrap() {
        match name.as_str() {
            "email_verified" | "phone_number_verified" => assert!(value.is_boolean(), "{name}"),
            "updated_at" => assert!(value.is_number(), "{name}"),
            "address" => {
                assert!(value.as_object().unwrap().values().all(Value::is_string), "{value}");
            }
            "birthdate" => {
                let year: u16 = value.as_str().unwrap()[..4].parse().unwrap();
                assert!(value.as_str().unwrap().len() == 10 && (1850..2100).contains(&year));
            }
            name if name.starts_with("vneid_") => {}
            _ => {
                let text = value.as_str().unwrap_or_else(|| panic!("{name} is {value}"));
                assert!(!text.trim().is_empty() && text != "null", "{name}");
            }
        }
    }
}
