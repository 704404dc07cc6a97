//! The doors beside sign-in and token: pushed requests, introspection, revocation, registration, logout, explanations,
//! under the same fire as every other.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use crate::{
    bad_input::{Fire, Verdict, escaped, form, get, oauth, page, problem, sent},
    harness::{
        Reply, Sim,
        actors::{LAN, Portal},
        basic_header, request,
    },
};

/// Back-channel doors that a client proves itself at, with a form that would be right there.
const BACK: [(&str, &str); 4] = [
    ("/oauth2/token", "grant_type=refresh_token&refresh_token=x"),
    ("/oauth2/par", "response_type=code&scope=openid&redirect_uri=https://portal.example/callback"),
    ("/oauth2/introspect", "token=x"),
    ("/oauth2/revoke", "token=x"),
];

async fn range() -> (Fire, Portal) {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"dynamic_registration": true})).await.status(200);
    let portal = Portal::plain(&sim).await;
    (Fire::at(sim).await, portal)
}

fn by(portal: &Portal, path: &str, body: &str) -> Request<Body> {
    let mut request = form(path, body.to_owned());
    let basic = basic_header(&portal.client_id, &portal.secret).parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, basic);
    request
}

#[tokio::test]
async fn attack_5_no_parameter_of_the_back_channel_comes_twice() {
    let (mut fire, portal) = range().await;
    let shared =
        ["client_id", "client_secret", "client_assertion", "client_assertion_type"].as_slice();
    let own: [&[&str]; 4] = [
        &["grant_type", "refresh_token", "scope", "code", "redirect_uri", "code_verifier"],
        &["response_type", "scope", "redirect_uri", "state", "nonce", "prompt", "claims"],
        &["token", "token_type_hint"],
        &["token", "token_type_hint"],
    ];
    for ((path, good), own) in BACK.iter().zip(own) {
        for name in shared.iter().chain(own) {
            let value = if *name == "client_id" { &portal.client_id } else { "x" };
            let without: Vec<&str> =
                good.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
            let body = format!("{}&{name}={value}&{name}={value}", without.join("&"));
            let shot = format!("{path} {name} twice");
            fire.shoot(&shot, by(&portal, path, &body), oauth(400, "invalid_request")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn attack_7_18_no_back_channel_door_reads_what_is_no_form_in_utf_8() {
    let (mut fire, portal) = range().await;
    let long = "a".repeat(8193);
    for (path, good) in BACK {
        let many = "&x=1".repeat(64);
        let long = format!("&x={long}");
        for more in ["&x=%ff", "&x=%c0%ae", "&x=%ed%a0%80", "&x=%00", "&%00=1", &many, &long] {
            let shot = format!("{path} {more:.20}");
            let body = format!("{good}{more}");
            fire.shoot(&shot, by(&portal, path, &body), oauth(400, "invalid_request")).await;
        }
        for kind in ["", "application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let request = sent(Method::POST, path, kind, good);
            let shot = format!("{path} as {kind:?}");
            fire.shoot(&shot, request, oauth(415, "invalid_request")).await;
        }
        let huge = form(path, "a".repeat(70_000));
        fire.shoot(path, huge, oauth(413, "invalid_request")).await;
    }
    fire.done();
}

#[tokio::test]
async fn attack_17_20_whoever_calls_a_back_channel_door_proves_himself_in_the_right_place() {
    let (mut fire, portal) = range().await;
    for (path, good) in BACK {
        let query =
            format!("{path}?client_id={}&client_secret={}", portal.client_id, portal.secret);
        fire.shoot(path, get(&query), problem(405, "method_not_allowed")).await;
        fire.shoot(path, form(&query, good), oauth(401, "invalid_client")).await;
        let cut = &portal.secret[..portal.secret.len() - 1];
        for secret in ["", "wrong", cut, "%00"] {
            let mut request = form(path, good);
            let basic = basic_header(&portal.client_id, secret).parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, basic);
            let shot = format!("{path} secret {secret:?}");
            fire.shoot(&shot, request, oauth(401, "invalid_client")).await;
        }
        for broken in ["Basic", "Basic !", "Basic Og", "Bearer x", "Digest x", "x"] {
            let mut request = form(path, good);
            request.headers_mut().insert(header::AUTHORIZATION, broken.parse().unwrap());
            let shot = format!("{path} {broken:?}");
            fire.shoot(&shot, request, oauth(401, "invalid_client")).await;
        }
        // Attack 21: the secret in the header and in the form.
        let both = format!("{good}&client_secret={}", portal.secret);
        fire.shoot(path, by(&portal, path, &both), oauth(400, "invalid_request")).await;
    }
    fire.done();
}

/// A refusal that neither leads away nor repeats the markup.
fn quiet(reply: &Reply) -> Verdict {
    let text = reply.text();
    let repeats = ["<script>alert", "<img src=x", "onerror=alert", "\r\nX-Evil"];
    if let Some(what) = repeats.iter().find(|what| text.contains(**what)) {
        return Err(format!("repeats {what}"));
    }
    let evil = reply.headers.contains_key("x-evil") || reply.header("location").contains("evil");
    if evil { Err("leads away or sets a header".to_owned()) } else { Ok(()) }
}

#[tokio::test]
async fn attack_8_62_markup_and_line_breaks_come_back_from_no_front_door() {
    let (mut fire, portal) = range().await;
    for markup in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "a\r\nX-Evil: 1",
        "{{7*7}}",
        "javascript:alert(1)",
        "//evil.example",
    ] {
        let text = escaped(markup);
        let (id, path) = (&portal.client_id, portal.request(&[("response_mode", "form_post")]));
        for address in [
            format!("/oidc/logout?state={text}&ui_locales={text}"),
            format!("/oidc/logout?id_token_hint={text}&post_logout_redirect_uri={text}"),
            format!("/oidc/logout?client_id={text}&logout_hint={text}"),
            format!("/oidc/logout?form={text}"),
            format!("/oidc/initiate-login?client_id={text}&login_hint={text}"),
            format!("/oidc/initiate-login?client_id={id}&target_link_uri={text}"),
            format!("/explain/{}", text.replace('+', "%20")),
            format!("/login/select-account?interaction={text}"),
            format!("{path}&prompt={text}"),
            format!("{path}&claims={text}&ui_locales={text}"),
            format!("{path}&request_uri={text}"),
        ] {
            fire.shoot(&address, get(&address), quiet).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn attack_8_an_explanation_shows_what_came_as_text() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let markup = "<script>alert(1)</script>\"'&";
    let path = format!("{}&{}={}", portal.request(&[("prompt", markup)]), escaped(markup), "x");
    let back = sim.get(&path).await.location();
    let uri = crate::harness::query(&back, "error_uri").unwrap();
    let path = uri.strip_prefix("http://localhost:8080").unwrap();
    let asks = request(Method::GET, path).header(header::ACCEPT, "text/html");
    let page = sim.send(asks.body(Body::empty()).unwrap()).await.status(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.text().contains("<script"), "{}", page.text());
    assert!(page.text().contains("alert(1)"), "what came is shown: {}", page.text());
    // Nobody finds another's explanation by trying.
    let id = path.strip_prefix("/explain/").unwrap();
    assert!(id.len() >= 22, "128 bits: {id}");
    for near in [&id[1..], &id[..id.len() - 1], &format!("{id}A"), &id.to_uppercase(), "x"] {
        sim.get(&format!("/explain/{near}")).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn attack_7_front_doors_refuse_what_cannot_be_read() {
    let (mut fire, portal) = range().await;
    let many = format!("x=1{}", "&x=1".repeat(64));
    let long = format!("x={}", "a".repeat(8193));
    let id = format!("client_id={}", portal.client_id);
    for door in ["/oidc/logout", "/oidc/initiate-login"] {
        for bad in ["state=%ff", "state=%00", "x=%c0%ae", "x=%ed%a0%80", &many, &long] {
            let path = format!("{door}?{id}&{bad}");
            fire.shoot(&path, get(&path), page(400)).await;
        }
        let twice = format!("{door}?{id}&{id}");
        fire.shoot(&twice, get(&twice), page(400)).await;
    }
    for kind in ["", "application/json", "text/plain"] {
        let request = sent(Method::POST, "/oidc/logout", kind, "state=x");
        fire.shoot(kind, request, page(400)).await;
    }
    for name in ["id_token_hint", "post_logout_redirect_uri", "state"] {
        let path = format!("/oidc/logout?{name}=x&{name}=x");
        fire.shoot(&path, get(&path), page(400)).await;
    }
    // OIDC Core §4: the address is the registered one; whoever has none is not sent anywhere.
    let path = format!("/oidc/initiate-login?{id}&target_link_uri=https://evil.example/");
    fire.shoot(&path, get(&path), page(400)).await;
    fire.done();
}

#[tokio::test]
async fn attack_57_a_third_partys_link_leads_to_the_registered_address_and_no_further() {
    let sim = Sim::new().await;
    let more = json!({"initiate_login_uri": "https://portal.example/start?x=1"});
    let portal = Portal::registered(&sim, more).await;
    for target in
        ["https://evil.example/", "javascript:alert(1)", "&iss=https://evil.example", "#x"]
    {
        let path = format!(
            "/oidc/initiate-login?client_id={}&iss=https://evil.example&target_link_uri={}",
            portal.client_id,
            escaped(target)
        );
        let to = sim.get(&path).await.location();
        assert!(to.starts_with("https://portal.example/start?x=1&iss="), "{to}");
        let iss = crate::harness::query(&to, "iss");
        assert_eq!(iss.as_deref(), Some("http://localhost:8080"), "{to}");
        assert!(!to.contains(['#', '\r', '\n', ' ']), "{to}");
    }
}

#[tokio::test]
async fn attack_62_a_broken_store_tells_nothing_of_itself_at_any_door() {
    use mock_vneid::store::{faulty::Faulty, memory::Memory};
    let faulty = std::sync::Arc::new(Faulty::new(std::sync::Arc::new(Memory::new())));
    let sim = Sim::over(faulty.clone()).await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.offline_tokens(&sim, LAN).await;
    let token = tokens["access_token"].as_str().unwrap();
    let mut bearer = get("/oauth2/userinfo");
    let value = format!("Bearer {token}").parse().unwrap();
    bearer.headers_mut().insert(header::AUTHORIZATION, value);
    let mut all = vec![
        bearer,
        get(&portal.request(&[])),
        get(&format!("/oidc/initiate-login?client_id={}", portal.client_id)),
        get("/login/select-account?interaction=x"),
    ];
    all.extend(BACK.map(|(path, good)| by(&portal, path, good)));
    for request in all {
        let name = format!("{} {}", request.method(), request.uri());
        faulty.fail_gets(1);
        let reply = sim.send(request).await;
        faulty.fail_gets(0);
        let text = reply.text();
        assert_eq!(reply.status, 503, "{name}: {text}");
        for leak in ["injected", "unavailable(", "src/", ".rs", "sled", "Faulty", "panicked"] {
            assert!(!text.contains(leak), "{name} tells {leak}: {text}");
        }
    }
}
