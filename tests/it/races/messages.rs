//! outside.md A12: the newest message is never an older one than was committed before it was asked for.

use std::sync::Arc;

use mock_vneid::{Config, config::StoreChoice};
use serde_json::json;

use crate::harness::{
    Sim,
    actors::{Citizen, Portal},
    browser::Browser,
    crowd::at_once,
    rounds,
};

/// Sign-ins in every run, and at night.
const FEW: u64 = 640;
const CLIENTS: u64 = 8;

async fn signs_in_often(sim: Arc<Sim>, who: Citizen, portal: Arc<Portal>, times: u64) -> u64 {
    let mut stale = 0;
    for _ in 0..times {
        let mut browser = Browser::at_login(&sim, &portal).await;
        who.types_password(&mut browser).await.status(200);
        let reference =
            browser.page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let latest = sim.sms(who.phone).await;
        if latest["reference"] != reference.as_str() {
            stale += 1;
            continue;
        }
        let otp = latest["code"].as_str().unwrap().to_owned();
        portal.code(&browser.submit("/login/otp", &[("otp", &otp)]).await);
    }
    stale
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a12_the_latest_message_is_never_an_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreChoice::sled(folder.path());
    let sim = Arc::new(Sim::with(Config { store, ..Config::default() }).await);
    let portal = Arc::new(Portal::plain(&sim).await);
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let wish = json!({"level": 2, "state": "active"});
        let made = sim.post("/admin/v1/accounts", wish).await.status(201).json();
        let text =
            |name: &str| &*Box::leak(made[name].as_str().unwrap().to_owned().into_boxed_str());
        let who =
            Citizen { number: text("number"), phone: text("phone"), password: text("password") };
        let times = rounds("SIGN_INS", FEW) / CLIENTS;
        clients.push(signs_in_often(Arc::clone(&sim), who, Arc::clone(&portal), times));
    }
    let stale: u64 = at_once(clients).await.into_iter().sum();
    assert_eq!(stale, 0);
}
