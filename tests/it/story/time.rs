//! Time does things by itself: legal terms end, notices go out, level 0 is deleted, each at its exact moment.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, NGOC},
};

async fn set(sim: &Sim, at: &str) -> Value {
    sim.post("/admin/v1/clock/set", json!({"at": at})).await.status(200).json()
}

#[tokio::test]
async fn under_review_until_the_legal_time_ends_and_approved_at_that_moment() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    // Monday 2 March, 09:00: one working day ends on Tuesday at 17:00.
    let registered = DAT.registers_in_the_app(&sim).await;
    assert_eq!(registered["deadline"], "2026-03-03T10:00:00Z");
    set(&sim, "2026-03-03T09:59:59.999Z").await;
    let path = format!("/app/v1/registrations/{}", registered["id"].as_str().unwrap());
    assert_eq!(sim.get(&path).await.json()["status"], "under_review");
    sim.post("/admin/v1/clock/advance", json!({"duration": "P30D"})).await.status(200);
    let approved = sim.get(&path).await.json();
    assert_eq!(approved["history"][3], json!({"status": "approved", "at": "2026-03-03T10:00:00Z"}));
    let sms = sim.get(&format!("/admin/v1/messages?to={}", DAT.phone)).await.json();
    let told: Vec<_> =
        sms["items"].as_array().unwrap().iter().map(|m| (&m["purpose"], &m["at"])).collect();
    assert_eq!(
        told,
        [
            (&json!("approval"), &json!("2026-03-03T10:00:00Z")),
            (&json!("activation_overdue"), &json!("2026-03-10T10:00:00.001Z")),
        ]
    );
    assert_eq!(sim.account(DAT.number).await["state"], "activation_overdue");
}

#[tokio::test]
async fn next_goes_from_one_thing_to_the_next() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    sim.post("/admin/v1/clock/next", json!({})).await.problem(404, "not_found");
    DAT.registers_in_the_app(&sim).await;
    let first = sim.post("/admin/v1/clock/next", json!({})).await.status(200).json();
    assert_eq!(
        (&first["now"], &first["happened"][0]["what"]),
        (&json!("2026-03-03T10:00:00Z"), &json!("approved"))
    );
    let second = sim.post("/admin/v1/clock/next", json!({})).await.status(200).json();
    assert_eq!(second["happened"][0]["what"], "activation_overdue");
    let third = sim.post("/admin/v1/clock/next", json!({})).await.status(200).json();
    assert_eq!(
        (&third["happened"][0]["what"], &third["now"]),
        (&json!("card_expiring"), &json!("2035-04-05T17:00:00Z"))
    );
}

#[tokio::test]
async fn an_officer_may_decide_before_the_term_ends() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    let id = DAT.registers_in_the_app(&sim).await["id"].as_str().unwrap().to_owned();
    sim.post(&format!("/admin/v1/registrations/{id}/reject"), json!({"reason": "Ảnh mờ"}))
        .await
        .status(200);
    assert_eq!(sim.get("/admin/v1/clock/due").await.json(), json!([]));
    let moved = sim.post("/admin/v1/clock/advance", json!({"duration": "P30D"})).await.json();
    assert_eq!(moved.get("happened"), None);
    assert_eq!(sim.account(DAT.number).await["state"], "unregistered");
}

/// outside.md T4: an approval that something stands in the way of leaves nothing half done.
#[tokio::test]
async fn t4_a_lock_at_the_end_of_the_term_leaves_the_decision_to_an_officer() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    let id = DUC.registers_at_the_desk(&sim).await["id"].as_str().unwrap().to_owned();
    sim.command(DUC.number, "lock", json!({"reason": "breach_of_terms"})).await.status(200);
    sim.post("/admin/v1/clock/advance", json!({"duration": "P30D"})).await.status(200);
    let path = format!("/app/v1/registrations/{id}");
    assert_eq!(sim.get(&path).await.status(200).json()["status"], "under_review");
    assert_eq!(sim.account(DUC.number).await["state"], "locked");
    sim.command(DUC.number, "unlock", json!({"by": "ministry"})).await.status(200);
    let again = json!({"number": DUC.number, "phone": DUC.phone});
    sim.post("/desk/v1/registrations", again).await.problem(409, "registration_open");
    sim.post(&format!("/admin/v1/registrations/{id}/approve"), json!({})).await.status(200);
    assert!(sim.account(DUC.number).await["upgrade_until"].is_string());
}

