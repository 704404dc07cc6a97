//! `/oauth2/token`: the error object of RFC 6749 §5.2, and the code is still good afterwards.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use super::{Fire, expect, form, get, oauth, problem, sent};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    basic_header, request,
};

const PATH: &str = "/oauth2/token";

async fn with_a_code() -> (Fire, Portal, String) {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let code = portal.code_for(&sim, LAN, json!({})).await;
    (Fire::at(sim).await, portal, code)
}

fn authorized(authorization: &[u8], body: &str) -> Request<Body> {
    request(Method::POST, PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, authorization)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

fn by(portal: &Portal, body: &str) -> Request<Body> {
    authorized(basic_header(&portal.client_id, &portal.secret).as_bytes(), body)
}

#[tokio::test]
async fn attack_19_a_bad_form_gets_the_error_object_and_spends_no_code() {
    let (mut fire, portal, code) = with_a_code().await;
    let uri = super::escaped(&portal.redirect_uri);
    let good = format!("grant_type=authorization_code&code={code}&redirect_uri={uri}");
    let long = format!("{good}&code_verifier={}", "a".repeat(8193));
    let many = format!("{good}{}", "&x=1".repeat(64));
    let with = |more: &str| format!("{good}{more}");
    let table = [
        ("empty", String::new(), "invalid_request"),
        ("no grant type", format!("code={code}"), "invalid_request"),
        (
            "password",
            "grant_type=password&username=a&password=b".to_owned(),
            "unsupported_grant_type",
        ),
        ("client credentials", "grant_type=client_credentials".to_owned(), "unauthorized_client"),
        ("implicit", "grant_type=implicit".to_owned(), "unsupported_grant_type"),
        ("other case", good.replace("=auth", "=Auth"), "unsupported_grant_type"),
        ("no code", format!("grant_type=authorization_code&redirect_uri={uri}"), "invalid_request"),
        ("empty code", good.replace(&code, ""), "invalid_request"),
        ("no redirect_uri", format!("grant_type=authorization_code&code={code}"), "invalid_grant"),
        ("other redirect_uri", with("x"), "invalid_grant"),
        ("two codes", with(&format!("&code={code}")), "invalid_request"),
        ("two grant types", with("&grant_type=authorization_code"), "invalid_request"),
        ("two redirect_uris", with(&format!("&redirect_uri={uri}")), "invalid_request"),
        ("two verifiers", with("&code_verifier=a&code_verifier=b"), "invalid_request"),
        (
            "verifier without challenge",
            with(&format!("&code_verifier={}", "a".repeat(43))),
            "invalid_grant",
        ),
        ("bad UTF-8", with("&x=%ff"), "invalid_request"),
        ("overlong", with("&x=%c0%ae"), "invalid_request"),
        ("NUL", with("&x=%00"), "invalid_request"),
        ("NUL in the code", good.replace(&code, &format!("{code}%00")), "invalid_request"),
        ("too long", long, "invalid_request"),
        ("too many", many, "invalid_request"),
        ("as an array", good.replace("code=", "code[]="), "invalid_request"),
        ("other client_id in the body", with("&client_id=demo-portal"), "invalid_request"),
        ("two methods", with("&client_secret=0123456789abcdef"), "invalid_request"),
    ];
    for (name, body, error) in table {
        fire.shoot(name, by(&portal, &body), oauth(400, error)).await;
    }
    portal.redeems(&fire.sim, &code, &[]).await.status(200);
    fire.done();
}

#[tokio::test]
async fn attack_18_only_a_form_is_read() {
    let (mut fire, portal, code) = with_a_code().await;
    let body = json!({"grant_type": "authorization_code", "code": code,
        "client_id": portal.client_id, "client_secret": portal.secret});
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        let request = sent(Method::POST, PATH, kind, body.to_string());
        fire.shoot(kind, request, oauth(415, "invalid_request")).await;
    }
    portal.redeems(&fire.sim, &code, &[]).await.status(200);
    fire.done();
}

#[tokio::test]
async fn attack_17_credentials_in_the_query_are_not_seen() {
    let (mut fire, portal, code) = with_a_code().await;
    let uri = super::escaped(&portal.redirect_uri);
    let good = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={uri}&client_id={}&client_secret={}",
        portal.client_id, portal.secret
    );
    let path = format!("{PATH}?{good}");
    fire.shoot("GET", get(&path), problem(405, "method_not_allowed")).await;
    fire.shoot("POST", form(&path, ""), oauth(401, "invalid_client")).await;
    portal.redeems(&fire.sim, &code, &[]).await.status(200);
    fire.done();
}

#[tokio::test]
async fn attack_20_a_failed_client_gets_401_and_a_challenge() {
    let (mut fire, portal, code) = with_a_code().await;
    let uri = super::escaped(&portal.redirect_uri);
    let good = format!("grant_type=authorization_code&code={code}&redirect_uri={uri}");
    let (id, secret) = (portal.client_id.as_str(), portal.secret.as_str());
    let cut = &secret[..secret.len() - 1];
    let basics = [
        basic_header(id, ""),
        basic_header(id, cut),
        basic_header(id, &format!("{secret}\0")),
        basic_header(id, &format!("{secret} ")),
        basic_header(id, &secret.to_uppercase()),
        basic_header("unknown", secret),
        basic_header("", secret),
        basic_header("", ""),
        basic_header(&format!("{id}\0"), secret),
        basic_header(&"a".repeat(5000), secret),
        format!("Basic {id}:{secret}"),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic ====".to_owned(),
        "Basic OmE6Yg".to_owned(),
        "Basic /////w==".to_owned(),
        format!("Bearer {secret}"),
        "Digest username=x".to_owned(),
        String::new(),
    ];
    for basic in &basics {
        let name: String = basic.chars().take(60).collect();
        fire.shoot(&name, authorized(basic.as_bytes(), &good), oauth(401, "invalid_client")).await;
    }
    fire.shoot("bytes", authorized(b"Basic \xff\xfe", &good), oauth(401, "invalid_client")).await;
    fire.shoot("nothing", form(PATH, good.clone()), oauth(401, "invalid_client")).await;
    let public = format!("{good}&client_id={id}");
    fire.shoot("no secret", form(PATH, public), oauth(401, "invalid_client")).await;
    portal.redeems(&fire.sim, &code, &[]).await.status(200);
    fire.done();
}

#[tokio::test]
async fn attack_21_two_authorization_headers_are_one_too_many() {
    let (mut fire, portal, code) = with_a_code().await;
    let uri = super::escaped(&portal.redirect_uri);
    let good = format!("grant_type=authorization_code&code={code}&redirect_uri={uri}");
    for second in [basic_header(&portal.client_id, &portal.secret), "Bearer x".to_owned()] {
        let mut request = by(&portal, &good);
        request.headers_mut().append(header::AUTHORIZATION, second.parse().unwrap());
        fire.shoot(&second, request, |reply| expect(reply, 400)).await;
    }
    portal.redeems(&fire.sim, &code, &[]).await.status(200);
    fire.done();
}
