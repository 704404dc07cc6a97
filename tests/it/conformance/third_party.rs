//! Plan `oidcc-3rdparty-init-login-certification-test-plan`.

use serde_json::json;

use super::suite::{NONCE, Suite};
use crate::harness::{actors::LAN, browser::Browser, query};

#[tokio::test]
async fn oidcc_3rd_party_init_login() {
    let suite = Suite::new("query").await;
    let start = "https://suite.example/start";
    let client = suite.registers(json!({"initiate_login_uri": start})).await;
    assert_eq!(client.told["initiate_login_uri"], start, "echoed");
    let read = suite.sim.get(&format!("/admin/v1/clients/{}", client.id)).await.json();
    assert_eq!(read["initiate_login_uri"], start, "and readable back");
    let path = format!(
        "/oidc/initiate-login?client_id={}&login_hint=x&target_link_uri=https%3A%2F%2Fa",
        client.id
    );
    let to = suite.sim.get(&path).await.location();
    assert!(to.starts_with(&format!("{start}?")), "{to}");
    assert_eq!(query(&to, "iss").as_deref(), Some("http://localhost:8080"));
    assert_eq!(query(&to, "login_hint").as_deref(), Some("x"));
    assert_eq!(query(&to, "target_link_uri").as_deref(), Some("https://a"));
    // What the client does then is a login like any other.
    let mut browser = Browser::new(&suite.sim);
    let code = suite.signs_in_with(&mut browser, &client, &[], LAN).await;
    suite.exchanges(&client, &code, Some(NONCE)).await;
    suite.done(&client).await;
}

#[tokio::test]
async fn oidcc_3rd_party_init_login_nohttps() {
    let suite = Suite::new("query").await;
    let body = json!({
        "redirect_uris": ["https://suite.example/callback"],
        "initiate_login_uri": "http://suite.example/start",
    });
    suite.sim.post("/oauth2/register", body).await.oauth(400, "invalid_client_metadata");
}
