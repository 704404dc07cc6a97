//! S0, letter 1397/BHXH-VP of 15/5/2023: its three points, and what an e-ID account is (annex I, part 1).

use serde_json::{Value, json};

use super::{HUONG, Handset, JI_WOO, SEN, THINH, reads, sent, stands};
use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, PAO, Portal},
    browser::Browser,
};

/// “Trường hợp cá nhân chưa được cấp căn cước công dân gắn chip điện tử thì cần đến Cơ quan Công an nơi cư trú làm thủ tục
/// để được cấp tài khoản định danh điện tử mức độ 2 cùng với cấp thẻ Căn cước công dân.”
#[tokio::test]
async fn without_a_chip_card_level_2_comes_with_the_card_at_the_police_of_the_residence() {
    let sim = Sim::new().await;
    let desk = "/desk/v1/registrations";
    let mut body = json!({"number": PAO.number, "phone": PAO.phone});
    sim.post(desk, body.clone()).await.problem(403, "card_required");
    body["with_card"] = json!(true);
    body["desk_province"] = json!(1);
    sim.post(desk, body.clone()).await.problem(403, "wrong_place");
    body["desk_province"] = json!(15);
    let done = sim.post(desk, body).await.status(201).json();
    assert_eq!((&done["channel"], &done["level"]), (&json!("desk_with_card"), &json!(2)));
    assert_eq!(done["status"], "approved");
    let account = sim.account(PAO.number).await;
    assert_eq!((&account["state"], &account["level"]), (&json!("approved"), &json!(2)));
    assert_eq!(account["card"]["issued"], "2026-03-02");
    assert_eq!(account["card"]["status"], "valid");
}

/// “Bộ phận Một cửa … phục vụ cho công tác tiếp nhận hồ sơ thủ tục hành chính trong trường hợp người dân xuất trình căn
/// cước công dân trên ứng dụng `VneID`”
#[tokio::test]
async fn a_one_stop_desk_receives_the_card_shown_in_the_app() {
    let sim = Sim::new().await;
    let lan = Handset::of(&sim, LAN).await;
    let code = lan.qr("can_cuoc", json!(["card"]), false).await.status(201);
    let seen = reads(&sim, &code).await.status(200).json();
    assert_eq!(
        seen,
        json!({
            "kind": "can_cuoc", "number": LAN.number, "full_name": "Nguyễn Thị Lan",
            "birth_date": "1990-03-08", "gender": "female",
            "papers": {"card": {
                "number": LAN.number, "history": [], "old_number": seen["papers"]["card"]["old_number"],
                "current": {"issued": "2021-07-01", "expires": "2030-03-08", "status": "valid"},
            }},
        })
    );
}

const UNIT: &str = "800000000017";

/// “Tổng số CCVC&NLĐ của đơn vị; … đã được cấp CCCD; … chưa được cấp CCCD; … đã hoàn thành việc cài đặt ứng dụng VNeID mức
/// 2; … chưa cài đặt. Lý do chưa cài đặt”
#[tokio::test]
async fn the_report_names_the_five_counts_of_a_unit_and_the_reasons() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/reports/rollout?unit={UNIT}");
    let report = sim.get(&path).await.status(200).json();
    let wanted = json!({
        "unit": UNIT, "name": "Bảo hiểm xã hội tỉnh Ví Dụ", "staff": 11, "with_card": 10,
        "without_card": 1, "level_2": 4, "not_level_2": 7,
        "reasons": {
            "activation_overdue": 1, "holders_request": 1, "level_1_not_activated": 1,
            "level_1_only": 2, "no_card": 1, "not_registered": 1,
        },
    });
    assert_eq!(report["items"], json!([wanted]));
    let csv = sim.get(&format!("{path}&format=csv")).await.status(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        csv.text(),
        "\u{feff}unit,name,staff,with_card,without_card,level_2,not_level_2,reasons\r\n\
         800000000017,\"Bảo hiểm xã hội tỉnh Ví Dụ\",11,10,1,4,7,\"activation_overdue: 1; holders_request: 1; \
         level_1_not_activated: 1; level_1_only: 2; no_card: 1; not_registered: 1\"\r\n"
    );
}

