//! Registration: who may, what the databases object to, how the ministry decides.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, PAO},
};

async fn manual() -> Sim {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"review": "manual"})).await.status(200);
    sim
}

#[tokio::test]
async fn an_officer_approves() {
    let sim = manual().await;
    let registration = DAT.registers_in_the_app(&sim).await;
    assert_eq!(registration["status"], "under_review");
    assert_eq!(sim.account(DAT.number).await["state"], "unregistered");
    assert!(sim.messages().await.is_empty());
    let id = registration["id"].as_str().unwrap();
    sim.advance(3600);
    let approved = sim.post(&format!("/admin/v1/registrations/{id}/approve"), json!({})).await;
    let approved = approved.status(200).json();
    assert_eq!(approved["history"][3]["at"], "2026-03-02T03:00:00Z");
    assert_eq!(sim.account(DAT.number).await["until"], "2026-03-09T03:00:00Z");
    sim.post(&format!("/admin/v1/registrations/{id}/approve"), json!({}))
        .await
        .problem(409, "out_of_turn");
    assert_eq!(sim.messages().await.iter().filter(|m| m["channel"] == "sms").count(), 1);
}

#[tokio::test]
async fn an_officer_rejects_with_words_that_reach_the_applicant_unaccented() {
    let sim = manual().await;
    let id = DAT.registers_in_the_app(&sim).await["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/v1/registrations/{id}/reject");
    for bad in ["", "  ", "hai\ndòng"] {
        sim.post(&path, json!({"reason": bad})).await.problem(422, "invalid");
    }
    sim.post(&path, json!({"reason": "d".repeat(201)})).await.problem(422, "invalid");
    let rejected = sim.post(&path, json!({"reason": "Ảnh đã cũ"})).await.status(200).json();
    assert_eq!(rejected["reason"], "officer");
    let sms = sim.sms(DAT.phone).await;
    assert_eq!(sms["purpose"], "rejection");
    assert!(sms["text"].as_str().unwrap().contains("Anh da cu"));
    // A new one may follow.
    DAT.registers_in_the_app(&sim).await;
}

