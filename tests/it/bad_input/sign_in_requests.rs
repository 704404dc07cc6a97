//! The page that waits for an app, and the app's doors to it: odd codes, ids, actions and numbers.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use super::{Fire, app, due, json as sent_json, page, problem, sent, signed_out, token_of};
use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
    qr::REQUESTS,
};

const KIND: &str = "application/x-www-form-urlencoded";

/// What an open page sends.
fn posted(browser: &Browser<'_>) -> impl Fn(String) -> Request<Body> + use<> {
    let cookies: Vec<_> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let (url, cookie) = (browser.url.replace("/login?", "/login/qr?"), cookies.join("; "));
    move |body| {
        let mut request = sent(Method::POST, &url, KIND, body);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        request
    }
}

#[tokio::test]
async fn an_action_is_one_that_the_page_has() {
    for waiting in [false, true] {
        let sim = Sim::new().await;
        let portal = Portal::plain(&sim).await;
        let (post, field) = {
            let browser = if waiting {
                Browser::at_qr(&sim, &portal).await
            } else {
                Browser::at_login(&sim, &portal).await
            };
            (posted(&browser), browser.form())
        };
        let mut fire = Fire::at(sim).await;
        for action in
            ["", "&action=", "&action=BEGIN", "&action=approve", "&action=%00", "&action=%ff"]
        {
            let name = format!("{waiting} {action}");
            fire.shoot(&name, post(format!("form={field}{action}")), page(400)).await;
        }
        for twice in ["&action=begin&action=push", "&action=push&username=1&username=2"] {
            fire.shoot(twice, post(format!("form={field}{twice}")), page(400)).await;
        }
        for action in ["begin", "push", "reload", "continue", "back"] {
            for stale in [String::new(), "x".to_owned(), format!("{field}x"), field.to_uppercase()]
            {
                let name = format!("{waiting} {action} with {stale:?}");
                let body = format!("form={stale}&action={action}&username={}", LAN.number);
                fire.shoot(&name, post(body), due).await;
            }
        }
        // What is not due before an app was asked.
        for action in ["reload", "continue", "back"].iter().filter(|_| !waiting) {
            let body = format!("form={field}&action={action}");
            fire.shoot(action, post(body), due).await;
        }
        // The form is still good.
        assert_eq!(fire.sim.send(post(format!("form={field}&action=begin"))).await.status, 303);
        fire.done();
    }
}

#[tokio::test]
async fn what_is_no_number_is_told_as_such_and_reaches_nobody() {
    let long = "9".repeat(8000);
    for odd in ["", "%20", "0", "-1", "１２３", "097190000011x", "%3Cb%3E", "qr", "nobody", &long]
    {
        let sim = Sim::new().await;
        let portal = Portal::plain(&sim).await;
        let (post, field) = {
            let browser = Browser::at_login(&sim, &portal).await;
            (posted(&browser), browser.form())
        };
        let body = format!("form={field}&action=push&username={odd}");
        assert_eq!(sim.send(post(body)).await.status, 422, "{odd:.20}");
        assert!(sim.messages().await.is_empty(), "{odd:.20}");
    }
}

#[tokio::test]
async fn an_odd_code_is_nobodys() {
    let sim = Sim::new().await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    let portal = Portal::plain(&sim).await;
    let code = Browser::at_qr(&sim, &portal).await.code();
    let mut fire = Fire::at(sim).await;
    let scan = format!("{REQUESTS}/scan");
    let long = "a".repeat(60_000);
    let (upper, cut) = (code.to_uppercase(), &code[1..]);
    for odd in
        ["", " ", "\0", "VNEID-MOCK-SIGN-IN:", "VNEID-MOCK-QR:x", "qr\0x", &upper, cut, &long]
    {
        let body = json!({"code": odd}).to_string();
        let name = format!("scan {odd:.20}");
        fire.fire(&name, app("POST", &scan, &token, body), problem(404, "not_found")).await;
    }
    for token in ["", "x", &long[..300]] {
        let request = app("POST", &scan, token, json!({"code": code}).to_string());
        fire.fire("scan by nobody", request, signed_out).await;
    }
    let alone = sent_json("POST", &scan, json!({"code": code}).to_string());
    fire.fire("scan without an app", alone, signed_out).await;
    for body in [json!({"code": code, "number": "1"}), json!({}), json!({"code": null})] {
        let request = app("POST", &scan, &token, body.to_string());
        fire.fire(&body.to_string(), request, problem(422, "invalid")).await;
    }
    let request = app("POST", &scan, &token, json!({"code": code}).to_string());
    fire.sim.send(request).await.status(200);
    fire.look("scans").await;
    fire.done();
}

