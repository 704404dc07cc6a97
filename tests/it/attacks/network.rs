//! The wire: peers that never finish, hosts, methods and paths that no client library sends.

use std::time::Duration;

use mock_vneid::{Config, config::Timeouts};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};

use super::{Wire, heard};

/// Far more than any answer needs, far less than a test may hang.
const SOON: Duration = Duration::from_secs(10);

fn impatient() -> Config {
    let short = Duration::from_millis(400);
    let patience = Timeouts { head: short, body: short, drain: short, ..Timeouts::default() };
    Config { timeouts: patience, ..Config::default() }
}

async fn wire() -> Wire {
    Wire::with(Config::default()).await
}

#[test]
fn attack_59_nobody_is_waited_for_longer_than_twenty_seconds() {
    let usual = Timeouts::default();
    assert_eq!((usual.head.as_secs(), usual.body.as_secs()), (20, 20));
    assert_eq!((usual.drain.as_secs(), usual.fetch.as_secs()), (10, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_59_unfinished_requests_are_closed_and_others_served_meanwhile() {
    let wire = Wire::with(impatient()).await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(wire.sends(b"").await);
        open.push(wire.sends(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await);
        let body = b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ngrant_type=";
        open.push(wire.sends(body).await);
    }
    let quick = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let served = timeout(Duration::from_secs(1), wire.answers(quick)).await;
    assert!(served.expect("served at once").starts_with("HTTP/1.1 200"));
    for (at, stream) in open.iter_mut().enumerate() {
        let said = timeout(SOON, heard(stream)).await.expect("closed");
        assert!(!said.contains("200 OK"), "{said}");
        assert_eq!(said.starts_with("HTTP/1.1 408"), at % 3 == 2, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_59_a_byte_now_and_then_buys_no_time() {
    let wire = Wire::with(impatient()).await;
    let head = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n".as_slice();
    let body = b"POST /admin/v1/realms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice();
    for (begin, drop) in [(head, b"X".as_slice()), (body, b"1\r\n \r\n")] {
        let stream = wire.sends(begin).await;
        let (mut read, mut write) = stream.into_split();
        let dripping = tokio::spawn(async move {
            for _ in 0..1000 {
                if write.write_all(drop).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let mut end = Vec::new();
        let closed = timeout(SOON, tokio::io::AsyncReadExt::read_to_end(&mut read, &mut end)).await;
        assert!(closed.is_ok(), "still open after {SOON:?}");
        dripping.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_59_every_kind_of_door_says_that_the_body_came_late() {
    let wire = Wire::with(impatient()).await;
    for (path, kind, says) in [
        ("/oauth2/token", "application/x-www-form-urlencoded", "\"error\":\"invalid_request\""),
        ("/oauth2/par", "application/x-www-form-urlencoded", "\"error\":\"invalid_request\""),
        ("/oauth2/userinfo", "application/x-www-form-urlencoded", "\"error\":\"invalid_request\""),
        ("/login?interaction=x", "application/x-www-form-urlencoded", "<html"),
        ("/admin/v1/realms", "application/json", "\"code\":\"too_slow\""),
        ("/app/v1/registrations", "application/json", "\"code\":\"too_slow\""),
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 9\r\n\r\na"
        );
        let said = timeout(SOON, wire.answers(request.as_bytes())).await.expect("closed");
        assert!(said.starts_with("HTTP/1.1 408"), "{path}: {said}");
        assert!(said.contains(says), "{path}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_59_a_slow_peer_does_not_keep_the_server_from_stopping() {
    let long = Duration::from_mins(10);
    let patience = Timeouts { head: long, body: long, ..impatient().timeouts };
    let wire = Wire::with(Config { timeouts: patience, ..Config::default() }).await;
    let body = b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na";
    let _slow: TcpStream = wire.sends(body).await;
    let quick = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(wire.answers(quick).await.starts_with("HTTP/1.1 200"));
    drop(wire.stop);
    timeout(SOON, wire.served).await.expect("stopped").unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_51_on_the_wire_a_request_has_one_host() {
    let wire = wire().await;
    let discovery = "/.well-known/openid-configuration";
    for hosts in [
        "",
        "Host:\r\n",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: localhost\r\nHost: evil.example\r\n",
        "Host: evil.example, localhost\r\n",
        "Host: evil.example/x\r\n",
        "Host: user@localhost\r\n",
        "Host: localhost:99999\r\n",
    ] {
        let request = format!("GET {discovery} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let said = wire.answers(request.as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 400"), "{hosts:?}: {said}");
        assert!(!said.contains("evil.example"), "{said}");
    }
    for lies in [
        "Host: evil.example\r\n",
        "Host: localhost\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n",
        "Host: localhost\r\nForwarded: host=evil.example;proto=https\r\n",
        "Host: localhost\r\nX-Original-URL: /admin/v1/clients\r\nX-Rewrite-URL: /evil.example\r\n",
    ] {
        let request = format!("GET {discovery} HTTP/1.1\r\n{lies}Connection: close\r\n\r\n");
        let said = wire.answers(request.as_bytes()).await;
        let issuer = format!("\"issuer\":\"http://localhost:{}\"", wire.address.port());
        assert!(said.contains(&issuer) && !said.contains("evil.example"), "{lies:?}: {said}");
    }
    // Whoever names another host in the target names it for itself alone.
    let absolute = format!(
        "GET http://evil.example{discovery} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );
    assert!(!wire.answers(absolute.as_bytes()).await.contains("evil.example"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_60_trace_connect_and_unknown_methods_echo_nothing() {
    let wire = wire().await;
    let long = "X".repeat(5000);
    for (line, statuses) in [
        ("TRACE / HTTP/1.1", &[404, 405][..]),
        ("TRACE /oauth2/token HTTP/1.1", &[405]),
        ("TRACE /oidc/logout HTTP/1.1", &[405]),
        ("TRACK /oauth2/token HTTP/1.1", &[405]),
        ("CONNECT localhost:22 HTTP/1.1", &[400, 404, 405]),
        ("CONNECT 169.254.169.254:80 HTTP/1.1", &[400, 404, 405]),
        ("BREW /oauth2/token HTTP/1.1", &[405]),
        ("get /oauth2/jwks HTTP/1.1", &[405]),
        ("PROPFIND /oauth2/register HTTP/1.1", &[405]),
        (&format!("{long} /oauth2/token HTTP/1.1"), &[400, 405, 501]),
        ("PRI * HTTP/2.0", &[400, 505, 0]),
        ("GET /oauth2/jwks HTTP/9.9", &[400, 505, 0]),
        ("GET /oauth2/jwks", &[400, 505, 0]),
        ("G\u{0}T / HTTP/1.1", &[400, 0]),
    ] {
        let request = format!(
            "{line}\r\nHost: localhost\r\nX-Secret: echo-me\r\nCookie: c=echo-me\r\nConnection: close\r\n\r\n"
        );
        let said = timeout(SOON, wire.answers(request.as_bytes())).await.expect("an end");
        let status: u16 = said.get(9..12).map_or(0, |status| status.parse().unwrap());
        assert!(statuses.contains(&status), "{line:.60}: {said}");
        assert!(!said.contains("echo-me"), "{line:.60}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_61_no_path_on_the_wire_leads_out() {
    let wire = wire().await;
    for path in [
        "/../../../../etc/passwd",
        "/assets/../../etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/assets/....//....//etc/passwd",
        "/assets/style.css%00.txt",
        "/assets/style.css/../../../etc/passwd",
        "/%252e%252e/etc/passwd",
        "/..;/admin/v1/clients",
        "//etc/passwd",
        "/etc/passwd",
        "/explain/..%2f..%2fadmin%2fv1%2fclients",
        "/explain/%00",
        "/oauth2/register/..%2f..%2fadmin%2fv1%2fclients",
        "/oauth2/../admin/v1/clients",
        "/realms/..%2fadmin/oauth2/jwks",
        "/oidc/logout/../../etc/passwd",
        "/admin/docs/..%2f..%2f..%2fCargo.toml",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let said = wire.answers(request.as_bytes()).await;
        let status: u16 = said[9..12].parse().unwrap();
        assert!([400, 401, 404].contains(&status), "{path}: {said}");
        for leak in ["root:", "[package]", "client_name", "redirect_uris"] {
            assert!(!said.contains(leak), "{path}: {said}");
        }
    }
}
