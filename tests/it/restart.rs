//! A process that stops and starts again over its directory: what is due happens at its moment, what was done is there.

use std::path::Path;

use mock_vneid::{Config, config::StoreChoice};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    bad_input::{app, token_of},
    harness::{
        Sim,
        actors::{DAT, DUC, LAN},
    },
};

/// Has every paper, and no device yet.
const THINH: &str = "097080000263";

async fn opened(dir: &Path) -> Sim {
    let store = StoreChoice::sled(dir);
    Sim::with(Config { store, ..Config::default() }).await
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_fell_due_while_nobody_ran_happened_at_its_moment() {
    let dir = TempDir::new().unwrap();
    let sim = opened(dir.path()).await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    let registration = DAT.registers_in_the_app(&sim).await;
    let body = json!({"number": DUC.number, "ask": "lock", "body": "Công an tỉnh Ví Dụ"});
    let request = sim.post("/desk/v1/requests", body).await.status(201).json();
    let due = sim.get("/admin/v1/clock/due").await.status(200).json();
    assert_eq!(due.as_array().unwrap().len(), 2, "{due}");
    drop(sim);

    let sim = opened(dir.path()).await;
    assert_eq!(sim.get("/admin/v1/clock/due").await.status(200).json(), due, "still waits");
    drop(sim);

    let sim = opened(dir.path()).await;
    sim.advance(3 * 24 * 3600);
    let after = sim.get(&format!("/app/v1/registrations/{}", id(&registration))).await.json();
    assert_eq!(after["status"], "approved");
    let last = after["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["status"], "approved");
    assert_eq!(last["at"], registration["deadline"], "at its moment, not when it was looked at");
    let path = format!("/admin/v1/messages/latest?citizen={}&purpose=approval", DAT.number);
    let told = sim.get(&path).await.status(200).json();
    assert_eq!(told["at"], registration["deadline"]);
    // The seven days of activation began then.
    let account = sim.account(DAT.number).await;
    assert_eq!(account["state"], "approved");
    let begun: jiff::Timestamp = registration["deadline"].as_str().unwrap().parse().unwrap();
    let until: jiff::Timestamp = account["until"].as_str().unwrap().parse().unwrap();
    assert_eq!(until.as_second() - begun.as_second(), 7 * 24 * 3600);
    let after = sim.get(&format!("/admin/v1/requests/{}", id(&request))).await.status(200).json();
    assert_eq!(after["history"][1]["status"], "forwarded", "{after}");
    assert_eq!(after["history"][1]["at"], request["deadline"]);
    drop(sim);

    // A whole life later everything that is due has happened, in order, once.
    let sim = opened(dir.path()).await;
    sim.advance(365 * 24 * 3600);
    let after = sim.get(&format!("/admin/v1/requests/{}", id(&request))).await.status(200).json();
    assert_eq!(after["status"], "granted");
    assert_eq!(sim.account(DUC.number).await["reason"], "authoritys_request");
    assert_eq!(sim.account(DAT.number).await["state"], "activation_overdue");
    let told = sim.messages().await;
    let told: Vec<_> = told.iter().filter(|it| it["channel"] == "sms").collect();
    for (purpose, citizen) in [("approval", DAT), ("activation_overdue", DAT), ("locked", DUC)] {
        let told = told.iter().filter(|it| it["purpose"] == purpose);
        assert_eq!(told.filter(|it| it["citizen"] == citizen.number).count(), 1, "{purpose}");
    }
}

#[tokio::test]
async fn organisations_requests_devices_and_the_wallet_are_kept() {
    let dir = TempDir::new().unwrap();
    let sim = opened(dir.path()).await;
    sim.put("/admin/v1/policy", json!({"review": "manual", "regime": "2022"})).await.status(200);
    let body = json!({
        "name": "Công ty Giữ Lại", "founded": "2020-01-01", "representative": LAN.number,
        "head_office": {"detail": "1 Thử", "commune": "Phường Thử", "province": 1},
        "members": [{"number": DUC.number, "role": "thanh_vien"}], "staff": [THINH],
    });
    sim.put("/admin/v1/organisations/800000000099", body.clone()).await.status(200);
    let state = json!({"state": "active"});
    sim.put("/admin/v1/accounts/800000000099/state", state).await.status(200);
    for number in [DUC.number, THINH] {
        let body = json!({"number": number, "ask": "lock"});
        sim.post("/desk/v1/requests", body).await.status(201);
    }
    let token = token_of(&sim, THINH, "phone-1").await;
    let body = json!({"papers": {
        "tax": {"code": THINH},
        "driving": {"number": "310080000263", "classes": ["A1", "B"], "issued": "2019-05-06", "until": "2029-05-06"},
    }});
    sim.put(&format!("/admin/v1/citizens/{THINH}"), body).await.status(200);
    let body = r#"{"kind":"driving","number":"310080000263"}"#;
    sim.send(app("POST", "/app/v1/papers", &token, body)).await.status(200);
    let shown = async |sim: &Sim| {
        let mut shown = Vec::new();
        for path in [
            "/admin/v1/organisations?limit=1000",
            "/admin/v1/requests?limit=1000",
            "/admin/v1/accounts?limit=1000",
            "/admin/v1/registrations?limit=1000",
            "/admin/v1/messages?limit=1000",
            "/admin/v1/clock/due?limit=1000",
            "/admin/v1/policy",
            "/admin/v1/reports/rollout?unit=800000000099",
        ] {
            shown.push(sim.get(path).await.status(200).json());
        }
        shown
    };
    let before = shown(&sim).await;
    let papers = sim.send(app("GET", "/app/v1/papers", &token, "")).await.status(200).json();
    drop(sim);

    let sim = opened(dir.path()).await;
    assert_eq!(shown(&sim).await, before);
    assert_eq!(sim.account(THINH).await["device"], "phone-1");
    // The same telephone signs in without an OTP, another does not.
    let again = token_of(&sim, THINH, "phone-1").await;
    let after = sim.send(app("GET", "/app/v1/papers", &again, "")).await.status(200).json();
    assert_eq!(after, papers);
    let driving = papers.as_array().unwrap().iter().find(|it| it["kind"] == "driving").unwrap();
    assert_eq!((&driving["known"], &driving["integrated"]), (&json!(true), &json!(true)));
    let body = json!({"number": THINH, "password": "Vn@000263a", "device": "phone-2"});
    let other = sim.post("/app/v1/sign-ins", body).await.status(201).json();
    assert_eq!(other["next"], "otp");
    // The legal representative still manages, the member still signs in for it.
    let body =
        json!({"client_id": "demo-client", "citizen": DUC.number, "organisation": "800000000099"});
    sim.post("/admin/v1/sign-ins", body).await.status(200);
}
