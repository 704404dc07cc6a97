//! Bodies of more than 64 KiB, declared or not: refused in the door's own shape.

use axum::{
    body::Body,
    http::{Method, Request, header},
};

use super::{Fire, Verdict, expect, oauth, page, problem};
use crate::harness::{Reply, request};

const LARGEST: usize = 65_536;

fn big(method: &str, path: &str, kind: &str, body: Vec<u8>, declared: bool) -> Request<Body> {
    let mut request = request(Method::from_bytes(method.as_bytes()).unwrap(), path)
        .header(header::CONTENT_TYPE, kind);
    if declared {
        request = request.header(header::CONTENT_LENGTH, body.len());
    }
    request.body(Body::from(body)).unwrap()
}

fn text(head: &str, tail: &str, length: usize) -> Vec<u8> {
    let middle = "a".repeat(length - head.len() - tail.len());
    format!("{head}{middle}{tail}").into_bytes()
}

#[tokio::test]
async fn every_api_refuses_more_than_64_kib_in_its_own_shape() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (method, path) in [
        ("POST", "/admin/v1/accounts"),
        ("PUT", "/admin/v1/citizens/097190000011"),
        ("POST", "/admin/v1/clients"),
        ("PUT", "/admin/v1/policy"),
        ("POST", "/admin/v1/clock/advance"),
        ("POST", "/app/v1/registrations"),
        ("POST", "/app/v1/activations/x/questions"),
    ] {
        for declared in [true, false] {
            for length in [LARGEST + 1, 1 << 20] {
                let body = text("{\"a\":\"", "\"}", length);
                let name = format!("{path} {length} declared {declared}");
                let request = big(method, path, "application/json", body, declared);
                fire.shoot(&name, request, problem(413, "too_large")).await;
            }
            // One byte less is read, and found to be about nothing.
            let body = text("{\"a\":\"", "\"}", LARGEST);
            let request = big(method, path, "application/json", body, declared);
            fire.shoot(path, request, problem(422, "invalid")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn every_form_refuses_more_than_64_kib_in_its_own_shape() {
    let kind = "application/x-www-form-urlencoded";
    let mut fire = Fire::on_a_fresh_sim().await;
    for declared in [true, false] {
        let body = || text("grant_type=authorization_code&x=", "", LARGEST + 1);
        let token = big("POST", "/oauth2/token", kind, body(), declared);
        fire.shoot("token", token, oauth(413, "invalid_request")).await;
        let userinfo = big("POST", "/oauth2/userinfo", kind, body(), declared);
        fire.shoot("userinfo", userinfo, challenged).await;
        let json = big("POST", "/oauth2/userinfo", "application/json", body(), declared);
        fire.shoot("userinfo with JSON", json, challenged).await;
        for path in ["/login", "/login/otp", "/login/otp/resend", "/login/level", "/login/consent"]
        {
            let login = big("POST", path, kind, body(), declared);
            fire.shoot(path, login, page(413)).await;
        }
        for path in ["/oauth2/authorize", "/auth"] {
            let authorize = big("POST", path, kind, body(), declared);
            fire.shoot(path, authorize, page(400)).await;
        }
    }
    fire.done();
}

fn challenged(reply: &Reply) -> Verdict {
    expect(reply, 413)?;
    let challenge = reply.header("www-authenticate");
    let right = challenge.starts_with("Bearer ") && challenge.contains("invalid_request");
    if right { Ok(()) } else { Err(format!("challenge is {challenge:?}")) }
}
