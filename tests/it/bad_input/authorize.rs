//! `/oauth2/authorize`: a page before the redirect URI is trusted, the way back with an error after.

use serde_json::json;

use super::{Fire, Verdict, escaped, form, get, page, sent};
use crate::harness::{Reply, Sim, actors::Portal, query};

/// Attack 1: near the registered `https://portal.example/callback`, and never it.
const NEAR_MISSES: [&str; 46] = [
    "https://portal.example/callback/",
    "https://portal.example/Callback",
    "https://portal.example/callbac",
    "https://portal.example/callbackx",
    "https://portal.example/callback?",
    "https://portal.example/callback?x=1",
    "https://portal.example/callback#",
    "https://portal.example/callback#x",
    "https://portal.example/callback;x",
    "https://portal.example/callback/../callback",
    "https://portal.example/./callback",
    "https://portal.example/x/../callback",
    "https://portal.example//callback",
    "https://portal.example/%63allback",
    "https://portal.example/callback%00",
    "https://portal.example/callback%20",
    "https://portal.example/callback%2f",
    "https://portal.example/",
    "https://portal.example",
    "https://user@portal.example/callback",
    "https://portal.example@evil.example/callback",
    "https://portal.example:x@evil.example/callback",
    "https://portal.example.evil.example/callback",
    "https://evilportal.example/callback",
    "https://evil.example/https://portal.example/callback",
    "https://portal.example./callback",
    "https://portal.example:443/callback",
    "https://portal.example:8443/callback",
    "https://PORTAL.example/callback",
    "HTTPS://portal.example/callback",
    "http://portal.example/callback",
    "https:portal.example/callback",
    "https:/portal.example/callback",
    "https:\\\\portal.example\\callback",
    "//portal.example/callback",
    "portal.example/callback",
    "/callback",
    "https://portal。example/callback",
    "https://ｐortal.example/callback",
    "https://[::1]/callback",
    " https://portal.example/callback",
    "https://portal.example/callback ",
    "https://portal.example/callback\r\nSet-Cookie: a=b",
    "javascript:alert(1)//https://portal.example/callback",
    "data:text/html,<script>alert(1)</script>",
    "*",
];

#[tokio::test]
async fn attack_1_a_redirect_uri_is_the_registered_one_to_the_letter() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    for uri in NEAR_MISSES {
        let path = portal.request(&[("redirect_uri", uri)]);
        fire.shoot(uri, get(&path), page(400)).await;
    }
    fire.shoot("none", get(&portal.request(&[("redirect_uri", "")])), page(400)).await;
    fire.done();
}

#[tokio::test]
async fn attack_2_two_redirect_uris_are_never_followed() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    let right = escaped(&portal.redirect_uri);
    for (first, second) in [
        (right.as_str(), "https%3A%2F%2Fevil.example%2F"),
        ("https%3A%2F%2Fevil.example%2F", &right),
        (&right, &right),
        (&right, ""),
        ("", &right),
    ] {
        let path = portal.request(&[("redirect_uri", "")]);
        let path = format!("{path}&redirect_uri={first}&redirect_uri={second}");
        fire.shoot(&path, get(&path), page(400)).await;
    }
    fire.done();
}

#[tokio::test]
async fn attack_4_an_unknown_client_gets_a_page_that_repeats_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    let long = "a".repeat(5000);
    let other_case = portal.client_id.to_uppercase();
    let padded = format!("{} ", portal.client_id);
    for id in [
        "no-such-portal",
        "' OR 1=1--",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "../../etc/passwd",
        "ｕnknown",
        "a\0b",
        "a\r\nb",
        &long,
        &other_case,
        &padded,
        "",
    ] {
        let path = portal.request(&[("client_id", id)]);
        let reply = fire.shoot(id, get(&path), page(400)).await;
        assert!(id.is_empty() || !reply.text().contains(id), "the page repeats {id}");
    }
    let twice = format!("{}&client_id=x", portal.request(&[]));
    fire.shoot("two client_ids", get(&twice), page(400)).await;
    fire.done();
}

#[tokio::test]
async fn attack_7_what_cannot_be_read_gets_a_page() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    let good = portal.request(&[]);
    let many = "&x=1".repeat(64);
    let long = format!("&x={}", "a".repeat(8193));
    for bad in [
        "&state=%ff",
        "&x=%c0%ae",
        "&x=%ed%a0%80",
        "&%ff=1",
        "&state=%00",
        "&nonce=a%00b",
        &many,
        &long,
    ] {
        fire.shoot(bad, get(&format!("{good}{bad}")), page(400)).await;
    }
    fire.done();
}

/// RFC 6749 §4.1.2.1 with `iss` (RFC 9207): 303 to the registered address and nowhere else.
fn back(error: &'static str, state: Option<&'static str>) -> impl Fn(&Reply) -> Verdict {
    move |reply| {
        super::expect(reply, 303)?;
        let to = reply.header("location");
        if !to.starts_with("https://portal.example/callback?") {
            return Err(format!("leads to {to}"));
        }
        let given = [
            (query(to, "error"), Some(error)),
            (query(to, "state"), state),
            (query(to, "iss"), Some("http://localhost:8080")),
            (query(to, "code"), None),
        ];
        let right = given.iter().all(|(given, wanted)| given.as_deref() == *wanted);
        if right { Ok(()) } else { Err(format!("leads to {to}")) }
    }
}

