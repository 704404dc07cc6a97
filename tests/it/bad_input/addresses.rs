//! Addresses where nothing is: unknown realms, traversal, odd spellings, long paths, broken hosts.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, header},
};

use super::{Fire, expect, get, json, problem};
use crate::harness::request;

/// Every door that a realm has, with a method it answers.
const DOORS: [(&str, &str); 33] = [
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/oauth2/jwks"),
    ("GET", "/oauth2/authorize?client_id=demo-portal"),
    ("POST", "/oauth2/authorize"),
    ("GET", "/auth"),
    ("POST", "/oauth2/token"),
    ("GET", "/oauth2/userinfo"),
    ("POST", "/oauth2/userinfo"),
    ("GET", "/login?interaction=x"),
    ("POST", "/login?interaction=x"),
    ("GET", "/login/otp"),
    ("POST", "/login/otp/resend"),
    ("POST", "/login/level"),
    ("POST", "/login/consent"),
    ("POST", "/app/v1/registrations"),
    ("GET", "/app/v1/registrations/x"),
    ("POST", "/desk/v1/registrations"),
    ("POST", "/app/v1/level0"),
    ("POST", "/app/v1/activations/x/otp"),
    ("GET", "/admin/v1/citizens?phone=0912345601"),
    ("PUT", "/admin/v1/citizens/097190000011"),
    ("POST", "/admin/v1/accounts"),
    ("GET", "/admin/v1/accounts"),
    ("GET", "/admin/v1/registrations"),
    ("GET", "/admin/v1/messages"),
    ("DELETE", "/admin/v1/messages"),
    ("GET", "/admin/v1/messages/latest"),
    ("GET", "/admin/v1/clients"),
    ("POST", "/admin/v1/sign-ins"),
    ("GET", "/admin/v1/clock"),
    ("POST", "/admin/v1/clock/resume"),
    ("GET", "/admin/v1/policy"),
    ("DELETE", "/admin/v1/clients/demo-portal"),
];

#[tokio::test]
async fn a_realm_that_is_not_there_has_no_doors() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (method, door) in DOORS {
        for realm in ["nope", "Default", "DEFAULT", "default%00", "..", "%2e%2e", "a%2fb"] {
            let path = format!("/realms/{realm}{door}");
            let name = format!("{method} {path}");
            fire.shoot(&name, json(method, &path, "{}"), problem(404, "not_found")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn attack_61_no_spelling_walks_anywhere() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let long = format!("/{}", "a/".repeat(30_000));
    let wide = format!("/realms/{}/oauth2/jwks", "a".repeat(60_000));
    for path in [
        "/nope",
        "//",
        "/../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/style.css",
        "/assets/",
        "/assets/style.css/",
        "/assets/style.css%00.png",
        "/oauth2/../admin/v1/clock",
        "/oauth2/token/",
        "/oauth2//token",
        "/OAuth2/token",
        "/oauth2/%74oken",
        "/oauth2/token;x=1",
        "/oauth2/token%00",
        "/admin",
        "/admin/v1",
        "/admin/v1/",
        "/admin/v2/clock",
        "/realms",
        "/realms/",
        "/realms/default",
        "/realms/default/",
        "/realms//oauth2/jwks",
        "/realms/default/realms/default/oauth2/jwks",
        "/realms/default/livez",
        "/.git/config",
        "/%ff",
        &long,
        &wide,
    ] {
        let name: String = path.chars().take(60).collect();
        fire.shoot(&name, get(path), problem(404, "not_found")).await;
    }
    fire.done();
}

fn hosted(hosts: &[&[u8]]) -> Request<Body> {
    let mut request = request(Method::GET, "/.well-known/openid-configuration");
    request.headers_mut().unwrap().remove(header::HOST);
    for host in hosts {
        request = request.header(header::HOST, HeaderValue::from_bytes(host).unwrap());
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn attack_51_a_request_has_one_host_and_it_can_be_read() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let hosts: [&[&[u8]]; 10] = [
        &[b"localhost:8080", b"evil.example"],
        &[b"evil.example", b"localhost:8080"],
        &[b"localhost:8080", b"localhost:8080"],
        &[b"user@localhost:8080"],
        &[b"localhost:8080/evil"],
        &[b"localhost:8080?x"],
        &[b"local host"],
        &[b"localhost:99999"],
        &[b"\xff\xfe"],
        &[b"a,b"],
    ];
    for host in hosts {
        let name = format!("{host:?}");
        fire.shoot(&name, hosted(host), problem(400, "invalid_host")).await;
    }
    fire.done();
}

#[tokio::test]
async fn headers_of_bytes_and_length_change_nothing() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let long = "a".repeat(8000);
    for (name, value) in [
        ("authorization", b"\xff\xfe".as_slice()),
        ("cookie", b"\xff\xfe=\xfd"),
        ("cookie", b";;;===;;"),
        ("content-type", b"\xff"),
        ("accept-language", b"\xff"),
        ("origin", b"\xff"),
        ("x-forwarded-host", b"\xff"),
        ("cookie", long.as_bytes()),
    ] {
        for (method, path, status) in [
            ("POST", "/oauth2/token", 401),
            ("GET", "/oauth2/authorize", 400),
            ("GET", "/login", 400),
            ("POST", "/login", 400),
        ] {
            let mut request = request(Method::from_bytes(method.as_bytes()).unwrap(), path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::empty())
                .unwrap();
            let value = HeaderValue::from_bytes(value).unwrap();
            request.headers_mut().insert(name, value);
            let unreadable = name == "content-type" && method == "POST";
            let status = if unreadable { 415 } else { status };
            let shot = format!("{method} {path} {name}");
            fire.shoot(&shot, request, |reply| expect(reply, status)).await;
        }
    }
    fire.done();
}
