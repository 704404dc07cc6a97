//! `/oauth2/userinfo`: the challenge of RFC 6750 §3, with an error only when there was a token.

use axum::{
    body::Body,
    http::{Method, Request, header},
};

use super::{Fire, Verdict, expect, sent};
use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    request,
};

const PATH: &str = "/oauth2/userinfo";

/// The status, the challenge and its error.
fn bearer(status: u16, error: &'static str) -> impl Fn(&Reply) -> Verdict {
    move |reply| {
        expect(reply, status)?;
        let challenge = reply.header("www-authenticate");
        if !challenge.starts_with("Bearer realm=\"mock-vneid\"") {
            return Err(format!("challenge is {challenge:?}"));
        }
        let named = challenge.contains(&format!("error=\"{error}\""));
        match (error, named) {
            ("", _) if challenge.contains("error") => Err(format!("challenge is {challenge:?}")),
            ("", _) | (_, true) => Ok(()),
            _ => Err(format!("challenge is {challenge:?}")),
        }
    }
}

fn with(authorization: &[u8]) -> Request<Body> {
    let request = request(Method::GET, PATH).header(header::AUTHORIZATION, authorization);
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn attack_25_a_bad_token_is_named_and_none_is_not() {
    let mut fire = Fire::on_a_fresh_sim().await;
    fire.shoot("none", super::get(PATH), bearer(401, "")).await;
    let long = format!("Bearer {}", "a".repeat(9000));
    for bad in [
        "Bearer x",
        "bearer x",
        "BEARER x",
        "Bearer  x",
        "Bearer x y",
        "Bearer ../../x",
        "Bearer ' OR 1=1",
        &long,
    ] {
        let name: String = bad.chars().take(40).collect();
        fire.shoot(&name, with(bad.as_bytes()), bearer(401, "invalid_token")).await;
    }
    for bad in ["Bearer", "Bearer ", "Basic eDp5", "x", "", "Bearerx", "Bearer\tx"] {
        fire.shoot(bad, with(bad.as_bytes()), bearer(400, "invalid_request")).await;
    }
    fire.shoot("bytes", with(b"Bearer \xff\xfe"), bearer(400, "invalid_request")).await;
    fire.done();
}

#[tokio::test]
async fn attack_27_a_token_comes_once_and_never_in_the_query() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    let mut fire = Fire::at(sim).await;
    let authorization = format!("Bearer {token}");
    let form = |path: &str, body: String, header: bool| {
        let mut request = super::form(path, body);
        if header {
            request.headers_mut().insert("authorization", authorization.parse().unwrap());
        }
        request
    };
    let in_query = format!("{PATH}?access_token={token}");
    let in_body = format!("access_token={token}");
    let refused = || bearer(400, "invalid_request");
    fire.shoot("query", super::get(&in_query), refused()).await;
    fire.shoot("query of a POST", form(&in_query, String::new(), false), refused()).await;
    fire.shoot("query and header", form(&in_query, String::new(), true), refused()).await;
    fire.shoot("header and body", form(PATH, in_body.clone(), true), refused()).await;
    let twice = format!("{in_body}&{in_body}");
    fire.shoot("body twice", form(PATH, twice, false), refused()).await;
    fire.shoot("bad UTF-8", form(PATH, format!("{in_body}&x=%ff"), false), refused()).await;
    let mut two = with(authorization.as_bytes());
    two.headers_mut().append("authorization", authorization.parse().unwrap());
    fire.shoot("header twice", two, refused()).await;
    // RFC 6750 §2.2: a body is looked into for a POST only, and only as a form.
    let kind = "application/x-www-form-urlencoded";
    let get = sent(Method::GET, PATH, kind, in_body.clone());
    fire.shoot("body of a GET", get, bearer(401, "")).await;
    let json =
        sent(Method::POST, PATH, "application/json", format!("{{\"access_token\":\"{token}\"}}"));
    fire.shoot("JSON body", json, bearer(401, "")).await;
    fire.sim.bearer(PATH, &token).await.status(200);
    fire.done();
}
