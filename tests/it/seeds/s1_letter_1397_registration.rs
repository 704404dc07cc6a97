//! S1, the other copy of letter 1397/BHXH-VP (the words are those of S0): how one registers (annex I, part 2).

use serde_json::{Value, json};

use super::{Handset, policy, sent, stands};
use crate::harness::{
    Sim,
    actors::{Citizen, DAT, DUC, PAO},
};

/// “Bước 1: Công dân sử dụng thiết bị di động tải và cài đặt ứng dụng VNeID.”: the app is there as soon as its account of
/// level 0 is opened.
#[tokio::test]
async fn step_1_the_app_is_installed_before_level_1() {
    let sim = Sim::new().await;
    let begun = sim.post("/app/v1/level0", json!({"number": DAT.number, "phone": DAT.phone})).await;
    let id = begun.status(201).json()["id"].as_str().unwrap().to_owned();
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    sim.post(&format!("/app/v1/level0/{id}/otp"), otp).await.status(200);
    let password = json!({"password": DAT.password});
    sim.post(&format!("/app/v1/level0/{id}/password"), password).await.status(200);
    assert_eq!(stands(&sim, DAT.number).await, ("level0".to_owned(), 0));
    let dat = Handset::of_activated(&sim, DAT).await;
    assert_eq!(dat.get("/app/v1/account").await.status(200).json()["state"], "level0");
    dat.opens("public_services").await.problem(403, "registration_required");
}

/// “Bước 2: … nhập thông tin về số định danh cá nhân và số điện thoại hoặc địa chỉ thư điện tử; cung cấp các thông tin theo
/// hướng dẫn …; thu nhận ảnh chân dung … và gửi yêu cầu”
#[tokio::test]
async fn step_2_number_phone_or_email_information_and_portrait_are_sent_in_the_app() {
    let sim = Sim::new().await;
    policy(&sim, json!({"review": "manual"})).await;
    let body = json!({
        "number": DAT.number, "phone": DAT.phone, "email": "dat@example.com",
        "full_name": "Đặng Đình Đạt", "birth_date": "1995-05-05", "gender": "male",
        "portrait": "match",
    });
    let sent = sim.post("/app/v1/registrations", body).await.status(201).json();
    assert_eq!((&sent["channel"], &sent["level"]), (&json!("app"), &json!(1)));
    assert_eq!((&sent["phone"], &sent["email"]), (&json!(DAT.phone), &json!("dat@example.com")));
    let way: Vec<_> = sent["history"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(way, ["submitted", "matching", "under_review"]);
    // The phone is always wanted (Decree 69/2024 Art. 10.1), the e-mail address is not.
    sim.post("/app/v1/registrations", json!({"number": DAT.number, "email": "dat@example.com"}))
        .await
        .problem(422, "invalid");
}

/// Whom a result reached, by the channels asked for.
async fn result_by(door: &str, channels: Value) -> Vec<[String; 2]> {
    let sim = Sim::new().await;
    let body = json!({
        "number": DAT.number, "phone": DAT.phone, "email": "dat@example.com", "result_by": channels,
    });
    sim.post(door, body).await.status(201);
    sent(&sim, "approval").await.into_iter().map(|[channel, to, _]| [channel, to]).collect()
}

/// “Bước 3: Cơ quan quản lý định danh điện tử thông báo kết quả đăng ký tài khoản qua ứng dụng VNeID hoặc tin nhắn SMS hoặc
/// địa chỉ thư điện tử.”: of level 1, and in the same words of level 2.
#[tokio::test]
async fn step_3_the_result_comes_by_app_or_sms_or_email() {
    let app = ["app", DAT.number].map(str::to_owned);
    let sms = ["sms", DAT.phone].map(str::to_owned);
    let email = ["email", "dat@example.com"].map(str::to_owned);
    for door in ["/app/v1/registrations", "/desk/v1/registrations"] {
        assert_eq!(result_by(door, json!(["app"])).await, std::slice::from_ref(&app));
        assert_eq!(result_by(door, json!(["sms"])).await, std::slice::from_ref(&sms));
        assert_eq!(result_by(door, json!(["email"])).await, std::slice::from_ref(&email));
        assert_eq!(result_by(door, json!(["sms", "app"])).await, [sms.clone(), app.clone()]);
        assert_eq!(result_by(door, json!([])).await, [sms.clone(), email.clone(), app.clone()]);
    }
}

/// The result that is a refusal comes the same way.
#[tokio::test]
async fn a_refusal_comes_by_the_way_that_was_asked_for() {
    let sim = Sim::new().await;
    let body = json!({
        "number": DAT.number, "phone": DAT.phone, "portrait": "unreadable", "result_by": ["sms"],
    });
    sim.post("/app/v1/registrations", body).await.status(201);
    let words = "[MO PHONG] VNeID: Ho so dang ky tai khoan dinh danh dien tu bi tu choi: anh chan dung khong hop le.";
    assert_eq!(sent(&sim, "rejection").await, [["sms", DAT.phone, words].map(str::to_owned)]);
    assert_eq!(sent(&sim, "approval").await, [[""; 3]; 0]);
}

/// A result by e-mail needs an address: one that is declared, or the account's own.
#[tokio::test]
async fn a_result_by_email_goes_to_an_address_there_is() {
    let sim = Sim::new().await;
    let by_email = |who: Citizen| json!({"number": who.number, "phone": who.phone, "result_by": ["email"], "portrait": "mismatch"});
    sim.post("/app/v1/registrations", by_email(DAT)).await.problem(422, "invalid");
    let address = json!({"email": "duc@example.com"});
    sim.put(&format!("/admin/v1/citizens/{}", DUC.number), address).await.status(200);
    sim.post("/desk/v1/registrations", by_email(DUC)).await.status(201);
    let told = sent(&sim, "rejection").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0][..2], ["email", "duc@example.com"]);
}

