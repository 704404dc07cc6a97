//! Explanations: why the protocol said no, for developers alone, with no secret in them.

use axum::http::{Method, header};
use mock_vneid::Config;
use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
    query, request,
};

async fn explained(sim: &Sim, uri: &str) -> Value {
    let path = uri.strip_prefix("http://localhost:8080").unwrap();
    sim.get(path).await.status(200).json()
}

#[tokio::test]
async fn an_authorization_error_leads_to_its_rule_and_what_came() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let back = sim
        .get(&portal.request(&[("code_challenge_method", "plain"), ("code_challenge", "x")]))
        .await;
    let uri = query(&back.location(), "error_uri").unwrap();
    let why = explained(&sim, &uri).await;
    assert_eq!(why["error"], "invalid_request");
    assert_eq!(why["clause"], "RFC 7636 §4.3: code_challenge_method S256");
    assert_eq!(why["client_id"], portal.client_id);
    let came = why["came"].as_array().unwrap();
    assert!(came.contains(&json!({"name": "code_challenge_method", "value": "plain"})));
    let page = request(Method::GET, uri.strip_prefix("http://localhost:8080").unwrap())
        .header(header::ACCEPT, "text/html,*/*")
        .body(axum::body::Body::empty())
        .unwrap();
    let page = sim.send(page).await.status(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("RFC 7636 §4.3") && page.text().contains("MÔ PHỎNG"));
}

#[tokio::test]
async fn an_address_that_is_not_registered_is_shown_beside_those_that_are() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let page =
        sim.get(&portal.request(&[("redirect_uri", "https://portal.example/callback/")])).await;
    let page = page.status(400).text();
    let at = page.find("/explain/").unwrap();
    let id: String = page[at + 9..].chars().take(22).collect();
    let why = sim.get(&format!("/explain/{id}")).await.status(200).json();
    assert_eq!(why["registered"][0]["value"], "https://portal.example/callback");
    assert!(why["clause"].as_str().unwrap().starts_with("RFC 9700 §2.1"));
}

#[tokio::test]
async fn a_token_error_tells_the_way_so_far_and_masks_every_secret() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    portal.redeems(&sim, &code, &[]).await.status(200);
    let said = portal.redeems(&sim, &code, &[("code_verifier", "a-secret-verifier")]).await;
    let said = said.oauth(400, "invalid_grant").json();
    let why = explained(&sim, said["error_uri"].as_str().unwrap()).await;
    let text = why.to_string();
    assert!(!text.contains(&code) && !text.contains("a-secret-verifier"), "{text}");
    assert!(!text.contains(LAN.number) && !text.contains(&portal.secret));
    assert!(text.contains("[43 characters]"), "{text}");
    let flow: Vec<&str> =
        why["flow"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(flow[..3], ["authorization request accepted", "holder signed in", "code given"]);
    assert!(why["clause"].as_str().unwrap().starts_with("RFC 6749 §4.1.2"));
}

#[tokio::test]
async fn a_bearer_error_has_one_too() {
    let sim = Sim::new().await;
    let reply = sim.bearer("/oauth2/userinfo", "x").await.status(401);
    let challenge = reply.header("www-authenticate").to_owned();
    assert!(challenge.contains("error=\"invalid_token\"") && challenge.contains("error_uri=\""));
    let uri = reply.json()["error_uri"].as_str().unwrap().to_owned();
    assert_eq!(explained(&sim, &uri).await["endpoint"], "/oauth2/userinfo");
}

#[tokio::test]
async fn a_client_that_proves_itself_the_wrong_way_reads_how_it_is_registered() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("client_id", &*portal.client_id),
        ("client_secret", &*portal.secret),
    ];
    let said = sim.form("/oauth2/token", None, &fields).await.oauth(401, "invalid_client").json();
    let why = explained(&sim, said["error_uri"].as_str().unwrap()).await;
    let method = json!({"name": "token_endpoint_auth_method", "value": "client_secret_basic"});
    assert!(why["registered"].as_array().unwrap().contains(&method), "{why}");
    assert!(!why.to_string().contains(&portal.secret));
    let json = sim.post("/oauth2/token", json!({"code": "x"})).await;
    let said = json.oauth(415, "invalid_request").json();
    let why = explained(&sim, said["error_uri"].as_str().unwrap()).await;
    assert!(why["clause"].as_str().unwrap().ends_with("application/x-www-form-urlencoded"));
}

