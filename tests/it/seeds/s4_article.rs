//! S4, the article of July 2022: the account, the two ways to register, and what either level means.

use serde_json::json;

use super::{ANTOINE, CHILDREN, HUONG, Handset, policy, sent, stands};
use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, PAO, Portal},
    browser::Browser,
};

/// “tên đăng nhập (chính là mã số định danh cá nhân của công dân), mật khẩu … hoặc hình thức xác thực khác”
#[tokio::test]
async fn the_user_name_is_the_id_number_and_nothing_else() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    for other in [LAN.phone, "lan@example.com", "Nguyễn Thị Lan"] {
        let fields = [("username", other), ("password", LAN.password)];
        browser.submit("/login", &fields).await.status(422);
    }
    portal.code(&LAN.signs_in(&mut browser).await);
}

/// “mật khẩu (được gửi qua tin nhắn SMS cho mỗi cá nhân)”: it is the one to sign in to portals with.
#[tokio::test]
async fn the_password_that_came_by_sms_signs_in() {
    let sim = Sim::new().await;
    policy(&sim, json!({"password_by_sms": true})).await;
    DAT.registers_in_the_app(&sim).await;
    let path = format!("/admin/v1/messages/latest?to={}&purpose=password", DAT.phone);
    let password = sim.get(&path).await.status(200).json()["code"].as_str().unwrap().to_owned();
    DAT.activates(&sim).await.status(200);
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    DAT.types_password(&mut browser).await.status(401);
    let fields = [("username", DAT.number), ("password", password.as_str())];
    browser.submit("/login", &fields).await.status(200);
    portal.code(&DAT.types_otp(&mut browser).await);
}

/// “người dân cần kê khai các thông tin gồm số định danh cá nhân (12 chữ số trên thẻ CCCD) và số điện thoại”
#[tokio::test]
async fn level_1_is_declared_by_the_twelve_digit_number_and_the_phone() {
    let sim = Sim::new().await;
    let door = "/app/v1/registrations";
    for short in ["09709500004", "0970950000441", "09709500004x", ""] {
        let body = json!({"number": short, "phone": DAT.phone});
        sim.post(door, body).await.problem(422, "invalid");
    }
    sim.post(door, json!({"number": DAT.number})).await.problem(422, "invalid");
    let done = sim.post(door, json!({"number": DAT.number, "phone": DAT.phone})).await;
    assert_eq!(done.status(201).json()["status"], "approved");
}

/// “Kết quả phê duyệt tài khoản sẽ được gửi qua tin nhắn SMS, công dân vào ứng dụng, kích hoạt và sử dụng.”
#[tokio::test]
async fn the_result_comes_by_sms_and_the_app_activates_and_is_used() {
    let sim = Sim::new().await;
    DAT.registers_in_the_app(&sim).await;
    let results = sent(&sim, "approval").await;
    assert!(results.iter().any(|it| it[0] == "sms" && it[1] == DAT.phone), "{results:?}");
    DAT.activates(&sim).await.status(200);
    let dat = Handset::of_activated(&sim, DAT).await;
    dat.opens("public_services").await.status(200);
}

/// “mức 2 trực tiếp tại cơ quan Công an (công dân có thể làm cùng lúc khi làm thẻ CCCD gắn chip)”
#[tokio::test]
async fn level_2_can_be_done_while_the_card_is_made() {
    let sim = Sim::new().await;
    let body =
        json!({"number": PAO.number, "phone": PAO.phone, "with_card": true, "desk_province": 15});
    sim.post("/desk/v1/registrations", body).await.status(201);
    PAO.activates(&sim).await.status(200);
    assert_eq!(stands(&sim, PAO.number).await, ("active".to_owned(), 2));
    let account = sim.account(PAO.number).await;
    assert_eq!(
        (&account["full_name"], &account["card"]["status"]),
        (&json!("Lý A Páo"), &json!("valid"))
    );
}

/// “Thông tin đăng ký bao gồm: CCCD, số điện thoại, địa chỉ hòm thư điện tử (email).”
#[tokio::test]
async fn the_desk_takes_card_phone_and_email() {
    let sim = Sim::new().await;
    let body = json!({"number": DAT.number, "phone": DAT.phone, "email": "dat@example.com"});
    sim.post("/desk/v1/registrations", body).await.status(201);
    let account = sim.account(DAT.number).await;
    assert_eq!(account["phone"], DAT.phone);
    assert_eq!(account["email"], "dat@example.com");
    let results = sent(&sim, "approval").await;
    assert!(results.iter().any(|it| it[0] == "email" && it[1] == "dat@example.com"), "{results:?}");
}

/// “Công dân có thể cung cấp thêm các thông tin về người phụ thuộc cùng giấy tờ kèm theo”
#[tokio::test]
async fn dependants_can_be_added_at_the_desk() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/accounts/{}/state", HUONG.number);
    sim.put(&path, json!({"state": "active", "level": 1})).await.status(200);
    let papers = json!([{"kind": "dependants"}]);
    let body = json!({"number": HUONG.number, "phone": HUONG.phone, "papers": papers});
    let done = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!(done["papers"], json!([{"kind": "dependants", "outcome": "verified"}]));
    HUONG.activates(&sim).await.status(200);
    let huong = Handset::of_activated(&sim, HUONG).await;
    let dependants = huong.paper("dependants").await;
    let numbers: Vec<_> = dependants.as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, CHILDREN);
}

