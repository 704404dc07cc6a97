//! Many at once, in memory and on disk: exactly the right number win, and nobody is told to try again.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Body, http::Request};
use mock_vneid::{Config, config::StoreChoice};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    bad_input::{app, get, json, token_of},
    harness::{Reply, Sim, actors::LAN, crowd::send_at_once},
};

mod messages;
mod phones;
mod sign_in;

use phones::{one_phone, one_phone_again_and_again, one_phone_change};

/// How many try at once.
const MANY: usize = 40;

/// A simulator that many tasks share, and the directory it may need.
struct Arena {
    sim: Arc<Sim>,
    _dir: Option<TempDir>,
}

impl Arena {
    async fn memory() -> Self {
        Self { sim: Arc::new(Sim::new().await), _dir: None }
    }

    async fn sled() -> Self {
        let dir = TempDir::new().unwrap();
        let store = StoreChoice::sled(dir.path());
        let sim = Sim::with(Config { store, ..Config::default() }).await;
        Self { sim: Arc::new(sim), _dir: Some(dir) }
    }

    async fn at_once(&self, requests: Vec<Request<Body>>) -> Vec<Reply> {
        send_at_once(&self.sim, requests).await
    }

    /// The one that won; every other was refused with one of `codes`.
    #[track_caller]
    fn winner<'a>(replies: &'a [Reply], codes: &[&str]) -> &'a Reply {
        let won: Vec<&Reply> = replies.iter().filter(|reply| reply.status.is_success()).collect();
        let mut told = BTreeMap::<String, usize>::new();
        for reply in replies.iter().filter(|reply| !reply.status.is_success()) {
            let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
            *told.entry(code).or_default() += 1;
        }
        assert_eq!(won.len(), 1, "{} won; the others: {told:?}", won.len());
        assert!(told.keys().all(|code| codes.contains(&&**code)), "{told:?}");
        won[0]
    }

    async fn policy(&self, policy: Value) {
        self.sim.put("/admin/v1/policy", policy).await.status(200);
    }

    /// Somebody new, by what the tester may ask for.
    async fn somebody(&self, like: Value) -> Value {
        self.sim.post("/admin/v1/accounts", like).await.status(201).json()
    }

    async fn accounts(&self) -> Vec<Value> {
        let list = self.sim.get("/admin/v1/accounts?limit=1000").await.status(200).json();
        list["items"].as_array().unwrap().clone()
    }

    async fn begin(&self, path: &str, body: Value) -> String {
        let begun = self.sim.post(&format!("/app/v1/{path}"), body).await.status(201).json();
        begun["id"].as_str().unwrap().to_owned()
    }

    /// The code that goes with an enrolment.
    async fn otp(&self, id: &str) -> Value {
        let end: String = id.chars().rev().take(6).collect();
        let path = format!("/admin/v1/messages/latest?reference={end}");
        json!({"otp": self.sim.get(&path).await.status(200).json()["code"]})
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn post(path: &str, body: &Value) -> Request<Body> {
    json("POST", path, body.to_string())
}

/// Runs each race, `async fn(Arena)`, in memory and on disk.
macro_rules! on_both_stores {
    ($($race:ident),* $(,)?) => {
        mod memory { $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $race() { super::$race(super::Arena::memory().await).await; })* }
        mod sled { $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $race() { super::$race(super::Arena::sled().await).await; })* }
    };
}

on_both_stores!(
    one_otp,
    one_registration,
    one_decision,
    one_phone,
    one_phone_change,
    one_phone_again_and_again,
    one_device,
    one_active_device,
    one_consent,
    one_organisation,
    one_request,
    one_catching_up,
    every_desk_reads_a_code,
    five_wrong_passwords,
);

