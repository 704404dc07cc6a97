//! outside.md A2, A9, P5, P6, P7, P14, P17: every request is seen, and the wire keeps to HTTP whoever asks.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, header},
};
use mock_vneid::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use crate::{
    attacks::Wire,
    harness::{
        Sim,
        actors::{LAN, Portal},
        browser::Browser,
        log::Log,
        query, request,
    },
};

async fn entries(sim: &Sim, filter: &str) -> Vec<Value> {
    let path = format!("/admin/v1/journal?limit=1000&{filter}");
    sim.get(&path).await.status(200).json()["items"].as_array().unwrap().clone()
}

/// A wrong address, a wrong method, a realm that is not there: each is an entry with its path and body, and a line of the log.
#[tokio::test]
async fn a2_what_no_door_answers_is_seen() {
    let sim = Sim::new().await;
    let log = Log::begin();
    let form = [("grant_type", "authorization_code"), ("client_secret", "top-secret-of-nobody")];
    sim.form("/oauth/token", None, &form).await.status(404);
    sim.delete("/oauth2/token").await.status(405);
    sim.delete("/admin/v1/clock").await.status(405);
    sim.form("/realms/gone/oauth2/token", None, &form).await;
    let log_text = log.text();
    drop(log);
    let seen = entries(&sim, "kind=request").await;
    let of = |path: &str| {
        seen.iter().find(|it| it["path"] == path).unwrap_or_else(|| panic!("{path}: {seen:?}"))
    };
    let wrong = of("/oauth/token");
    assert_eq!((&wrong["method"], &wrong["status"]), (&json!("POST"), &json!(404)));
    assert_eq!(wrong["form"]["grant_type"], "authorization_code");
    assert_eq!(wrong["form"]["client_secret"], "[20 characters]");
    assert_eq!(of("/oauth2/token")["status"], 405);
    assert_eq!(of("/admin/v1/clock")["status"], 405);
    assert_eq!(of("/realms/gone/oauth2/token")["status"], 404);
    let line = log_text.lines().find(|it| it.contains("/oauth/token")).expect("its line");
    for part in ["method=POST", "status=404", "code=\"not_found\""] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!log_text.contains("top-secret"), "{log_text}");
}

/// A request that met a fault, or failed, belongs to its sign-in: by its code, its token, its browser, its client.
#[tokio::test]
async fn a9_failed_requests_belong_to_their_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    LAN.types_password(&mut browser).await.status(200);
    let code = portal.code(&LAN.types_otp(&mut browser).await);
    let fault =
        json!({"effect": "door.status", "door": "POST /oauth2/token", "times": 1, "status": 503});
    sim.post("/admin/v1/faults", fault).await.status(201);
    portal.redeems(&sim, &code, &[]).await.status(503);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let fault = json!({"effect": "door.status", "door": "/oauth2/userinfo", "times": 1});
    sim.post("/admin/v1/faults", fault).await.status(201);
    sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.status(503);
    // Nothing leads to these but the client, and the browser.
    let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
    sim.form("/oauth2/token", basic, &[("grant_type", "authorization_code")]).await.status(400);
    browser.open("/login/consent?interaction=none").await.status(400);
    let begun = entries(&sim, "path=/oauth2/authorize").await[0]["request"].clone();
    let own = entries(&sim, &format!("sign_in={begun}")).await;
    let requests: Vec<String> = own
        .iter()
        .filter(|it| it["kind"] == "request")
        .map(|it| format!("{} {}", it["path"].as_str().unwrap(), it["status"]))
        .collect();
    for expected in [
        "/oauth2/token 503",
        "/oauth2/token 200",
        "/oauth2/userinfo 503",
        "/oauth2/token 400",
        "/login/consent 400",
    ] {
        assert!(requests.iter().any(|it| it == expected), "{expected}: {requests:?}");
    }
    assert_eq!(own.iter().filter(|it| it["kind"] == "fault").count(), 2, "{own:?}");
    let drawn =
        sim.get(&format!("/admin/v1/journal/mermaid?sign_in={begun}")).await.status(200).text();
    assert!(drawn.contains("503") && drawn.contains("door.status"), "{drawn}");
}

