//! S2, the commune leaflet: what the account is, what it is good for, who may have one, how it is approved (parts 1 to 5).

use serde_json::json;

use super::{CHILDREN, HUONG, Handset, JI_WOO, QUY, THINH, TIN, policy, reads, sent, stands};
use crate::harness::{
    Sim,
    actors::{Citizen, DAT, DUC, LAN, Portal},
};

/// “tên đăng nhập (là mã số định danh cá nhân của công dân), mật khẩu (được gửi qua tin nhắn SMS cho mỗi cá nhân)”
#[tokio::test]
async fn the_password_is_sent_by_sms_to_each_individual() {
    let sim = Sim::new().await;
    policy(&sim, json!({"password_by_sms": true})).await;
    let mut passwords = Vec::new();
    for who in [DAT, QUY] {
        who.registers_in_the_app(&sim).await;
        let path = format!("/admin/v1/messages/latest?to={}&purpose=password", who.phone);
        let sms = sim.get(&path).await.status(200).json();
        assert_eq!((&sms["channel"], &sms["sender"]), (&json!("sms"), &json!("VNeID")));
        let password = sms["code"].as_str().unwrap().to_owned();
        let words = "[MO PHONG] VNeID: Mat khau tai khoan dinh danh dien tu cua quy khach la";
        assert_eq!(sms["text"], format!("{words} {password}"));
        who.activates(&sim).await.status(200);
        let body = json!({"number": who.number, "password": password, "device": who.number});
        sim.post("/app/v1/sign-ins", body).await.status(201);
        passwords.push(password);
    }
    assert_ne!(passwords[0], passwords[1]);
    assert_eq!(sent(&sim, "password").await.len(), 2);
}

/// Today's holders set it themselves: without the setting no password is sent.
#[tokio::test]
async fn without_the_older_wording_no_password_is_sent() {
    let sim = Sim::new().await;
    DAT.registers_in_the_app(&sim).await;
    assert_eq!(sent(&sim, "password").await.len(), 0);
}

/// “Tài khoản này được quản lý và xác thực trên ứng dụng định danh điện tử quốc gia VNeID”
#[tokio::test]
async fn the_account_is_managed_in_the_app() {
    let sim = Sim::new().await;
    let lan = Handset::of(&sim, LAN).await;
    let account = lan.get("/app/v1/account").await.status(200).json();
    assert_eq!(
        (&account["number"], &account["full_name"]),
        (&json!(LAN.number), &json!("Nguyễn Thị Lan"))
    );
    assert_eq!((&account["state"], &account["level"]), (&json!("active"), &json!(2)));
    lan.post("/app/v1/lock", json!({"passcode": lan.passcode})).await.status(204);
    assert_eq!(sim.account(LAN.number).await["reason"], "holders_request");
    lan.get("/app/v1/account").await.problem(401, "app_sign_in_required");
}

/// “Tích hợp toàn bộ các giấy tờ như: giấy phép lái xe, đăng ký xe, thẻ bảo hiểm, mã số thuế,...) vào tài khoản … đầy đủ hiệu
/// lực pháp lý để sử dụng thay thế giấy tờ vật lý truyền thống”
#[tokio::test]
async fn licence_vehicle_insurance_and_tax_code_are_integrated_and_stand_for_the_paper() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    let kinds = ["driving", "vehicle", "health_insurance", "social_insurance", "tax"];
    for kind in kinds {
        assert_eq!(thinh.wallet(kind).await["integrated"], true, "{kind}");
    }
    assert_eq!(thinh.paper("tax").await, json!({"code": THINH.number, "former": "8000000263"}));
    let code = thinh.qr("dinh_danh", json!(kinds), false).await.status(201);
    let papers = reads(&sim, &code).await.status(200).json()["papers"].clone();
    assert_eq!(papers.as_object().unwrap().len(), 5);
    assert_eq!(papers["tax"]["code"], THINH.number);
}