/// “Mức độ 1: Tài khoản được tạo lập trong trường hợp thông tin của công dân kê khai đã được so sánh, đối chiếu tự động trùng
/// khớp với thông tin trong Cơ sở dữ liệu quốc gia về dân cư.”
#[tokio::test]
async fn level_1_is_made_when_the_declared_data_match_the_population_database() {
    let sim = Sim::new().await;
    let right = [
        ("full_name", "Đặng Đình Đạt", "Đặng Đình Đạc"),
        ("birth_date", "1995-05-05", "1995-05-06"),
        ("gender", "male", "female"),
    ];
    let mut body = json!({"number": DAT.number, "phone": DAT.phone});
    for (field, right, _) in right {
        body[field] = json!(right);
    }
    for (field, _, wrong) in right {
        let mut differs = body.clone();
        differs[field] = json!(wrong);
        let answer = sim.post("/app/v1/registrations", differs).await.status(201).json();
        assert_eq!(
            (&answer["status"], &answer["reason"]),
            (&json!("rejected"), &json!("data_mismatch"))
        );
        assert_eq!(answer["details"], json!([field]));
        assert_eq!(stands(&sim, DAT.number).await, ("unregistered".to_owned(), 0));
    }
    let answer = sim.post("/app/v1/registrations", body).await.status(201).json();
    let way: Vec<_> =
        answer["history"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(way, ["submitted", "matching", "under_review", "approved"]);
    assert_eq!(stands(&sim, DAT.number).await, ("approved".to_owned(), 1));
}

/// “Với tài khoản mức độ 1, công dân có thể sử dụng một số tính năng cơ bản như: … giải quyết dịch vụ công trực tuyến (thông báo
/// lưu trú, …)”
#[tokio::test]
async fn level_1_uses_basic_features_such_as_public_services_and_stay_notice() {
    let sim = Sim::new().await;
    let duc = Handset::of(&sim, DUC).await;
    for service in ["public_services", "stay_notice"] {
        assert_eq!(duc.opens(service).await.status(200).json()["entitled"], true);
    }
    let portal = Portal::plain(&sim).await;
    portal.signs_in(&sim, DUC).await;
}

/// “Mức độ 2: … đã được xác minh bằng ảnh chân dung hoặc vân tay trùng khớp với thông tin trong Cơ sở dữ liệu quốc gia về dân cư,
/// Cơ sở dữ liệu CCCD hoặc Cơ sở dữ liệu quốc gia về xuất nhập cảnh.”
#[tokio::test]
async fn level_2_is_made_when_portrait_and_fingerprints_match_too() {
    let sim = Sim::new().await;
    let door = "/desk/v1/registrations";
    for (who, immigration) in [(DAT, false), (ANTOINE, true)] {
        for (field, reason) in [("portrait", "portrait"), ("fingerprints", "fingerprints")] {
            let mut body =
                json!({"number": who.number, "phone": who.phone, "immigration": immigration});
            body[field] = json!("mismatch");
            let answer = sim.post(door, body).await.status(201).json();
            assert_eq!(
                (&answer["status"], &answer["reason"]),
                (&json!("rejected"), &json!(reason))
            );
        }
        let body = json!({"number": who.number, "phone": who.phone, "immigration": immigration});
        let answer = sim.post(door, body).await.status(201).json();
        assert_eq!((&answer["status"], &answer["level"]), (&json!("approved"), &json!(2)));
    }
    // The immigration database is not asked about citizens, nor the card database about foreigners.
    let body = json!({"number": DUC.number, "phone": DUC.phone, "immigration": true});
    sim.post(door, body).await.problem(403, "wrong_authority");
    let body = json!({"number": "997099000052", "phone": "0912345655"});
    sim.post(door, body).await.problem(403, "wrong_authority");
}

/// A foreigner's passport and nationality are compared with the immigration database.
#[tokio::test]
async fn a_foreigner_is_compared_with_the_immigration_database() {
    let sim = Sim::new().await;
    let body = json!({
        "number": ANTOINE.number, "phone": ANTOINE.phone, "immigration": true,
        "nationality": "BE", "passport_number": "23AB12346",
    });
    let answer = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!(answer["reason"], "data_mismatch");
    assert_eq!(answer["details"], json!(["nationality", "passport_number"]));
}

/// “Với tài khoản mức độ 2, công dân có thể sử dụng tất cả các chức năng tiện ích …: đăng ký tích hợp hiển thị các loại giấy tờ”
#[tokio::test]
async fn level_2_uses_every_feature_and_integrates_papers() {
    let sim = Sim::new().await;
    let papers = json!({"papers": {"tax": {"code": LAN.number}}});
    sim.put(&format!("/admin/v1/citizens/{}", LAN.number), papers).await.status(200);
    let lan = Handset::of(&sim, LAN).await;
    let all = lan.get("/app/v1/services").await.status(200).json();
    assert!(all.as_array().unwrap().iter().all(|service| service["entitled"] == true));
    lan.post("/app/v1/papers", json!({"kind": "tax"})).await.status(200);
    assert_eq!(lan.wallet("tax").await["integrated"], true);
    lan.post("/app/v1/papers", json!({"kind": "driving"})).await.problem(404, "paper_unknown");
    let duc = Handset::of(&sim, DUC).await;
    duc.post("/app/v1/papers", json!({"kind": "tax"})).await.problem(403, "service_needs_level_2");
}
