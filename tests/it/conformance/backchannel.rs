//! Plan `oidcc-backchannel-rp-initiated-logout-certification-test-plan`.

use std::sync::Arc;

use axum::{Router, extract::State, routing::post};
use parking_lot::Mutex;
use serde_json::json;
use tokio::net::TcpListener;

use super::suite::{NONCE, STATE, Suite};

type Heard = Arc<Mutex<Vec<String>>>;

#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout() {
    let suite = Suite::fetching().await;
    let heard = Heard::default();
    let hear = |State(heard): State<Heard>, body: String| async move { heard.lock().push(body) };
    let router = Router::new().route("/told", post(hear)).with_state(Arc::clone(&heard));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let told = format!("http://{}/told", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let after = "https://suite.example/goodbye";
    let more = json!({"post_logout_redirect_uris": [after], "backchannel_logout_uri": told});
    let client = suite.registers(more).await;
    let (mut browser, code) = suite.signs_in(&client, &[]).await;
    let tokens = suite.exchanges(&client, &code, Some(NONCE)).await;
    let sid = tokens.claims["sid"].as_str().expect("the ID token has a sid");
    let state = "s".repeat(128);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("id_token_hint", tokens.text("id_token"))
        .append_pair("post_logout_redirect_uri", after)
        .append_pair("state", &state)
        .finish();
    let reply = browser.open(&format!("/oidc/logout?{query}")).await;
    assert_eq!(reply.location(), format!("{after}?state={state}"));

    let bodies = heard.lock().clone();
    let [body] = bodies.as_slice() else { panic!("told once: {bodies:?}") };
    let token = body.strip_prefix("logout_token=").expect("nothing but the token");
    assert!(!token.contains('&'));
    let header = jsonwebtoken::decode_header(token).unwrap();
    let jwks = suite.jwks().await;
    let key =
        jsonwebtoken::DecodingKey::from_jwk(jwks.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut checks = jsonwebtoken::Validation::new(header.alg);
    checks.set_audience(&[&client.id]);
    checks.set_issuer(&["http://localhost:8080"]);
    checks.validate_exp = false;
    let claims = jsonwebtoken::decode::<serde_json::Value>(token, &key, &checks).unwrap().claims;
    let now = suite.sim.seconds();
    assert!((now - claims["iat"].as_i64().unwrap()).abs() < 24 * 3600);
    assert!(!claims["jti"].as_str().unwrap().is_empty());
    assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    assert_eq!((&claims["sub"], &claims["sid"]), (&tokens.claims["sub"], &json!(sid)));
    assert!(claims.get("nonce").is_none());

    let reply = browser.open(&suite.asks(&client, &[("prompt", "none")])).await;
    assert_eq!(suite.error(&client, &reply, Some(STATE)), "login_required");
    suite.done(&client).await;
}