async fn one_otp(arena: Arena) {
    let begun = [
        ("level0", json!({"number": "097095000044", "phone": "0987654321"})),
        ("activations", json!({"number": "097300000033", "phone": "0912345603"})),
        ("password-resets", json!({"number": "097085000022", "phone": "0912345602"})),
        ("unlocks", json!({"number": "098160000088", "password": "Vn@000088a"})),
    ];
    for (door, body) in begun {
        let id = arena.begin(door, body).await;
        let (path, otp) = (format!("/app/v1/{door}/{id}/otp"), arena.otp(&id).await);
        let all = (0..MANY).map(|_| post(&path, &otp)).collect();
        Arena::winner(&arena.at_once(all).await, &["out_of_turn"]);
    }
    let last = json!({"answers": [{"question": 0, "answer": "Hoa Sen"}, {"question": 3, "answer": "Mai"}]});
    let id =
        arena.begin("activations", json!({"number": "097075000195", "phone": "0912345619"})).await;
    arena.sim.post(&format!("/app/v1/activations/{id}/otp"), arena.otp(&id).await).await.ok();
    let passcode = json!({"passcode": "135790"});
    arena.sim.post(&format!("/app/v1/activations/{id}/passcode"), passcode).await.ok();
    let all = (0..MANY).map(|_| post(&format!("/app/v1/activations/{id}/questions"), &last));
    Arena::winner(&arena.at_once(all.collect()).await, &["out_of_turn", "already_activated"]);
    assert_eq!(arena.sim.account("097075000195").await["state"], "active");
    let told = arena.sim.messages().await;
    let told = told.iter().filter(|it| it["purpose"] == "activated" && it["channel"] == "sms");
    assert_eq!(told.count(), 1, "told once");
}

async fn one_registration(arena: Arena) {
    for (review, more) in [
        ("manual", "registration_open"),
        ("after", "registration_open"),
        ("automatic", "level_not_higher"),
    ] {
        arena.policy(json!({"review": review})).await;
        let who = arena.somebody(json!({"state": "unregistered", "card": "valid"})).await;
        let (number, phone) = (text(&who["number"]), "0987654321");
        let body = json!({"number": number, "phone": phone});
        let path = |at: usize| ["/app/v1/registrations", "/desk/v1/registrations"][at % 2];
        let all =
            (0..MANY).map(|at| post(if review == "automatic" { path(0) } else { path(at) }, &body));
        let replies = arena.at_once(all.collect()).await;
        Arena::winner(&replies, &[more, "registration_open", "level_not_higher"]);
        let list = arena.sim.get(&format!("/admin/v1/registrations?number={number}")).await.ok();
        assert_eq!(list.json()["items"].as_array().unwrap().len(), 1, "{review}");
        arena
            .sim
            .put(&format!("/admin/v1/accounts/{number}/state"), json!({"state": "unregistered"}))
            .await
            .ok();
    }
}

async fn one_decision(arena: Arena) {
    arena.policy(json!({"review": "manual"})).await;
    let body = json!({"number": "097095000044", "phone": "0987654321"});
    let made = arena.sim.post("/app/v1/registrations", body).await.status(201).json();
    let id = text(&made["id"]);
    let no = json!({"reason": "không rõ"});
    let all = (0..MANY).map(|at| match at % 3 {
        0 => post(&format!("/admin/v1/registrations/{id}/approve"), &json!({})),
        1 => post(&format!("/admin/v1/registrations/{id}/reject"), &no),
        _ => post(&format!("/app/v1/registrations/{id}/withdraw"), &json!({})),
    });
    let replies = arena.at_once(all.collect()).await;
    // Who read the registration before the winner's commit and the account after it meets the new level.
    let won = Arena::winner(&replies, &["out_of_turn", "level_not_higher"]);
    let status = won.json()["status"].clone();
    let state = arena.sim.account("097095000044").await["state"].clone();
    assert_eq!(state == "approved", status == "approved", "{state} {status}");
}