#[tokio::test]
async fn an_applicant_withdraws_and_may_ask_again() {
    let sim = manual().await;
    let id = DAT.registers_in_the_app(&sim).await["id"].as_str().unwrap().to_owned();
    let again = json!({"number": DAT.number, "phone": DAT.phone});
    sim.post("/app/v1/registrations", again.clone()).await.problem(409, "registration_open");
    sim.post(&format!("/app/v1/registrations/{id}/withdraw"), json!({})).await.status(200);
    let path = format!("/admin/v1/registrations/{id}/approve");
    sim.post(&path, json!({})).await.problem(409, "out_of_turn");
    sim.post("/app/v1/registrations", again).await.status(201);
    let listed = sim.get("/admin/v1/registrations?status=withdrawn").await.status(200).json();
    assert_eq!(listed["items"][0]["id"], id);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_the_databases_object_to() {
    let sim = Sim::new().await;
    let base = json!({"number": DAT.number, "phone": DAT.phone});
    let cases = [
        (json!({"full_name": "Đặng Đình Đạc"}), "data_mismatch", json!(["full_name"])),
        (
            json!({"birth_date": "1995-05-06", "gender": "female"}),
            "data_mismatch",
            json!(["birth_date", "gender"]),
        ),
        (json!({"portrait": "mismatch"}), "portrait", json!(["mismatch"])),
        (json!({"portrait": "unreadable"}), "portrait", json!(["unreadable"])),
    ];
    for (more, reason, details) in cases {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = sim.post("/app/v1/registrations", body).await.status(201).json();
        assert_eq!((&answer["status"], &answer["reason"]), (&json!("rejected"), &json!(reason)));
        assert_eq!(answer["details"], details);
        assert_eq!(sim.sms(DAT.phone).await["purpose"], "rejection");
        assert_eq!(sim.account(DAT.number).await["state"], "unregistered");
    }
    let body = json!({"number": DUC.number, "phone": DUC.phone, "fingerprints": "unreadable"});
    let answer = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!(answer["reason"], "fingerprints");
}

#[tokio::test]
async fn names_match_in_either_unicode_form() {
    let sim = Sim::new().await;
    let decomposed = "Đa\u{323}\u{306}ng Đi\u{300}nh Đa\u{323}t";
    let body = json!({"number": DAT.number, "phone": DAT.phone, "full_name": decomposed});
    let answer = sim.post("/app/v1/registrations", body).await.status(201).json();
    assert_eq!(answer["status"], "approved");
}

#[tokio::test]
async fn who_may_register_where() {
    let sim = Sim::new().await;
    let app = "/app/v1/registrations";
    let desk = "/desk/v1/registrations";
    let who = |number: &str, phone: &str| json!({"number": number, "phone": phone});
    sim.post(app, who("099999999999", DAT.phone)).await.problem(404, "unknown_citizen");
    sim.post(app, who(PAO.number, PAO.phone)).await.problem(403, "card_required");
    sim.post(desk, who(PAO.number, PAO.phone)).await.problem(403, "card_required");
    let with_card = |number: &str, phone: &str, desk: u8| json!({"number": number, "phone": phone, "with_card": true, "desk_province": desk});
    sim.post(desk, with_card(PAO.number, PAO.phone, 1)).await.problem(403, "wrong_place");
    sim.post(desk, with_card(DAT.number, DAT.phone, 79)).await.problem(409, "card_still_valid");
    sim.post(app, who(LAN.number, LAN.phone)).await.problem(409, "level_not_higher");
    sim.post(app, who(DAT.number, LAN.phone)).await.problem(409, "phone_taken");
    sim.post(app, who("098160000088", "0912345608")).await.problem(403, "locked");
    // With a valid card any desk serves: Đạt lives in province 79.
    let mut elsewhere = who(DAT.number, DAT.phone);
    elsewhere["desk_province"] = json!(1);
    sim.post(desk, elsewhere).await.status(201);
}

#[tokio::test]
async fn a_taken_phone_is_refused_before_the_ministry_looks_at_it() {
    let sim = manual().await;
    let body = json!({"number": DAT.number, "phone": LAN.phone});
    sim.post("/app/v1/registrations", body).await.problem(409, "phone_taken");
    assert!(
        sim.get("/admin/v1/registrations").await.json()["items"].as_array().unwrap().is_empty()
    );
}

#[tokio::test]
async fn a_derived_persons_phone_is_taken_too() {
    let sim = Sim::new().await;
    let person = sim.post("/admin/v1/accounts", json!({})).await.status(201).json();
    let body = json!({"number": DAT.number, "phone": person["phone"]});
    sim.post("/app/v1/registrations", body).await.problem(409, "phone_taken");
}

#[tokio::test]
async fn under_14_registers_through_a_parent() {
    let sim = Sim::new().await;
    let body = json!({
        "full_name": "Bé Thử", "birth_date": "2012-03-03", "gender": "male",
        "residence": {"detail": "1", "commune": "Phường Một", "province": 1},
        "card": {"issued": "2025-01-01", "expires": "2026-12-31"},
    });
    sim.put("/admin/v1/citizens/099212000001", body).await.status(200);
    let ask = json!({"number": "099212000001", "phone": "0987654399"});
    sim.post("/app/v1/registrations", ask.clone()).await.problem(403, "representative_required");
    // On the fourteenth birthday the app serves.
    sim.advance(24 * 3600);
    sim.post("/app/v1/registrations", ask).await.status(201);
}

#[tokio::test]
async fn a_result_goes_to_every_channel_the_applicant_gave() {
    let sim = Sim::new().await;
    let body = json!({"number": DAT.number, "phone": DAT.phone, "email": "dat@example.com"});
    sim.post("/app/v1/registrations", body).await.status(201);
    let channels: Vec<_> = sim
        .messages()
        .await
        .iter()
        .map(|m| (m["channel"].clone(), m["to"].clone(), m["segments"].clone()))
        .collect();
    assert_eq!(
        channels,
        [
            (json!("sms"), json!(DAT.phone), json!(2)),
            (json!("email"), json!("dat@example.com"), json!(0)),
            (json!("app"), json!(DAT.number), json!(0)),
        ]
    );
}

/// outside.md T13: a registration that names no e-mail address leaves the account the one it has.
#[tokio::test]
async fn t13_level_2_without_an_email_keeps_the_one_of_level_1() {
    let sim = Sim::new().await;
    let body = json!({"number": DAT.number, "phone": DAT.phone, "email": "dat@example.com"});
    sim.post("/app/v1/registrations", body).await.status(201);
    assert_eq!(sim.account(DAT.number).await["email"], "dat@example.com");
    let registered = DAT.registers_at_the_desk(&sim).await;
    assert_eq!((&registered["status"], registered.get("email")), (&json!("approved"), None));
    let account = sim.account(DAT.number).await;
    assert_eq!((&account["level"], &account["email"]), (&json!(2), &json!("dat@example.com")));
    let by_email = sim.messages().await.into_iter().filter(|it| it["channel"] == "email");
    assert_eq!(by_email.filter(|it| it["to"] == "dat@example.com").count(), 2);
    // Another address replaces it.
    let again = json!({"number": DUC.number, "phone": DUC.phone, "email": "duc.moi@example.com"});
    sim.post("/desk/v1/registrations", again).await.status(201);
    assert_eq!(sim.account(DUC.number).await["email"], "duc.moi@example.com");
}
