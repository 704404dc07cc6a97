//! Every page that a browser may be shown: never in a frame, never stored, no script but the one that is known.

use axum::http::{Method, header};
use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
    request,
};

fn is_hardened(what: &str, reply: &Reply) {
    assert!(reply.header("content-type").starts_with("text/html"), "{what}: {}", reply.text());
    let policy = reply.header("content-security-policy");
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{what}: {policy}");
    }
    for loose in ["unsafe-inline", "unsafe-eval", "*", "http:"] {
        assert!(!policy.contains(loose), "{what}: {policy}");
    }
    assert_eq!(reply.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(reply.header("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
    let page = reply.text();
    let scripts = usize::from(policy.contains("script-src 'sha256-"));
    assert_eq!(page.matches("<script").count(), scripts, "{what}");
    for inline in [" onclick=", " onload=", " onerror=", " style=", "<style", "javascript:"] {
        assert!(!page.contains(inline), "{what}: {inline}");
    }
    assert!(page.contains("MÔ PHỎNG") || page.contains("SIMULATION"), "{what}");
}

#[tokio::test]
async fn attack_43_no_page_is_framed_scripted_or_stored() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    is_hardened("login", &browser.open(&portal.request(&[])).await.status(200));
    let wrong = [("username", LAN.number), ("password", "x")];
    is_hardened("login again", &browser.submit("/login", &wrong).await.status(401));
    is_hardened("otp", &LAN.types_password(&mut browser).await.status(200));
    let mut at_app = Browser::new(&sim);
    at_app.open(&portal.request(&[])).await.status(200);
    is_hardened("qr", &at_app.submit("/login/qr", &[("action", "begin")]).await.status(200));
    portal.code(&LAN.types_otp(&mut browser).await);
    let consent = browser.open(&portal.request(&[("prompt", "consent")])).await.status(200);
    is_hardened("consent", &consent);
    let select = browser.open(&portal.request(&[("prompt", "select_account")])).await.status(200);
    is_hardened("select account", &select);
    is_hardened("logout", &browser.open("/oidc/logout").await.status(200));
    let form = browser.form();
    is_hardened("gone", &browser.post("/oidc/logout", &[("form", &form)]).await.status(200));
    let posted = [("response_mode", "form_post"), ("prompt", "none")];
    is_hardened("form_post", &browser.open(&portal.request(&posted)).await.status(200));
    let high = Portal::registered(&sim, json!({"minimum_level": 2})).await;
    let mut ducs = Browser::new(&sim);
    ducs.open(&high.request(&[])).await.status(200);
    is_hardened("level", &DUC.signs_in(&mut ducs).await.status(200));
    is_hardened("failure", &sim.get("/oauth2/authorize?client_id=x").await.status(400));
    is_hardened("phone", &sim.get("/phone").await.status(200));
    let why = sim.bearer("/oauth2/userinfo", "x").await.json()["error_uri"].clone();
    let path = why.as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
    let page = request(Method::GET, &path).header(header::ACCEPT, "text/html");
    let page = sim.send(page.body(axum::body::Body::empty()).unwrap()).await;
    is_hardened("explain", &page.status(200));
}

/// The front channel belongs to browsers of people; no other origin's script reads it.
#[tokio::test]
async fn attack_23_another_origin_reads_what_needs_no_cookie_and_nothing_else() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let from = |method: Method, path: &str| {
        request(method, path).header(header::ORIGIN, "https://evil.example")
    };
    let empty = axum::body::Body::empty;
    for path in ["/.well-known/openid-configuration", "/oauth2/jwks", "/oauth2/userinfo"] {
        let reply = sim.send(from(Method::GET, path).body(empty()).unwrap()).await;
        assert_eq!(reply.header("access-control-allow-origin"), "https://evil.example", "{path}");
        // The browser may send its cookies along: they count for nothing at these doors.
        assert_eq!(reply.header("access-control-allow-credentials"), "true", "{path}");
    }
    for path in ["token", "introspect", "revoke", "par", "userinfo"] {
        let path = format!("/oauth2/{path}");
        let asks = from(Method::OPTIONS, &path)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type");
        let reply = sim.send(asks.body(empty()).unwrap()).await;
        assert!(reply.status.is_success(), "{path} {}", reply.status);
        assert_eq!(reply.header("access-control-allow-origin"), "https://evil.example", "{path}");
        assert!(reply.header("access-control-allow-methods").contains("POST"), "{path}");
        let headers = reply.header("access-control-allow-headers").to_lowercase();
        assert!(headers.contains("authorization") && headers.contains("content-type"), "{path}");
    }
    let authorize = portal.request(&[]);
    for path in [&*authorize, "/oidc/logout", "/login", "/explain/x", "/admin/v1/clients", "/phone"]
    {
        for method in [Method::GET, Method::OPTIONS] {
            let asks = from(method, path).header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
            let reply = sim.send(asks.body(empty()).unwrap()).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
            assert_eq!(reply.header("access-control-allow-credentials"), "", "{path}");
        }
    }
}
