//! Plan `oidcc-rp-initiated-logout-certification-test-plan`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::suite::{Client, NONCE, STATE, Suite, Tokens};
use crate::harness::{Reply, browser::Browser};

const AFTER: &str = "https://suite.example/goodbye";

/// A login, a logout request with these parameters, and whether somebody is signed in afterwards.
struct Logout<'a> {
    suite: &'a Suite,
    client: Client,
    browser: Browser<'a>,
    tokens: Tokens,
}

impl<'a> Logout<'a> {
    async fn after_login(suite: &'a Suite) -> Self {
        let client = suite.registers(json!({"post_logout_redirect_uris": [AFTER]})).await;
        let (browser, code) = suite.signs_in(&client, &[]).await;
        let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
        Self { suite, client, browser, tokens }
    }

    async fn asks(&mut self, fields: &[(&str, &str)]) -> Reply {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.browser.open(&format!("/oidc/logout?{query}")).await
    }

    /// The holder confirms, where she is asked.
    async fn confirms(&mut self) {
        let form = self.browser.form();
        if !form.is_empty() {
            self.browser.post("/oidc/logout", &[("form", &form)]).await.status(200);
        }
        assert!(self.browser.page.contains("Bạn đã đăng xuất"), "the page says so");
    }

    /// `prompt=none` must give a UI error.
    async fn finds_nobody(mut self) {
        let address = self.suite.asks(&self.client, &[("prompt", "none")]);
        let reply = self.browser.open(&address).await;
        assert_eq!(self.suite.error(&self.client, &reply, Some(STATE)), "login_required");
        self.suite.done(&self.client).await;
    }
}

fn state() -> String {
    "s".repeat(128)
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let suite = Suite::new("query").await;
    let mut logout = Logout::after_login(&suite).await;
    let (hint, state) = (logout.tokens.text("id_token").to_owned(), state());
    let fields =
        [("id_token_hint", &*hint), ("post_logout_redirect_uri", AFTER), ("state", &*state)];
    let reply = logout.asks(&fields).await;
    assert_eq!(reply.location(), format!("{AFTER}?state={state}"));
    logout.finds_nobody().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let suite = Suite::new("query").await;
    let mut logout = Logout::after_login(&suite).await;
    let hint = logout.tokens.text("id_token").to_owned();
    let reply = logout.asks(&[("id_token_hint", &hint), ("post_logout_redirect_uri", AFTER)]).await;
    assert_eq!(reply.location(), AFTER);
    logout.finds_nobody().await;
}

/// No redirect to these.
async fn stays_here(uri: &str) {
    let suite = Suite::new("query").await;
    let mut logout = Logout::after_login(&suite).await;
    let (hint, state) = (logout.tokens.text("id_token").to_owned(), state());
    let fields = [("id_token_hint", &*hint), ("post_logout_redirect_uri", uri), ("state", &*state)];
    let reply = logout.asks(&fields).await.status(400);
    assert!(reply.headers.get("location").is_none());
    assert!(reply.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    stays_here("https://suite.example/other").await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    stays_here(&format!("{AFTER}?foo=bar")).await;
}

/// A hint that is not believed leads nowhere; the holder is asked.
async fn is_asked(hint: impl Fn(&str) -> Option<String>) {
    let suite = Suite::new("query").await;
    let mut logout = Logout::after_login(&suite).await;
    let (hint, state) = (hint(logout.tokens.text("id_token")), state());
    let mut fields = vec![("post_logout_redirect_uri", AFTER), ("state", &*state)];
    if let Some(hint) = &hint {
        fields.push(("id_token_hint", hint));
    }
    let reply = logout.asks(&fields).await.status(200);
    assert!(reply.headers.get("location").is_none());
    assert!(!logout.browser.form().is_empty(), "the holder is asked");
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    is_asked(|hint| {
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        Some(format!("{head}.{}.", hint.split('.').nth(1).unwrap()))
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    is_asked(|hint| {
        let claims: Value = crate::harness::payload(hint);
        let header = jsonwebtoken::decode_header(hint).unwrap();
        // Another key under the right name.
        let key = include_bytes!("../../../src/oidc/keys/dev/3/es256.der");
        let header = Header { kid: header.kid, ..Header::new(Algorithm::ES256) };
        Some(jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ec_der(key)).unwrap())
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    is_asked(|_| None).await;
}

/// Logged out, with a page that says so; the redirect URI is never called.
async fn ends_here(fields: &[(&str, &str)], hinted: bool) {
    let suite = Suite::new("query").await;
    let mut logout = Logout::after_login(&suite).await;
    let hint = logout.tokens.text("id_token").to_owned();
    let mut fields = fields.to_vec();
    if hinted {
        fields.push(("id_token_hint", &hint));
    }
    logout.asks(&fields).await.status(200);
    logout.confirms().await;
    logout.finds_nobody().await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    ends_here(&[], false).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    ends_here(&[("state", &state())], false).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    ends_here(&[("state", &state())], true).await;
}