/// “Tổng hợp kết quả báo cáo kết quả thực hiện”: from what is true today.
#[tokio::test]
async fn the_report_follows_whoever_installs_level_2_meanwhile() {
    let sim = Sim::new().await;
    let body =
        json!({"number": PAO.number, "phone": PAO.phone, "with_card": true, "desk_province": 15});
    sim.post("/desk/v1/registrations", body).await.status(201);
    let path = format!("/admin/v1/reports/rollout?unit={UNIT}");
    let counts = async || {
        let report = sim.get(&path).await.status(200).json()["items"][0].clone();
        ["with_card", "without_card", "level_2", "not_level_2"].map(|it| report[it].clone())
    };
    assert_eq!(counts().await, [11, 0, 4, 7].map(Value::from));
    PAO.activates(&sim).await.status(200);
    assert_eq!(counts().await, [11, 0, 5, 6].map(Value::from));
}

/// “Tài khoản định danh điện tử là tập hợp gồm tên đăng nhập, mật khẩu hoặc hình thức xác thực khác”
#[tokio::test]
async fn an_account_is_a_user_name_and_a_password_or_another_authentication() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let wrong = [("username", LAN.number), ("password", "Vn@000012a")];
    browser.submit("/login", &wrong).await.status(401);
    LAN.types_password(&mut browser).await.status(200);
    assert!(browser.page.contains("name=\"otp\""), "the OTP is the other authentication");
    portal.code(&LAN.types_otp(&mut browser).await);
}

/// “Mức độ 1 bao gồm các thông tin: số định danh cá nhân, họ tên, ngày/tháng/năm sinh, giới tính và ảnh chân dung.”
#[tokio::test]
async fn level_1_holds_number_name_birth_date_gender_and_portrait() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, DUC).await;
    let claims = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    let mut names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "birthdate",
            "family_name",
            "gender",
            "given_name",
            "locale",
            "middle_name",
            "name",
            "phone_number",
            "phone_number_verified",
            "sub",
            "vneid_account_level",
            "vneid_account_type",
            "vneid_holder",
            "vneid_id_number",
            "vneid_mock",
            "zoneinfo",
        ]
    );
    assert_eq!(
        (&claims["vneid_id_number"], &claims["name"]),
        (&json!(DUC.number), &json!("Trần Văn Đức"))
    );
    assert_eq!((&claims["birthdate"], &claims["gender"]), (&json!("1985-11-20"), &json!("male")));
    assert_eq!(claims["vneid_account_level"], 1);
    // The portrait is taken and compared; fingerprints are not asked for.
    let mut body = json!({"number": DAT.number, "phone": DAT.phone, "portrait": "mismatch"});
    let answer = sim.post("/app/v1/registrations", body.clone()).await.status(201).json();
    assert_eq!((&answer["status"], &answer["reason"]), (&json!("rejected"), &json!("portrait")));
    body["fingerprints"] = json!("match");
    sim.post("/app/v1/registrations", body).await.problem(422, "invalid");
}

/// “Mức độ 2 bao gồm các thông tin như mức độ 1 và vân tay.”
#[tokio::test]
async fn level_2_adds_fingerprints() {
    let sim = Sim::new().await;
    for evidence in ["mismatch", "unreadable"] {
        let body = json!({"number": DAT.number, "phone": DAT.phone, "fingerprints": evidence});
        let answer = sim.post("/desk/v1/registrations", body).await.status(201).json();
        assert_eq!(answer["status"], "rejected");
        assert_eq!(
            (&answer["reason"], &answer["details"]),
            (&json!("fingerprints"), &json!([evidence]))
        );
    }
    let body = json!({"number": DAT.number, "phone": DAT.phone, "fingerprints": "match"});
    let answer = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!((&answer["status"], &answer["level"]), (&json!("approved"), &json!(2)));
}

/// “Tài khoản định danh điện tử có giá trị như thẻ căn cước công dân (CCCD) gắn chip”
#[tokio::test]
async fn a_level_2_account_is_worth_the_chip_card_and_a_level_1_account_is_not() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    let claims = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    assert_eq!(
        claims["vneid_card"],
        json!({"number": LAN.number, "issued": "2021-07-01", "expires": "2030-03-08", "status": "valid"})
    );
    let token = portal.access_token_for(&sim, DUC).await;
    let claims = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    assert_eq!(claims.get("vneid_card"), None);
    let duc = Handset::of(&sim, DUC).await;
    duc.qr("can_cuoc", json!(["card"]), false).await.problem(403, "service_needs_level_2");
}

