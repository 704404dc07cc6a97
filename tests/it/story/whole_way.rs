//! One citizen's whole way, from the registration request to the ID token in the portal's hands.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DAT, LAN, PAO, Portal},
    payload,
};

#[tokio::test]
async fn a_level_1_citizen_from_the_app_to_the_id_token() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;

    let registration = DAT.registers_in_the_app(&sim).await;
    assert_eq!(registration["status"], "approved");
    let statuses: Vec<_> =
        registration["history"].as_array().unwrap().iter().map(|h| h["status"].clone()).collect();
    assert_eq!(statuses, ["submitted", "matching", "under_review", "approved"]);

    let sms = sim.sms(DAT.phone).await;
    assert_eq!(sms["purpose"], "approval");
    assert_eq!(sms["sender"], "VNeID");
    assert_eq!(sms["segments"], 2);
    assert_eq!(
        sms["text"],
        "Cuc Canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan Dang Dinh Dat \
         da duoc phe duyet. De nghi truy cap ung dung VNeID hoac dia chi https://vneid.gov.vn de kich hoat tai khoan."
    );
    assert_eq!(sim.account(DAT.number).await["state"], "approved");
    assert_eq!(sim.account(DAT.number).await["until"], "2026-03-09T02:00:00Z");

    assert_eq!(DAT.activates(&sim).await.status(200).json()["next"], "done");
    assert_eq!(sim.account(DAT.number).await["state"], "active");

    let tokens = portal.signs_in(&sim, DAT).await;
    let claims = payload(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["iss"], "http://localhost:8080");
    assert_eq!(claims["aud"], portal.client_id.as_str());
    assert_eq!(claims["nonce"], "n-1");
    assert_eq!(claims["acr"], "LoA2");
    assert_eq!(claims["amr"], json!(["pwd", "otp", "sms"]));
    assert_eq!(claims["iat"], sim.seconds());
    assert_eq!(claims["auth_time"], sim.seconds());
    assert_eq!(claims["exp"], sim.seconds() + 3600);
    assert_eq!(claims["vneid_mock"], true);
    assert_eq!(claims["vneid_account_level"], 1);
    assert_ne!(claims["sub"], DAT.number);

    let userinfo = sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await;
    let userinfo = userinfo.status(200).json();
    assert_eq!(userinfo["sub"], claims["sub"]);
    assert_eq!(userinfo["name"], "Đặng Đình Đạt");
    assert_eq!(userinfo["family_name"], "Đặng");
    assert_eq!(userinfo["middle_name"], "Đình");
    assert_eq!(userinfo["given_name"], "Đạt");
    assert_eq!(userinfo["birthdate"], "1995-05-05");
    assert_eq!(userinfo["phone_number"], "+84987654321");
    for level_2 in ["address", "vneid_card", "vneid_residence"] {
        assert!(userinfo.get(level_2).is_none(), "{level_2} for a level-1 account");
    }
}

#[tokio::test]
async fn a_level_2_citizen_with_a_new_card_from_the_desk_to_the_claims() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"minimum_level": 2})).await;
    let body =
        json!({"number": PAO.number, "phone": PAO.phone, "with_card": true, "desk_province": 15});
    let registration = sim.post("/desk/v1/registrations", body).await.status(201).json();
    assert_eq!(registration["channel"], "desk_with_card");
    assert_eq!(registration["level"], 2);
    PAO.activates(&sim).await.status(200);

    let tokens = portal.signs_in(&sim, PAO).await;
    let userinfo = sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await;
    let userinfo = userinfo.status(200).json();
    assert_eq!(userinfo["vneid_account_level"], 2);
    assert_eq!(userinfo["vneid_card"]["issued"], "2026-03-02");
    // Born 7 July 1968: more than two years before 60, so the card is good until then.
    assert_eq!(userinfo["vneid_card"]["expires"], "2028-07-07");
    assert_eq!(userinfo["vneid_residence"]["province"], "Lào Cai");
    assert_eq!(userinfo["address"]["country"], "VN");
}

#[tokio::test]
async fn the_subject_outlives_a_reset_and_is_never_the_number() {
    let sim = Sim::new().await;
    let before = sim.account(LAN.number).await["subject"].clone();
    sim.post("/admin/v1/realms/default/reset", json!({})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["subject"], before);
    assert!(!before.as_str().unwrap().contains(LAN.number));
}

#[tokio::test]
async fn anybody_of_the_country_can_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let like = json!({"level": 2, "gender": "female", "birth_year": 1987});
    let person = sim.post("/admin/v1/accounts", like).await.status(201).json();
    assert_eq!(person["gender"], "female");
    assert!(person["birth_date"].as_str().unwrap().starts_with("1987"));
    let mut browser = crate::harness::browser::Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let text = |name: &str| person[name].as_str().unwrap().to_owned();
    let fields = [("username", text("number")), ("password", text("password"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit("/login", &fields).await.status(200);
    let otp = sim.otp(&text("phone")).await;
    let reply = browser.submit("/login/otp", &[("otp", &otp)]).await;
    portal.code(&reply);
}
