//! S3, the town police letter of 28/2/2024: the seven services that level 2 adds, and what level 1 meets instead.

use serde_json::json;

use super::{CHILDREN, HUONG, Handset, THINH};
use crate::harness::{
    Sim,
    actors::{Citizen, DUC, LAN, Portal},
    browser::Browser,
};

const SEVEN: [(&str, &str); 7] = [
    ("residence", "Thông tin cư trú (Hộ khẩu online)"),
    ("card", "Thông tin thẻ CCCD gắn chíp mới nhất và lịch sử thẻ"),
    ("dependants", "Thông tin người phụ thuộc"),
    ("driving_and_vehicle", "Thông tin giấy phép lái xe, đăng ký xe"),
    ("health_insurance", "Thông tin thẻ bảo hiểm y tế"),
    ("social_insurance", "An sinh xã hội: quá trình tham gia bảo hiểm xã hội"),
    ("health_record", "Lịch sử khám chữa bệnh (Sổ sức khỏe điện tử)"),
];

/// “Tài khoản định danh điện tử mức 2 có 16 dịch vụ, tiện ích …”: the seven, in the letter's order.
#[tokio::test]
async fn the_seven_more_services_of_level_2_are_named_as_in_the_letter() {
    let sim = Sim::new().await;
    let lan = Handset::of(&sim, LAN).await;
    let all = lan.get("/app/v1/services").await.status(200).json();
    for (place, (service, title)) in SEVEN.into_iter().enumerate() {
        let wanted = json!({"service": service, "title": title, "level": 2, "entitled": true});
        assert_eq!(all[9 + place], wanted);
        assert_eq!(lan.opens(service).await.status(200).json(), wanted);
    }
}

/// “Với mỗi mức độ tài khoản định danh điện tử, ứng dụng VNeID đã phát triển các dịch vụ, tiện ích tương ứng”: level 1 meets the
/// upgrade notice at each of the seven.
#[tokio::test]
async fn a_level_1_holder_meets_the_upgrade_notice() {
    let sim = Sim::new().await;
    let duc = Handset::of(&sim, DUC).await;
    let all = duc.get("/app/v1/services").await.status(200).json();
    for (place, (service, title)) in SEVEN.into_iter().enumerate() {
        assert_eq!(all[9 + place]["entitled"], false);
        let refused = duc.opens(service).await.problem(403, "service_needs_level_2");
        let words = format!("Nâng cấp tài khoản lên định danh mức 2 để sử dụng chức năng {title}");
        assert_eq!(refused["detail_vi"], words);
    }
    for paper in ["residence", "card", "dependants", "driving", "vehicle", "health_insurance"] {
        duc.get(&format!("/app/v1/papers/{paper}")).await.problem(403, "service_needs_level_2");
    }
    for paper in ["social_insurance", "health", "tax", "old_number"] {
        duc.get(&format!("/app/v1/papers/{paper}")).await.problem(403, "service_needs_level_2");
    }
}

/// The same notice at a portal that wants level 2.
#[tokio::test]
async fn a_level_1_holder_meets_the_notice_at_a_portal_too() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"minimum_level": 2})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    DUC.signs_in(&mut browser).await.status(200);
    assert!(browser.url.starts_with("/login/level?"), "{}", browser.url);
    assert!(
        browser.page.contains("Nâng cấp tài khoản lên định danh mức 2 để sử dụng chức năng này")
    );
    let back = browser.submit("/login/level", &[]).await;
    assert_eq!(portal.error(&back), "access_denied");
}

/// “(1) Thông tin cư trú (Hộ khẩu online)”
#[tokio::test]
async fn service_1_residence_is_the_household_book_online() {
    let sim = Sim::new().await;
    let huong = Handset::of(&sim, HUONG).await;
    assert_eq!(
        huong.paper("residence").await,
        json!({
            "residence": {
                "detail": "45 phố Gia Đình", "commune": "Phường Hoa Sen",
                "province_code": "01", "province": "Hà Nội",
            },
            "spouse": "097090000307", "household": CHILDREN,
        })
    );
}

/// “(2) Tích hợp thông tin thẻ CCCD gắn chíp mới nhất và lịch sử thông tin thẻ căn cước công dân, chứng minh nhân dân”
#[tokio::test]
async fn service_2_the_latest_card_and_the_cards_of_before() {
    let yen = Citizen { number: "097184000252", phone: "0912345625", password: "Vn@000252a" };
    let sim = Sim::new().await;
    let card = Handset::of(&sim, yen).await.paper("card").await;
    assert_eq!(card["number"], yen.number);
    assert_eq!(
        card["current"],
        json!({"issued": "2024-11-20", "expires": "2044-11-11", "status": "valid"})
    );
    assert_eq!(
        card["history"],
        json!([{"issued": "2021-08-01", "expires": "2024-11-11", "status": "expired"}])
    );
    // The old identity card of nine digits.
    let card = Handset::of(&sim, THINH).await.paper("card").await;
    assert_eq!(card["old_number"], "030123456");
    // A renewal moves the latest into the history at once.
    sim.post("/desk/v1/cards", json!({"number": THINH.number})).await.status(201);
    let card = Handset::of(&sim, THINH).await.paper("card").await;
    assert_eq!(card["current"]["issued"], "2026-03-02");
    assert_eq!(card["history"][0]["issued"], "2021-12-01");
}