/// “có giá trị tương đương với việc xuất trình giấy tờ, tài liệu để chứng minh thông tin đã được tích hợp vào tài khoản”
#[tokio::test]
async fn what_is_integrated_can_be_presented_and_nothing_else() {
    let sim = Sim::new().await;
    let person = json!({"papers": {"driving": {
        "number": "790990000044", "classes": ["A1"], "issued": "2019-01-02"},
        "tax": {"code": DAT.number}}});
    sim.put(&format!("/admin/v1/citizens/{}", DAT.number), person).await.status(200);
    let body = json!({"number": DAT.number, "phone": DAT.phone, "papers": [{"kind": "driving"}]});
    sim.post("/desk/v1/registrations", body).await.status(201);
    DAT.activates(&sim).await.status(200);
    let dat = Handset::of_activated(&sim, DAT).await;
    dat.qr("can_cuoc", json!(["tax"]), false).await.problem(404, "paper_unknown");
    let code = dat.qr("can_cuoc", json!(["driving"]), false).await.status(201);
    let seen = reads(&sim, &code).await.status(200).json();
    assert_eq!(
        seen["papers"],
        json!({"driving": {"number": "790990000044", "classes": ["A1"], "issued": "2019-01-02"}})
    );
}

/// “Ví giấy tờ điện tử” … “giấy phép lái xe, bảo hiểm y tế, đăng ký xe, thẻ CCCD… sẽ thay thế cho việc xuất trình các giấy tờ
/// quan trọng này.”
#[tokio::test]
async fn the_wallet_holds_licence_health_card_vehicle_and_chip_card() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    for kind in ["card", "driving", "vehicle", "health_insurance"] {
        let row = thinh.wallet(kind).await;
        assert_eq!((&row["known"], &row["integrated"]), (&json!(true), &json!(true)), "{kind}");
    }
    let share = json!(["card", "driving", "vehicle", "health_insurance"]);
    let code = thinh.qr("can_cuoc", share, false).await.status(201);
    let papers = reads(&sim, &code).await.status(200).json()["papers"].clone();
    assert_eq!(papers["card"]["current"]["expires"], "2040-02-02");
    assert_eq!(papers["driving"]["number"], "310080000263");
    assert_eq!(papers["vehicle"]["plate"], "15A-123.45");
    assert_eq!(papers["health_insurance"]["number"], "DN4310108000263");
    assert_eq!(papers.as_object().unwrap().len(), 4);
}

/// “(hoặc tương đương hộ chiếu với trường hợp là người nước ngoài)”
#[tokio::test]
async fn a_foreigners_level_2_is_worth_the_passport() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, JI_WOO).await;
    let claims = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    assert_eq!(claims["vneid_passport_number"], "M12345678");
    assert_eq!(claims["vneid_nationality"], "KR");
    assert_eq!(
        (&claims["vneid_holder"], &claims["vneid_account_level"]),
        (&json!("foreigner"), &json!(2))
    );
    assert_eq!(claims.get("vneid_card"), None);
    // It is worth no more than the passport: once that is out of date, the account is locked.
    sim.command(JI_WOO.number, "lock", json!({"reason": "passport_expired"})).await.status(200);
    let body = json!({"number": JI_WOO.number, "password": JI_WOO.password, "device": "p"});
    sim.post("/app/v1/sign-ins", body).await.problem(403, "locked");
}

/// “Thông tin hiển thị của thẻ bảo hiểm y tế trên ứng dụng VNeID được xác thực và truy xuất từ cơ sở dữ liệu của BHXH Việt Nam”
#[tokio::test]
async fn the_health_card_is_shown_from_the_bhxh_database() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    assert_eq!(thinh.wallet("health_insurance").await["database"], "CSDL của BHXH Việt Nam");
    let shown = json!({
        "number": "DN4310108000263", "from": "2026-01-01", "until": "2026-12-31",
        "facility": "Bệnh viện Ví Dụ Hải Phòng",
    });
    assert_eq!(thinh.paper("health_insurance").await, shown);
    // The database changes; the app shows it at once.
    let mut other = shown;
    other["facility"] = json!("Trạm Y tế Sao Mai");
    let papers = json!({"papers": {"health_insurance": other}});
    sim.put(&format!("/admin/v1/citizens/{}", THINH.number), papers).await.status(200);
    assert_eq!(thinh.paper("health_insurance").await, other);
}

