//! Activation: seven days, the hotline, the documented branches, every step and its rule.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{Citizen, DAT, DUC, HAN, LAN, NGOC, TUAN},
};

async fn begins(sim: &Sim, who: Citizen) -> Value {
    let body = json!({"number": who.number, "phone": who.phone});
    sim.post("/app/v1/activations", body).await.status(201).json()
}

fn at(begun: &Value, step: &str) -> String {
    format!("/app/v1/activations/{}/{step}", begun["id"].as_str().unwrap())
}

#[tokio::test]
async fn an_approved_account_activates_on_the_seventh_day_to_the_second() {
    let sim = Sim::new().await;
    sim.advance(7 * 24 * 3600);
    NGOC.activates(&sim).await.status(200);
    assert_eq!(sim.account(NGOC.number).await["state"], "active");
}

#[tokio::test]
async fn one_millisecond_after_the_seventh_day_it_takes_the_hotline() {
    let sim = Sim::new().await;
    sim.clock.advance_millis(7 * 24 * 3600 * 1000 + 1);
    assert_eq!(sim.account(NGOC.number).await["state"], "activation_overdue");
    NGOC.activates(&sim).await.problem(403, "activation_overdue");
    sim.command(NGOC.number, "extend_activation", json!({})).await.status(200);
    assert_eq!(sim.account(NGOC.number).await["state"], "approved");
    NGOC.activates(&sim).await.status(200);
}

#[tokio::test]
async fn an_overdue_account_is_never_deleted() {
    let sim = Sim::new().await;
    sim.advance(12 * 365 * 24 * 3600);
    assert_eq!(sim.account(TUAN.number).await["state"], "activation_overdue");
    // A year later his card is out of date; a new one brings him back to where he was.
    sim.advance(365 * 24 * 3600);
    assert_eq!(sim.account(TUAN.number).await["reason"], "card_expired");
    sim.post("/desk/v1/cards", json!({"number": TUAN.number})).await.status(201);
    assert_eq!(sim.account(TUAN.number).await["state"], "activation_overdue");
}

#[tokio::test]
async fn the_documented_branches() {
    let sim = Sim::new().await;
    let holder = |number: &str, phone: &str| json!({"number": number, "phone": phone});
    let path = "/app/v1/activations";
    // TH1: a level-0 account has nothing to activate.
    sim.post(path, holder("097306000055", "0912345605"))
        .await
        .problem(403, "registration_required");
    // TH2: activated already.
    let active =
        sim.post(path, holder(LAN.number, LAN.phone)).await.problem(409, "already_activated");
    assert_eq!(active["detail_vi"], "Tài khoản của bạn đã thực hiện kích hoạt");
    // TH3.1: the device is free.
    let begun = begins(&sim, NGOC).await;
    let sentence = "Tài khoản của bạn đã được định danh điện tử. Vui lòng thực hiện các bước kích hoạt tài khoản trên thiết bị theo hướng dẫn";
    assert_eq!(begun["message"], sentence);
    assert_eq!(begun["next"], "otp");
    sim.post(path, holder(NGOC.number, "0912345699")).await.problem(409, "phone_mismatch");
    sim.post(path, holder(DAT.number, DAT.phone)).await.problem(403, "registration_required");
    sim.post(path, holder("099999999999", DAT.phone)).await.problem(403, "registration_required");
}

#[tokio::test]
async fn the_password_step_is_left_out_when_there_is_a_password() {
    let sim = Sim::new().await;
    let begun = begins(&sim, NGOC).await;
    let otp = json!({"otp": sim.otp(NGOC.phone).await});
    let next = sim.post(&at(&begun, "otp"), otp).await.status(200).json();
    assert_eq!(next["next"], "passcode");

    DAT.registers_in_the_app(&sim).await;
    let begun = begins(&sim, DAT).await;
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    let next = sim.post(&at(&begun, "otp"), otp).await.status(200).json();
    assert_eq!(next["next"], "password");
}