/// “(3) Tích hợp thông tin người phụ thuộc (con dưới 14 tuổi hoặc người giám hộ) được xác thực với CSDLQG về dân cư”
#[tokio::test]
async fn service_3_dependants_are_children_under_14_and_wards() {
    let sim = Sim::new().await;
    let huong = Handset::of(&sim, HUONG).await;
    assert_eq!(huong.wallet("dependants").await["database"], "CSDLQG về dân cư");
    let (an, chau) = (CHILDREN[0], CHILDREN[1]);
    assert_eq!(
        huong.paper("dependants").await,
        json!([
            {"number": an, "full_name": "Lê Minh An", "birth_date": "2016-09-01", "kind": "child"},
            {"number": chau, "full_name": "Lê Minh Châu", "birth_date": "2021-12-24", "kind": "young_child"},
        ])
    );
    let tin = Handset::of(&sim, super::TIN).await.paper("dependants").await;
    let kinds: Vec<_> =
        tin.as_array().unwrap().iter().map(|it| (&it["number"], &it["kind"])).collect();
    let ward = json!("ward");
    let (hien, lanh) = (json!("097095000397"), json!("097172000386"));
    assert_eq!(kinds, [(&hien, &ward), (&lanh, &ward)]);
}

/// “(4) Tích hợp thông tin giấy phép lái xe, đăng ký xe”
#[tokio::test]
async fn service_4_driving_licence_and_vehicle_registration() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    assert_eq!(thinh.paper("driving").await["classes"], json!(["A1", "B"]));
    assert_eq!(thinh.paper("vehicle").await["plate"], "15A-123.45");
    // Who has a licence and no vehicle is shown just that.
    let dung = Citizen { number: "097099000285", phone: "0912345628", password: "Vn@000285a" };
    let dung = Handset::of(&sim, dung).await;
    assert_eq!(dung.paper("driving").await["number"], "960990000285");
    dung.get("/app/v1/papers/vehicle").await.problem(404, "paper_unknown");
}

/// “(5) Tích hợp thông tin thẻ bảo hiểm y tế”
#[tokio::test]
async fn service_5_health_insurance_card() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    assert_eq!(thinh.paper("health_insurance").await["number"], "DN4310108000263");
    let man = Citizen { number: "097163000228", phone: "0912345622", password: "Vn@000228a" };
    let man = Handset::of(&sim, man).await;
    assert_eq!(man.wallet("health_insurance").await["known"], false);
    man.get("/app/v1/papers/health_insurance").await.problem(404, "paper_unknown");
}

/// “(6) Tích hợp thông tin quá trình tham gia bảo hiểm xã hội”
#[tokio::test]
async fn service_6_social_insurance_month_by_month() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    let paper = thinh.paper("social_insurance").await;
    assert_eq!(paper["number"], "0108000263");
    let months = paper["months"].as_array().unwrap();
    // 2005-03 to 2012-08, then 2013-01 to this month, 2026-03.
    assert_eq!(months.len(), 90 + 159);
    assert_eq!(
        months[0],
        json!({"month": "2005-03", "unit": null, "unit_name": "Công ty TNHH Bước Đầu", "salary": 3_500_000})
    );
    assert_eq!(
        (&months[89]["month"], &months[90]["month"]),
        (&json!("2012-08"), &json!("2013-01"))
    );
    assert_eq!(
        months[248],
        json!({
            "month": "2026-03", "unit": "800000000017",
            "unit_name": "Bảo hiểm xã hội tỉnh Ví Dụ", "salary": 9_800_000,
        })
    );
}

/// “(7) Tích hợp thông tin lịch sử khám chữa bệnh (Sổ sức khỏe điện tử)”
#[tokio::test]
async fn service_7_health_record() {
    let sim = Sim::new().await;
    let thinh = Handset::of(&sim, THINH).await;
    assert_eq!(
        thinh.paper("health").await,
        json!({"blood_group": "O+", "visits": [{
            "date": "2025-04-02", "facility": "Bệnh viện Ví Dụ Hải Phòng",
            "diagnosis": "Khám sức khỏe định kỳ"}]})
    );
}
