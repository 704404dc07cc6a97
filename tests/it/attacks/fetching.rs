//! Addresses that a client names and the provider asks: only public ones over https, bounded, and never somebody's inside.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, response::Redirect, routing::get, serve::ListenerExt as _};
use mock_vneid::{Config, config::Timeouts};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{ASSERTION, assertion, client_keys};
use crate::harness::{Reply, Sim, actors::Portal, log::Log};

/// Who came to a server: connections (outside.md T1: whose TLS fails came all the same), and requests.
#[derive(Clone, Default)]
struct Came {
    connected: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl Came {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn connected(&self) -> usize {
        self.connected.load(Ordering::SeqCst)
    }
}

/// A server of the attacker's, or of the inside: it counts who comes.
async fn inside(router: Router) -> (u16, Came) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Came::default();
    let (connected, asked) = (Arc::clone(&came.connected), Arc::clone(&came.asked));
    let router = router.layer(axum::middleware::from_fn(
        move |request: axum::extract::Request, next: axum::middleware::Next| {
            asked.fetch_add(1, Ordering::SeqCst);
            next.run(request)
        },
    ));
    let listener = listener.tap_io(move |_| {
        connected.fetch_add(1, Ordering::SeqCst);
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    (port, came)
}

fn keys() -> Router {
    let keys = || async { axum::Json(client_keys()) };
    Router::new()
        .route("/jwks", get(keys))
        .route("/moved", get(|| async { Redirect::temporary("/jwks") }))
        .route(
            "/huge",
            get(|| async { format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(70_000)) }),
        )
        .route("/slow", get(|| async { tokio::time::sleep(Duration::from_secs(30)).await }))
        .route("/odd", get(|| async { "<html>" }))
}

async fn permitted(private: bool) -> Sim {
    let patience = Timeouts { fetch: Duration::from_millis(300), ..Timeouts::default() };
    Sim::with(Config { allow_private_fetch: private, timeouts: patience, ..Config::default() })
        .await
}

/// A client whose keys are at this address proves itself.
async fn proves(sim: &Sim, uri: &str) -> Reply {
    let more = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": uri});
    let portal = Portal::registered(sim, more).await;
    let assertion = assertion(sim, &portal.client_id, "j-1");
    let fields =
        [("client_assertion_type", ASSERTION), ("client_assertion", &*assertion), ("token", "x")];
    sim.form("/oauth2/introspect", None, &fields).await
}

#[tokio::test]
async fn attack_52_nobody_inside_is_asked() {
    let sim = permitted(false).await;
    let (port, came) = inside(keys()).await;
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "localhost.",
    ] {
        for scheme in ["http", "https"] {
            let uri = format!("{scheme}://{host}:{port}/jwks");
            proves(&sim, &uri).await.oauth(401, "invalid_client");
        }
    }
    for host in [
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "198.18.0.1",
        "[fe80::1]",
        "[fc00::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ] {
        proves(&sim, &format!("https://{host}/jwks")).await.oauth(401, "invalid_client");
    }
    assert_eq!(came.connected(), 0);
}

#[tokio::test]
async fn attack_52_where_the_operator_allows_it_answers_are_bounded_and_not_followed() {
    let sim = permitted(true).await;
    let (port, came) = inside(keys()).await;
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    proves(&sim, &at("/jwks")).await.status(200);
    assert_eq!(came.asked(), 1);
    for path in ["/moved", "/huge", "/slow", "/odd", "/nothing"] {
        proves(&sim, &at(path)).await.oauth(401, "invalid_client");
    }
    assert_eq!(came.asked(), 6, "a redirect is not followed");
}

#[tokio::test]
async fn attack_52_what_nobody_needs_is_never_fetched() {
    let sim = permitted(true).await;
    let (port, came) = inside(keys()).await;
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let more = json!({
        "logo_uri": at("/logo"), "policy_uri": at("/policy"), "tos_uri": at("/tos"),
        "client_uri": at("/"), "jwks_uri": at("/jwks"),
    });
    let portal = Portal::registered(&sim, more).await;
    sim.get(&portal.request(&[])).await.status(303);
    sim.get(&portal.request(&[("request_uri", &at("/request"))])).await.status(303);
    assert_eq!(came.connected(), 0);
}

async fn registers(sim: &Sim, more: Value) -> Reply {
    let mut body = json!({"redirect_uris": ["https://rp.example/cb"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    sim.post("/oauth2/register", body).await
}

#[tokio::test]
async fn attack_55_bad_sector_documents_and_plain_addresses_register_nobody() {
    let documents = Router::new()
        .route("/right", get(|| async { r#"["https://rp.example/cb","https://x.example/"]"# }))
        .route("/without", get(|| async { r#"["https://other.example/cb"]"# }))
        .route("/object", get(|| async { r#"{"redirect_uris":[]}"# }))
        .route("/odd", get(|| async { "<html>" }));
    let (port, came) = inside(documents).await;
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let sim = permitted(true).await;
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let pairwise =
        |path: &str| json!({"subject_type": "pairwise", "sector_identifier_uri": at(path)});
    registers(&sim, pairwise("/right")).await.status(201);
    for path in ["/without", "/object", "/odd", "/nothing"] {
        registers(&sim, pairwise(path)).await.oauth(400, "invalid_client_metadata");
    }
    for uri in ["http://rp.example/start", "ftp://rp.example/", "javascript:alert(1)", "rp"] {
        let reply = registers(&sim, json!({"initiate_login_uri": uri})).await;
        reply.oauth(400, "invalid_client_metadata");
    }
    let before = came.asked();
    let closed = permitted(false).await;
    closed.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    registers(&closed, pairwise("/right")).await.oauth(400, "invalid_client_metadata");
    assert_eq!(came.asked(), before);
}

/// An address that cannot be reached looks like one that may not be asked; the log tells which it was.
#[tokio::test]
async fn attack_52_addresses_of_nobodys_outside_are_not_even_tried() {
    let log = Log::begin();
    let tried = || log.text().contains("the network gave no answer");
    let sim = permitted(false).await;
    for host in [
        "0.1.2.3",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "012.0.0.1",
        "0xa000001",
        "167772161",
        "[::]",
        "[::1]",
        "[::10.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::a00:1]",
        "[100::1]",
        "[2001:10::1]",
        "[2002:a00:1::]",
        "[fc00::1]",
        "[fd12::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
    ] {
        proves(&sim, &format!("https://{host}/jwks")).await.oauth(401, "invalid_client");
        assert!(!tried(), "{host} was asked");
    }
    proves(&sim, "http://example.com/jwks").await.oauth(401, "invalid_client");
    assert!(!tried(), "plain http was asked");
    let permitted = permitted(true).await;
    proves(&permitted, "http://127.0.0.1:9/jwks").await.oauth(401, "invalid_client");
    assert!(tried(), "the log tells what is tried");
}
