//! The databases change under a live account: cards, deaths, names, numbers; the account follows (Decree 69/2024 Art. 8, 15, 29, 30).

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DAT, LAN, Portal},
    browser::Browser,
    payload,
};

#[tokio::test]
async fn an_expiring_card_warns_then_locks_and_a_new_one_unlocks_all_at_exact_moments() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-04-30"}});
    sim.put(&format!("/admin/v1/citizens/{}", LAN.number), card).await.status(200);
    let access = portal.access_token_for(&sim, LAN).await;
    let due = sim.get("/admin/v1/clock/due").await.status(200).json();
    assert_eq!(due, json!([{"at": "2026-03-31T17:00:00Z", "kind": "account", "to": LAN.number}]));
    let moved = sim.post("/admin/v1/clock/set", json!({"at": "2026-04-30T16:59:59Z"})).await.json();
    assert_eq!(
        moved["happened"],
        json!([{"at": "2026-03-31T17:00:00Z", "to": LAN.number, "what": "card_expiring"}])
    );
    let warning = sim.sms(LAN.phone).await;
    assert_eq!(
        (&warning["purpose"], &warning["at"]),
        (&json!("card_expiring"), &json!("2026-03-31T17:00:00Z"))
    );
    assert!(warning["text"].as_str().unwrap().contains("30/04/2026"));
    assert_eq!(sim.account(LAN.number).await["state"], "active", "the last day is still good");
    sim.bearer("/oauth2/userinfo", &access).await.status(401);
    let access = portal.access_token_for(&sim, LAN).await;
    sim.post("/admin/v1/clock/advance", json!({"duration": "PT1S"})).await.status(200);
    let locked = sim.sms(LAN.phone).await;
    assert_eq!(
        (&locked["purpose"], &locked["at"]),
        (&json!("locked"), &json!("2026-04-30T17:00:00Z"))
    );
    assert_eq!(sim.account(LAN.number).await["reason"], "card_expired");
    assert_eq!(sim.bearer("/oauth2/userinfo", &access).await.status, 401);
    let renewed =
        sim.post("/desk/v1/cards", json!({"number": LAN.number})).await.status(201).json();
    assert_eq!(renewed["card"]["expires"], "2030-03-08", "good to 40");
    assert_eq!(renewed["former_cards"][0]["expires"], "2026-04-30");
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    assert_eq!(sim.sms(LAN.phone).await["purpose"], "unlocked");
    assert_eq!(sim.bearer("/oauth2/userinfo", &access).await.status, 401, "nothing comes back");
}

#[tokio::test]
async fn a_lost_card_locks_until_a_new_one_is_issued() {
    let sim = Sim::new().await;
    sim.post("/desk/v1/cards/lost", json!({"number": LAN.number, "portrait": "mismatch"}))
        .await
        .problem(401, "chip_mismatch");
    sim.post("/desk/v1/cards/lost", json!({"number": LAN.number})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["reason"], "card_revoked");
    // Nobody talks a lock away that a database gives.
    sim.command(LAN.number, "unlock", json!({"by": "holder"})).await.problem(403, "may_not_unlock");
    sim.post("/desk/v1/unlocks", json!({"number": LAN.number}))
        .await
        .problem(403, "may_not_unlock");
    sim.post("/desk/v1/cards", json!({"number": LAN.number})).await.status(201);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    sim.post("/desk/v1/cards/lost", json!({"number": "099068000146"}))
        .await
        .problem(403, "card_required");
}

#[tokio::test]
async fn a_lock_somebody_asked_for_outlasts_a_database_that_comes_and_goes() {
    let sim = Sim::new().await;
    sim.post("/desk/v1/locks", json!({"number": LAN.number})).await.status(200);
    sim.post("/desk/v1/cards/lost", json!({"number": LAN.number})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["reason"], "holders_request");
    // The holder takes it back: the database's ground is still there.
    sim.post("/desk/v1/unlocks", json!({"number": LAN.number})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["reason"], "card_revoked");
    sim.post("/desk/v1/cards", json!({"number": LAN.number})).await.status(201);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
}

#[tokio::test]
async fn a_death_in_the_population_database_is_final_and_silent() {
    let sim = Sim::new().await;
    let before = sim.messages().await.len();
    let died = json!({"died": "2026-03-01"});
    let citizen =
        sim.put(&format!("/admin/v1/citizens/{}", LAN.number), died).await.status(200).json();
    assert_eq!(citizen["died"], "2026-03-01");
    let account = sim.account(LAN.number).await;
    assert_eq!((&account["reason"], &account["locked_by"]), (&json!("death"), &json!("registry")));
    assert_eq!(sim.messages().await.len(), before, "nobody is told (Law 26/2023 Art. 34)");
    for by in ["holder", "ministry", "authority", "registry"] {
        sim.command(LAN.number, "unlock", json!({"by": by})).await.problem(403, "death_is_final");
    }
    let body = json!({"number": LAN.number, "phone": LAN.phone});
    sim.post("/desk/v1/registrations", body).await.problem(404, "unknown_citizen");
}

#[tokio::test]
async fn a_death_to_come_happens_on_its_day() {
    let sim = Sim::new().await;
    sim.put(&format!("/admin/v1/citizens/{}", LAN.number), json!({"died": "2026-06-01"}))
        .await
        .status(200);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    sim.post("/admin/v1/clock/set", json!({"at": "2026-06-01T00:00:00+07:00"})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["reason"], "death");
}