/// Every refusal that a developer meets names its rule.
#[tokio::test]
async fn every_refusal_has_a_clause() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut uris = Vec::new();
    for (name, value) in [
        ("response_type", "token"),
        ("response_mode", "word"),
        ("scope", "profile"),
        ("prompt", "none"),
        ("prompt", "none login"),
        ("max_age", "x"),
        ("claims", "x"),
        ("request", "x"),
        ("id_token_hint", "x"),
        ("code_challenge", "x"),
        ("resource", "relative"),
    ] {
        let back = sim.get(&portal.request(&[(name, value)])).await.location();
        uris.push(query(&back, "error_uri").unwrap_or_else(|| panic!("{name}: {back}")));
    }
    let basic = Some((portal.client_id.as_str(), portal.secret.as_str()));
    for (door, fields) in [
        ("token", &[][..]),
        ("token", &[("grant_type", "x")]),
        ("token", &[("grant_type", "client_credentials")]),
        ("token", &[("grant_type", "authorization_code")]),
        ("token", &[("grant_type", "authorization_code"), ("code", "x")]),
        ("token", &[("grant_type", "refresh_token")]),
        ("token", &[("grant_type", "refresh_token"), ("refresh_token", "x")]),
        ("token", &[("grant_type", "x"), ("grant_type", "y")]),
        ("token", &[("client_secret", "x")]),
        ("token", &[("client_id", "x")]),
        ("introspect", &[]),
        ("revoke", &[]),
        ("par", &[("request_uri", "x")]),
        ("par", &[("redirect_uri", "x")]),
    ] {
        let said = sim.form(&format!("/oauth2/{door}"), basic, fields).await.json();
        uris.push(said["error_uri"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned());
    }
    for path in ["/oauth2/userinfo", "/oauth2/userinfo?access_token=x"] {
        uris.push(sim.bearer(path, "x").await.json()["error_uri"].as_str().unwrap().to_owned());
    }
    for uri in uris {
        let why = explained(&sim, &uri).await;
        assert_ne!(why["clause"], "", "{why}");
        assert_ne!(why["expected"], "", "{why}");
    }
}

#[tokio::test]
async fn nobody_else_gets_explanations_unless_the_realm_says_so() {
    let config = Config { issuer: Some("https://id.example".to_owned()), ..Config::default() };
    let sim = Sim::trusting(config).await;
    let portal = Portal::plain(&sim).await;
    let silent = portal.request(&[("prompt", "none")]);
    assert_eq!(query(&sim.get(&silent).await.location(), "error_uri"), None);
    sim.put("/admin/v1/policy", json!({"explain": true})).await.status(200);
    assert!(query(&sim.get(&silent).await.location(), "error_uri").is_some());
    sim.get("/explain/nothing").await.problem(404, "not_found");
    let here = Sim::new().await;
    here.put("/admin/v1/policy", json!({"explain": false})).await.status(200);
    let reply = here.bearer("/oauth2/userinfo", "x").await.status(401);
    assert!(reply.json().get("error_uri").is_none());
}

#[tokio::test]
async fn only_the_newest_are_kept() {
    let sim = Sim::new().await;
    let first = sim.bearer("/oauth2/userinfo", "x").await.json()["error_uri"].clone();
    let path = first.as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
    for _ in 0..255 {
        sim.bearer("/oauth2/userinfo", "x").await.status(401);
    }
    sim.get(&path).await.status(200);
    sim.bearer("/oauth2/userinfo", "x").await.status(401);
    sim.get(&path).await.status(404);
}
