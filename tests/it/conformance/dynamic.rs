//! Plan `oidcc-dynamic-certification-test-plan`: what it has beyond the basic plan.

use std::sync::Arc;

use axum::{Router, extract::State, routing::get};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::suite::{Client, NONCE, Suite};
use crate::harness::{Reply, Sim, actors::LAN, browser::Browser};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A key of the suite's, from the public ring: its JWK under a name, and what signs with it.
fn key(set: u8, kid: &str) -> (Value, EncodingKey) {
    let der: &[u8] = match set {
        1 => include_bytes!("../../../src/oidc/keys/dev/1/es256.der"),
        _ => include_bytes!("../../../src/oidc/keys/dev/2/es256.der"),
    };
    let signing = EncodingKey::from_ec_der(der);
    let mut jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&signing, Algorithm::ES256).unwrap();
    jwk.common.key_id = Some(kid.to_owned());
    (serde_json::to_value(jwk).unwrap(), signing)
}

fn assertion(
    sim: &Sim,
    client: &Client,
    aud: &str,
    jti: &str,
    (kid, key): (&str, &EncodingKey),
) -> String {
    let now = sim.seconds();
    let claims = json!({
        "iss": client.id, "sub": client.id, "aud": aud, "iat": now, "exp": now + 60, "jti": jti,
    });
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, &claims, key).unwrap()
}

const TOKEN: &str = "http://localhost:8080/oauth2/token";

/// The suite's documents, which may change.
async fn documents(first: Value) -> (String, Arc<Mutex<Value>>) {
    let document = Arc::new(Mutex::new(first));
    let read = |State(it): State<Arc<Mutex<Value>>>| async move { axum::Json(it.lock().clone()) };
    let router = Router::new().route("/document", get(read)).with_state(Arc::clone(&document));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/document", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, document)
}

async fn with_assertion(suite: &Suite, fields: &[(&str, &str)], assertion: &str) -> Reply {
    let mut all = vec![("client_assertion_type", ASSERTION), ("client_assertion", assertion)];
    all.extend_from_slice(fields);
    suite.sim.form("/oauth2/token", None, &all).await
}

#[tokio::test]
async fn oidcc_idtoken_rs256() {
    let suite = Suite::new("query").await;
    let client = suite.registers(json!({"id_token_signed_response_alg": "RS256"})).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    let head = jsonwebtoken::decode_header(tokens.text("id_token")).unwrap();
    assert_eq!(head.alg, Algorithm::RS256);
    suite.done(&client).await;
}

#[tokio::test]
async fn oidcc_userinfo_rs256() {
    let suite = Suite::new("query").await;
    let client = suite.registers(json!({"userinfo_signed_response_alg": "RS256"})).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
    ];
    let answer = suite.token_request(&client, &fields).await.status(200).json();
    let claims = suite.verified(&client, answer["id_token"].as_str().unwrap()).await;
    let access = answer["access_token"].as_str().unwrap();
    let info = suite.sim.bearer("/oauth2/userinfo", access).await.status(200);
    assert_eq!(info.header("content-type"), "application/jwt");
    let head = jsonwebtoken::decode_header(info.text()).unwrap();
    assert_eq!(head.alg, Algorithm::RS256);
    let jwks = suite.jwks().await;
    let key = DecodingKey::from_jwk(jwks.find(&head.kid.unwrap()).unwrap()).unwrap();
    let mut checks = Validation::new(Algorithm::RS256);
    checks.set_audience(&[&client.id]);
    checks.set_issuer(&["http://localhost:8080"]);
    checks.required_spec_claims.clear();
    let info = jsonwebtoken::decode::<Value>(info.text(), &key, &checks).unwrap().claims;
    assert_eq!(info["sub"], claims["sub"]);
}

