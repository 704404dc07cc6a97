//! S2, the vneid.gov.vn guide in the leaflet: registering in the app (2.1) and at the police (2.2), step by step.

use serde_json::json;

use super::{QUY, SEN, policy, sent, stands};
use crate::harness::{
    Sim,
    actors::{DAT, DUC, NGOC, PAO, TUAN},
};

const DESK: &str = "/desk/v1/registrations";

/// “Bước 1: Đăng ký tài khoản ứng dụng VNeID; Bước 2: Đăng ký tài khoản định danh điện tử Mức 1; Bước 3: Chờ kết quả phê
/// duyệt …; Bước 4: Kích hoạt”
#[tokio::test]
async fn app_account_then_level_1_then_approval_then_activation() {
    let sim = Sim::new().await;
    policy(&sim, json!({"review": "manual"})).await;
    let begun = sim.post("/app/v1/level0", json!({"number": DAT.number, "phone": DAT.phone})).await;
    let id = begun.status(201).json()["id"].as_str().unwrap().to_owned();
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    sim.post(&format!("/app/v1/level0/{id}/otp"), otp).await.status(200);
    let password = json!({"password": DAT.password});
    sim.post(&format!("/app/v1/level0/{id}/password"), password).await.status(200);
    assert_eq!(stands(&sim, DAT.number).await, ("level0".to_owned(), 0));
    let registration = DAT.registers_in_the_app(&sim).await;
    assert_eq!(registration["status"], "under_review");
    assert_eq!(stands(&sim, DAT.number).await, ("level0".to_owned(), 0));
    let id = registration["id"].as_str().unwrap();
    sim.post(&format!("/admin/v1/registrations/{id}/approve"), json!({})).await.status(200);
    assert_eq!(stands(&sim, DAT.number).await, ("approved".to_owned(), 1));
    DAT.activates(&sim).await.status(200);
    assert_eq!(stands(&sim, DAT.number).await, ("active".to_owned(), 1));
}

/// “Hồ sơ đăng ký sẽ được các đơn vị chức năng thuộc Bộ Công an xem xét, phê duyệt. Nếu kết quả Đạt, bạn sẽ nhận được tin nhắn
/// SMS gửi đến số điện thoại đã đăng ký.”
#[tokio::test]
async fn the_ministry_reviews_and_only_a_pass_brings_the_approval_sms() {
    for door in ["/app/v1/registrations", DESK] {
        let sim = Sim::new().await;
        policy(&sim, json!({"review": "manual"})).await;
        let body = json!({"number": DAT.number, "phone": DAT.phone, "result_by": ["sms"]});
        let first = sim.post(door, body.clone()).await.status(201).json();
        assert_eq!(first["status"], "under_review");
        assert_eq!(sim.messages().await.len(), 0);
        let path = |id: &serde_json::Value, what: &str| {
            format!("/admin/v1/registrations/{}/{what}", id.as_str().unwrap())
        };
        let no = json!({"reason": "Ảnh mờ"});
        sim.post(&path(&first["id"], "reject"), no).await.status(200);
        assert_eq!(sent(&sim, "approval").await.len(), 0);
        assert_eq!(stands(&sim, DAT.number).await.0, "unregistered");
        let second = sim.post(door, body).await.status(201).json();
        sim.post(&path(&second["id"], "approve"), json!({})).await.status(200);
        let [[channel, to, text]] = &sent(&sim, "approval").await[..] else { panic!("one") };
        assert_eq!((channel.as_str(), to.as_str()), ("sms", DAT.phone));
        // “Phần ****: sẽ thể hiện thông tin họ và tên đầy đủ không dấu của bạn.”
        assert!(text.contains(" cua cong dan Dang Dinh Dat da duoc phe duyet. "), "{text}");
        assert!(text.contains("dia chi https://vneid.gov.vn de kich hoat tai khoan."), "{text}");
    }
}

/// “bạn cần mang theo thẻ căn cước công dân gắn chip và các giấy tờ có nhu cầu tích hợp …: thẻ Bảo hiểm y tế, Giấy phép lái xe,
/// Đăng ký xe, Thông tin về mã số thuế”
#[tokio::test]
async fn health_card_licence_vehicle_and_tax_code_can_be_brought() {
    let sim = Sim::new().await;
    let papers = json!({"papers": {
        "health_insurance": {"number": "CH4790100000044", "from": "2026-01-01", "until": "2026-12-31", "facility": "Trạm Y tế"},
        "driving": {"number": "790990000044", "classes": ["A1"], "issued": "2019-01-02"},
        "vehicle": {"plate": "59A1-123.45", "kind": "motorcycle", "make": "Mẫu", "registered": "2020-01-01"},
        "tax": {"code": DAT.number},
    }});
    sim.put(&format!("/admin/v1/citizens/{}", DAT.number), papers).await.status(200);
    let kinds = ["health_insurance", "driving", "vehicle", "tax"];
    let brought: Vec<_> = kinds.iter().map(|kind| json!({"kind": kind})).collect();
    let body = json!({"number": DAT.number, "phone": DAT.phone, "papers": brought});
    let done = sim.post(DESK, body).await.status(201).json();
    let wanted: Vec<_> =
        kinds.iter().map(|kind| json!({"kind": kind, "outcome": "verified"})).collect();
    assert_eq!(done["papers"], json!(wanted));
}