/// Many accounts, one telephone: it ends up with one of them, and only its app is signed in.
async fn one_device(arena: Arena) {
    let mut all = Vec::new();
    for _ in 0..MANY {
        let who = arena.somebody(json!({"situation": "level2_active"})).await;
        let body =
            json!({"number": who["number"], "password": who["password"], "device": "shared"});
        all.push(post("/app/v1/sign-ins", &body));
    }
    let mut alive = 0;
    for reply in arena.at_once(all).await {
        let token = reply.status(201).json()["token"].as_str().unwrap().to_owned();
        let answer = arena.sim.send(app("GET", "/app/v1/account", &token, "")).await;
        alive += usize::from(answer.status == 200);
    }
    let holders = arena.accounts().await;
    let holders = holders.iter().filter(|it| it["device"] == "shared").count();
    assert_eq!((alive, holders), (1, 1));
}

/// One account, many telephones: the first is bound at once, every other wants an OTP.
async fn one_active_device(arena: Arena) {
    let sign_in = |device: String| json!({"number": LAN.number, "password": LAN.password, "device": device, "chip": "match"});
    let all = (0..MANY).map(|at| post("/app/v1/sign-ins", &sign_in(format!("phone-{at}"))));
    let replies = arena.at_once(all.collect()).await;
    let tokens: Vec<_> =
        replies.iter().filter_map(|it| it.json()["token"].as_str().map(str::to_owned)).collect();
    let mut alive = Vec::new();
    for token in tokens {
        let reply = arena.sim.send(app("GET", "/app/v1/devices", &token, "")).await;
        alive.extend((reply.status == 200).then(|| reply.json()));
    }
    assert_eq!(alive.len(), 1, "one app is signed in");
    let devices = alive[0].as_array().unwrap();
    assert_eq!(devices.iter().filter(|it| it["active"] == true).count(), 1);
    assert_eq!(
        devices.iter().find(|it| it["active"] == true).unwrap()["id"],
        arena.sim.account(LAN.number).await["device"]
    );
}

fn company() -> Value {
    json!({
        "number": "800000000028", "name": "Công ty TNHH Thương mại Ví Dụ", "founded": "2015-03-20",
        "head_office": {"detail": "10 đường Thương Mại", "commune": "Phường Bến Xanh", "province": 79},
        "tax_code": "0300000028", "enterprise_code": "0300000028",
    })
}

