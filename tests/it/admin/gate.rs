//! Who may use the admin API: this machine's own names without a token, anybody with the token.

use axum::{
    body::Body,
    http::{HeaderName, Method, header},
};
use mock_vneid::Config;
use serde_json::json;

use crate::harness::{Reply, Sim, request};

/// A door of every kind of thing the gate guards.
const DOORS: [(&str, &str); 9] = [
    ("GET", "/admin/v1/realms"),
    ("POST", "/admin/v1/realms"),
    ("DELETE", "/admin/v1/realms/x"),
    ("GET", "/admin/v1/clock"),
    ("GET", "/realms/x/admin/v1/clock"),
    ("DELETE", "/realms/x/admin/v1/messages"),
    ("POST", "/realms/x/admin/v1/sign-ins"),
    ("GET", "/realms/default/admin/v1/accounts"),
    ("HEAD", "/admin/v1/messages/latest"),
];

async fn asks(sim: &Sim, (method, path): (&str, &str), headers: &[(&str, &str)]) -> Reply {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = request(method, path).body(Body::from("{}")).unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    sim.send(request).await
}

async fn with_realm(config: Config, token: &str) -> Sim {
    let sim = Sim::with(config).await;
    let bearer = format!("Bearer {token}");
    let request = request(Method::POST, "/admin/v1/realms")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, bearer)
        .body(Body::from(json!({"name": "x"}).to_string()))
        .unwrap();
    sim.send(request).await.status(201);
    sim
}

#[tokio::test]
async fn without_a_token_a_foreign_host_is_refused() {
    let sim = with_realm(Config::default(), "").await;
    for host in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:127",
        "127.0.0.2",
        "0.0.0.0",
        "[::2]",
        "localhost.",
        "192.168.0.1:8080",
        "xlocalhost",
        "127.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
    ] {
        for door in DOORS {
            let reply = asks(&sim, door, &[("host", host)]).await.status(403);
            let head = door.0 == "HEAD";
            assert!(head || reply.json()["code"] == "foreign_host", "{host} {door:?}");
        }
    }
    for host in
        ["localhost", "localhost:8080", "localhost:1", "127.0.0.1:8080", "[::1]:8080", "[::1]"]
    {
        asks(&sim, ("GET", "/admin/v1/clock"), &[("host", host)]).await.status(200);
    }
}

#[tokio::test]
async fn without_a_token_a_page_of_another_site_is_refused() {
    let sim = with_realm(Config::default(), "").await;
    for foreign in [
        ("origin", "https://evil.example"),
        ("origin", "http://evil.example:8080"),
        ("origin", "null"),
        ("origin", "http://localhost:9999"),
        ("origin", "http://localhost"),
        ("origin", "file://"),
        ("origin", ""),
        ("origin", "http://localhost:8080.evil.example"),
        ("origin", "http://localhost:8080@evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "x"),
    ] {
        for door in DOORS {
            let reply = asks(&sim, door, &[foreign]).await.status(403);
            let head = door.0 == "HEAD";
            assert!(head || reply.json()["code"] == "cross_site", "{foreign:?} {door:?}");
        }
    }
    for own in [
        ("origin", "http://localhost:8080"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
    ] {
        asks(&sim, ("GET", "/admin/v1/clock"), &[own]).await.status(200);
    }
}

#[tokio::test]
async fn with_a_token_only_the_token_counts() {
    let config = Config { admin_token: Some("s3cret-token".to_owned()), ..Config::default() };
    let sim = with_realm(config, "s3cret-token").await;
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer s3cret-toke",
        "Bearer s3cret-tokenx",
        "Bearer S3CRET-TOKEN",
        "Bearer  s3cret-token",
        "Bearer s3cret-token ,",
        "Basic s3cret-token",
        "s3cret-token",
        "Token s3cret-token",
    ] {
        for door in DOORS {
            let reply = asks(&sim, door, &[("authorization", wrong)]).await.status(401);
            assert!(reply.header("www-authenticate").starts_with("Bearer "), "{wrong} {door:?}");
            assert!(door.0 == "HEAD" || reply.json()["code"] == "unauthorized");
        }
    }
    for door in DOORS {
        asks(&sim, door, &[]).await.status(401);
        let query = format!("{}?access_token=s3cret-token", door.1);
        asks(&sim, (door.0, &query), &[]).await.status(401);
    }
    // With the token it does not matter from where.
    for headers in [
        &[("authorization", "Bearer s3cret-token")][..],
        &[("authorization", "bearer s3cret-token"), ("host", "mock:8080")],
        &[("authorization", "Bearer s3cret-token"), ("origin", "https://tests.example")],
    ] {
        for path in ["/admin/v1/clock", "/realms/x/admin/v1/clock"] {
            asks(&sim, ("GET", path), headers).await.status(200);
        }
    }
}

#[tokio::test]
async fn beyond_loopback_there_is_always_a_token() {
    let config = Config { listen: "0.0.0.0:8080".parse().unwrap(), ..Config::default() };
    let sim = Sim::with(config).await;
    let token = sim.app.admin_token().unwrap().to_owned();
    assert_eq!(token.len(), 43);
    asks(&sim, ("GET", "/admin/v1/clock"), &[]).await.status(401);
    let bearer = format!("Bearer {token}");
    asks(&sim, ("GET", "/admin/v1/clock"), &[("authorization", &bearer)]).await.status(200);
}

#[tokio::test]
async fn no_other_spelling_reaches_what_the_gate_guards() {
    let config = Config { admin_token: Some("s3cret-token".to_owned()), ..Config::default() };
    let sim = with_realm(config, "s3cret-token").await;
    for path in [
        "//admin/v1/clock",
        "/./admin/v1/clock",
        "/x/../admin/v1/clock",
        "/admin//v1/clock",
        "/admin/./v1/clock",
        "/Admin/v1/clock",
        "/ADMIN/V1/CLOCK",
        "/admin/V1/clock",
        "/%61dmin/v1/clock",
        "/admin/%76%31/clock",
        "/admin%2fv1%2fclock",
        "/admin%2Fv1/clock",
        "/admin;/v1/clock",
        "/admin/v1;x/clock",
        "/admin/v1/clock/",
        "/admin\\v1\\clock",
        "/realms//admin/v1/clock",
        "/realms/x//admin/v1/clock",
        "/realms/x/../admin/v1/clock",
        "/realms/x/./admin/v1/clock",
        "/realms/x/%61dmin/v1/clock",
        "/Realms/x/admin/v1/clock",
        "/%72ealms/x/admin/v1/clock",
        "/realms/x%2fadmin%2fv1%2fclock",
        "/realms/x/y/admin/v1/clock",
        "/realms/realms/x/admin/v1/clock",
        "/realms/x/realms/x/admin/v1/clock",
        "/oauth2/admin/v1/clock",
        "/realms/%78/admin/v1/clock",
        "/realms/%ff/admin/v1/clock",
        "/realms/admin/admin/v1/clock",
        "/realms/admin/v1/clock",
        "http://localhost:8080/admin/v1/clock",
        "/admin/v1/clock?x=/../",
        "/admin/v1/%63lock",
    ] {
        for method in ["GET", "HEAD"] {
            let reply = asks(&sim, (method, path), &[]).await;
            let closed = [400, 401, 404].contains(&reply.status.as_u16());
            assert!(closed && !reply.text().contains("offset_ms"), "{path}: {}", reply.status);
        }
    }
    // The document and its page hold nothing secret.
    asks(&sim, ("GET", "/admin/openapi.json"), &[]).await.status(200);
}