/// “Công dân có thể cung cấp, chia sẻ thông tin của mình … thông qua quét mã `QRCode` … đảm bảo nhanh chóng, thuận tiện, bảo
/// mật, tin cậy.”
#[tokio::test]
async fn a_qr_code_shares_exactly_what_the_holder_agreed_to_for_five_minutes() {
    let sim = Sim::new().await;
    let duc = Handset::of(&sim, DUC).await;
    let code = duc.qr("dinh_danh", json!([]), false).await.status(201);
    assert_eq!(code.json()["expires_at"], "2026-03-02T02:05:00Z");
    let shared = json!({
        "kind": "dinh_danh", "number": DUC.number, "full_name": "Trần Văn Đức",
        "birth_date": "1985-11-20", "gender": "male", "papers": {},
    });
    assert_eq!(reads(&sim, &code).await.status(200).json(), shared);
    let with_phone = duc.qr("dinh_danh", json!([]), true).await.status(201);
    assert_eq!(reads(&sim, &with_phone).await.status(200).json()["phone"], DUC.phone);
    sim.clock.advance_millis(299_999);
    assert_eq!(reads(&sim, &code).await.status(200).json(), shared);
    sim.clock.advance_millis(1);
    reads(&sim, &code).await.problem(410, "qr_expired");
}

/// “Tự động điền các thông tin vào các biểu mẫu đăng ký mà không phải khai báo, điền thông tin nhiều lần”
#[tokio::test]
async fn a_form_can_be_filled_from_the_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    let claims = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    for (claim, value) in [
        ("name", json!("Nguyễn Thị Lan")),
        ("birthdate", json!("1990-03-08")),
        ("gender", json!("female")),
        ("vneid_id_number", json!(LAN.number)),
        ("phone_number", json!("+84912345601")),
        ("email", json!("lan@example.com")),
    ] {
        assert_eq!(claims[claim], value, "{claim}");
    }
    assert_eq!(
        claims["vneid_residence"],
        json!({
            "detail": "12 ngõ 34 phố Mô Phỏng", "commune": "Phường Hoa Sen",
            "province_code": "01", "province": "Hà Nội",
        })
    );
}

/// “Tài khoản định danh điện tử Mức độ 2 có giá trị sử dụng tương đương thẻ Căn cước công dân, hộ chiếu hoặc giấy tờ có giá trị
/// đi lại quốc tế.”
#[tokio::test]
async fn level_2_equals_the_card_of_a_citizen_and_the_passport_of_a_foreigner() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut seen = Vec::new();
    for who in [LAN, JI_WOO] {
        let token = portal.access_token_for(&sim, who).await;
        let claims = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
        let has = |claim: &str| claims.get(claim).is_some();
        seen.push((has("vneid_card"), has("vneid_passport_number")));
    }
    assert_eq!(seen, [(true, false), (false, true)]);
}

/// “Công dân từ đủ 14 tuổi trở lên đủ điều kiện lập tài khoản định danh điện tử”
#[tokio::test]
async fn from_the_fourteenth_birthday_on_one_registers_oneself() {
    // Born on 15 December 2012.
    let minh = Citizen { number: "097212000408", phone: "0987654399", password: "" };
    let sim = Sim::new().await;
    sim.advance(287 * 24 * 3600);
    let body = json!({"number": minh.number, "phone": minh.phone});
    sim.post("/app/v1/registrations", body.clone()).await.problem(403, "representative_required");
    // The last millisecond of the day before, then midnight in Viet Nam.
    sim.clock.advance_millis(15 * 3600 * 1000 - 1);
    sim.post("/app/v1/registrations", body.clone()).await.problem(403, "representative_required");
    sim.clock.advance_millis(1);
    assert_eq!(sim.now().to_string(), "2026-12-14T17:00:00Z");
    sim.post("/app/v1/registrations", body).await.status(201);
    assert_eq!(stands(&sim, minh.number).await, ("approved".to_owned(), 1));
}

/// “(Trường hợp công dân chưa đủ 14 tuổi hoặc các trường hợp giám hộ thì đăng ký thông qua cha mẹ hoặc người giám hộ)”
#[tokio::test]
async fn a_child_and_a_ward_register_through_parent_and_guardian() {
    let sim = Sim::new().await;
    let path = "/app/v1/registrations";
    for (ward, parent, stranger) in
        [(CHILDREN[0], HUONG, TIN), (CHILDREN[1], HUONG, TIN), ("097095000397", TIN, HUONG)]
    {
        let body = |phone: &str| json!({"number": ward, "phone": phone});
        sim.post(path, body(parent.phone)).await.problem(403, "representative_required");
        let other = Handset::of(&sim, stranger).await;
        other.post(path, body(stranger.phone)).await.problem(403, "not_representative");
        let app = Handset::of(&sim, parent).await;
        app.post(path, body(DAT.phone)).await.problem(409, "phone_mismatch");
        let done = app.post(path, body(parent.phone)).await.status(201).json();
        assert_eq!((&done["status"], &done["level"]), (&json!("approved"), &json!(1)));
        assert_eq!(done["representative"], parent.number);
    }
}