#[tokio::test]
async fn oidcc_ensure_redirect_uri_in_authorization_request() {
    let suite = Suite::new("query").await;
    let two = json!({"redirect_uris": ["https://suite.example/one", "https://suite.example/two"]});
    let client = suite.registers(two).await;
    suite.sim.get(&suite.asks(&client, &[("redirect_uri", "")])).await.status(400);
}

#[tokio::test]
async fn oidcc_redirect_uri_query_ok() {
    let suite = Suite::new("query").await;
    let with_query = json!({"redirect_uris": ["https://suite.example/callback?foo=bar"]});
    let client = suite.registers(with_query).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    suite.exchanges(&client, &code, Some(NONCE)).await;
}

async fn refused(registered: &str, sent: &str) {
    let suite = Suite::new("query").await;
    let client = suite.registers(json!({"redirect_uris": [registered]})).await;
    let page = suite.sim.get(&suite.asks(&client, &[("redirect_uri", sent)])).await.status(400);
    assert!(page.headers.get("location").is_none());
}

#[tokio::test]
async fn oidcc_redirect_uri_query_mismatch() {
    refused("https://suite.example/callback?foo=bar", "https://suite.example/callback?foo=baz")
        .await;
}

#[tokio::test]
async fn oidcc_redirect_uri_query_added() {
    refused("https://suite.example/callback", "https://suite.example/callback?foo=bar").await;
}

#[tokio::test]
async fn oidcc_redirect_uri_regfrag() {
    let suite = Suite::new("query").await;
    let body = json!({"redirect_uris": ["https://suite.example/callback#fragment"]});
    suite.sim.post("/oauth2/register", body).await.oauth(400, "invalid_redirect_uri");
}

/// `oidcc-server` of this plan: by `private_key_jwt`.
#[tokio::test]
async fn oidcc_server_with_private_key_jwt() {
    let suite = Suite::new("query").await;
    let (jwk, signing) = key(1, "rp-1");
    let more = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]},
    });
    let client = suite.registers(more).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
    ];
    let proof = assertion(&suite.sim, &client, TOKEN, "j-1", ("rp-1", &signing));
    let reply = with_assertion(&suite, &fields, &proof).await;
    suite.granted(&client, &reply, Some(NONCE)).await;
    suite.done(&client).await;
}

#[tokio::test]
async fn oidcc_ensure_client_assertion_with_iss_aud_succeeds() {
    let suite = Suite::new("query").await;
    let (jwk, signing) = key(1, "rp-1");
    let more = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]},
    });
    let client = suite.registers(more).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
    ];
    let proof = assertion(&suite.sim, &client, "http://localhost:8080", "j-1", ("rp-1", &signing));
    let reply = with_assertion(&suite, &fields, &proof).await;
    suite.granted(&client, &reply, Some(NONCE)).await;
}

/// What the login page and the consent page show of a registration.
async fn is_shown(member: &str, as_html: impl Fn(&str) -> String) {
    let suite = Suite::new("query").await;
    let uri = format!("https://suite.example/{member}");
    let client = suite.registers(json!({member: uri})).await;
    let mut browser = Browser::new(&suite.sim);
    let page = browser.open(&suite.asks(&client, &[("prompt", "consent")])).await.status(200);
    assert!(page.text().contains(&as_html(&uri)), "{}", page.text());
    let policy = page.header("content-security-policy").to_owned();
    assert_eq!(policy.contains("https://suite.example"), member == "logo_uri", "{policy}");
    LAN.signs_in(&mut browser).await.status(200);
    assert!(browser.url.starts_with("/login/consent"), "{}", browser.url);
    assert!(browser.page.contains(&as_html(&uri)), "{}", browser.page);
}

#[tokio::test]
async fn oidcc_registration_logo_uri() {
    is_shown("logo_uri", |uri| format!("src=\"{uri}\"")).await;
}

