//! S2, “Đăng nhập trên Cổng dịch vụ công Quốc gia”: the five steps, at the demo portal.

use crate::harness::{
    Reply, Sim,
    actors::{DUC, LAN},
    browser::Browser,
};

/// Where a reply leads, without the issuer's host.
fn here(reply: &Reply) -> String {
    let to = reply.location();
    to.strip_prefix("http://localhost:8080").unwrap().to_owned()
}

/// As far as the identity system's page: steps 1 to 3.
async fn at_the_identity_system(sim: &Sim) -> Browser<'_> {
    let mut browser = Browser::new(sim);
    browser.open("/demo?lang=vi").await.status(200);
    browser.open("/demo/login?lang=vi").await.status(200);
    let leaves = browser.post("/demo/start", &[("lang", "vi")]).await;
    browser.open(&here(&leaves)).await.status(200);
    browser
}

/// “Bước 1: Người dùng truy cập vào Cổng dịch vụ công Quốc gia … và nhấn vào “Đăng nhập”.”
#[tokio::test]
async fn step_1_the_portal_has_a_sign_in_button() {
    let sim = Sim::new().await;
    let mut browser = Browser::new(&sim);
    let home = browser.open("/demo?lang=vi").await.status(200).text();
    assert!(home.contains("id=\"sign-in\" href=\"/demo/login?lang=vi\">Đăng nhập</a>"), "{home}");
}

/// “Bước 2: Người dùng chọn “Tài khoản định danh điện tử cấp bởi Bộ Công an”.”
#[tokio::test]
async fn step_2_one_chooses_the_account_issued_by_the_ministry() {
    let sim = Sim::new().await;
    let mut browser = Browser::new(&sim);
    let choice = browser.open("/demo/login?lang=vi").await.status(200).text();
    assert!(
        choice.contains("id=\"e-id\">Tài khoản định danh điện tử cấp bởi Bộ Công an\n"),
        "{choice}"
    );
    assert!(choice.contains("<form method=\"post\" action=\"/demo/start\">"), "{choice}");
}

/// “Bước 3: Hệ thống chuyển hướng sang trang đăng nhập của Hệ thống định danh và xác thực điện tử. Người dùng sử dụng tài khoản
/// định danh điện tử của mình để đăng nhập.”
#[tokio::test]
async fn step_3_the_portal_redirects_to_the_identity_systems_page() {
    let sim = Sim::new().await;
    let mut browser = Browser::new(&sim);
    let leaves = browser.post("/demo/start", &[("lang", "vi")]).await;
    assert!(
        here(&leaves).starts_with("/oauth2/authorize?response_type=code&client_id=demo-portal")
    );
    browser.open(&here(&leaves)).await.status(200);
    assert!(browser.url.starts_with("/login?interaction="), "{}", browser.url);
    assert!(
        browser.page.contains("name=\"username\"") && browser.page.contains("name=\"password\"")
    );
    LAN.types_password(&mut browser).await.status(200);
    assert!(browser.url.starts_with("/login/otp?interaction="), "{}", browser.url);
}

/// “Bước 4: Hệ thống gửi mã OTP về số điện thoại đã đăng ký theo tài khoản định danh của người dùng. Người dùng nhập mã OTP”
#[tokio::test]
async fn step_4_an_otp_goes_to_the_registered_phone_and_is_asked_for() {
    let sim = Sim::new().await;
    let mut browser = at_the_identity_system(&sim).await;
    assert_eq!(sim.messages().await.len(), 0);
    LAN.types_password(&mut browser).await.status(200);
    let messages = sim.messages().await;
    assert_eq!(messages.len(), 1);
    let sms = &messages[0];
    assert_eq!((&sms["channel"], &sms["purpose"]), (&"sms".into(), &"otp".into()));
    assert_eq!((&sms["to"], &sms["sender"]), (&LAN.phone.into(), &"VNeID".into()));
    let code = sms["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    browser.submit("/login/otp", &[("otp", "000000x")]).await.status(422);
    let back = LAN.types_otp(&mut browser).await;
    assert!(here(&back).starts_with("/demo/callback?code="), "{}", here(&back));
}

/// “Bước 5: Sau khi nhập mã OTP thành công, hệ thống sẽ tự chuyển hướng về trang đăng nhập của Cổng dịch vụ công Quốc gia.”
#[tokio::test]
async fn step_5_the_system_redirects_back_to_the_portal() {
    for (who, name, level) in [(LAN, "Nguyễn Thị Lan", 2), (DUC, "Trần Văn Đức", 1)] {
        let sim = Sim::new().await;
        let mut browser = at_the_identity_system(&sim).await;
        let back = who.signs_in(&mut browser).await;
        browser.open(&here(&back)).await.status(200);
        assert_eq!(browser.url, "/demo?lang=vi");
        let greeting = format!("<strong id=\"visitor\">{name}</strong>");
        assert!(browser.page.contains(&greeting), "{}", browser.page);
        assert!(browser.page.contains(&format!("Mức độ {level}</span>")), "{}", browser.page);
    }
}
