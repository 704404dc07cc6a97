//! The app: devices, an OTP on the old one, the chip when it is gone, forgotten secrets, another phone (facts §5.2, §5.3).

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, NGOC, Portal},
    app::{App, MAI},
    browser::Browser,
};

const SIGN_IN: &str = "/app/v1/sign-ins";

#[tokio::test]
async fn one_device_is_active_and_the_otp_of_another_appears_on_it() {
    let sim = Sim::new().await;
    let old = LAN.opens_app(&sim, "old-phone").await;
    assert_eq!(old.get("/app/v1/account").await.status(200).json()["device"], "old-phone");
    // The same device again: no OTP.
    LAN.opens_app(&sim, "old-phone").await;
    let body = json!({"number": LAN.number, "password": LAN.password, "device": "new-phone"});
    let begun = sim.post(SIGN_IN, body).await.status(201).json();
    assert_eq!((&begun["next"], begun.get("token")), (&json!("otp"), None));
    let notice = format!("/admin/v1/messages/latest?to={}&purpose=otp", LAN.number);
    let notice = sim.get(&notice).await.status(200).json();
    assert_eq!(notice["channel"], "app", "on the old device, not by SMS");
    let id = begun["id"].as_str().unwrap();
    let path = format!("{SIGN_IN}/{id}/otp");
    let wrong = if notice["code"] == "000000" { "000001" } else { "000000" };
    sim.post(&path, json!({"otp": wrong})).await.problem(401, "wrong_otp");
    let done = sim.post(&path, json!({"otp": notice["code"]})).await.status(200).json();
    let token = done["token"].as_str().unwrap().to_owned();
    let new = App { sim: &sim, token, passcode: "" };
    assert!(new.is_open().await && !old.is_open().await, "one active device");
    let devices = new.get("/app/v1/devices").await.status(200).json();
    let shown: Vec<_> =
        devices.as_array().unwrap().iter().map(|it| (&it["id"], &it["active"])).collect();
    assert_eq!(shown, [(&json!("old-phone"), &json!(false)), (&json!("new-phone"), &json!(true))]);
    new.delete("/app/v1/devices/old-phone").await.status(204);
    new.delete("/app/v1/devices/old-phone").await.problem(404, "not_found");
    new.delete("/app/v1/devices/new-phone").await.status(204);
    assert!(!new.is_open().await, "the app on it is signed out");
}

#[tokio::test]
async fn when_the_old_device_is_gone_the_chip_is_read_and_the_otp_comes_by_sms() {
    let sim = Sim::new().await;
    LAN.opens_app(&sim, "lost-phone").await;
    let ask = |chip: &str| json!({"number": LAN.number, "password": LAN.password, "device": "new-phone", "chip": chip});
    for chip in ["mismatch", "unreadable"] {
        sim.post(SIGN_IN, ask(chip)).await.problem(401, "chip_mismatch");
    }
    let begun = sim.post(SIGN_IN, ask("match")).await.status(201).json();
    assert_eq!(sim.sms(LAN.phone).await["reference"], begun["reference"]);
    let path = format!("{SIGN_IN}/{}/otp", begun["id"].as_str().unwrap());
    let done = sim.post(&path, json!({"otp": sim.otp(LAN.phone).await})).await.status(200).json();
    assert!(done["token"].is_string());
}

#[tokio::test]
async fn wrong_passwords_of_the_app_count_like_those_of_the_page() {
    let sim = Sim::new().await;
    let wrong = json!({"number": LAN.number, "password": "Sai#matkhau1", "device": "d"});
    for left in (1..5).rev() {
        let problem = sim.post(SIGN_IN, wrong.clone()).await.problem(401, "wrong_credentials");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("{left} tries left")));
    }
    sim.post(SIGN_IN, wrong).await.problem(403, "temporarily_locked");
    assert_eq!(sim.account(LAN.number).await["state"], "temporarily_locked");
}

#[tokio::test]
async fn five_wrong_passcodes_lock_for_a_while_too() {
    let sim = Sim::new().await;
    let app = LAN.opens_app(&sim, "d").await;
    for _ in 0..4 {
        app.post("/app/v1/lock", json!({"passcode": "999999"}))
            .await
            .problem(401, "wrong_passcode");
    }
    app.post("/app/v1/lock", json!({"passcode": "999999"}))
        .await
        .problem(403, "temporarily_locked");
}