/// A host that would write into the policy changes nothing of it.
#[tokio::test]
async fn a_logo_writes_no_rule_of_its_own() {
    let suite = Suite::new("query").await;
    for host in ["x;sandbox", "x,default-src", "x'unsafe-inline'", "*"] {
        let body = json!({
            "redirect_uris": ["https://suite.example/callback"],
            "logo_uri": format!("https://{host}/logo"),
        });
        let reply = suite.sim.post("/oauth2/register", body).await;
        if reply.status != 201 {
            continue;
        }
        let id = reply.json()["client_id"].as_str().unwrap().to_owned();
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", &*id),
                ("redirect_uri", "https://suite.example/callback"),
                ("response_type", "code"),
                ("scope", "openid"),
            ])
            .finish();
        let mut browser = Browser::new(&suite.sim);
        let page = browser.open(&format!("/oauth2/authorize?{query}")).await.status(200);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("img-src 'self' data:;"), "{policy}");
        for written in ["sandbox", "unsafe", "*", ","] {
            assert!(!policy.contains(written), "{policy}");
        }
    }
}

#[tokio::test]
async fn oidcc_registration_policy_uri() {
    is_shown("policy_uri", |uri| format!("href=\"{uri}\"")).await;
}

#[tokio::test]
async fn oidcc_registration_tos_uri() {
    is_shown("tos_uri", |uri| format!("href=\"{uri}\"")).await;
}

#[tokio::test]
async fn oidcc_registration_jwks_uri() {
    let suite = Suite::fetching().await;
    let (jwk, signing) = key(1, "rp-1");
    let (address, _) = documents(json!({"keys": [jwk]})).await;
    let more = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": address});
    let client = suite.registers(more).await;
    let (_, code) = suite.signs_in(&client, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
    ];
    let proof = assertion(&suite.sim, &client, TOKEN, "j-1", ("rp-1", &signing));
    let reply = with_assertion(&suite, &fields, &proof).await;
    suite.granted(&client, &reply, Some(NONCE)).await;
}

#[tokio::test]
async fn oidcc_registration_sector_uri() {
    let suite = Suite::fetching().await;
    let (address, _) = documents(json!(["https://suite.example/callback"])).await;
    let more = json!({"subject_type": "pairwise", "sector_identifier_uri": address});
    let client = suite.registers(more).await;
    suite.done(&client).await;
}

#[tokio::test]
async fn oidcc_registration_sector_bad() {
    let suite = Suite::fetching().await;
    let (address, _) = documents(json!(["https://suite.example/other"])).await;
    let body = json!({
        "redirect_uris": ["https://suite.example/callback"],
        "subject_type": "pairwise", "sector_identifier_uri": address,
    });
    suite.sim.post("/oauth2/register", body).await.oauth(400, "invalid_client_metadata");
}

#[tokio::test]
async fn oidcc_refresh_token_rp_key_rotation() {
    let suite = Suite::fetching().await;
    let ((old, signing_old), (new, signing_new)) = (key(1, "rp-1"), key(2, "rp-2"));
    let (address, document) = documents(json!({"keys": [old]})).await;
    let more = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": address});
    let client = suite.registers(more).await;
    let wish = [("scope", "openid offline_access"), ("prompt", "consent")];
    let (_, code) = suite.signs_in(&client, &wish).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &client.callback),
    ];
    let proof = assertion(&suite.sim, &client, TOKEN, "j-1", ("rp-1", &signing_old));
    let reply = with_assertion(&suite, &fields, &proof).await;
    let tokens = suite.granted(&client, &reply, Some(NONCE)).await;
    *document.lock() = json!({"keys": [new]});
    suite.sim.advance(60);
    let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens.text("refresh_token"))];
    let proof = assertion(&suite.sim, &client, TOKEN, "j-2", ("rp-2", &signing_new));
    let reply = with_assertion(&suite, &fields, &proof).await;
    suite.granted(&client, &reply, None).await;
    // The key that is no longer published proves nothing.
    let proof = assertion(&suite.sim, &client, TOKEN, "j-3", ("rp-1", &signing_old));
    with_assertion(&suite, &fields, &proof).await.oauth(401, "invalid_client");
}
