//! Foreigners: the immigration database, passport and residence card (Decree 69/2024 Art. 7, 11, 15).

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DAT, Portal},
    app::KIM,
};

/// No account, not in the immigration database.
const ARJUN: &str = "997099000052";

#[tokio::test]
async fn level_1_in_the_app_with_the_passport_field_by_field() {
    let sim = Sim::new().await;
    let ask = |more: serde_json::Value| {
        let mut body = json!({"number": ARJUN, "phone": "0912345655"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let path = "/app/v1/registrations";
    let wrong = ask(
        json!({"nationality": "PK", "passport_number": "Z0000000", "full_name": "Singh Arjun"}),
    );
    let rejected = sim.post(path, wrong).await.status(201).json();
    assert_eq!(rejected["status"], "rejected");
    assert_eq!(rejected["details"], json!(["nationality", "passport_number"]));
    let told = sim.sms("0912345655").await["text"].as_str().unwrap().to_owned();
    assert!(
        told.contains("khong khop voi CSDLQG ve xuat nhap canh (quoc tich, so ho chieu)"),
        "{told}"
    );
    let right = ask(json!({"nationality": "IN", "passport_number": "Z1234567"}));
    let approved = sim.post(path, right).await.status(201).json();
    assert_eq!(
        (&approved["status"], &approved["legal_time"]),
        (&json!("approved"), &json!("1 working day"))
    );
    assert_eq!(sim.account(ARJUN).await["kind"], "foreigner");
    // A citizen has no passport in that database.
    let body = json!({"number": DAT.number, "phone": DAT.phone, "nationality": "LA"});
    assert_eq!(sim.post(path, body).await.status(201).json()["details"], json!(["nationality"]));
}

#[tokio::test]
async fn level_2_is_given_by_the_immigration_authority() {
    let sim = Sim::new().await;
    let body = |immigration: bool| json!({"number": ARJUN, "phone": "0912345655", "immigration": immigration});
    let path = "/desk/v1/registrations";
    sim.post(path, body(false)).await.problem(403, "wrong_authority");
    let citizen = json!({"number": DAT.number, "phone": DAT.phone, "immigration": true});
    sim.post(path, citizen).await.problem(403, "wrong_authority");
    let approved = sim.post(path, body(true)).await.status(201).json();
    assert_eq!((&approved["level"], &approved["channel"]), (&json!(2), &json!("immigration")));
    assert_eq!(approved["legal_time"], "7 working days", "his face is not in the database yet");
}

#[tokio::test]
async fn an_expired_passport_locks_and_a_new_one_unlocks() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let access = portal.access_token_for(&sim, KIM).await;
    // The residence card ends on 1 January 2030: the day after, the account is locked.
    sim.post("/admin/v1/clock/set", json!({"at": "2030-01-01T23:59:59+07:00"})).await.status(200);
    assert_eq!(sim.account(KIM.number).await["state"], "active");
    sim.post("/admin/v1/clock/advance", json!({"duration": "PT1S"})).await.status(200);
    let account = sim.account(KIM.number).await;
    assert_eq!(
        (&account["state"], &account["reason"]),
        (&json!("locked"), &json!("residence_expired"))
    );
    assert_eq!(account["locked_by"], "registry");
    assert_eq!(sim.bearer("/oauth2/userinfo", &access).await.status, 401);
    let foreign = json!({"foreign": {
        "nationality": "KR",
        "passport": {"number": "M12345678", "issued": "2022-01-01", "expires": "2032-01-01", "place": "Seoul"},
        "residence_card": {"kind": "permanent", "number": "TH9999999", "expires": "2040-01-01"},
    }});
    sim.put(&format!("/admin/v1/citizens/{}", KIM.number), foreign).await.status(200);
    assert_eq!(sim.account(KIM.number).await["state"], "active", "unlocked by itself");
    assert_eq!(sim.sms(KIM.phone).await["purpose"], "unlocked");
}

#[tokio::test]
async fn grounds_of_citizens_are_not_grounds_of_foreigners_nor_the_reverse() {
    let sim = Sim::new().await;
    for (number, reason) in [
        (KIM.number, "card_revoked"),
        (KIM.number, "card_expired"),
        (KIM.number, "dissolved"),
        ("097190000011", "passport_expired"),
        ("097190000011", "residence_expired"),
        ("097190000011", "dissolved"),
        ("800000000017", "death"),
        ("800000000017", "card_revoked"),
    ] {
        let before = sim.account(number).await;
        let reply = sim.command(number, "lock", json!({"reason": reason})).await;
        reply.problem(409, "ground_not_for_holder");
        assert_eq!(sim.account(number).await, before);
    }
}

#[tokio::test]
async fn the_claims_of_a_foreigner_name_nationality_and_passport() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let access = portal.access_token_for(&sim, KIM).await;
    let claims = sim.bearer("/oauth2/userinfo", &access).await.status(200).json();
    assert_eq!(claims["vneid_holder"], "foreigner");
    assert_eq!(claims["vneid_nationality"], "KR");
    assert_eq!(claims["vneid_passport_number"], "M12345678");
    assert!(claims.get("vneid_card").is_none(), "no chip card");
}

#[tokio::test]
async fn without_valid_papers_nobody_registers() {
    let sim = Sim::new().await;
    for (number, phone) in [("997078000039", "0912345653"), ("997182000041", "0912345654")] {
        sim.put(&format!("/admin/v1/accounts/{number}/state"), json!({"state": "unregistered"}))
            .await
            .status(200);
        let foreign =
            sim.get(&format!("/admin/v1/citizens/{number}")).await.json()["foreign"].clone();
        let mut expired = foreign.clone();
        expired["passport"]["issued"] = json!("2010-01-01");
        expired["passport"]["expires"] = json!("2026-03-01");
        sim.put(&format!("/admin/v1/citizens/{number}"), json!({"foreign": expired}))
            .await
            .status(200);
        let body = json!({"number": number, "phone": phone});
        sim.post("/app/v1/registrations", body).await.problem(403, "residence_required");
    }
}

/// outside.md T6: a valid passport is not enough; the residence card must be in force as well, on its last day still.
#[tokio::test]
async fn t6_an_expired_residence_card_registers_nobody() {
    let sim = Sim::new().await;
    let citizen = format!("/admin/v1/citizens/{ARJUN}");
    let mut foreign = sim.get(&citizen).await.status(200).json()["foreign"].clone();
    assert_eq!(foreign["passport"]["expires"], "2034-02-02");
    let body = json!({"number": ARJUN, "phone": "0912345655"});
    let mut at_desk = body.clone();
    at_desk["immigration"] = json!(true);
    foreign["residence_card"]["expires"] = json!("2026-03-01");
    sim.put(&citizen, json!({"foreign": foreign})).await.status(200);
    for (door, body) in [("/app/v1/registrations", &body), ("/desk/v1/registrations", &at_desk)] {
        sim.post(door, body.clone()).await.problem(403, "residence_required");
        assert_eq!(sim.account(ARJUN).await["state"], "unregistered");
    }
    foreign["residence_card"]["expires"] = json!("2026-03-02");
    sim.put(&citizen, json!({"foreign": foreign})).await.status(200);
    let last_day = sim.post("/app/v1/registrations", body).await.status(201).json();
    assert_eq!(last_day["status"], "approved");
}