/// “Các thông tin hiển thị các hạng giấy phép lái xe, đăng ký xe trên VNeID được liên thông, xác thực với cơ sở dữ liệu về
/// giao thông vận tải.”
#[tokio::test]
async fn licence_classes_and_the_vehicle_come_from_the_transport_database() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    for kind in ["driving", "vehicle"] {
        assert_eq!(thinh.wallet(kind).await["database"], "CSDL giao thông vận tải");
    }
    assert_eq!(
        thinh.paper("driving").await,
        json!({"number": "310080000263", "classes": ["A1", "B"], "issued": "2019-05-06", "until": "2029-05-06"})
    );
    assert_eq!(
        thinh.paper("vehicle").await,
        json!({"plate": "15A-123.45", "kind": "car", "make": "Mẫu Một", "registered": "2020-09-01"})
    );
}

/// “nhập thông tin về người phụ thuộc, người giám hộ; khai báo lưu trú mọi lúc mọi nơi …; kiến nghị, phản ánh về an ninh
/// trật tự”: dependants are shown; the two services open, and what is filed in them is not simulated.
#[tokio::test]
async fn dependants_stay_notice_and_security_feedback_are_at_hand() {
    let sim = Sim::new().await;
    let huong = Handset::of(&sim, HUONG).await;
    let dependants = huong.paper("dependants").await;
    let names: Vec<_> = dependants.as_array().unwrap().iter().map(|it| &it["full_name"]).collect();
    assert_eq!(names, ["Lê Minh An", "Lê Minh Châu"]);
    let duc = Handset::of(&sim, DUC).await;
    for service in ["stay_notice", "security_feedback"] {
        assert_eq!(duc.opens(service).await.status(200).json()["level"], 1);
    }
}

/// “khi công dân thực hiện cấp mới, đổi, cấp lại thẻ CCCD gắn chip, có nhu cầu tạo tài khoản … sẽ được … cấp tài khoản định
/// danh điện tử với CCCD gắn chip.”
#[tokio::test]
async fn whoever_renews_a_card_gets_the_account_with_it() {
    let sim = Sim::new().await;
    let body =
        json!({"number": SEN.number, "phone": SEN.phone, "with_card": true, "desk_province": 40});
    sim.post("/desk/v1/registrations", body).await.status(201);
    assert_eq!(stands(&sim, SEN.number).await, ("approved".to_owned(), 2));
    let person = sim.get(&format!("/admin/v1/citizens/{}", SEN.number)).await.status(200).json();
    assert_eq!(person["card"]["issued"], "2026-03-02");
    assert_eq!(person["former_cards"][0]["issued"], "2021-05-20");
    assert_eq!(person["former_cards"][0]["status"], "expired");
}

/// “tin nhắn thông báo có nội dung “Cuc canh sat QLHC ve TTXH thong bao: …”, từ đó, người dân sẽ kích hoạt”
#[tokio::test]
async fn the_approval_message_has_the_letters_words_and_activation_follows() {
    let sim = Sim::new().await;
    super::policy(&sim, json!({"approval_text": 2})).await;
    let body = json!({"number": DAT.number, "phone": DAT.phone, "result_by": ["sms"]});
    sim.post("/app/v1/registrations", body).await.status(201);
    let words = "Cuc canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan da duoc \
                 phe duyet. De nghi truy cap ung dung VNeID hoac dia chi http://vneid.gov.vn de kich hoat tai khoan";
    assert_eq!(sent(&sim, "approval").await, [["sms", DAT.phone, words].map(str::to_owned)]);
    assert_eq!(sim.sms(DAT.phone).await["sender"], "VNeID");
    assert_eq!(stands(&sim, DAT.number).await, ("approved".to_owned(), 1));
    DAT.activates(&sim).await.status(200);
    assert_eq!(stands(&sim, DAT.number).await, ("active".to_owned(), 1));
}
