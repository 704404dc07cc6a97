//! Citizens: found, put, and changed under a live account.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
};

fn path(number: &str) -> String {
    format!("/admin/v1/citizens/{number}")
}

#[tokio::test]
async fn what_changes_is_seen_in_userinfo_and_the_subject_stays() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let token = portal.access_token_for(&sim, LAN).await;
    let before = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    let body = json!({
        "full_name": "Trần Ngọc Lan", "birth_date": "1990-12-31",
        "residence": {"detail": "1 phố Mới", "commune": "Xã Mới", "province": 15},
        "card": {"issued": "2026-01-01", "expires": "2041-01-01"},
    });
    sim.put(&path(LAN.number), body).await.status(200);
    let after = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    assert_eq!(after["sub"], before["sub"]);
    assert_eq!(after["name"], "Trần Ngọc Lan");
    assert_eq!(after["birthdate"], "1990-12-31");
    assert_eq!(after["vneid_residence"]["province"], "Lào Cai");
    assert_eq!(after["vneid_card"]["expires"], "2041-01-01");
    assert_eq!(after["address"]["street_address"], "1 phố Mới");
    assert_eq!(after["phone_number"], before["phone_number"], "what is left out stays");
    sim.put(&path(LAN.number), json!({"no_card": true})).await.status(200);
    let bare = sim.bearer("/oauth2/userinfo", &token).await.status(200).json();
    assert!(bare.get("vneid_card").is_none());
}

#[tokio::test]
async fn a_phone_moves_and_the_old_one_is_free() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let taken = json!({"phone": DUC.phone});
    sim.put(&path(LAN.number), taken.clone()).await.problem(409, "phone_taken");
    assert_eq!(sim.account(LAN.number).await["phone"], LAN.phone);
    sim.put(&path(DUC.number), json!({"phone": "+84 987 654 322"})).await.status(200);
    sim.put(&path(LAN.number), taken).await.status(200);
    assert_eq!(sim.account(LAN.number).await["phone"], DUC.phone);
    assert_eq!(sim.account(DUC.number).await["phone"], "0987654322");
    for (phone, number) in [(DUC.phone, LAN.number), ("0987654322", DUC.number)] {
        let found = sim.get(&format!("/admin/v1/citizens?phone={phone}")).await.status(200).json();
        assert_eq!(found["number"], number);
    }
    sim.get(&format!("/admin/v1/citizens?phone={}", LAN.phone)).await.problem(404, "not_found");
    let access = portal.access_token_for(&sim, LAN).await;
    let claims = sim.bearer("/oauth2/userinfo", &access).await.json();
    assert_eq!(claims["phone_number"], "+84912345602");
    let mut browser = crate::harness::browser::Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    assert_eq!(sim.otp(DUC.phone).await.len(), 6, "the OTP goes to the new phone");
}

#[tokio::test]
async fn somebody_new_is_put_and_can_be_found_and_registered() {
    let sim = Sim::new().await;
    let number = "096190000011";
    let body = json!({"full_name": "Ngô Thị Mới", "birth_date": "1990-01-31", "gender": "female",
        "residence": {"detail": "1", "commune": "Xã Mới", "province": 1}, "phone": "0987654321", "card": {"issued": "2024-01-31"}});
    sim.put(&path(number), body).await.status(200);
    assert_eq!(sim.get(&path(number)).await.status(200).json()["full_name"], "Ngô Thị Mới");
    let found = sim.get("/admin/v1/citizens?phone=0987654321").await.status(200).json();
    assert_eq!(found["number"], number);
    let account = sim.account(number).await;
    assert_eq!(account["state"], "unregistered");
    let body = json!({"number": number, "phone": "0987654321"});
    sim.post("/app/v1/registrations", body).await.status(201);
    assert_eq!(sim.account(number).await["state"], "approved");
}

#[tokio::test]
async fn a_refused_change_changes_nothing_at_all() {
    let sim = Sim::new().await;
    let before = sim.get(&path(LAN.number)).await.json();
    for body in [
        json!({"full_name": "Trần Ngọc Lan", "birth_date": "1991-12-31"}),
        json!({"full_name": "Trần Ngọc Lan", "phone": DUC.phone}),
        json!({"full_name": "Trần Ngọc Lan", "email": "x"}),
        json!({"full_name": "Trần Ngọc Lan", "card": {"issued": "x"}}),
    ] {
        let reply = sim.put(&path(LAN.number), body).await;
        assert!(reply.status.is_client_error(), "{}", reply.text());
        assert_eq!(sim.get(&path(LAN.number)).await.json(), before);
    }
}
