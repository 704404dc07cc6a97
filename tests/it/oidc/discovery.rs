//! Discovery and keys: the issuer never follows a request, the back channel only when so set.

use axum::{body::Body, http::Method};
use mock_vneid::{Config, config::Backchannel};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    payload, request,
};

const PATH: &str = "/.well-known/openid-configuration";

/// Asks as somebody who wants another host in the document.
async fn poisoned(sim: &Sim, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = request(Method::GET, path).body(Body::empty()).unwrap();
    for (name, value) in headers {
        let name: axum::http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    sim.send(request).await
}

#[tokio::test]
async fn attack_51_no_header_changes_the_document() {
    let sim = Sim::new().await;
    let right = sim.get(PATH).await.status(200).json();
    assert_eq!(right["issuer"], "http://localhost:8080");
    assert_eq!(right["mock"], true);
    for headers in [
        [("host", "evil.example"), ("x-a", "b")],
        [("host", "localhost:1"), ("x-forwarded-host", "evil.example")],
        [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")],
        [("forwarded", "host=evil.example;proto=https"), ("x-forwarded-port", "1")],
        [("x-original-url", "/evil"), ("x-rewrite-url", "/evil")],
        [("x-host", "evil.example"), ("x-forwarded-prefix", "/evil")],
    ] {
        assert_eq!(poisoned(&sim, PATH, &headers).await.status(200).json(), right, "{headers:?}");
    }
    let body = right.to_string();
    assert!(!body.contains("evil"));
}

#[tokio::test]
async fn every_address_of_the_document_answers() {
    let sim = Sim::new().await;
    let document = sim.get(PATH).await.json();
    for (name, method, status) in [
        ("authorization_endpoint", Method::GET, 400),
        ("token_endpoint", Method::POST, 415),
        ("userinfo_endpoint", Method::GET, 401),
        ("jwks_uri", Method::GET, 200),
    ] {
        let address = document[name].as_str().unwrap();
        let path = address.strip_prefix("http://localhost:8080").unwrap();
        let request = request(method, path).body(Body::empty()).unwrap();
        sim.send(request).await.status(status);
    }
    for (name, value) in [
        ("code_challenge_methods_supported", json!(["S256"])),
        ("response_types_supported", json!(["code"])),
        (
            "grant_types_supported",
            json!(["authorization_code", "refresh_token", "client_credentials"]),
        ),
        ("authorization_response_iss_parameter_supported", json!(true)),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
}

/// outside.md T18: a public client has tokens to fetch and to give back, and none to ask about: `none` is no way to prove
/// oneself at the introspection door.
#[tokio::test]
async fn t18_introspection_is_not_for_public_clients() {
    let sim = Sim::new().await;
    let document = sim.get(PATH).await.status(200).json();
    let proven =
        ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"];
    let all = [&proven[..], &["none"]].concat();
    for (endpoint, methods) in
        [("token", &all[..]), ("revocation", &all[..]), ("introspection", &proven[..])]
    {
        let name = format!("{endpoint}_endpoint_auth_methods_supported");
        assert_eq!(document[&name], json!(methods), "{name}");
    }
}

#[tokio::test]
async fn a_dynamic_back_channel_follows_the_host_and_the_issuer_does_not() {
    let config = Config { backchannel: Backchannel::Dynamic, ..Config::default() };
    let sim = Sim::with(config).await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    for (base, issuer) in
        [("", "http://localhost:8080"), ("/realms/x", "http://localhost:8080/realms/x")]
    {
        let path = format!("{base}{PATH}");
        let headers = [("host", "mock:8080"), ("x-forwarded-host", "evil.example")];
        let document = poisoned(&sim, &path, &headers).await.status(200).json();
        assert_eq!(document["issuer"], issuer);
        assert_eq!(document["authorization_endpoint"], format!("{issuer}/oauth2/authorize"));
        for (name, end) in
            [("token_endpoint", "token"), ("userinfo_endpoint", "userinfo"), ("jwks_uri", "jwks")]
        {
            assert_eq!(document[name], format!("http://mock:8080{base}/oauth2/{end}"));
        }
        for broken in ["mock:8080/evil?", "u@mock", "mock:99999"] {
            let reply = poisoned(&sim, &path, &[("host", broken)]).await;
            reply.problem(400, "invalid_host");
        }
    }
}

#[tokio::test]
async fn attack_63_keys_are_public_strong_and_named() {
    let sim = Sim::new().await;
    let reply = sim.get("/oauth2/jwks").await.status(200);
    assert_eq!(reply.header("content-type"), "application/json");
    let set = reply.json();
    let keys = set["keys"].as_array().unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{private} is told");
        }
        assert_eq!(key["use"], "sig");
        for name in ["kid", "alg", "kty"] {
            assert!(key[name].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        }
        if key["kty"] == "RSA" {
            let modulus = key["n"].as_str().unwrap();
            assert!(modulus.len() * 6 >= 2048 && !modulus.contains('='));
        }
    }
    let portal = Portal::plain(&sim).await;
    let tokens = portal.tokens_for(&sim, LAN, json!({})).await;
    let head = header(tokens["id_token"].as_str().unwrap());
    assert_eq!(head["alg"], "RS256");
    assert!(keys.iter().any(|key| key["kid"] == head["kid"] && key["alg"] == "RS256"));
    for never in ["jwk", "jku", "x5u", "x5c", "crit"] {
        assert!(head.get(never).is_none(), "{never}");
    }
}

fn header(token: &str) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn every_realm_is_its_own_issuer() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "x"})).await.status(201);
    let document = sim.get("/realms/x/.well-known/openid-configuration").await.status(200).json();
    assert_eq!(document["issuer"], "http://localhost:8080/realms/x");
    assert_eq!(document["token_endpoint"], "http://localhost:8080/realms/x/oauth2/token");
    let wish = json!({"client_id": "demo-portal", "citizen": LAN.number, "exchange": true});
    let tokens = sim.post("/realms/x/admin/v1/sign-ins", wish).await.status(200).json();
    let claims = payload(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["iss"], "http://localhost:8080/realms/x");
}

#[tokio::test]
async fn attack_24_no_version_is_told_and_everything_says_it_is_a_simulation() {
    let sim = Sim::new().await;
    for path in [PATH, "/oauth2/jwks", "/oauth2/token", "/login", "/nope", "/livez"] {
        let reply = sim.get(path).await;
        assert_eq!(reply.header("server"), "mock-vneid (simulation)", "{path}");
        assert_eq!(reply.header("x-vneid-mock"), "simulation; not VNeID");
        assert_eq!(reply.header("x-powered-by"), "");
        assert!(!reply.header("server").contains(env!("CARGO_PKG_VERSION")));
    }
}
