//! S3, the town police letter of 28/2/2024: the counts, and the nine services of level 1, each by its name.

use serde_json::{Value, json};

use super::{Handset, policy, reads, sent};
use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
};

/// “Cục C06 đã thực hiện cấp 68,4 triệu tài khoản (mức 1: 15 triệu, mức 2: 53,4 triệu) và có 52,5 triệu tài khoản đã kích hoạt”
#[test]
fn there_are_68_4_million_accounts_15_of_level_1_53_4_of_level_2_and_52_5_activated() {
    use mock_vneid::{Config, population::Shares};
    let shares = Shares::of(Config::default().population);
    assert_eq!(shares.level1() + shares.level2(), 68_400_000);
    assert_eq!((shares.level1(), shares.level2()), (15_000_000, 53_400_000));
    assert_eq!(shares.activated(), 52_500_000);
}

/// “Tài khoản định danh diện tử mức 1 có 09 dịch vụ, tiện ích” … “mức 2 có 16 dịch vụ, tiện ích”
#[tokio::test]
async fn level_1_has_nine_services_and_level_2_sixteen() {
    let sim = Sim::new().await;
    for (who, entitled) in [(DUC, 9), (LAN, 16)] {
        let app = Handset::of(&sim, who).await;
        let all = app.get("/app/v1/services").await.status(200).json();
        let all = all.as_array().unwrap();
        assert_eq!(all.len(), 16);
        assert_eq!(all.iter().filter(|it| it["entitled"] == true).count(), entitled);
        let levels: Vec<_> = all.iter().map(|it| it["level"].as_u64().unwrap()).collect();
        assert_eq!(levels, [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
    }
}

/// The names of the nine, in the letter's order.
#[tokio::test]
async fn the_nine_services_of_level_1_are_named_as_in_the_letter() {
    let sim = Sim::new().await;
    let duc = Handset::of(&sim, DUC).await;
    let all = duc.get("/app/v1/services").await.status(200).json();
    let nine = [
        ("personal_information", "Tích hợp thông tin cá nhân từ CSDLQG về dân cư"),
        ("public_services", "Đăng nhập (SSO) và sử dụng các Dịch vụ công trực tuyến"),
        ("stay_notice", "Thực hiện thông báo lưu trú"),
        ("security_feedback", "Phản ánh, kiến nghị về an ninh trật tự"),
        ("notices", "Nhận thông báo giải quyết thủ tục hành chính, cảnh báo hết hạn thẻ"),
        ("news", "Cập nhật tin tức, cảnh báo thủ đoạn tội phạm"),
        ("share_data", "Chia sẻ dữ liệu công dân qua mã QR căn cước, mã QR định danh"),
        ("change_phone", "Đổi số điện thoại trực tuyến"),
        ("change_device", "Xác thực khi đổi thiết bị đăng nhập"),
    ];
    for (place, (service, title)) in nine.into_iter().enumerate() {
        let wanted = json!({"service": service, "title": title, "level": 1, "entitled": true});
        assert_eq!(all[place], wanted);
        assert_eq!(duc.opens(service).await.status(200).json(), wanted);
    }
}

/// “(1) Tích hợp thông tin cá nhân từ CSDLQG về dân cư”
#[tokio::test]
async fn service_1_personal_information_comes_from_the_population_database() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, DUC).await;
    let name = async || sim.bearer("/oauth2/userinfo", &token).await.json()["name"].clone();
    assert_eq!(name().await, "Trần Văn Đức");
    let change = json!({"full_name": "Trần Minh Đức"});
    sim.put(&format!("/admin/v1/citizens/{}", DUC.number), change).await.status(200);
    assert_eq!(name().await, "Trần Minh Đức");
    let duc = Handset::of(&sim, DUC).await;
    assert_eq!(duc.get("/app/v1/account").await.json()["full_name"], "Trần Minh Đức");
}

/// “(2) Đăng nhập (SSO) và sử dụng các Dịch vụ công trực tuyến”
#[tokio::test]
async fn service_2_level_1_signs_in_once_for_every_portal() {
    let sim = Sim::new().await;
    let (one, two) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let mut browser = Browser::new(&sim);
    browser.open(&one.request(&[])).await.status(200);
    one.code(&DUC.signs_in(&mut browser).await);
    let code = two.code(&browser.open(&two.request(&[])).await);
    let tokens = two.redeems(&sim, &code, &[]).await.status(200).json();
    let claims = crate::harness::payload(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["aud"], json!(two.client_id));
    assert_eq!(sent(&sim, "otp").await.len(), 1, "one password, one OTP");
}

/// “(3) Thực hiện thông báo lưu trú; (4) Phản ánh, kiến nghị về an ninh trật tự; (6) Cập nhật các thông tin, tin tức”: they open
/// for level 1; what happens inside is not simulated.
#[tokio::test]
async fn services_3_4_and_6_open_for_level_1_and_not_before() {
    let sim = Sim::new().await;
    let duc = Handset::of(&sim, DUC).await;
    let names = ["stay_notice", "security_feedback", "news"];
    for service in names {
        duc.opens(service).await.status(200);
    }
    let path = format!("/admin/v1/accounts/{}/state", LAN.number);
    sim.put(&path, json!({"state": "level0"})).await.status(200);
    let lan = Handset::of(&sim, LAN).await;
    for service in names {
        lan.opens(service).await.problem(403, "registration_required");
    }
}

