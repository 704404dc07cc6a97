//! Sixty-four at once with one secret, on every store: exactly one wins, and no answer is a fault.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use mock_vneid::{
    Config,
    config::StoreChoice,
    store::{faulty::Faulty, memory::Memory},
};
use serde_json::json;
use tempfile::TempDir;

use super::{ASSERTION, assertion, portal_with_key, pushed_address, pushes, text};
use crate::harness::{
    Reply, Sim,
    actors::{LAN, Portal},
    basic_header,
    browser::Browser,
    crowd::send_same,
    query, request,
};

const MANY: usize = 64;

/// Memory, a directory, and memory behind the decorator that can fail.
async fn every_store() -> Vec<(&'static str, Arc<Sim>, Option<TempDir>)> {
    let dir = TempDir::new().unwrap();
    let store = StoreChoice::sled(dir.path());
    let sled = Sim::with(Config { store, ..Config::default() }).await;
    let faulty = Sim::over(Arc::new(Faulty::new(Arc::new(Memory::new())))).await;
    vec![
        ("memory", Arc::new(Sim::new().await), None),
        ("sled", Arc::new(sled), Some(dir)),
        ("faulty", Arc::new(faulty), None),
    ]
}

fn form(path: &str, basic: Option<&Portal>, fields: &[(&str, &str)]) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(portal) = basic {
        let value = basic_header(&portal.client_id, &portal.secret);
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(Body::from(body)).unwrap()
}

/// The one that won, by `won`; every other has `status`.
#[track_caller]
fn winner<'a>(
    store: &str,
    replies: &'a [Reply],
    won: impl Fn(&Reply) -> bool,
    others: &[u16],
) -> &'a Reply {
    let winners: Vec<&Reply> = replies.iter().filter(|reply| won(reply)).collect();
    assert_eq!(winners.len(), 1, "{store}: {} won", winners.len());
    for reply in replies.iter().filter(|reply| !won(reply)) {
        assert!(others.contains(&reply.status.as_u16()), "{store}: {}", reply.status);
    }
    winners[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_13_of_64_redemptions_of_one_code_one_wins_and_what_it_gave_dies() {
    for (store, sim, _dir) in every_store().await {
        let portal = Portal::plain(&sim).await;
        let code = portal.code_for(&sim, LAN, json!({"scope": "openid offline_access"})).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", &*portal.redirect_uri),
        ];
        let replies = send_same(&sim, MANY, || form("/oauth2/token", Some(&portal), &fields)).await;
        let tokens = winner(store, &replies, |it| it.status == 200, &[400]).json();
        let access = text(&tokens, "access_token");
        sim.bearer("/oauth2/userinfo", access).await.status(401);
        let refresh = text(&tokens, "refresh_token");
        portal.refreshes(&sim, refresh, &[]).await.oauth(400, "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_37_of_64_uses_of_one_refresh_token_one_wins_and_the_family_ends() {
    for (store, sim, _dir) in every_store().await {
        let portal = Portal::plain(&sim).await;
        let first = portal.offline_tokens(&sim, LAN).await;
        let token = text(&first, "refresh_token");
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let replies = send_same(&sim, MANY, || form("/oauth2/token", Some(&portal), &fields)).await;
        let tokens = winner(store, &replies, |it| it.status == 200, &[400]).json();
        let next = text(&tokens, "refresh_token");
        portal.refreshes(&sim, next, &[]).await.oauth(400, "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_50_of_64_confirmations_with_one_otp_one_makes_a_session() {
    for (store, sim, _dir) in every_store().await {
        let portal = Portal::plain(&sim).await;
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        LAN.types_password(&mut browser).await.status(200);
        let otp = sim.otp(LAN.phone).await;
        let path =
            format!("/login/otp?interaction={}", query(&browser.url, "interaction").unwrap());
        let (field, cookie) =
            (browser.form(), browser.cookies["vneid_mock_browser_default_p22MPpTr"].clone());
        let fields = [("form", &*field), ("otp", &*otp)];
        let replies = send_same(&sim, MANY, || {
            let mut request = form(&path, None, &fields);
            let cookie = format!("vneid_mock_browser_default_p22MPpTr={cookie}");
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
            request
        })
        .await;
        // outside.md P2: all hear the same answer, which was decided once.
        let (code, cookie) = (portal.code(&replies[0]), &replies[0].headers[header::SET_COOKIE]);
        for reply in &replies {
            assert_eq!(portal.code(reply), code, "{store}");
            assert_eq!(&reply.headers[header::SET_COOKIE], cookie, "{store}");
        }
        portal.redeems(&sim, &code, &[]).await.status(200);
        portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_34_of_64_uses_of_one_assertion_one_counts() {
    for (store, sim, _dir) in every_store().await {
        let portal = portal_with_key(&sim).await;
        let assertion = assertion(&sim, &portal.client_id, "j-1");
        let fields = [
            ("client_assertion_type", ASSERTION),
            ("client_assertion", &*assertion),
            ("token", "x"),
        ];
        let replies = send_same(&sim, MANY, || form("/oauth2/introspect", None, &fields)).await;
        winner(store, &replies, |it| it.status == 200, &[401]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_5_of_64_openings_of_one_pushed_request_one_is_served() {
    for (store, sim, _dir) in every_store().await {
        let portal = Portal::plain(&sim).await;
        let address = pushed_address(&portal, &pushes(&sim, &portal).await);
        let open = || request(Method::GET, &address).body(Body::empty()).unwrap();
        let replies = send_same(&sim, MANY, open).await;
        winner(store, &replies, |it| it.status == 303, &[400]);
    }
}