#[tokio::test]
async fn attack_6_a_bad_request_of_a_known_portal_goes_back_with_an_error() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    let (short, long) = ("a".repeat(42), "a".repeat(129));
    let wide = "é".repeat(43);
    let big = "n".repeat(2049);
    let s256 = ("code_challenge_method", "S256");
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let table: [(&[(&str, &str)], &str); 31] = [
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "id_token")], "unsupported_response_type"),
        (&[("response_type", "none")], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_type", "code code")], "unsupported_response_type"),
        (&[("response_type", "CODE")], "unsupported_response_type"),
        (&[("response_type", " code")], "unsupported_response_type"),
        (&[("response_type", "")], "invalid_request"),
        (&[("response_mode", "Fragment")], "invalid_request"),
        (&[("response_mode", "QUERY")], "invalid_request"),
        (&[("response_mode", "garbage")], "invalid_request"),
        (&[("scope", "")], "invalid_scope"),
        (&[("scope", "profile")], "invalid_scope"),
        (&[("scope", "OPENID")], "invalid_scope"),
        (&[("scope", "openid,profile")], "invalid_scope"),
        (&[("code_challenge", challenge)], "invalid_request"),
        (&[("code_challenge", challenge), ("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge", challenge), ("code_challenge_method", "s256")], "invalid_request"),
        (&[s256], "invalid_request"),
        (&[("code_challenge", &short), s256], "invalid_request"),
        (&[("code_challenge", &long), s256], "invalid_request"),
        (&[("code_challenge", &wide), s256], "invalid_request"),
        (&[("prompt", "bogus")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("max_age", "+5")], "invalid_request"),
        (&[("max_age", "1e3")], "invalid_request"),
        (&[("max_age", "99999999999")], "invalid_request"),
        (&[("max_age", "６０")], "invalid_request"),
        (&[("nonce", &big)], "invalid_request"),
        (&[("id_token_hint", "a.b.c")], "invalid_request"),
    ];
    for (more, error) in table {
        let name = format!("{more:?}").chars().take(80).collect::<String>();
        fire.shoot(&name, get(&portal.request(more)), back(error, Some("s-1"))).await;
    }
    fire.done();
}

#[tokio::test]
async fn attack_5_a_parameter_comes_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    for name in ["response_type", "scope", "nonce", "prompt", "max_age", "id_token_hint"] {
        let path = format!("{}&{name}=openid&{name}=openid", portal.request(&[]));
        fire.shoot(name, get(&path), back("invalid_request", Some("s-1"))).await;
    }
    for name in ["code_challenge", "code_challenge_method", "login_hint", "ui_locales"] {
        let path = format!("{}&{name}=&{name}=x", portal.request(&[]));
        fire.shoot(name, get(&path), back("invalid_request", Some("s-1"))).await;
    }
    // Nobody can tell which state is the portal's: none goes back.
    let path = format!("{}&state=s-2", portal.request(&[]));
    fire.shoot("state", get(&path), back("invalid_request", None)).await;
    fire.done();
}

#[tokio::test]
async fn attack_52_request_objects_are_refused_unread() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut fire = Fire::at(sim).await;
    for (name, value, error) in [
        ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
        ("request_uri", "http://169.254.169.254/latest/meta-data", "request_uri_not_supported"),
        ("request_uri", "urn:example:request_uri:x", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        let path = portal.request(&[(name, value)]);
        fire.shoot(name, get(&path), back(error, Some("s-1"))).await;
    }
    // RFC 9126 §4: whoever names a request that nobody pushed gets no answer at any address.
    for uri in ["x", "", &"x".repeat(4000)] {
        let uri = format!("urn:ietf:params:oauth:request_uri:{uri}");
        let path = portal.request(&[("request_uri", &uri)]);
        fire.shoot("nobody pushed it", get(&path), page(400)).await;
    }
    fire.done();
}

#[tokio::test]
async fn a_posted_request_is_read_as_strictly() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"require_pkce": true})).await;
    let mut fire = Fire::at(sim).await;
    let path = "/oauth2/authorize";
    let good = portal.request(&[]).split_once('?').unwrap().1.to_owned();
    fire.shoot("without PKCE", form(path, good.clone()), back("invalid_request", Some("s-1")))
        .await;
    for kind in ["", "application/json", "text/plain", "multipart/form-data; boundary=x"] {
        let request = sent(axum::http::Method::POST, path, kind, good.clone());
        fire.shoot(kind, request, page(400)).await;
    }
    fire.shoot("%ff", form(path, format!("{good}&state=%ff")), page(400)).await;
    fire.shoot("raw bytes", form(path, vec![0xff, 0xfe, b'=', 0xc0]), page(400)).await;
    fire.shoot("empty", form(path, ""), page(400)).await;
    // The query of a POST is no part of the form.
    let in_query = format!("{path}?{good}");
    fire.shoot("in the query", form(&in_query, ""), page(400)).await;
    fire.done();
}
