//! Faults at doors and in the store.

use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    request,
};

async fn with(rule: Value) -> Sim {
    let sim = Sim::new().await;
    sim.post("/admin/v1/faults", rule).await.status(201);
    sim
}

const KEYS: &str = "/oauth2/jwks";

#[tokio::test]
async fn another_answer_comes_instead() {
    let sim = with(json!({"effect": "door.status", "door": "GET /oauth2/jwks", "times": 1})).await;
    sim.get(KEYS).await.problem(503, "fault");
    sim.get(KEYS).await.status(200);
    let rule = json!({"effect": "door.too_many_requests", "door": "/oauth2/*", "seconds": 7});
    let sim = with(rule).await;
    let reply = sim.get(KEYS).await.status(429);
    assert_eq!(reply.header("retry-after"), "7");
    sim.get("/.well-known/openid-configuration").await.status(200);
    let sim = with(json!({"effect": "door.html", "door": "/oauth2/jwks"})).await;
    assert!(sim.get(KEYS).await.status(502).header("content-type").starts_with("text/html"));
    let rule = json!({"effect": "door.oauth_error", "door": "POST /oauth2/token", "error": "invalid_grant"});
    let sim = with(rule).await;
    sim.form("/oauth2/token", None, &[]).await.oauth(400, "invalid_grant");
}

#[tokio::test]
async fn a_sound_answer_is_broken_on_the_way() {
    let sound = Sim::new().await.get(KEYS).await.status(200).text();
    let sim = with(json!({"effect": "door.truncate", "door": KEYS, "bytes": 10})).await;
    assert_eq!(sim.get(KEYS).await.status(200).text(), sound[..10]);
    let sim = with(json!({"effect": "door.empty", "door": KEYS})).await;
    assert_eq!(sim.get(KEYS).await.status(200).text(), "");
    let sim =
        with(json!({"effect": "door.content_type", "door": KEYS, "value": "text/html"})).await;
    assert_eq!(sim.get(KEYS).await.status(200).header("content-type"), "text/html");
    let sim =
        with(json!({"effect": "door.drip", "door": KEYS, "bytes": 500, "milliseconds": 1})).await;
    assert_eq!(sim.get(KEYS).await.status(200).text(), sound);
    let sim = with(json!({"effect": "door.delay", "door": KEYS, "milliseconds": 1})).await;
    assert_eq!(sim.get(KEYS).await.status(200).text(), sound);
    let sim = with(json!({"effect": "door.cut", "door": KEYS, "bytes": 10})).await;
    let asked = request(axum::http::Method::GET, KEYS).body(axum::body::Body::empty()).unwrap();
    let response = sim.app.router().oneshot(asked).await.unwrap();
    assert_eq!(response.headers()["content-length"], sound.len().to_string());
    let mut body = response.into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), sound[..10]);
    assert!(body.frame().await.unwrap().is_err());
}

#[tokio::test]
async fn a_door_fails_for_one_client_and_not_for_another() {
    let sim = Sim::new().await;
    let (one, other) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let (first, second) =
        (one.code_for(&sim, LAN, json!({})).await, other.code_for(&sim, LAN, json!({})).await);
    let rule =
        json!({"effect": "door.status", "door": "POST /oauth2/token", "client_id": one.client_id});
    sim.post("/admin/v1/faults", rule).await.status(201);
    one.redeems(&sim, &first, &[]).await.status(503);
    other.redeems(&sim, &second, &[]).await.status(200);
    // It was answered without being carried out: the code is still good.
    sim.delete("/admin/v1/faults").await.status(204);
    one.redeems(&sim, &first, &[]).await.status(200);
}

#[tokio::test]
async fn the_store_fails_beneath_one_request() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let door = "POST /oauth2/token";
    for (effect, status, spent) in [
        ("store.reads_fail", 503, false),
        ("store.writes_fail", 503, false),
        ("store.conflict", 503, false),
        ("store.answer_lost", 503, true),
    ] {
        let code = portal.code_for(&sim, LAN, json!({})).await;
        let rule = json!({"effect": effect, "door": door, "times": 1});
        sim.post("/admin/v1/faults", rule).await.status(201);
        portal.redeems(&sim, &code, &[]).await.status(status);
        let again = portal.redeems(&sim, &code, &[]).await;
        assert_eq!(again.status == 400, spent, "{effect} {}", again.text());
    }
    // Who was overtaken once decides again, and nobody notices.
    let code = portal.code_for(&sim, LAN, json!({})).await;
    let rule = json!({"effect": "store.conflict", "door": door, "operations": 3});
    sim.post("/admin/v1/faults", rule).await.status(201);
    portal.redeems(&sim, &code, &[]).await.status(200);
}

#[tokio::test]
async fn what_takes_faults_back_always_works() {
    let sim = with(json!({"effect": "door.status", "door": "*"})).await;
    sim.get(KEYS).await.status(503);
    sim.get("/admin/v1/clock").await.status(200);
    let own = json!({"effect": "door.status", "door": "/admin/v1/*"});
    sim.post("/admin/v1/faults", own).await.status(201);
    sim.get("/admin/v1/clock").await.status(503);
    sim.delete("/admin/v1/faults").await.status(204);
    sim.get("/admin/v1/clock").await.status(200);
    sim.get(KEYS).await.status(200);
}

#[tokio::test]
async fn a_realm_answers_no_more_than_its_quota() {
    let sim = Sim::new().await;
    let realm = json!({"name": "small", "quotas": {"requests": 2}});
    sim.post("/admin/v1/realms", realm).await.status(201);
    sim.get("/realms/small/oauth2/jwks").await.status(200);
    sim.get("/realms/small/oauth2/jwks").await.status(200);
    sim.get("/realms/small/oauth2/jwks").await.problem(429, "limit_reached");
    sim.get("/realms/small/admin/v1/clock").await.status(200);
    sim.get(KEYS).await.status(200);
}

