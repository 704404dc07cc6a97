//! Attack 60: methods that a door does not answer.

use axum::{
    body::Body,
    http::{Method, Request, header},
};

use super::{Fire, expect, problem};
use crate::harness::request;

/// Doors, and the methods they answer (HEAD goes with GET).
const DOORS: [(&str, &[&str]); 33] = [
    ("/.well-known/openid-configuration", &["GET"]),
    ("/oauth2/jwks", &["GET"]),
    ("/oauth2/authorize", &["GET", "POST"]),
    ("/auth", &["GET", "POST"]),
    ("/oauth2/token", &["POST"]),
    ("/oauth2/userinfo", &["GET", "POST"]),
    ("/oauth2/introspect", &["POST"]),
    ("/oauth2/revoke", &["POST"]),
    ("/oauth2/par", &["POST"]),
    ("/oauth2/register", &["POST"]),
    ("/oidc/logout", &["GET", "POST"]),
    ("/login/select-account", &["GET", "POST"]),
    ("/login", &["GET", "POST"]),
    ("/login/otp", &["GET", "POST"]),
    ("/login/otp/resend", &["POST"]),
    ("/login/qr", &["GET", "POST"]),
    ("/login/level", &["GET", "POST"]),
    ("/login/consent", &["GET", "POST"]),
    ("/phone/app", &["GET", "POST"]),
    ("/livez", &["GET"]),
    ("/readyz", &["GET"]),
    ("/metrics", &["GET"]),
    ("/admin/v1/realms", &["GET", "POST"]),
    ("/admin/v1/clock", &["GET"]),
    ("/admin/v1/clock/set", &["POST"]),
    ("/admin/v1/messages", &["GET", "DELETE"]),
    ("/admin/v1/policy", &["GET", "PUT", "PATCH"]),
    ("/admin/v1/keys", &["GET"]),
    ("/admin/v1/keys/rotate", &["POST"]),
    ("/app/v1/registrations", &["POST"]),
    ("/app/v1/sign-in-requests", &["GET"]),
    ("/app/v1/sign-in-requests/scan", &["POST"]),
    ("/app/v1/sign-in-requests/x", &["POST"]),
];

const METHODS: [&str; 9] =
    ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW"];

fn with(method: &str, path: &str) -> Request<Body> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    request(method, path).header("x-secret", "echo-me").body(Body::empty()).unwrap()
}

#[tokio::test]
async fn attack_60_other_methods_are_not_allowed_and_nothing_is_echoed() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for prefix in ["", "/realms/default"] {
        for (path, answered) in DOORS {
            if !prefix.is_empty()
                && ["/livez", "/readyz", "/metrics", "/admin/v1/realms"].contains(&path)
            {
                continue;
            }
            // Pages of other origins ask there first whether they may (CORS), see tests/it/attacks/pages.rs.
            let asked = path.starts_with("/.well-known")
                || (path.starts_with("/oauth2/") && path != "/oauth2/authorize");
            let others = METHODS.iter().filter(|method| !answered.contains(method));
            for method in others.filter(|method| **method != "OPTIONS" || !asked) {
                let path = format!("{prefix}{path}");
                let name = format!("{method} {path}");
                let not_allowed = problem(405, "method_not_allowed");
                fire.shoot(&name, with(method, &path), |reply| {
                    not_allowed(reply)?;
                    let allow = reply.header("allow");
                    let named = answered.iter().all(|method| allow.contains(method));
                    let echo = reply.text().contains("echo-me");
                    if named && !echo { Ok(()) } else { Err(format!("Allow: {allow:?}")) }
                })
                .await;
            }
        }
    }
    fire.done();
}

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (path, status) in [
        ("/oauth2/token", 405),
        ("/oauth2/userinfo", 401),
        ("/oauth2/authorize", 400),
        ("/login", 400),
        ("/admin/v1/accounts/x", 422),
        ("/admin/v1/clock/set", 405),
        ("/nope", 404),
    ] {
        let reply = fire.shoot(path, with("HEAD", path), |reply| expect(reply, status)).await;
        assert!(reply.body.is_empty(), "{path}: {}", reply.text());
    }
    fire.done();
}

#[tokio::test]
async fn attack_23_no_origin_is_let_in_where_cookies_count() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for path in
        ["/oauth2/authorize", "/auth", "/oidc/logout", "/login", "/phone", "/admin/v1/clients"]
    {
        let mut preflight = with("OPTIONS", path);
        let headers = preflight.headers_mut();
        headers.insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        headers.insert(header::ACCESS_CONTROL_REQUEST_METHOD, "POST".parse().unwrap());
        fire.shoot(path, preflight, |reply| {
            // The admin API refuses other sites before it looks at the method.
            expect(reply, if path.starts_with("/admin") { 403 } else { 405 })?;
            let lets = reply.headers.keys().any(|name| name.as_str().starts_with("access-control"));
            if lets { Err("lets a foreign origin in".to_owned()) } else { Ok(()) }
        })
        .await;
    }
    fire.done();
}
