//! Whatever the bytes: no door of the protocol answers with a 5xx.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use proptest::prelude::*;

use crate::harness::{Sim, request};

const NAMES: [&str; 16] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "code_challenge",
    "grant_type",
    "code",
    "access_token",
    "username",
    "password",
    "otp",
    "interaction",
];

const VALUES: [&str; 8] = [
    "demo-portal",
    "http://localhost:8080/demo/callback",
    "code",
    "openid profile",
    "authorization_code",
    "none",
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "S256",
];

/// A value: one that leads further, or any bytes.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(&VALUES[..]).prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..80),
    ]
}

/// A form as a browser or an attacker writes it, or bytes that are none.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let pair = (prop::sample::select(&NAMES[..]), value());
    let written = prop::collection::vec(pair, 0..12).prop_map(|pairs| {
        let mut text = String::new();
        for (name, value) in pairs {
            let value: String = form_urlencoded::byte_serialize(&value).collect();
            text.extend(["&", name, "=", &value]);
        }
        text.into_bytes()
    });
    prop_oneof![3 => written, 1 => prop::collection::vec(any::<u8>(), 0..400)]
}

/// The bytes as a query may carry them: what no URI holds is escaped.
fn query(bytes: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"&=+%-._~!$'()*,;:@/?".contains(byte);
    let escape = |byte: &u8| {
        if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") }
    };
    bytes.iter().map(escape).collect()
}

fn requests(bytes: &[u8]) -> Vec<Request<Body>> {
    let mut all = Vec::new();
    let kind = "application/x-www-form-urlencoded";
    let query = query(bytes);
    for path in ["/oauth2/authorize", "/oauth2/userinfo", "/login", "/login/otp"] {
        let get = request(Method::GET, &format!("{path}?{query}"));
        all.push(get.body(Body::empty()).unwrap());
    }
    for path in ["/oauth2/authorize", "/oauth2/token", "/oauth2/userinfo", "/login", "/login/otp"] {
        let post = request(Method::POST, path).header(header::CONTENT_TYPE, kind);
        all.push(post.body(Body::from(bytes.to_vec())).unwrap());
    }
    let json = request(Method::POST, "/oauth2/userinfo");
    let json = json.header(header::CONTENT_TYPE, "application/json");
    all.push(json.body(Body::from(bytes.to_vec())).unwrap());
    if let Ok(value) = header::HeaderValue::from_bytes(bytes) {
        for path in ["/oauth2/token", "/oauth2/userinfo"] {
            let post = request(Method::POST, path).header(header::CONTENT_TYPE, kind);
            let post = post.header(header::AUTHORIZATION, value.clone());
            all.push(post.header(header::COOKIE, value.clone()).body(Body::empty()).unwrap());
        }
    }
    all
}

#[test]
fn no_bytes_whatever_make_a_door_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sim = runtime.block_on(Sim::new());
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&body(), |bytes| {
        for request in requests(&bytes) {
            let name = format!("{} {}", request.method(), request.uri().path());
            let reply = runtime.block_on(sim.send(request));
            prop_assert!(!reply.status.is_server_error(), "{name}: {}", reply.text());
        }
        Ok(())
    });
    outcome.unwrap();
}