#[tokio::test]
async fn an_odd_answer_is_none() {
    let sim = Sim::new().await;
    let token = token_of(&sim, LAN.number, "phone-1").await;
    let portal = Portal::plain(&sim).await;
    let code = Browser::at_qr(&sim, &portal).await.code();
    let scan = app("POST", &format!("{REQUESTS}/scan"), &token, json!({"code": code}).to_string());
    let scanned = sim.send(scan).await.status(200).json();
    let id = scanned["id"].as_str().unwrap().to_owned();
    let mut fire = Fire::at(sim).await;
    let path = format!("{REQUESTS}/{id}");
    for body in [
        json!({"decision": "maybe", "passcode": "000011"}),
        json!({"decision": "allow"}),
        json!({"passcode": "000011"}),
        json!({"decision": "allow", "passcode": "000011", "biometric": "yes"}),
        json!({"decision": "allow", "passcode": "000011", "biometric": null}),
        json!({"decision": "allow", "passcode": "000011", "number": LAN.number}),
        json!({"decision": "allow", "passcode": 11}),
    ] {
        let request = app("POST", &path, &token, body.to_string());
        fire.shoot(&body.to_string(), request, problem(422, "invalid")).await;
    }
    for passcode in ["", "00001", "0000111", "０００００１", "abcdef", &"1".repeat(60_000)] {
        let body = json!({"decision": "allow", "passcode": passcode}).to_string();
        let name = format!("passcode {passcode:.10}");
        fire.shoot(&name, app("POST", &path, &token, body), problem(422, "bad_passcode")).await;
    }
    let allow = json!({"decision": "allow", "passcode": "000011"}).to_string();
    for other in [code.as_str(), "qr", "x", "%00", "097190000011", "..%2fscan"] {
        let path = format!("{REQUESTS}/{other}");
        let request = app("POST", &path, &token, allow.clone());
        fire.shoot(other, request, problem(404, "not_found")).await;
    }
    fire.shoot("by nobody", app("POST", &path, "x", allow.clone()), signed_out).await;
    fire.sim.send(app("POST", &path, &token, allow)).await.status(200);
    fire.done();
}

#[tokio::test]
async fn the_handset_takes_no_odd_form() {
    let mut fire = Fire::on_a_fresh_sim().await;
    let who = format!("username={}&password=Vn%40000011a", LAN.number);
    for door in ["/phone/app", "/realms/default/phone/app"] {
        let shots = [
            (String::new(), 422),
            ("decision=maybe".to_owned(), 422),
            ("decision=look".to_owned(), 401),
            ("decision=look&username=%F0%9F%92%A9&password=x".to_owned(), 401),
            (format!("{who}&decision=look&decision=allow"), 400),
            (format!("{who}&username=1&decision=look"), 400),
            (format!("{who}&decision=%ff"), 400),
            (format!("{who}&decision=look"), 404),
            (format!("{who}&decision=allow&passcode=000011"), 404),
            (format!("{who}&decision=look&code=%3Cscript%3E"), 404),
            (format!("{who}&decision=deny&code={}", "a".repeat(9000)), 400),
            ("a=".to_owned() + &"a".repeat(70_000), 413),
        ];
        for (body, status) in shots {
            let name = format!("{door} {body:.60}");
            let reply = fire.shoot(&name, sent(Method::POST, door, KIND, body), page(status)).await;
            assert!(!reply.text().contains("<script>") && !reply.text().contains("000011a"));
        }
        fire.shoot(door, sent(Method::POST, door, "application/json", "{}"), page(415)).await;
    }
    fire.done();
}