#[tokio::test]
async fn an_agencys_request_goes_its_legal_way() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "after"})).await.status(200);
    let body = json!({"number": LAN.number, "ask": "lock", "body": "Cơ quan Mẫu"});
    let asked = sim.post("/desk/v1/requests", body.clone()).await.status(201).json();
    assert_eq!(
        (&asked["status"], &asked["deadline"]),
        (&json!("received"), &json!("2026-03-03T10:00:00Z"))
    );
    sim.post("/desk/v1/requests", body).await.problem(409, "request_open");
    set(&sim, "2026-03-03T10:00:00Z").await;
    let path = format!("/admin/v1/requests/{}", asked["id"].as_str().unwrap());
    let forwarded = sim.get(&path).await.json();
    assert_eq!(
        (&forwarded["status"], &forwarded["deadline"]),
        (&json!("forwarded"), &json!("2026-03-05T10:00:00Z"))
    );
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    set(&sim, "2026-03-05T10:00:00Z").await;
    let account = sim.account(LAN.number).await;
    assert_eq!(
        (&account["reason"], &account["locked_by"]),
        (&json!("authoritys_request"), &json!("authority"))
    );
    // The holder cannot take it back; the authority can, and an officer need not wait.
    sim.post("/desk/v1/unlocks", json!({"number": LAN.number}))
        .await
        .problem(403, "may_not_unlock");
    let back = json!({"number": LAN.number, "ask": "unlock"});
    let back = sim.post("/desk/v1/requests", back).await.status(201).json();
    let path = format!("/admin/v1/requests/{}", back["id"].as_str().unwrap());
    sim.post(&format!("{path}/grant"), json!({})).await.status(200);
    sim.post(&format!("{path}/grant"), json!({})).await.problem(409, "out_of_turn");
    assert_eq!(sim.account(LAN.number).await["state"], "active");
}

#[tokio::test]
async fn a_refused_request_is_told_in_writing_and_changes_nothing() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "manual"})).await.status(200);
    let body = json!({"number": LAN.number, "phone": "0987654311"});
    let asked = sim.post("/desk/v1/phone-changes", body).await.status(201).json();
    let path = format!("/admin/v1/requests/{}", asked["id"].as_str().unwrap());
    sim.post(&format!("{path}/forward"), json!({})).await.status(200);
    let refused = sim
        .post(&format!("{path}/refuse"), json!({"reason": "Thiếu giấy tờ"}))
        .await
        .status(200)
        .json();
    assert_eq!(
        (&refused["status"], &refused["reason"]),
        (&json!("refused"), &json!("Thiếu giấy tờ"))
    );
    let sms = sim.sms(LAN.phone).await;
    assert!(sms["text"].as_str().unwrap().contains("bi tu choi: Thieu giay to"));
    assert_eq!(sim.account(LAN.number).await["phone"], LAN.phone);
}

#[tokio::test]
async fn a_level_0_account_without_a_registration_is_deleted_and_its_phone_is_free() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"level0_days": 30})).await.status(200);
    let body = json!({"number": DAT.number, "phone": DAT.phone});
    let begun = sim.post("/app/v1/level0", body).await.status(201).json();
    let id = begun["id"].as_str().unwrap();
    sim.post(&format!("/app/v1/level0/{id}/otp"), json!({"otp": sim.otp(DAT.phone).await}))
        .await
        .status(200);
    let password = json!({"password": DAT.password});
    sim.post(&format!("/app/v1/level0/{id}/password"), password).await.status(200);
    set(&sim, "2026-04-01T01:59:59.999Z").await;
    assert_eq!(sim.account(DAT.number).await["state"], "level0");
    let moved = set(&sim, "2026-04-01T02:00:00Z").await;
    assert_eq!(moved["happened"][0]["what"], "level0_expires");
    let account = sim.account(DAT.number).await;
    assert_eq!((&account["state"], account.get("phone")), (&json!("unregistered"), None));
    sim.get(&format!("/admin/v1/citizens?phone={}", DAT.phone)).await.problem(404, "not_found");
    assert_eq!(sim.sms(DAT.phone).await["purpose"], "closed");
}