#[tokio::test]
async fn a_device_bound_to_somebody_else_is_taken_over_when_that_is_confirmed() {
    let sim = Sim::new().await;
    let lan = LAN.opens_app(&sim, "shared-phone").await;
    let begins = |confirm: bool| json!({"number": NGOC.number, "phone": NGOC.phone, "device": "shared-phone", "confirm": confirm});
    sim.post("/app/v1/activations", begins(false)).await.problem(409, "device_bound");
    let begun = sim.post("/app/v1/activations", begins(true)).await.status(201).json();
    assert!(
        begun["message"]
            .as_str()
            .unwrap()
            .starts_with("Tài khoản của bạn đã được định danh điện tử.")
    );
    assert!(lan.is_open().await, "not before activation is done");
    let id = begun["id"].as_str().unwrap();
    for (step, body) in [
        ("otp", json!({"otp": sim.otp(NGOC.phone).await})),
        ("passcode", json!({"passcode": "135790"})),
        (
            "questions",
            json!({"answers": [{"question": 0, "answer": "A"}, {"question": 1, "answer": "B"}]}),
        ),
    ] {
        sim.post(&format!("/app/v1/activations/{id}/{step}"), body).await.status(200);
    }
    assert!(!lan.is_open().await, "that binding is dropped");
    assert_eq!(sim.account(NGOC.number).await["device"], "shared-phone");
    assert_eq!(sim.account(LAN.number).await.get("device"), None);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_ends_every_session() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.signs_in(&sim, LAN).await;
    let app = LAN.opens_app(&sim, "d").await;
    let ask = |more: serde_json::Value| {
        let mut body = json!({"number": LAN.number, "phone": LAN.phone});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let path = "/app/v1/password-resets";
    let wrong = ask(
        json!({"full_name": "Nguyễn Thị Lam", "birth_date": "1990-03-08", "card_issued": "2021-07-02"}),
    );
    let problem = sim.post(path, wrong).await.problem(409, "data_mismatch");
    assert_eq!(problem["detail"], "Not what the database has: full_name, card_issued.");
    assert!(problem["detail_vi"].as_str().unwrap().contains("họ tên, ngày cấp thẻ"));
    sim.post(path, json!({"number": LAN.number, "phone": DUC.phone}))
        .await
        .problem(409, "phone_mismatch");
    let right = ask(
        json!({"full_name": "Nguyễn Thị Lan", "birth_date": "1990-03-08", "card_issued": "2021-07-01"}),
    );
    let begun = sim.post(path, right).await.status(201).json();
    let step = |step: &str| format!("{path}/{}/{step}", begun["id"].as_str().unwrap());
    sim.post(&step("password"), json!({"password": "Moi#matkhau1"}))
        .await
        .problem(409, "out_of_turn");
    sim.post(&step("otp"), json!({"otp": sim.otp(LAN.phone).await})).await.status(200);
    sim.post(&step("password"), json!({"password": "weak"})).await.problem(422, "weak_password");
    assert_eq!(
        sim.post(&step("password"), json!({"password": "Moi#matkhau1"})).await.status(200).json()["next"],
        "done"
    );
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(sim.bearer("/oauth2/userinfo", access).await.status, 401);
    assert!(!app.is_open().await);
    let old = json!({"number": LAN.number, "password": LAN.password, "device": "d"});
    sim.post(SIGN_IN, old).await.problem(401, "wrong_credentials");
    let new = json!({"number": LAN.number, "password": "Moi#matkhau1", "device": "d"});
    sim.post(SIGN_IN, new).await.status(201);
    assert_eq!(sim.sms(LAN.phone).await["purpose"], "password_changed");
}

#[tokio::test]
async fn a_forgotten_password_opens_a_temporary_lock_and_no_other() {
    let sim = Sim::new().await;
    let reset = |number: &str, phone: &str| json!({"number": number, "phone": phone});
    let begun = sim
        .post("/app/v1/password-resets", reset("097188000077", "0912345607"))
        .await
        .status(201)
        .json();
    let id = begun["id"].as_str().unwrap();
    sim.post(
        &format!("/app/v1/password-resets/{id}/otp"),
        json!({"otp": sim.otp("0912345607").await}),
    )
    .await
    .status(200);
    let body = json!({"password": "Moi#matkhau1"});
    sim.post(&format!("/app/v1/password-resets/{id}/password"), body).await.status(200);
    assert_eq!(sim.account("097188000077").await["state"], "active");
    sim.post("/app/v1/password-resets", reset("098160000088", "0912345608"))
        .await
        .problem(403, "locked");
    sim.post("/app/v1/password-resets", reset("097300000033", "0912345603"))
        .await
        .problem(409, "out_of_turn");
}

#[tokio::test]
async fn a_forgotten_passcode_is_set_anew_in_the_signed_in_app() {
    let sim = Sim::new().await;
    let app = LAN.opens_app(&sim, "d").await;
    let begun = app.post("/app/v1/passcode-resets", json!({})).await.status(201).json();
    let id = begun["id"].as_str().unwrap();
    let step = |step: &str| format!("/app/v1/passcode-resets/{id}/{step}");
    app.post(&step("otp"), json!({"otp": sim.otp(LAN.phone).await})).await.status(200);
    app.post(&step("passcode"), json!({"passcode": "12345"})).await.problem(422, "bad_passcode");
    app.post(&step("passcode"), json!({"passcode": "112233"})).await.status(200);
    app.post("/app/v1/lock", json!({"passcode": LAN.passcode()}))
        .await
        .problem(401, "wrong_passcode");
    app.post("/app/v1/lock", json!({"passcode": "112233"})).await.status(204);
}

#[tokio::test]
async fn a_known_password_is_changed_for_another() {
    let sim = Sim::new().await;
    let app = LAN.opens_app(&sim, "d").await;
    let wrong = json!({"old": "Sai#matkhau1", "new": "Moi#matkhau1"});
    app.post("/app/v1/password", wrong).await.problem(401, "wrong_credentials");
    app.post("/app/v1/password", json!({"old": LAN.password, "new": "Moi#matkhau1"}))
        .await
        .status(204);
    assert!(!app.is_open().await);
}

#[tokio::test]
async fn another_phone_in_the_app_is_proved_by_an_otp_and_keeps_sessions() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let access = portal.access_token_for(&sim, LAN).await;
    let app = LAN.opens_app(&sim, "d").await;
    let ask = |phone: &str| json!({"phone": phone, "passcode": LAN.passcode()});
    let path = "/app/v1/phone-changes";
    app.post(path, ask(LAN.phone)).await.problem(409, "phone_unchanged");
    app.post(path, ask(DUC.phone)).await.problem(409, "phone_taken");
    let begun = app.post(path, ask("0987654311")).await.status(201).json();
    assert_eq!(sim.account(LAN.number).await["phone"], LAN.phone);
    let otp = json!({"otp": sim.otp("0987654311").await});
    app.post(&format!("{path}/{}/otp", begun["id"].as_str().unwrap()), otp).await.status(200);
    let account = sim.account(LAN.number).await;
    assert_eq!((&account["phone"], &account["state"]), (&json!("0987654311"), &json!("active")));
    assert!(app.is_open().await);
    let claims = sim.bearer("/oauth2/userinfo", &access).await.status(200).json();
    assert_eq!(claims["phone_number"], "+84987654311");
    // The old number is free for somebody else.
    let mai = MAI.opens_app(&sim, "m").await;
    let take = json!({"phone": LAN.phone, "passcode": MAI.passcode()});
    mai.post(path, take).await.status(201);
}