#[tokio::test]
async fn another_name_reaches_the_portal_at_once_and_sub_stays() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.signs_in(&sim, LAN).await;
    let sub = payload(tokens["id_token"].as_str().unwrap())["sub"].clone();
    let body = json!({"number": LAN.number, "full_name": "Nguyễn Thị Hoa Lan"});
    sim.post("/desk/v1/civil-changes", body).await.status(200);
    let claims = sim
        .bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap())
        .await
        .status(200)
        .json();
    assert_eq!((&claims["name"], &claims["sub"]), (&json!("Nguyễn Thị Hoa Lan"), &sub));
}

#[tokio::test]
async fn gender_re_determined_gives_another_number_and_the_same_sub() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let tokens = portal.signs_in(&sim, LAN).await;
    let sub = payload(tokens["id_token"].as_str().unwrap())["sub"].clone();
    let body = json!({"number": LAN.number, "gender": "male", "full_name": "Nguyễn Lân"});
    let changed = sim.post("/desk/v1/civil-changes", body.clone()).await.status(200).json();
    let new = changed["number"].as_str().unwrap().to_owned();
    assert!(new.starts_with("098090") && new != LAN.number, "{new}");
    assert_eq!(sim.sms(LAN.phone).await["purpose"], "number_replaced");
    // The old number is nobody's: it signs nobody in, and says so to whoever asks the registry.
    sim.get(&format!("/admin/v1/citizens/{}", LAN.number)).await.problem(410, "number_replaced");
    sim.post("/desk/v1/civil-changes", body).await.problem(410, "number_replaced");
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(sim.bearer("/oauth2/userinfo", access).await.status, 401, "what was given ends");
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(401);
    let fields = [("username", new.as_str()), ("password", &format!("Vn@{}a", &new[6..]))];
    browser.submit("/login", &fields).await.status(200);
    let back = browser.submit("/login/otp", &[("otp", &sim.otp(LAN.phone).await)]).await;
    let code = portal.code(&back);
    let again = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let claims = payload(again["id_token"].as_str().unwrap());
    assert_eq!((&claims["sub"], &claims["vneid_id_number"]), (&sub, &json!(new)));
    let found =
        sim.get(&format!("/admin/v1/citizens?phone={}", LAN.phone)).await.status(200).json();
    assert_eq!(found["number"], new);
}

#[tokio::test]
async fn a_birth_date_within_the_year_keeps_the_number() {
    let sim = Sim::new().await;
    let body = |date: &str| json!({"number": LAN.number, "birth_date": date});
    let kept = sim.post("/desk/v1/civil-changes", body("1990-04-08")).await.status(200).json();
    assert_eq!((&kept["number"], &kept["birth_date"]), (&json!(LAN.number), &json!("1990-04-08")));
    let moved = sim.post("/desk/v1/civil-changes", body("1991-04-08")).await.status(200).json();
    assert!(moved["number"].as_str().unwrap().starts_with("098191"), "{moved}");
    sim.post("/desk/v1/civil-changes", body("2027-01-01")).await.problem(410, "number_replaced");
}

#[tokio::test]
async fn the_true_subscriber_takes_the_number_from_who_registered_it_before() {
    let sim = Sim::new().await;
    // Quý subscribed to 0912345623 in his own name and has no account; Đạt registers with it: nobody checks.
    let (quy, phone) = ("097089000239", "0912345623");
    let body = |number: &str| json!({"number": number, "phone": phone});
    sim.post("/app/v1/registrations", body(DAT.number)).await.status(201);
    assert_eq!(sim.account(DAT.number).await["phone"], phone);
    // Somebody in whose name it is not is refused.
    sim.post("/app/v1/registrations", body("099068000146")).await.problem(403, "card_required");
    sim.post("/app/v1/registrations", body("097166000241")).await.problem(403, "card_required");
    let approved = sim.post("/app/v1/registrations", body(quy)).await.status(201).json();
    assert_eq!(approved["status"], "approved");
    let locked = sim.account(DAT.number).await;
    assert_eq!((&locked["reason"], locked.get("phone")), (&json!("phone_reclaimed"), None));
    assert_eq!(sim.account(quy).await["phone"], phone);
    // Another number ends the ground; the account is activated with it.
    let change = json!({"number": DAT.number, "phone": DAT.phone});
    sim.post("/desk/v1/phone-changes", change).await.status(201);
    assert_eq!(sim.account(DAT.number).await["state"], "approved");
}

#[tokio::test]
async fn children_spouse_and_organisations_follow_a_new_number() {
    use crate::harness::app::{AN, DUNG, HUONG, PHONG};
    let sim = Sim::new().await;
    let change = |number: &str, gender: &str| json!({"number": number, "gender": gender});
    let mother =
        sim.post("/desk/v1/civil-changes", change(HUONG.number, "male")).await.status(200).json();
    let new = mother["number"].as_str().unwrap().to_owned();
    let shown = |number: &'static str| {
        let sim = &sim;
        async move { sim.get(&format!("/admin/v1/citizens/{number}")).await.status(200).json() }
    };
    assert_eq!(shown(AN.number).await["representative"], new);
    assert_eq!(shown(DUNG.number).await["spouse"], new);
    let password = format!("Vn@{}a", &new[6..]);
    let body = json!({"number": new, "password": password, "device": "h"});
    let token = sim.post("/app/v1/sign-ins", body).await.status(201).json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let app = crate::harness::app::App { sim: &sim, token, passcode: "" };
    let child = json!({"number": AN.number, "phone": HUONG.phone});
    app.post("/app/v1/registrations", child).await.status(201);
    let head =
        sim.post("/desk/v1/civil-changes", change(PHONG.number, "female")).await.status(200).json();
    let unit = sim.get("/admin/v1/organisations/800000000017").await.status(200).json();
    assert_eq!(unit["representative"], head["number"]);
    let body = json!({"client_id": "demo-portal", "citizen": head["number"], "organisation": unit["number"], "exchange": true});
    sim.post("/admin/v1/sign-ins", body).await.status(200);
}