#[tokio::test]
async fn a_registration_in_time_keeps_level_0_from_being_deleted() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"level0_days": 30})).await.status(200);
    let number = "097306000055";
    let body = json!({"number": number, "phone": "0912345605"});
    sim.post("/app/v1/registrations", body).await.status(201);
    set(&sim, "2027-04-01T02:00:00Z").await;
    assert_eq!(sim.account(number).await["state"], "activation_overdue");
}

#[tokio::test]
async fn a_clock_set_back_finds_things_due_again_only_once() {
    let sim = Sim::new().await;
    sim.command(NGOC.number, "extend_activation", json!({})).await.status(200);
    set(&sim, "2026-03-20T00:00:00Z").await;
    let count = sim.messages().await.len();
    set(&sim, "2026-03-02T02:00:00Z").await;
    set(&sim, "2026-03-20T00:00:00Z").await;
    assert_eq!(sim.messages().await.len(), count);
}

#[tokio::test]
async fn realms_have_their_own_due_things() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "other"})).await.status(201);
    let lock = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-10"}});
    sim.put(&format!("/realms/other/admin/v1/citizens/{}", LAN.number), lock).await.status(200);
    sim.post("/admin/v1/clock/advance", json!({"duration": "P1Y"})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    sim.post("/realms/other/admin/v1/clock/advance", json!({"duration": "P1Y"})).await.status(200);
    let account = sim.get(&format!("/realms/other/admin/v1/accounts/{}", LAN.number)).await.json();
    assert_eq!(account["reason"], "card_expired");
}

/// Forty lives to which a year does something, and what it did: every message, and every account at the end.
async fn a_year(seed: &str) -> (Vec<Value>, Vec<Value>, Value) {
    let config =
        mock_vneid::Config { seed: Some(seed.to_owned()), ..mock_vneid::Config::default() };
    let sim = Sim::with(config).await;
    sim.put("/admin/v1/policy", json!({"review": "after", "level0_days": 90})).await.status(200);
    for _ in 0..4 {
        for body in [
            json!({"state": "approved"}),
            json!({"state": "level0"}),
            json!({"state": "temporarily_locked"}),
            json!({"card": "expiring"}),
            json!({"card": "expired", "level": 1}),
            json!({"kind": "child", "level": 1}),
            json!({"situation": "foreigner_level2"}),
        ] {
            sim.post("/admin/v1/accounts", body).await.status(201);
        }
        let made = sim
            .post("/admin/v1/accounts", json!({"state": "unregistered"}))
            .await
            .status(201)
            .json();
        let citizen = sim
            .get(&format!("/admin/v1/citizens/{}", made["number"].as_str().unwrap()))
            .await
            .json();
        let asks = json!({"number": made["number"], "phone": citizen["phone"]});
        sim.post("/desk/v1/registrations", asks).await.status(201);
        let made = sim.post("/admin/v1/accounts", json!({})).await.status(201).json();
        let lock = json!({"number": made["number"], "ask": "lock"});
        sim.post("/desk/v1/requests", lock).await.status(201);
    }
    let moved =
        sim.post("/admin/v1/clock/advance", json!({"duration": "P1Y"})).await.status(200).json();
    let accounts =
        sim.get("/admin/v1/accounts?limit=1000").await.json()["items"].as_array().unwrap().clone();
    (sim.messages().await, accounts, moved["happened"].clone())
}

#[tokio::test]
async fn a_year_gives_the_same_journal_twice_from_the_same_seed_and_another_from_another() {
    let first = a_year("one").await;
    // Nine lives; children, foreigners and who has lost the card already have nothing coming within the year.
    // Of this seed, two more hold a card that ends within it.
    assert_eq!(first.2.as_array().unwrap().len(), 4 * 9 + 2, "{}", first.2);
    assert!(
        first
            .2
            .as_array()
            .unwrap()
            .windows(2)
            .all(|two| two[0]["at"].as_str() <= two[1]["at"].as_str())
    );
    assert_eq!(first, a_year("one").await);
    assert_ne!(first.0, a_year("two").await.0);
}