/// Whatever a page's library adds to its requests.
#[tokio::test]
async fn p5_preflights_let_every_header_through() {
    let sim = Sim::new().await;
    let asked = "authorization,cache-control,dpop,pragma,traceparent,tracestate,x-requested-with";
    for door in
        ["/oauth2/userinfo", "/oauth2/token", "/oauth2/jwks", "/.well-known/openid-configuration"]
    {
        let preflight = request(Method::OPTIONS, door)
            .header(header::ORIGIN, "https://spa.example")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, asked);
        let reply = sim.send(preflight.body(Body::empty()).unwrap()).await.status(200);
        assert_eq!(reply.header("access-control-allow-headers"), asked, "{door}");
        // A page that sends its credentials along, as keycloak-js does, is shown the answer too.
        assert_eq!(reply.header("access-control-allow-origin"), "https://spa.example");
        assert_eq!(reply.header("access-control-allow-credentials"), "true");
    }
}

/// outside.md P14: cookies know no ports.
#[tokio::test]
async fn p14_two_simulators_on_one_host_do_not_share_a_cookie() {
    let mut jars = Vec::new();
    for port in [8080, 8090] {
        let config =
            Config { issuer: Some(format!("http://localhost:{port}")), ..Config::default() };
        let sim = Sim::with(config).await;
        let portal = Portal::plain(&sim).await;
        let mut browser = Browser::at_login(&sim, &portal).await;
        LAN.signs_in(&mut browser).await.status(303);
        browser.open("/demo/start").await;
        jars.push(browser.cookies.keys().cloned().collect::<Vec<_>>());
    }
    assert!(jars[0].len() >= 3, "{jars:?}");
    assert!(jars[0].iter().all(|name| !jars[1].contains(name)), "{jars:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_http_1_0_needs_no_host_and_probes_answer_any() {
    let wire = Wire::with(Config::default()).await;
    for (asked, status) in [
        ("OPTIONS /readyz HTTP/1.0\r\n\r\n", "405"),
        ("GET /livez HTTP/1.0\r\n\r\n", "200"),
        ("GET /readyz HTTP/1.0\r\n\r\n", "200"),
        ("GET /.well-known/openid-configuration HTTP/1.0\r\n\r\n", "200"),
        ("GET /readyz HTTP/1.1\r\nHost: 10.0.0.7:8080, x\r\nConnection: close\r\n\r\n", "200"),
        ("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n", "200"),
        // Every other door of HTTP/1.1 keeps to RFC 9112 §3.2.
        ("GET /oauth2/jwks HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
        ("GET /oauth2/jwks HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
    ] {
        let said = wire.answers(asked.as_bytes()).await;
        assert!(said.split(' ').nth(1) == Some(status), "{asked}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p7_a_broken_body_is_a_bad_request_and_only_a_large_one_is_too_large() {
    let wire = Wire::with(Config::default()).await;
    for (path, kind) in [
        ("/oauth2/token", "application/x-www-form-urlencoded"),
        ("/admin/v1/realms", "application/json"),
        ("/login?interaction=x", "application/x-www-form-urlencoded"),
    ] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n");
        for broken in [
            "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n".to_owned(),
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n".to_owned(),
        ] {
            let said = wire.answers(format!("{head}{broken}").as_bytes()).await;
            assert!(said.starts_with("HTTP/1.1 400"), "{path}: {said}");
        }
        // Cut off: the client half-closes before the length it gave.
        let mut cut = wire.sends(format!("{head}Content-Length: 50\r\n\r\nabc").as_bytes()).await;
        cut.shutdown().await.unwrap();
        let mut said = String::new();
        drop(timeout(Duration::from_secs(10), cut.read_to_string(&mut said)).await.unwrap());
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400"), "{path}: {said}");
        let large = format!(
            "{head}Content-Length: 70000\r\nConnection: close\r\n\r\n{}",
            "a".repeat(70_000)
        );
        let said = wire.answers(large.as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 413"), "{path}: {said}");
    }
}

/// One answer of a connection that stays open: its head, and whether it says that the connection ends.
async fn answer(stream: &mut tokio::net::TcpStream) -> Option<(String, bool)> {
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"\r\n\r\n") {
        match timeout(Duration::from_secs(10), stream.read(&mut byte)).await {
            Ok(Ok(1)) => said.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8(said).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |it| it.trim().parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let ends = head.contains("connection: close");
    Some((head, ends))
}

/// A door that answers before it reads keeps the connection, or says that it ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_no_connection_ends_without_a_word() {
    let wire = Wire::with(Config::default()).await;
    let json = |path: &str, body: &str| {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    let rule = r#"{"effect":"door.status","door":"POST /oauth2/token"}"#;
    wire.answers(
        json("/admin/v1/faults", rule)
            .replace("\r\nHost", "\r\nConnection: close\r\nHost")
            .as_bytes(),
    )
    .await;
    let body = "x".repeat(1000);
    let early = [
        json("/admin/v1/clock/resume", &body),
        json("/admin/v1/realms/default/reset", &body),
        json("/app/v1/devices", &body),
        json("/app/v1/password", &body),
        json("/oauth2/token", &body),
        json("/oauth2/register", &body),
        json("/oauth2/userinfo", &body),
        json("/nowhere", &body),
        json("/livez", &body),
        json("/realms/none/oauth2/token", &body),
        json("/demo", &body),
        json("/admin/v1/clock/resume", &body).replace("localhost", "evil.example"),
        json("/console", &body),
        json("/oauth2/jwks", &body)
            .replace("Content-Length: 1000", "Transfer-Encoding: chunked")
            .replace(&body, "3e8\r\nBODY\r\n0\r\n\r\n")
            .replace("BODY", &body),
    ];
    for asked in &early {
        let mut stream = wire.sends(asked.as_bytes()).await;
        for round in 0..3 {
            let (head, ends) = answer(&mut stream)
                .await
                .unwrap_or_else(|| panic!("closed without a word, {round}: {asked}"));
            assert!(!ends, "64 KiB are taken in: {head}");
            stream.write_all(asked.as_bytes()).await.unwrap();
        }
    }
    // Far more than is taken in, or a body that waits to be asked for: the end is announced.
    let huge = format!(
        "POST /admin/v1/clock/resume HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{}",
        "a".repeat(200_000)
    );
    let waits = "POST /nothing/here HTTP/1.1\r\nHost: evil.example, x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n";
    for asked in [huge.as_str(), waits] {
        let mut stream = wire.sends(asked.as_bytes()).await;
        let (head, ends) = answer(&mut stream).await.expect("an answer");
        assert!(ends && !head.starts_with("http/1.1 100"), "{head}");
    }
}

/// The log line of a refusal carries its code (P10).
#[tokio::test]
async fn p10_log_lines_carry_the_code() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let log = Log::begin();
    sim.get("/admin/v1/accounts/097190999999").await.status(404);
    sim.post("/admin/v1/clock/advance", json!({"duration": "x"})).await.status(422);
    portal.redeems(&sim, "none", &[]).await.status(400);
    sim.bearer("/oauth2/userinfo", "none").await.status(401);
    sim.get("/oauth2/authorize?client_id=none").await.status(400);
    let back = sim.get(&portal.request(&[("response_type", "token")])).await.status(303).location();
    assert_eq!(query(&back, "error").as_deref(), Some("unsupported_response_type"));
    Browser::new(&sim).open("/login?interaction=none").await.status(400);
    let text = log.text();
    for (path, status, code) in [
        ("/admin/v1/accounts/{number}", 404, "not_found"),
        ("/admin/v1/clock/advance", 422, "invalid"),
        ("/oauth2/token", 400, "invalid_grant"),
        ("/oauth2/userinfo", 401, "invalid_token"),
        ("/oauth2/authorize", 400, "invalid_request"),
        ("/oauth2/authorize", 303, "unsupported_response_type"),
        ("/login", 400, "sign_in_over"),
    ] {
        let parts =
            [format!("path=\"{path}\""), format!("status={status}"), format!("code=\"{code}\"")];
        assert!(
            text.lines().any(|line| parts.iter().all(|part| line.contains(part))),
            "{parts:?}: {text}"
        );
    }
}