async fn one_consent(arena: Arena) {
    arena.policy(json!({"review": "manual"})).await;
    let (phuong, lap) = ("097183000443", "097082000432");
    let token = token_of(&arena.sim, phuong, "phone-1").await;
    let path = "/app/v1/organisation-registrations";
    let made = arena.sim.send(app("POST", path, &token, company().to_string())).await.status(201);
    let path = format!("{path}/{}/consent", text(&made.json()["id"]));
    let token = token_of(&arena.sim, lap, "phone-2").await;
    let all = (0..MANY).map(|_| app("POST", &path, &token, r#"{"passcode":"000432"}"#));
    Arena::winner(&arena.at_once(all.collect()).await, &["not_representative"]);
}

async fn one_organisation(arena: Arena) {
    arena.policy(json!({"review": "manual"})).await;
    let body = json!({"representative": "097183000443", "organisation": company()});
    let all = (0..MANY).map(|_| post("/desk/v1/organisation-registrations", &body));
    Arena::winner(&arena.at_once(all.collect()).await, &["registration_open"]);
    let list = arena.sim.get("/admin/v1/registrations?number=800000000028").await.ok().json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

async fn one_request(arena: Arena) {
    arena.policy(json!({"review": "manual"})).await;
    let body = json!({"number": LAN.number, "ask": "lock", "body": "Công an tỉnh Ví Dụ"});
    let all = (0..MANY).map(|_| post("/desk/v1/requests", &body));
    let replies = arena.at_once(all.collect()).await;
    let id = text(&Arena::winner(&replies, &["request_open"]).json()["id"]).to_owned();
    let all = (0..MANY).map(|_| post(&format!("/admin/v1/requests/{id}/grant"), &json!({})));
    // Who read the request before the winner's commit and the account after it meets the lock.
    Arena::winner(&arena.at_once(all.collect()).await, &["out_of_turn", "locked"]);
    let told = arena.sim.messages().await;
    let told = told.iter().filter(|it| it["purpose"] == "locked" && it["channel"] == "sms");
    assert_eq!(told.count(), 1, "told once");
}

async fn one_catching_up(arena: Arena) {
    arena.policy(json!({"review": "after"})).await;
    let body = json!({"number": "097095000044", "phone": "0987654321"});
    let made = arena.sim.post("/app/v1/registrations", body).await.status(201).json();
    arena.sim.advance(40 * 24 * 3600);
    let all = (0..MANY).map(|at| match at % 4 {
        0 => get("/admin/v1/accounts/097095000044"),
        1 => get("/admin/v1/clock/due"),
        2 => post("/admin/v1/clock/advance", &json!({"duration": "PT1M"})),
        _ => {
            post("/admin/v1/sign-ins", &json!({"client_id": "demo-client", "citizen": LAN.number}))
        }
    });
    for reply in arena.at_once(all.collect()).await {
        reply.ok();
    }
    let path = format!("/app/v1/registrations/{}", text(&made["id"]));
    let registration = arena.sim.get(&path).await.status(200).json();
    let history = registration["history"].as_array().unwrap();
    let approved: Vec<_> = history.iter().filter(|it| it["status"] == "approved").collect();
    assert_eq!(approved.len(), 1, "{registration}");
    assert_eq!(approved[0]["at"], registration["deadline"]);
    let told = arena.sim.messages().await;
    for (purpose, citizen) in [("approval", "097095000044"), ("card_expiring", "098086000112")] {
        let told = told.iter().filter(|it| it["purpose"] == purpose && it["citizen"] == citizen);
        assert!(told.filter(|it| it["channel"] == "sms").count() <= 1, "{purpose} told once");
    }
    let now = arena.sim.get("/admin/v1/clock").await.json()["now"].clone();
    for due in arena.sim.get("/admin/v1/clock/due").await.json().as_array().unwrap() {
        assert!(text(&due["at"]) > text(&now), "{due} at {now}");
    }
}

async fn every_desk_reads_a_code(arena: Arena) {
    let token = token_of(&arena.sim, LAN.number, "phone-1").await;
    let body = r#"{"kind":"can_cuoc","passcode":"000011"}"#;
    let all = (0..MANY).map(|_| app("POST", "/app/v1/qr-codes", &token, body));
    let mut contents = Vec::new();
    for made in arena.at_once(all.collect()).await {
        contents.push(made.status(201).json()["content"].clone());
    }
    let all = (0..MANY).map(|at| post("/desk/v1/qr/verify", &json!({"content": contents[at / 4]})));
    for read in arena.at_once(all.collect()).await {
        assert_eq!(read.status(200).json()["number"], LAN.number);
    }
    let told = arena.sim.messages().await;
    let mut cursors: Vec<_> = told.iter().map(|it| it["cursor"].as_u64().unwrap()).collect();
    let all = cursors.len();
    cursors.dedup();
    assert_eq!(cursors.len(), all, "every message has a cursor of its own");
    assert!(all >= MANY, "every reading is told");
}

async fn five_wrong_passwords(arena: Arena) {
    let body = json!({"number": LAN.number, "password": "Sai@12345", "device": "phone-1"});
    let all = (0..MANY).map(|_| post("/app/v1/sign-ins", &body));
    let replies = arena.at_once(all.collect()).await;
    let wrong = replies.iter().filter(|it| it.status == 401).count();
    assert!((4..=5).contains(&wrong), "{wrong} tries were counted as such");
    assert!(replies.iter().all(|it| [401, 403].contains(&it.status.as_u16())));
    assert_eq!(arena.sim.account(LAN.number).await["state"], "temporarily_locked");
}