/// “Công dân xuất trình thẻ Căn cước công dân gắn chíp điện tử, cung cấp thông tin về số điện thoại hoặc địa chỉ thư điện tử
/// và đề nghị bổ sung thông tin được tích hợp vào tài khoản định danh điện tử.”
#[tokio::test]
async fn at_the_desk_the_chip_card_is_shown_contact_given_and_papers_brought() {
    let sim = Sim::new().await;
    sim.post("/desk/v1/registrations", json!({"number": PAO.number, "phone": PAO.phone}))
        .await
        .problem(403, "card_required");
    let person = json!({"papers": {"tax": {"code": DAT.number}}});
    sim.put(&format!("/admin/v1/citizens/{}", DAT.number), person).await.status(200);
    let body = json!({
        "number": DAT.number, "phone": DAT.phone, "email": "dat@example.com",
        "papers": [{"kind": "tax", "number": DAT.number}, {"kind": "vehicle"}],
    });
    let done = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!((&done["channel"], &done["level"]), (&json!("desk"), &json!(2)));
    assert_eq!(
        done["papers"],
        json!([
            {"kind": "tax", "number": DAT.number, "outcome": "verified"},
            {"kind": "vehicle", "outcome": "unknown"},
        ])
    );
    let account = sim.account(DAT.number).await;
    assert_eq!(
        (&account["phone"], &account["email"]),
        (&json!(DAT.phone), &json!("dat@example.com"))
    );
    DAT.activates(&sim).await.status(200);
    let dat = Handset::of_activated(&sim, DAT).await;
    assert_eq!(dat.wallet("tax").await["integrated"], true);
    assert_eq!(dat.wallet("vehicle").await["integrated"], false);
}

/// “chụp ảnh chân dung, thu nhận vân tay của công dân đến làm thủ tục để xác thực với Cơ sở dữ liệu căn cước công dân”
#[tokio::test]
async fn the_officer_takes_portrait_and_fingerprints_and_both_are_verified() {
    let sim = Sim::new().await;
    let base = json!({"number": DUC.number, "phone": DUC.phone});
    for (field, evidence) in
        [("portrait", "mismatch"), ("portrait", "unreadable"), ("fingerprints", "mismatch")]
    {
        let mut body = base.clone();
        body[field] = json!(evidence);
        let answer = sim.post("/desk/v1/registrations", body).await.status(201).json();
        let reason = if field == "portrait" { "portrait" } else { "fingerprints" };
        assert_eq!((&answer["status"], &answer["reason"]), (&json!("rejected"), &json!(reason)));
        assert_eq!(answer["details"], json!([evidence]));
    }
    assert_eq!(sim.account(DUC.number).await.get("upgrade_until"), None);
    let answer = sim.post("/desk/v1/registrations", base).await.status(201).json();
    assert_eq!(answer["status"], "approved");
    assert_eq!(sim.account(DUC.number).await["upgrade_until"], "2026-03-09T02:00:00Z");
}

/// “Bước 4: Người dân sau khi nhận được tin nhắn thông báo … thực hiện sẽ kích hoạt theo hướng dẫn trong tin nhắn”
#[tokio::test]
async fn step_4_level_2_is_activated_after_the_message() {
    let sim = Sim::new().await;
    policy(&sim, json!({"review": "manual"})).await;
    let id = DUC.registers_at_the_desk(&sim).await["id"].as_str().unwrap().to_owned();
    DUC.activates(&sim).await.problem(409, "already_activated");
    sim.post(&format!("/admin/v1/registrations/{id}/approve"), json!({})).await.status(200);
    assert_eq!(sim.sms(DUC.phone).await["purpose"], "approval");
    assert_eq!(stands(&sim, DUC.number).await, ("active".to_owned(), 1));
    DUC.activates(&sim).await.status(200);
    assert_eq!(stands(&sim, DUC.number).await, ("active".to_owned(), 2));
}

/// “Đối với công dân chưa được cấp thẻ …: Cần đến Cơ quan Công an nơi cư trú”: the app does not serve them either.
#[tokio::test]
async fn without_a_chip_card_the_app_does_not_serve() {
    let sim = Sim::new().await;
    let body = json!({"number": PAO.number, "phone": PAO.phone});
    sim.post("/app/v1/registrations", body).await.problem(403, "card_required");
}