#[tokio::test]
async fn another_phone_by_the_desk_is_activated_again() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    let body = json!({"number": LAN.number, "phone": "0987654311"});
    let request = sim.post("/desk/v1/phone-changes", body).await.status(201).json();
    assert_eq!((&request["status"], &request["ask"]), (&json!("granted"), &json!("change_phone")));
    let account = sim.account(LAN.number).await;
    assert_eq!(
        (&account["state"], &account["until"]),
        (&json!("approved"), &json!("2026-03-09T02:00:00Z"))
    );
    assert_eq!(sim.sms("0987654311").await["purpose"], "phone_changed");
    // The sign-in that was under way with the old number is over.
    LAN.types_otp(&mut browser).await.status(403);
    let moved = crate::harness::actors::Citizen { phone: "0987654311", ..LAN };
    moved.activates(&sim).await.status(200);
    assert_eq!(sim.account(LAN.number).await["level"], 2);
    portal.signs_in(&sim, moved).await;
}

#[tokio::test]
async fn with_a_card_out_of_date_the_app_changes_nothing_under_either_decree() {
    for (regime, code) in [("2022", "card_expired"), ("2024", "app_sign_in_required")] {
        let sim = Sim::new().await;
        sim.put("/admin/v1/policy", json!({"regime": regime})).await.status(200);
        let app = LAN.opens_app(&sim, "d").await;
        let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-01"}});
        sim.put(&format!("/admin/v1/citizens/{}", LAN.number), card).await.status(200);
        let body = json!({"phone": "0987654311", "passcode": LAN.passcode()});
        let reply = app.post("/app/v1/phone-changes", body).await;
        assert_eq!(reply.json()["code"], code, "{regime}");
    }
}