#[tokio::test]
async fn every_step_has_its_rule_and_its_turn() {
    let sim = Sim::new().await;
    DAT.registers_in_the_app(&sim).await;
    let begun = begins(&sim, DAT).await;
    let password = json!({"password": DAT.password});
    sim.post(&at(&begun, "password"), password.clone()).await.problem(409, "out_of_turn");
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    sim.post(&at(&begun, "otp"), otp.clone()).await.status(200);
    sim.post(&at(&begun, "otp"), otp).await.problem(409, "out_of_turn");
    for weak in ["Ab1!efg", "Ab1!efghijklmnopqrstu", "abcdef1!", "ABCDEF1!", "Abcdefg!", "Abcdefg1"]
    {
        let body = json!({"password": weak});
        sim.post(&at(&begun, "password"), body).await.problem(422, "weak_password");
    }
    sim.post(&at(&begun, "password"), password).await.status(200);
    for bad in ["12345", "1234567", "12345a", "１２３４５６", ""] {
        let body = json!({"passcode": bad});
        sim.post(&at(&begun, "passcode"), body).await.problem(422, "bad_passcode");
    }
    sim.post(&at(&begun, "passcode"), json!({"passcode": "246810"})).await.status(200);
    let answer = |question: u8, answer: &str| json!({"question": question, "answer": answer});
    for bad in [
        json!([answer(0, "một")]),
        json!([answer(0, "một"), answer(0, "hai")]),
        json!([answer(0, "một"), answer(99, "hai")]),
        json!([answer(0, " "), answer(1, "hai")]),
        json!([answer(0, "1"), answer(1, "2"), answer(2, "3")]),
    ] {
        let body = json!({"answers": bad});
        sim.post(&at(&begun, "questions"), body).await.problem(422, "bad_questions");
    }
    assert_eq!(sim.account(DAT.number).await["state"], "approved");
    let body = json!({"answers": [answer(0, "một"), answer(1, "hai")]});
    sim.post(&at(&begun, "questions"), body).await.status(200);
    assert_eq!(sim.account(DAT.number).await["state"], "active");
}

#[tokio::test]
async fn an_activation_otp_lives_180_seconds_and_five_tries() {
    let sim = Sim::new().await;
    let begun = begins(&sim, NGOC).await;
    let otp = sim.otp(NGOC.phone).await;
    sim.advance(180);
    sim.post(&at(&begun, "otp"), json!({"otp": otp})).await.problem(401, "otp_expired");
    sim.post(&at(&begun, "resend"), json!({})).await.status(200);
    let right = sim.otp(NGOC.phone).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    // outside.md L16: what is no OTP costs no try.
    sim.post(&at(&begun, "otp"), json!({"otp": "no"})).await.problem(422, "otp_malformed");
    for left in [4, 3, 2, 1] {
        let problem =
            sim.post(&at(&begun, "otp"), json!({"otp": wrong})).await.problem(401, "wrong_otp");
        assert!(problem["detail"].as_str().unwrap().contains(&left.to_string()));
    }
    sim.post(&at(&begun, "otp"), json!({"otp": wrong})).await.problem(401, "otp_used_up");
    let otp = sim.otp(NGOC.phone).await;
    sim.post(&at(&begun, "otp"), json!({"otp": otp})).await.problem(401, "otp_used_up");
    sim.post(&at(&begun, "resend"), json!({})).await.problem(401, "otp_used_up");
}

#[tokio::test]
async fn a_resend_waits_60_seconds_and_kills_the_old_code() {
    let sim = Sim::new().await;
    let begun = begins(&sim, NGOC).await;
    let old = sim.otp(NGOC.phone).await;
    sim.advance(59);
    sim.post(&at(&begun, "resend"), json!({})).await.problem(429, "resend_too_soon");
    sim.advance(1);
    sim.post(&at(&begun, "resend"), json!({})).await.status(200);
    let new = sim.otp(NGOC.phone).await;
    assert_ne!(old, new);
    sim.post(&at(&begun, "otp"), json!({"otp": old})).await.problem(401, "wrong_otp");
    sim.post(&at(&begun, "otp"), json!({"otp": new})).await.status(200);
}

