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

/// One went back to the portal with a session; every other heard that its form is stale or its sign-in over.
#[track_caller]
fn one_session(portal: &Portal, replies: &[Reply]) -> String {
    let won: Vec<_> = replies.iter().filter(|reply| reply.status == 303).collect();
    assert_eq!(won.len(), 1, "{} came back", won.len());
    assert!(won[0].headers.contains_key(header::SET_COOKIE));
    for reply in replies.iter().filter(|reply| reply.status != 303) {
        assert!([400, 403].contains(&reply.status.as_u16()), "{}", reply.status);
        assert!(!reply.headers.contains_key(header::SET_COOKIE), "no session for the others");
    }
    portal.code(won[0])
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
    portal.redeems(&sim, &code, &[]).await.status(200);
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
    portal.redeems(&sim, &code, &[]).await.status(200);
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
