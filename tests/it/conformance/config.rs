//! Plan `oidcc-config-certification-test-plan`, and the discovery modules of the logout plans.

use mock_vneid::Config;
use serde_json::Value;

use crate::harness::Sim;

fn list<'a>(metadata: &'a Value, name: &str) -> Vec<&'a str> {
    let list = metadata[name].as_array().unwrap_or_else(|| panic!("{name} is an array"));
    list.iter().map(|it| it.as_str().unwrap()).collect()
}

/// Discovery over https, as it is behind a proxy with TLS.
async fn over_https() -> (Sim, Value) {
    let config = Config { issuer: Some("https://id.example".to_owned()), ..Config::default() };
    let sim = Sim::trusting(config).await;
    let reply = sim.get("/.well-known/openid-configuration").await.status(200);
    assert_eq!(reply.header("content-type"), "application/json");
    let metadata = reply.json();
    (sim, metadata)
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let (sim, metadata) = over_https().await;
    let issuer = metadata["issuer"].as_str().unwrap();
    assert_eq!(issuer, "https://id.example");
    assert!(!issuer.contains(['?', '#']));
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            assert!(value.as_str().unwrap().starts_with("https://id.example/"), "{name}");
        }
        if name.ends_with("_supported") && !value.is_boolean() {
            assert!(!list(&metadata, name).is_empty(), "{name}");
        }
    }
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        assert!(metadata[name].is_string(), "{name}");
    }
    assert!(list(&metadata, "response_types_supported").contains(&"code"));
    assert!(list(&metadata, "subject_types_supported").contains(&"public"));
    for name in ["id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported"] {
        assert!(list(&metadata, name).contains(&"RS256"), "{name}");
        assert!(!list(&metadata, name).contains(&"none"), "{name}");
    }
    assert!(list(&metadata, "scopes_supported").contains(&"openid"));
    let token =
        |scope: &&str| scope.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b'"' && b != b'\\');
    assert!(list(&metadata, "scopes_supported").iter().all(token));
    assert!(list(&metadata, "grant_types_supported").contains(&"authorization_code"));
    assert!(list(&metadata, "claims_supported").contains(&"sub"));
    assert_eq!(list(&metadata, "code_challenge_methods_supported"), ["S256"]);
    assert_eq!(list(&metadata, "ui_locales_supported"), ["vi", "en"]);
    let jwks = sim.get("/oauth2/jwks").await.status(200).json();
    assert!(jwks["keys"].as_array().unwrap().iter().any(|key| key["alg"] == "RS256"));
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let (_, metadata) = over_https().await;
    assert_eq!(metadata["end_session_endpoint"], "https://id.example/oidc/logout");
}

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let (_, metadata) = over_https().await;
    for name in ["backchannel_logout_supported", "backchannel_logout_session_supported"] {
        assert_eq!(metadata[name], true, "{name}");
    }
    assert!(metadata["end_session_endpoint"].is_string());
}