#[tokio::test]
async fn upgrading_keeps_level_1_usable_until_level_2_is_activated() {
    let sim = Sim::new().await;
    let account = sim.account(HAN.number).await;
    assert_eq!((&account["state"], &account["level"]), (&json!("active"), &json!(1)));
    assert_eq!(account["upgrade_until"], "2026-03-09T02:00:00Z");
    HAN.activates(&sim).await.status(200);
    let account = sim.account(HAN.number).await;
    assert_eq!((&account["state"], &account["level"]), (&json!("active"), &json!(2)));

    DUC.registers_at_the_desk(&sim).await;
    assert_eq!(sim.account(DUC.number).await["level"], 1);
    sim.advance(8 * 24 * 3600);
    DUC.activates(&sim).await.problem(403, "activation_overdue");
    assert_eq!(sim.account(DUC.number).await["state"], "active");
}

#[tokio::test]
async fn level_0_comes_before_level_1_and_its_password_stays() {
    let sim = Sim::new().await;
    let begun = sim.post("/app/v1/level0", json!({"number": DAT.number, "phone": DAT.phone})).await;
    let id = begun.status(201).json()["id"].as_str().unwrap().to_owned();
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    sim.post(&format!("/app/v1/level0/{id}/otp"), otp).await.status(200);
    let password = json!({"password": DAT.password});
    let done =
        sim.post(&format!("/app/v1/level0/{id}/password"), password).await.status(200).json();
    assert_eq!(done["next"], "done");
    assert_eq!(sim.account(DAT.number).await["state"], "level0");
    DAT.registers_in_the_app(&sim).await;
    let begun = begins(&sim, DAT).await;
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    let next = sim.post(&at(&begun, "otp"), otp).await.status(200).json();
    assert_eq!(next["next"], "passcode");
    // A level-0 enrolment cannot be continued as an activation.
    let path = format!("/app/v1/activations/{id}/otp");
    sim.post(&path, json!({"otp": "1"})).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_older_wording_sends_the_password_by_sms() {
    let sim = Sim::new().await;
    let policy = json!({"password_by_sms": true, "approval_text": 2});
    sim.put("/admin/v1/policy", policy).await.status(200);
    DAT.registers_in_the_app(&sim).await;
    let messages = sim.messages().await;
    let approval = messages.iter().find(|m| m["purpose"] == "approval").unwrap();
    assert_eq!(
        approval["text"],
        "Cuc canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan da duoc phe \
         duyet. De nghi truy cap ung dung VNeID hoac dia chi http://vneid.gov.vn de kich hoat tai khoan"
    );
    let sms =
        sim.get(&format!("/admin/v1/messages/latest?to={}&purpose=password", DAT.phone)).await;
    let sms = sms.status(200).json();
    assert!(sms["text"].as_str().unwrap().starts_with("[MO PHONG]"));
    let begun = begins(&sim, DAT).await;
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    let next = sim.post(&at(&begun, "otp"), otp).await.status(200).json();
    assert_eq!(next["next"], "passcode", "the password came by SMS");
}

/// Facts §2.9: after a change of phone at a desk the holder activates again, at the level that was approved: a pending
/// upgrade is not lost, and gets a term of its own.
#[tokio::test]
async fn a_phone_change_keeps_a_pending_upgrade() {
    let sim = Sim::new().await;
    let before = sim.account(HAN.number).await;
    assert_eq!(
        (&before["level"], &before["upgrade_until"]),
        (&json!(1), &json!("2026-03-09T02:00:00Z"))
    );
    sim.advance(24 * 3600);
    let moved = Citizen { phone: "0987654366", ..HAN };
    let asked = json!({"number": HAN.number, "phone": moved.phone});
    let granted = sim.post("/desk/v1/phone-changes", asked).await.status(201).json();
    assert_eq!(granted["status"], "granted");
    let account = sim.account(HAN.number).await;
    assert_eq!((&account["state"], &account["level"]), (&json!("approved"), &json!(2)));
    assert_eq!(
        (&account["until"], account.get("upgrade_until")),
        (&json!("2026-03-10T02:00:00Z"), None)
    );
    HAN.activates(&sim).await.problem(409, "phone_mismatch");
    moved.activates(&sim).await.status(200);
    let account = sim.account(HAN.number).await;
    assert_eq!((&account["state"], &account["level"]), (&json!("active"), &json!(2)));
    assert_eq!(account.get("upgrade_until"), None);
}