/// “chưa có thẻ căn cước công dân gắn chip hoặc đã có nhưng mất, hỏng … (theo nơi thường trú hoặc tạm trú)”
#[tokio::test]
async fn without_a_card_or_with_a_lost_one_the_police_of_the_residence_serves() {
    let sim = Sim::new().await;
    sim.post("/desk/v1/cards/lost", json!({"number": QUY.number})).await.status(200);
    for (who, province) in [(PAO, 15), (QUY, 24), (SEN, 40)] {
        let mut body = json!({"number": who.number, "phone": who.phone});
        sim.post(DESK, body.clone()).await.problem(403, "card_required");
        body["with_card"] = json!(true);
        sim.post(DESK, body.clone()).await.problem(403, "wrong_place");
        for elsewhere in [1, 79] {
            body["desk_province"] = json!(elsewhere);
            sim.post(DESK, body.clone()).await.problem(403, "wrong_place");
        }
        body["desk_province"] = json!(province);
        let done = sim.post(DESK, body).await.status(201).json();
        assert_eq!((&done["status"], &done["level"]), (&json!("approved"), &json!(2)));
        assert_eq!(sim.account(who.number).await["card"]["issued"], "2026-03-02");
    }
}

/// “đã có nhưng mất”, and a level-1 account is locked with the card: the desk brings card, level 2 and the account back.
#[tokio::test]
async fn a_level_1_holder_who_lost_the_card_gets_card_and_level_2_together() {
    let sim = Sim::new().await;
    sim.post("/desk/v1/cards/lost", json!({"number": DUC.number})).await.status(200);
    assert_eq!(sim.account(DUC.number).await["reason"], "card_revoked");
    let mut body = json!({"number": DUC.number, "phone": DUC.phone});
    sim.post(DESK, body.clone()).await.problem(403, "card_required");
    body["with_card"] = json!(true);
    body["desk_province"] = json!(31);
    sim.post(DESK, body).await.status(201);
    let account = sim.account(DUC.number).await;
    assert_eq!((&account["state"], &account["level"]), (&json!("active"), &json!(1)));
    assert_eq!(account["upgrade_until"], "2026-03-09T02:00:00Z");
    assert_eq!(account["card"]["status"], "valid");
    DUC.activates(&sim).await.status(200);
    assert_eq!(stands(&sim, DUC.number).await, ("active".to_owned(), 2));
}

/// “hoặc có nhu cầu đổi lại”: a card that is still good is exchanged first, and level 2 follows with the new one.
#[tokio::test]
async fn a_card_that_is_still_good_can_be_exchanged() {
    let sim = Sim::new().await;
    let with_card =
        json!({"number": QUY.number, "phone": QUY.phone, "with_card": true, "desk_province": 24});
    sim.post(DESK, with_card).await.problem(409, "card_still_valid");
    let person = sim.post("/desk/v1/cards", json!({"number": QUY.number})).await.status(201).json();
    assert_eq!(person["card"]["issued"], "2026-03-02");
    assert_eq!(person["former_cards"][0]["issued"], "2022-03-01");
    QUY.registers_at_the_desk(&sim).await;
    assert_eq!(stands(&sim, QUY.number).await, ("approved".to_owned(), 2));
}

/// “đã có thẻ căn cước công dân gắn chip còn hiệu lực … (không bắt buộc theo nơi thường trú hoặc tạm trú)”
#[tokio::test]
async fn with_a_valid_card_any_locality_serves() {
    for province in [1, 15, 79, 96] {
        let sim = Sim::new().await;
        let body = json!({"number": DAT.number, "phone": DAT.phone, "desk_province": province});
        let done = sim.post(DESK, body).await.status(201).json();
        assert_eq!(
            (&done["status"], &done["level"]),
            (&json!("approved"), &json!(2)),
            "{province}"
        );
    }
}

/// “Bước 4: Kích hoạt tài khoản định danh điện tử và bắt đầu sử dụng ứng dụng”: in seven days, later through the hotline.
#[tokio::test]
async fn an_approved_account_is_activated_before_it_is_used() {
    let sim = Sim::new().await;
    let body = json!({"number": NGOC.number, "password": NGOC.password, "device": "p"});
    sim.post("/app/v1/sign-ins", body.clone()).await.problem(403, "activation_required");
    NGOC.activates(&sim).await.status(200);
    sim.post("/app/v1/sign-ins", body).await.status(201);
    let late = json!({"number": TUAN.number, "password": TUAN.password, "device": "q"});
    sim.post("/app/v1/sign-ins", late.clone()).await.problem(403, "activation_overdue");
    sim.command(TUAN.number, "extend_activation", json!({})).await.status(200);
    TUAN.activates(&sim).await.status(200);
    sim.post("/app/v1/sign-ins", late).await.status(201);
}
