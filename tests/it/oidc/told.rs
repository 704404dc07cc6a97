//! outside.md N1, N2: whoever had a session is told when it ends, whatever ended it, once.

use std::sync::Arc;

use axum::{Router, extract::State, routing::post};
use mock_vneid::{
    Config,
    store::{faulty::Faulty, memory::Memory},
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    app::App,
    browser::Browser,
    payload,
};

type Heard = Arc<Mutex<Vec<Value>>>;

/// A portal that listens, and what each logout token it was sent says.
async fn listening(sim: &Sim) -> (Portal, Heard) {
    let heard = Heard::default();
    let hear = |State(heard): State<Heard>, body: String| async move {
        let token = body.strip_prefix("logout_token=").unwrap();
        heard.lock().push(payload(token));
    };
    let router = Router::new().route("/", post(hear)).with_state(Arc::clone(&heard));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (Portal::registered(sim, json!({"backchannel_logout_uri": address})).await, heard)
}

async fn signed_in<'a>(sim: &'a Sim, portal: &Portal) -> (Browser<'a>, Value) {
    let mut browser = Browser::at_login(sim, portal).await;
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(sim, &code, &[]).await.status(200).json();
    (browser, payload(tokens["id_token"].as_str().unwrap()))
}

fn fetching() -> Config {
    Config { allow_private_fetch: true, ..Config::default() }
}

#[tokio::test]
async fn n1_a_lock_a_new_phone_or_password_and_a_forced_state_are_told_as_a_logout_is() {
    let account = format!("/admin/v1/accounts/{}", LAN.number);
    for (door, body) in [
        ("lock", json!({"reason": "breach_of_terms"})),
        ("change_phone", json!({"phone": "0987654321"})),
        ("state", json!({"state": "active", "level": 2})),
        ("password", json!({"old": LAN.password, "new": "Moi#matkhau1"})),
    ] {
        let sim = Sim::with(fetching()).await;
        let (portal, heard) = listening(&sim).await;
        let (other, others) = listening(&sim).await;
        let (mut browser, first) = signed_in(&sim, &portal).await;
        other.code(&browser.open(&other.request(&[])).await);
        // Another browser of hers is another session.
        let (_, second) = signed_in(&sim, &portal).await;
        let path = format!("{account}/{door}");
        match door {
            "state" => sim.put(&path, body).await.status(200),
            "password" => {
                let app = App::of(&sim, LAN).await;
                app.post("/app/v1/password", body).await.status(204)
            }
            _ => sim.post(&path, body).await.status(200),
        };
        let mut sids: Vec<_> = heard.lock().iter().map(|it| it["sid"].clone()).collect();
        sids.sort_by_key(ToString::to_string);
        let mut expected = vec![first["sid"].clone(), second["sid"].clone()];
        expected.sort_by_key(ToString::to_string);
        assert_eq!(sids, expected, "{door}");
        assert_eq!(heard.lock()[0]["sub"], first["sub"]);
        assert_eq!(others.lock().len(), 1, "{door}");
        // Once: nothing that comes later tells it again.
        sim.get("/admin/v1/clock").await.status(200);
        sim.advance(60);
        sim.get("/admin/v1/clock").await.status(200);
        assert_eq!((heard.lock().len(), others.lock().len()), (2, 1), "{door}");
    }
}

/// A lock that time brings: the same, if the session lives so long; one that ended by its idle time tells nobody.
#[tokio::test]
async fn n1_what_ends_by_itself_is_told_too() {
    let sim = Sim::with(fetching()).await;
    let (portal, heard) = listening(&sim).await;
    let wish = json!({"level": 2, "card": "expiring"});
    let who = sim.post("/admin/v1/accounts", wish).await.status(201).json();
    let text = |name: &str| who[name].as_str().unwrap().to_owned();
    let (number, phone, password) = (text("number"), text("phone"), text("password"));
    let fields = [("username", number.as_str()), ("password", password.as_str())];
    let long = json!({"session_seconds": 31_000_000, "session_idle_seconds": 31_000_000});
    for policy in [json!({}), long] {
        sim.patch("/admin/v1/policy", policy).await.status(200);
        let mut browser = Browser::at_login(&sim, &portal).await;
        browser.submit("/login", &fields).await.status(200);
        let otp = sim.otp(&phone).await;
        portal.code(&browser.submit("/login/otp", &[("otp", &otp)]).await);
    }
    sim.post("/admin/v1/clock/advance", json!({"duration": "P40D"})).await.status(200);
    assert_eq!(sim.account(&number).await["state"], "locked");
    let told = heard.lock().clone();
    assert_eq!(told.len(), 1, "{told:?}");
}

/// A store that fails at any step of a logout: either nothing has happened, or every session has ended and its portals are told,
/// at the latest with the next request.
#[tokio::test]
async fn n2_what_could_not_be_told_is_told_with_the_next_request() {
    for passing in 0..6 {
        let faulty = Arc::new(Faulty::new(Arc::new(Memory::new())));
        let sim = Sim::over_with(fetching(), Arc::clone(&faulty) as _).await;
        let (portal, heard) = listening(&sim).await;
        let mut browser = Browser::at_login(&sim, &portal).await;
        let code = portal.code(&LAN.signs_in(&mut browser).await);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        let path = format!("/oidc/logout?id_token_hint={}", tokens["id_token"].as_str().unwrap());
        faulty.fail_commit_after(passing);
        let reply = browser.open(&path).await;
        faulty.fail_commits(0);
        if passing == 0 {
            assert_eq!(reply.status, 503, "{}", reply.text());
            portal.code(&browser.open(&portal.request(&[("prompt", "none")])).await);
            browser.open(&path).await.status(200);
        } else {
            assert_eq!(reply.status, 200, "{passing}: {}", reply.text());
        }
        sim.get("/admin/v1/clock").await.status(200);
        let gone = browser.open(&portal.request(&[("prompt", "none")])).await;
        assert_eq!(portal.error(&gone), "login_required", "{passing}");
        let told = heard.lock().len();
        assert!((1..=2).contains(&told), "{passing}: told {told} times");
        // And then it is over.
        sim.get("/admin/v1/clock").await.status(200);
        assert_eq!(heard.lock().len(), told, "{passing}");
        let kept = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
        let untold = kept["entries"].as_array().unwrap().iter().filter(|it| it["kind"] == 0x23);
        assert_eq!(untold.count(), 0, "{passing}");
    }
}
