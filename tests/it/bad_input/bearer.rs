//! Tokens of the app that are none, are over, are another's or another realm's: 401 with a challenge (RFC 6750 §3).

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, header},
};
use serde_json::json;

use super::{Fire, app, get, json, problem, signed_out, token_of};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    request,
};

/// Every door that wants the app's token, with a body that is right.
const DOORS: [(&str, &str, &str); 20] = [
    ("GET", "/app/v1/account", ""),
    ("GET", "/app/v1/devices", ""),
    ("DELETE", "/app/v1/devices/phone-1", ""),
    ("POST", "/app/v1/password", r#"{"old":"Vn@000011a","new":"Khac@12345"}"#),
    ("POST", "/app/v1/passcode-resets", ""),
    ("POST", "/app/v1/phone-changes", r#"{"phone":"0987654399","passcode":"000011"}"#),
    ("POST", "/app/v1/lock", r#"{"passcode":"000011"}"#),
    ("GET", "/app/v1/papers", ""),
    ("POST", "/app/v1/papers", r#"{"kind":"tax"}"#),
    ("GET", "/app/v1/papers/tax", ""),
    ("GET", "/app/v1/services", ""),
    ("POST", "/app/v1/services/tax_code", ""),
    ("GET", "/app/v1/consents", ""),
    ("POST", "/app/v1/consents/x", r#"{"decision":"allow","passcode":"000011"}"#),
    ("POST", "/app/v1/qr-codes", r#"{"kind":"can_cuoc","passcode":"000011"}"#),
    ("GET", "/app/v1/organisations", ""),
    ("POST", "/app/v1/organisations/800000000041/activate", r#"{"passcode":"000011"}"#),
    (
        "PUT",
        "/app/v1/organisations/800000000017/members/097085000022",
        r#"{"role":"quan_tri","passcode":"000011"}"#,
    ),
    ("DELETE", "/app/v1/organisations/800000000017/members/097186000421", ""),
    ("POST", "/app/v1/organisation-registrations/x/consent", r#"{"passcode":"000011"}"#),
];

/// A door, its body, and an `Authorization` as it is.
fn with(door: (&str, &str, &str), given: &[&[u8]]) -> Request<Body> {
    let method = Method::from_bytes(door.0.as_bytes()).unwrap();
    let mut request = request(method, door.1).header(header::CONTENT_TYPE, "application/json");
    for value in given {
        request = request.header(header::AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
    }
    request.body(Body::from(door.2.to_owned())).unwrap()
}

#[tokio::test]
async fn no_token_and_no_such_token() {
    let sim = Sim::new().await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    let mut fire = Fire::at(sim).await;
    let (long, right) = (format!("Bearer {}", "a".repeat(8000)), format!("Bearer {token}"));
    let (basic, cut) = (format!("Basic {token}"), format!("Bearer {}", &token[1..]));
    let (twice, upper) = (format!("Bearer {token} {token}"), right.to_uppercase());
    let headers: [&[&[u8]]; 16] = [
        &[],
        &[b""],
        &[b"Bearer"],
        &[b"Bearer "],
        &[b"Bearer null"],
        &[b"Bearer \xff\xfe"],
        &[b"Bearer ' OR 1=1"],
        &[b"\xff"],
        &[token.as_bytes()],
        &[long.as_bytes()],
        &[basic.as_bytes()],
        &[cut.as_bytes()],
        &[twice.as_bytes()],
        &[upper.as_bytes()],
        &[right.as_bytes(), right.as_bytes()],
        &[b"Bearer x", right.as_bytes()],
    ];
    for door in DOORS {
        for (at, given) in headers.iter().enumerate() {
            let name = format!("{} {} with header {at}", door.0, door.1);
            fire.fire(&name, with(door, given), signed_out).await;
        }
        fire.look(door.1).await;
    }
    fire.done();
}

#[tokio::test]
async fn a_token_of_another_kind_or_realm() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let access = portal.access_token_for(&sim, LAN).await;
    sim.post("/admin/v1/realms", json!({"name": "other", "seed": "test"})).await.status(201);
    let body = json!({"number": LAN.number, "password": LAN.password, "device": "phone-1"});
    let there = sim.post("/realms/other/app/v1/sign-ins", body).await.status(201).json();
    let there = there["token"].as_str().unwrap().to_owned();
    let here = token_of(&sim, LAN.number, "phone-1").await;
    let mut fire = Fire::at(sim).await;
    for (method, path, body) in DOORS {
        for (whose, token) in [("portal's", &access), ("other realm's", &there)] {
            let name = format!("{method} {path} with the {whose}");
            fire.fire(&name, app(method, path, token, body), signed_out).await;
        }
        let path = format!("/realms/other{path}");
        let name = format!("{method} {path} with the default realm's");
        fire.fire(&name, app(method, &path, &here, body), signed_out).await;
        fire.look(&path).await;
    }
    // It still opens its own.
    fire.sim.send(app("GET", "/realms/other/app/v1/account", &there, "")).await.status(200);
    fire.done();
}

#[tokio::test]
async fn a_wrong_token_is_refused_where_none_is_needed() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (path, body) in [
        (
            "/app/v1/sign-ins",
            r#"{"number":"097190000011","password":"Vn@000011a","device":"phone-1"}"#,
        ),
        ("/app/v1/activations", r#"{"number":"097300000033","phone":"0912345603"}"#),
        ("/app/v1/registrations", r#"{"number":"097095000044","phone":"0987654321"}"#),
    ] {
        fire.shoot(path, app("POST", path, "no-such-token", body), signed_out).await;
    }
    fire.done();
}

/// What ends the app's sign-in: after it every door is closed to the old token.
async fn ended_by(sim: Sim, token: String) {
    let mut fire = Fire::at(sim).await;
    for (method, path, body) in DOORS {
        fire.fire(path, app(method, path, &token, body), signed_out).await;
    }
    fire.look("the old token").await;
    fire.done();
}

#[tokio::test]
async fn a_token_is_over_after_thirty_days() {
    let sim = Sim::new().await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    sim.advance(30 * 24 * 3600 - 1);
    sim.send(app("GET", "/app/v1/account", &token, "")).await.status(200);
    sim.advance(1);
    ended_by(sim, token).await;
}

#[tokio::test]
async fn a_token_is_over_after_a_lock_a_new_password_another_device_or_death() {
    for way in ["lock", "unlock", "password", "unlink", "device", "death", "phone", "number"] {
        let sim = Sim::new().await;
        let token = token_of(&sim, LAN.number, "phone-1").await;
        sim.send(app("GET", "/app/v1/account", &token, "")).await.status(200);
        match way {
            "lock" | "unlock" => {
                let body = r#"{"passcode":"000011"}"#;
                sim.send(app("POST", "/app/v1/lock", &token, body)).await.status(204);
                if way == "unlock" {
                    sim.command(LAN.number, "unlock", json!({})).await.status(200);
                }
            }
            "password" => {
                let body = r#"{"old":"Vn@000011a","new":"Khac@12345"}"#;
                sim.send(app("POST", "/app/v1/password", &token, body)).await.status(204);
            }
            "unlink" => {
                sim.send(app("DELETE", "/app/v1/devices/phone-1", &token, "")).await.status(204);
            }
            "device" => {
                let body = json!({"number": LAN.number, "password": LAN.password,
                    "device": "phone-2", "chip": "match"});
                let begun = sim.post("/app/v1/sign-ins", body).await.status(201).json();
                let path = format!("/app/v1/sign-ins/{}/otp", begun["id"].as_str().unwrap());
                let otp = json!({"otp": sim.otp(LAN.phone).await});
                sim.post(&path, otp).await.status(200);
            }
            "death" => {
                let body = json!({"died": "2026-03-01"});
                let path = format!("/admin/v1/citizens/{}", LAN.number);
                sim.put(&path, body).await.status(200);
            }
            "phone" => {
                let body = json!({"phone": "0987654399"});
                sim.command(LAN.number, "change_phone", body).await.status(200);
            }
            _ => {
                let body = json!({"number": LAN.number, "birth_date": "1991-03-08"});
                sim.post("/desk/v1/civil-changes", body).await.status(200);
            }
        }
        ended_by(sim, token).await;
    }
}

#[tokio::test]
async fn no_token_opens_the_admin_api_and_no_admin_token_opens_the_app() {
    let config = mock_vneid::Config { admin_token: Some("secret".to_owned()), ..<_>::default() };
    let sim = Sim::trusting(config).await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    let mut fire = Fire::at(sim).await;
    for path in
        ["/admin/v1/requests", "/admin/v1/organisations", "/admin/v1/clock/due", "/admin/v1/people"]
    {
        fire.shoot(path, app("GET", path, &token, ""), problem(401, "unauthorized")).await;
    }
    for (method, path, body) in DOORS {
        fire.fire(path, app(method, path, "secret", body), signed_out).await;
    }
    fire.look("the admin token").await;
    // What wants no token is not changed by there being one.
    fire.shoot("none", get("/app/v1/account"), signed_out).await;
    let odd = json("POST", "/app/v1/lock", "{}");
    fire.shoot("no token and no body", odd, signed_out).await;
    fire.done();
}
