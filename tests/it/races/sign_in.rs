//! Attack 50: many browsers' tabs confirm one sign-in at once; exactly one session comes of it, in memory and on disk.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use mock_vneid::{Config, config::StoreChoice};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    bad_input::app,
    harness::{
        Reply, Sim,
        actors::{LAN, Portal},
        app::App,
        browser::Browser,
        crowd::send_same,
        qr::REQUESTS,
        request,
    },
};

/// How many confirm at once.
const MANY: usize = 64;

async fn memory() -> (Sim, Option<TempDir>) {
    (Sim::new().await, None)
}

async fn sled() -> (Sim, Option<TempDir>) {
    let dir = TempDir::new().unwrap();
    let store = StoreChoice::sled(dir.path());
    (Sim::with(Config { store, ..Config::default() }).await, Some(dir))
}

/// What an open page sends.
fn posted(browser: &Browser<'_>, fields: &[(&str, &str)]) -> impl Fn() -> Request<Body> + use<> {
    let cookies: Vec<_> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let (url, cookies, form) = (browser.url.clone(), cookies.join("; "), browser.form());
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("form", &form).extend_pairs(fields);
    let body = body.finish();
    move || {
        request(Method::POST, &url)
            .header(header::COOKIE, &cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.clone()))
            .unwrap()
    }
}

/// outside.md P2: all went back to the portal with one code and one session; it was decided once.
#[track_caller]
fn one_session(portal: &Portal, replies: &[Reply]) -> String {
    let code = portal.code(&replies[0]);
    let session = &replies[0].headers[header::SET_COOKIE];
    for reply in replies {
        assert_eq!(portal.code(reply), code);
        assert_eq!(&reply.headers[header::SET_COOKIE], session);
    }
    code
}

async fn by_otp((sim, _dir): (Sim, Option<TempDir>)) {
    let portal = Portal::plain(&sim).await;
    let one = {
        let mut browser = Browser::at_login(&sim, &portal).await;
        LAN.types_password(&mut browser).await.status(200);
        let otp = sim.otp(LAN.phone).await;
        posted(&browser, &[("otp", &otp)])
    };
    let sim = Arc::new(sim);
    let code = one_session(&portal, &send_same(&sim, MANY, one).await);
    assert_eq!(sessions(&sim).await, 1);
    portal.redeems(&sim, &code, &[]).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}

/// How many sessions are kept.
async fn sessions(sim: &Sim) -> usize {
    let snapshot = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
    snapshot["entries"].as_array().unwrap().iter().filter(|it| it["kind"] == 0x81).count()
}

async fn by_qr((sim, _dir): (Sim, Option<TempDir>)) {
    let portal = Portal::plain(&sim).await;
    let (one, scan, answer) = {
        let lan = App::of(&sim, LAN).await;
        let browser = Browser::at_qr(&sim, &portal).await;
        let scan = json!({"code": browser.code()}).to_string();
        let token = lan.token.clone();
        let id = mock_vneid::oidc::digest::sha256_base64url(browser.code());
        let path = format!("{REQUESTS}/{id}");
        let body = json!({"decision": "allow", "passcode": lan.passcode}).to_string();
        let scanning = token.clone();
        (
            posted(&browser, &[("action", "continue")]),
            move || app("POST", &format!("{REQUESTS}/scan"), &scanning, scan.clone()),
            move || app("POST", &path, &token, body.clone()),
        )
    };
    let sim = Arc::new(sim);
    for reply in send_same(&sim, MANY, scan).await {
        reply.status(200);
    }
    let answers = send_same(&sim, MANY, answer).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == 200).count(), 1);
    assert!(answers.iter().all(|reply| [200, 409].contains(&reply.status.as_u16())));
    let code = one_session(&portal, &send_same(&sim, MANY, one).await);
    assert_eq!(sessions(&sim).await, 1);
    portal.redeems(&sim, &code, &[]).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}

mod attack_50_two_confirmations_in_parallel_make_one_session {
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn by_otp_in_memory() {
        super::by_otp(super::memory().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn by_otp_on_disk() {
        super::by_otp(super::sled().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn by_qr_in_memory() {
        super::by_qr(super::memory().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn by_qr_on_disk() {
        super::by_qr(super::sled().await).await;
    }
}