/// “Đăng ký tài khoản định danh điện tử mức độ 1, công dân sử dụng thiết bị di động … mức độ 2 trực tiếp tại cơ quan Công an”
#[tokio::test]
async fn level_1_is_had_in_the_app_and_level_2_at_the_police_only() {
    let sim = Sim::new().await;
    let app = DAT.registers_in_the_app(&sim).await;
    assert_eq!((&app["channel"], &app["level"]), (&json!("app"), &json!(1)));
    let desk = QUY.registers_at_the_desk(&sim).await;
    assert_eq!((&desk["channel"], &desk["level"]), (&json!("desk"), &json!(2)));
    // The app never leads to level 2.
    let body = json!({"number": DUC.number, "phone": DUC.phone});
    sim.post("/app/v1/registrations", body).await.problem(409, "level_not_higher");
}

/// “Giấy phép lái xe, đăng ký xe, bảo hiểm xã hội, bảo hiểm y tế, thông tin thuế...công dân cần mang thêm các giấy tờ gốc để
/// đối chiếu.”
#[tokio::test]
async fn papers_brought_along_are_compared_with_their_databases() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/accounts/{}/state", THINH.number);
    sim.put(&path, json!({"state": "active", "level": 1})).await.status(200);
    let paper = |kind: &str, number: &str| json!({"kind": kind, "number": number});
    let body = json!({"number": THINH.number, "phone": THINH.phone, "papers": [
        paper("driving", "310080000263"), paper("vehicle", "15A-999.99"),
        paper("social_insurance", "0108000263"), paper("health_insurance", "DN4310108000263"),
        paper("tax", "097080000263"),
    ]});
    let done = sim.post("/desk/v1/registrations", body).await.status(201).json();
    let outcomes: Vec<_> =
        done["papers"].as_array().unwrap().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["verified", "mismatch", "verified", "verified", "verified"]);
    THINH.activates(&sim).await.status(200);
    let thinh = Handset::of_activated(&sim, THINH).await;
    for (kind, integrated) in [("driving", true), ("vehicle", false), ("tax", true)] {
        assert_eq!(thinh.wallet(kind).await["integrated"], integrated, "{kind}");
    }
    thinh.get("/app/v1/papers/vehicle").await.problem(404, "paper_unknown");
    // With the right plate it is integrated in the app.
    let wrong = paper("vehicle", "15A-999.99");
    thinh.post("/app/v1/papers", wrong).await.problem(409, "paper_mismatch");
    thinh.post("/app/v1/papers", paper("vehicle", "15A-123.45")).await.status(200);
    assert_eq!(thinh.wallet("vehicle").await["integrated"], true);
}

/// “Tin nhắn được gửi có tên định danh là: “VNeID”” … “Ho so dang ky tai khoan … cua cong dan <Tên đầy đủ của công dân – không
/// dấu> da duoc phe duyet, …”, “theo số điện thoại đã đăng ký”
#[tokio::test]
async fn the_approval_sms_is_from_vneid_to_the_registered_phone_with_the_unaccented_name() {
    let sim = Sim::new().await;
    let body = json!({"number": DAT.number, "phone": DAT.phone, "result_by": ["sms"]});
    sim.post("/app/v1/registrations", body).await.status(201);
    let words = "Cuc Canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan Dang Dinh \
                 Dat da duoc phe duyet. De nghi truy cap ung dung VNeID hoac dia chi https://vneid.gov.vn de kich \
                 hoat tai khoan.";
    assert_eq!(sent(&sim, "approval").await, [["sms", DAT.phone, words].map(str::to_owned)]);
    let sms = sim.sms(DAT.phone).await;
    assert_eq!((&sms["sender"], &sms["segments"]), (&json!("VNeID"), &json!(2)));
    assert_eq!(sms["at"], "2026-03-02T02:00:00Z");
}