/// “(5) … nhận cảnh báo hết hạn thẻ CCCD gắn chip”
#[tokio::test]
async fn service_5_the_holder_is_warned_of_a_card_that_runs_out() {
    let sim = Sim::new().await;
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-04-10"}});
    sim.put(&format!("/admin/v1/citizens/{}", DUC.number), card).await.status(200);
    // 29 days left from 12 March, midnight in Viet Nam, on.
    sim.clock.advance_millis((9 * 24 + 15) * 3600 * 1000 - 1);
    assert_eq!(sent(&sim, "card_expiring").await.len(), 0);
    sim.clock.advance_millis(1);
    let words = "[MO PHONG] VNeID: The can cuoc cua quy khach het han sau ngay 10/04/2026. De nghi cap doi the.";
    let warned = [["sms", DUC.phone, words], ["app", DUC.number, words]];
    assert_eq!(sent(&sim, "card_expiring").await, warned.map(|it| it.map(str::to_owned)));
    assert_eq!(sim.sms(DUC.phone).await["at"], "2026-03-11T17:00:00Z");
}

/// “(7) Chia sẻ dữ liệu công dân …; thông qua mã QR căn cước; thông qua mã QR định danh”
#[tokio::test]
async fn service_7_data_are_shared_by_either_qr_code() {
    let sim = Sim::new().await;
    let duc = Handset::of(&sim, DUC).await;
    for kind in ["can_cuoc", "dinh_danh"] {
        let code = duc.qr(kind, json!([]), false).await.status(201);
        assert!(code.json()["svg"].as_str().unwrap().contains("<svg"));
        let seen = reads(&sim, &code).await.status(200).json();
        assert_eq!((&seen["kind"], &seen["number"]), (&json!(kind), &json!(DUC.number)));
    }
    duc.post("/app/v1/qr-codes", json!({"kind": "can_cuoc", "passcode": "999999"}))
        .await
        .problem(401, "wrong_passcode");
}

/// “(8) Đổi số điện thoại trực tuyến”
#[tokio::test]
async fn service_8_the_phone_is_changed_online_by_an_otp_to_the_new_one() {
    let sim = Sim::new().await;
    policy(&sim, json!({"review": "manual"})).await;
    let new = "0987654377";
    let duc = Handset::of(&sim, DUC).await;
    let path = "/app/v1/phone-changes";
    let wish = |phone: &str| json!({"phone": phone, "passcode": duc.passcode});
    duc.post(path, wish(DUC.phone)).await.problem(409, "phone_unchanged");
    duc.post(path, wish(LAN.phone)).await.problem(409, "phone_taken");
    let begun = duc.post(path, wish(new)).await.status(201).json();
    assert_eq!(sim.account(DUC.number).await["phone"], DUC.phone);
    let otp = json!({"otp": sim.otp(new).await});
    let id = begun["id"].as_str().unwrap();
    sim.post(&format!("{path}/{id}/otp"), otp).await.status(200);
    let account = sim.account(DUC.number).await;
    assert_eq!((&account["phone"], &account["state"]), (&json!(new), &json!("active")));
    assert_eq!(sent(&sim, "otp").await.iter().map(|it| it[1].clone()).collect::<Vec<_>>(), [new]);
}

/// “(9) Xác thực khi đổi thiết bị đăng nhập”
#[tokio::test]
async fn service_9_another_device_is_authenticated_on_the_old_one() {
    let sim = Sim::new().await;
    let old = Handset::of(&sim, DUC).await;
    let sign_in = |chip: Option<&str>| {
        let mut body = json!({"number": DUC.number, "password": DUC.password, "device": "new"});
        if let Some(chip) = chip {
            body["chip"] = json!(chip);
        }
        body
    };
    let path = "/app/v1/sign-ins";
    let begun = sim.post(path, sign_in(None)).await.status(201).json();
    assert_eq!((&begun["next"], begun.get("token")), (&json!("otp"), None));
    let [[channel, to, _]] = &sent(&sim, "otp").await[..] else { panic!("one OTP") };
    assert_eq!((channel.as_str(), to.as_str()), ("app", DUC.number), "it shows on the old device");
    old.get("/app/v1/account").await.status(200);
    let code = sim.otp(DUC.number).await;
    let id = begun["id"].as_str().unwrap();
    let done = sim.post(&format!("{path}/{id}/otp"), json!({"otp": code})).await.status(200).json();
    assert!(done["token"].is_string(), "{done}");
    assert_eq!(sim.account(DUC.number).await["device"], "new");
    old.get("/app/v1/account").await.problem(401, "app_sign_in_required");
    // Without the old device the chip is read, and the OTP comes by SMS.
    let mut body = sign_in(Some("mismatch"));
    body["device"] = json!("third");
    sim.post(path, body.clone()).await.problem(401, "chip_mismatch");
    body["chip"] = json!("match");
    sim.post(path, body).await.status(201);
    let last: Vec<Value> = sim.messages().await;
    let last = last.last().unwrap();
    assert_eq!((&last["channel"], &last["to"]), (&json!("sms"), &json!(DUC.phone)));
}