/// outside.md T19: an answer that comes instead of a door's own is readable by pages where the door's own is, and the
/// authorization endpoint is a door of browsers: what it answers no other origin reads, by a fault or beyond a quota either.
#[tokio::test]
async fn t19_no_other_origin_reads_what_authorize_answers() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let from_elsewhere = async |method: axum::http::Method, path: &str, status: u16| {
        let asked = request(method, path).header("origin", "https://evil.example");
        let reply = sim.send(asked.body(axum::body::Body::empty()).unwrap()).await.status(status);
        let origin = reply.header("access-control-allow-origin").to_owned();
        let credentials = reply.header("access-control-allow-credentials");
        assert_eq!(credentials, if origin.is_empty() { "" } else { "true" }, "{path}");
        origin
    };
    let (get, post) = (axum::http::Method::GET, axum::http::Method::POST);
    let (authorize, unknown) = (portal.request(&[]), "/oauth2/authorize?client_id=x");
    let refused = portal.request(&[("prompt", "none")]);
    let by_itself = async || {
        assert_eq!(from_elsewhere(get.clone(), unknown, 400).await, "");
        assert_eq!(from_elsewhere(get.clone(), &refused, 303).await, "");
    };
    by_itself().await;
    let rule = |effect: &str, door: &str| json!({"effect": effect, "door": door});
    // With a fault at another door, too.
    sim.post("/admin/v1/faults", rule("door.status", "/oauth2/token")).await.status(201);
    by_itself().await;
    for (effect, status) in
        [("door.status", 503), ("door.too_many_requests", 429), ("door.oauth_error", 400)]
    {
        sim.delete("/admin/v1/faults").await.status(204);
        for door in ["/oauth2/authorize", "/oauth2/token"] {
            sim.post("/admin/v1/faults", rule(effect, door)).await.status(201);
        }
        for base in ["", "/realms/default"] {
            let door = format!("{base}{authorize}");
            assert_eq!(from_elsewhere(get.clone(), &door, status).await, "", "{effect}");
            assert_eq!(from_elsewhere(post.clone(), &door, status).await, "", "{effect}");
            let door = format!("{base}/oauth2/token");
            assert_eq!(
                from_elsewhere(post.clone(), &door, status).await,
                "https://evil.example",
                "{effect}"
            );
        }
    }
    let realm = json!({"name": "small", "quotas": {"requests": 1}});
    sim.post("/admin/v1/realms", realm).await.status(201);
    let small = |path: &str| format!("/realms/small{path}");
    assert_eq!(from_elsewhere(get.clone(), &small(unknown), 400).await, "");
    assert_eq!(from_elsewhere(get.clone(), &small(unknown), 429).await, "");
    assert_eq!(
        from_elsewhere(post.clone(), &small("/oauth2/token"), 429).await,
        "https://evil.example"
    );
}

#[tokio::test]
async fn a_realm_keeps_no_more_than_its_quota() {
    let sim = Sim::new().await;
    let realm = json!({"name": "small", "quotas": {"entries": 300}});
    sim.post("/admin/v1/realms", realm).await.status(201);
    let lock = format!("/realms/small/admin/v1/accounts/{}/lock", LAN.number);
    sim.post(&lock, json!({})).await.status(200);
    let messages = "/realms/small/admin/v1/messages";
    let sent = sim.get(messages).await.status(200).json()["items"].as_array().unwrap().len();
    let clients = "/realms/small/admin/v1/clients";
    let client = json!({"client_name": "P", "redirect_uris": ["https://p.example/cb"]});
    let fill = async || {
        let mut made = 0;
        while sim.post(clients, client.clone()).await.status == 201 {
            made += 1;
            assert!(made <= 300, "no bound");
        }
        made
    };
    let made = fill().await;
    assert!(made > 250 && made < 300 && sent > 0, "{made} {sent}");
    sim.post(clients, client.clone()).await.problem(429, "limit_reached");
    sim.get("/realms/small/oauth2/jwks").await.problem(429, "limit_reached");
    sim.delete(messages).await.status(204);
    // A message takes an entry for itself and one beneath whom it went to.
    assert!((sent..10 * sent).contains(&fill().await));
    sim.post("/admin/v1/clients", client).await.status(201);
}

#[tokio::test]
async fn over_a_socket_the_head_and_some_bytes_arrive_and_then_nothing() {
    let cut = json!({"effect": "door.cut", "door": KEYS, "bytes": 10, "times": 1});
    let vneid = mock_vneid::MockVneid::builder().fault(cut).start().await.unwrap();
    let url = format!("{}{KEYS}", vneid.issuer());
    let mut answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.chunk().await.unwrap().unwrap().len(), 10);
    assert!(answer.chunk().await.is_err());
    let sound = reqwest::get(&url).await.unwrap().text().await.unwrap();
    // In pieces the same arrives, and no length is told beforehand.
    let drip = json!({"effect": "door.drip", "door": KEYS, "bytes": 400, "milliseconds": 5});
    vneid.fault(drip).await.unwrap();
    let mut answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.content_length(), None);
    let mut pieces = Vec::new();
    while let Some(piece) = answer.chunk().await.unwrap() {
        pieces.push(piece);
    }
    assert!(pieces.len() > 1, "{}", pieces.len());
    assert_eq!(pieces.concat(), sound.as_bytes());
}
