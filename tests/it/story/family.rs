//! Children and wards: registered, activated and used through a parent or guardian (Decree 69/2024 Art. 7, 10, 14.2).

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    app::{AN, App, CHAU, DUNG, HANH, HUONG, LANH, TIN, VY},
    browser::Browser,
};

fn hands_in(child: &str, phone: &str) -> Value {
    json!({"number": child, "phone": phone})
}

#[tokio::test]
async fn a_mother_registers_activates_and_uses_her_sons_account() {
    let sim = Sim::new().await;
    let app = HUONG.opens_app(&sim, "huong-phone").await;
    let registered = app.post("/app/v1/registrations", hands_in(AN.number, HUONG.phone)).await;
    let registered = registered.status(201).json();
    assert_eq!(registered["status"], "approved");
    assert_eq!(registered["representative"], HUONG.number);
    let account = sim.account(AN.number).await;
    assert_eq!((&account["kind"], &account["level"]), (&json!("child"), &json!(1)));
    assert_eq!(account["phone"], HUONG.phone, "his SMS go to her");
    assert_eq!(sim.account(HUONG.number).await["phone"], HUONG.phone, "which stays hers");
    assert_eq!(
        sim.get(&format!("/admin/v1/citizens?phone={}", HUONG.phone)).await.json()["number"],
        HUONG.number
    );

    // Activation without her is refused, and by anybody else.
    let begins = json!({"number": AN.number, "phone": HUONG.phone});
    sim.post("/app/v1/activations", begins.clone()).await.problem(403, "consent_required");
    let stranger = LAN.opens_app(&sim, "lan-phone").await;
    stranger.post("/app/v1/activations", begins.clone()).await.problem(403, "not_representative");
    activate(&app, AN.number, HUONG.phone).await;
    assert_eq!(sim.account(AN.number).await["state"], "active");
}

/// Every step of activation, with the representative's app.
async fn activate(app: &App<'_>, number: &str, phone: &str) {
    let begins = json!({"number": number, "phone": phone, "device": "tablet"});
    let begun = app.post("/app/v1/activations", begins).await.status(201).json();
    let id = begun["id"].as_str().unwrap();
    for (step, body) in [
        ("otp", json!({"otp": app.sim.otp(phone).await})),
        ("password", json!({"password": "Con#ngoan2026"})),
        ("passcode", json!({"passcode": "246810"})),
        (
            "questions",
            json!({"answers": [{"question": 1, "answer": "Phở"}, {"question": 2, "answer": "Bi"}]}),
        ),
    ] {
        app.post(&format!("/app/v1/activations/{id}/{step}"), body).await.status(200);
    }
}

#[tokio::test]
async fn the_father_is_a_parent_too_and_a_stranger_is_not() {
    let sim = Sim::new().await;
    let father = DUNG.opens_app(&sim, "dung-phone").await;
    let reply = father.post("/app/v1/registrations", hands_in(AN.number, DUNG.phone)).await;
    assert_eq!(reply.status(201).json()["status"], "approved");
    let stranger = LAN.opens_app(&sim, "lan-phone").await;
    let reply = stranger.post("/app/v1/registrations", hands_in(CHAU.number, LAN.phone)).await;
    reply.problem(403, "not_representative");
    // Nobody is the guardian of a grown-up.
    let reply = stranger.post("/app/v1/registrations", hands_in("097095000044", LAN.phone)).await;
    reply.problem(403, "not_representative");
}

#[tokio::test]
async fn a_child_alone_and_with_a_strange_phone_is_refused() {
    let sim = Sim::new().await;
    let alone = sim.post("/app/v1/registrations", hands_in(AN.number, "0987654399")).await;
    let problem = alone.problem(403, "representative_required");
    assert!(problem["detail_vi"].as_str().unwrap().contains("cha, mẹ hoặc người giám hộ"));
    sim.post("/app/v1/level0", hands_in(AN.number, "0987654399"))
        .await
        .problem(403, "representative_required");
    let app = HUONG.opens_app(&sim, "huong-phone").await;
    let reply = app.post("/app/v1/registrations", hands_in(AN.number, "0987654399")).await;
    reply.problem(409, "phone_mismatch");
}

#[tokio::test]
async fn a_guardian_in_the_app_needs_an_own_level_2_account_and_none_at_the_desk() {
    let sim = Sim::new().await;
    let force = json!({"state": "active", "level": 1});
    sim.put(&format!("/admin/v1/accounts/{}/state", HUONG.number), force).await.status(200);
    let app = HUONG.opens_app(&sim, "huong-phone").await;
    let reply = app.post("/app/v1/registrations", hands_in(AN.number, HUONG.phone)).await;
    reply.problem(403, "representative_level");
    let mut at_desk = hands_in(AN.number, HUONG.phone);
    at_desk["representative"] = json!(HUONG.number);
    let registered = sim.post("/desk/v1/registrations", at_desk).await.status(201).json();
    assert_eq!((&registered["status"], &registered["level"]), (&json!("approved"), &json!(2)));
}

#[tokio::test]
async fn under_six_there_is_a_level_1_and_never_a_level_2() {
    let sim = Sim::new().await;
    let mut at_desk = hands_in(CHAU.number, HUONG.phone);
    at_desk["representative"] = json!(HUONG.number);
    let refused = sim.post("/desk/v1/registrations", at_desk).await;
    refused.problem(403, "level_not_for_holder");
    let app = HUONG.opens_app(&sim, "huong-phone").await;
    let reply = app.post("/app/v1/registrations", hands_in(CHAU.number, HUONG.phone)).await;
    assert_eq!(reply.status(201).json()["status"], "approved");
    sim.command(CHAU.number, "approve", json!({"level": 2}))
        .await
        .problem(403, "level_not_for_holder");
    // On the sixth birthday the law changes its mind: 24 December 2027.
    sim.post("/admin/v1/clock/set", json!({"at": "2027-12-24T03:00:00+07:00"})).await.status(200);
    assert_eq!(sim.account(CHAU.number).await["kind"], "child");
    sim.command(CHAU.number, "approve", json!({"level": 2})).await.status(200);
}

#[tokio::test]
async fn a_childs_sign_in_waits_for_her_mothers_consent() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    VY.types_password(&mut browser).await.status(200);
    let waiting = VY.types_otp(&mut browser).await.status(200).text();
    assert!(waiting.contains("Chờ người đại diện đồng ý"), "{waiting}");
    // A second request with the same browser does not get round it: nobody is signed in yet.
    let again = Browser { sim: &sim, ..browser.clone() }.open(&portal.request(&[])).await;
    assert!(again.status(200).text().contains("name=\"password\""));
    // Pressing on changes nothing.
    let pressed = browser.submit("/login/representative", &[]).await.status(403).text();
    assert!(pressed.contains("Cần sự đồng ý"), "{pressed}");

    let mother = HANH.opens_app(&sim, "hanh-phone").await;
    let asked = mother.get("/app/v1/consents").await.status(200).json();
    assert_eq!(asked.as_array().unwrap().len(), 1);
    assert_eq!(asked[0]["ward"], VY.number);
    let notice = format!("/admin/v1/messages/latest?to={}&purpose=consent", HANH.number);
    assert_eq!(sim.get(&notice).await.status(200).json()["reference"], asked[0]["id"]);
    let id = asked[0]["id"].as_str().unwrap();
    let path = format!("/app/v1/consents/{id}");
    let answer = |passcode: &str| json!({"decision": "allow", "passcode": passcode});
    mother.post(&path, answer("000000")).await.problem(401, "wrong_passcode");
    mother.post(&path, answer(HANH.passcode())).await.status(200);
    mother.post(&path, answer(HANH.passcode())).await.problem(404, "not_found");
    let back = browser.submit("/login/representative", &[]).await;
    let code = portal.code(&back);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let claims =
        sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.json();
    assert_eq!(claims["vneid_holder"], "child");
}

#[tokio::test]
async fn a_representative_who_says_no_sends_the_portal_access_denied() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LANH.signs_in(&mut browser).await.status(200);
    let guardian = TIN.opens_app(&sim, "tin-phone").await;
    let id = guardian.get("/app/v1/consents").await.json()[0]["id"].as_str().unwrap().to_owned();
    let no = json!({"decision": "deny", "passcode": TIN.passcode()});
    guardian.post(&format!("/app/v1/consents/{id}"), no).await.status(200);
    let back = browser.submit("/login/representative", &[]).await;
    assert_eq!(portal.error(&back), "access_denied");
}

#[tokio::test]
async fn without_pages_the_representative_is_named() {
    let sim = Sim::new().await;
    let ask = |more: Value| {
        let mut body =
            json!({"client_id": "demo-portal", "citizen": LANH.number, "exchange": true});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let path = "/admin/v1/sign-ins";
    sim.post(path, ask(json!({}))).await.problem(403, "consent_required");
    let wrong = ask(json!({"representative": LAN.number}));
    sim.post(path, wrong).await.problem(403, "not_representative");
    sim.post(path, ask(json!({"representative": TIN.number}))).await.status(200);
}

#[tokio::test]
async fn a_child_grows_up_and_needs_nobody() {
    let sim = Sim::new().await;
    // Vy turns 14 on 5 May 2029; her child's card ends that day, and her account is locked the day after.
    sim.post("/admin/v1/clock/set", json!({"at": "2029-05-05T12:00:00+07:00"})).await.status(200);
    assert_eq!(sim.account(VY.number).await["kind"], "citizen");
    let body = json!({"client_id": "demo-portal", "citizen": VY.number, "exchange": true});
    sim.post("/admin/v1/sign-ins", body.clone()).await.status(200);
    sim.post("/admin/v1/clock/advance", json!({"duration": "P1D"})).await.status(200);
    assert_eq!(sim.account(VY.number).await["reason"], "card_expired");
    sim.post("/desk/v1/cards", json!({"number": VY.number})).await.status(201);
    sim.post("/admin/v1/sign-ins", body).await.status(200);
    let card = sim.account(VY.number).await["card"].clone();
    assert_eq!(card["expires"], "2040-05-05", "good to 25");
}

#[tokio::test]
async fn dependants_are_found_from_both_sides() {
    let sim = Sim::new().await;
    let app = HUONG.opens_app(&sim, "huong-phone").await;
    let shown = app.get("/app/v1/papers/dependants").await.status(200).json();
    let numbers: Vec<_> =
        shown["content"].as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, [AN.number, CHAU.number]);
    // A child put later is found as well; one who changes families is not.
    let child = json!({"full_name": "Lê Minh Khuê", "birth_date": "2020-02-02", "gender": "female",
        "residence": {"detail": "45", "commune": "Phường Hoa Sen", "province": 1}, "representative": HUONG.number});
    sim.put("/admin/v1/citizens/097320000501", child).await.status(200);
    let moved = json!({"representative": LAN.number});
    sim.put(&format!("/admin/v1/citizens/{}", CHAU.number), moved).await.status(200);
    let shown = app.get("/app/v1/papers/dependants").await.status(200).json();
    let numbers: Vec<_> =
        shown["content"].as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, [AN.number, "097320000501"]);
    let scope = json!({"client_id": "demo-client", "citizen": HUONG.number, "scope": "openid vneid.dependants", "exchange": true});
    let tokens = sim.post("/admin/v1/sign-ins", scope).await.status(200).json();
    let claims =
        sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.json();
    assert_eq!(claims["vneid_dependants"].as_array().unwrap().len(), 2);
}

/// outside.md T3: what a child's account lets go is not the representative's own number.
#[tokio::test]
async fn t3_a_childs_account_ends_and_the_mother_still_holds_her_phone() {
    let sim = Sim::new().await;
    let app = HUONG.opens_app(&sim, "huong-phone").await;
    app.post("/app/v1/registrations", hands_in(AN.number, HUONG.phone)).await.status(201);
    let ends = json!({"state": "unregistered"});
    sim.put(&format!("/admin/v1/accounts/{}/state", AN.number), ends).await.status(200);
    assert_eq!(sim.account(HUONG.number).await["phone"], HUONG.phone);
    let whose = format!("/admin/v1/citizens?phone={}", HUONG.phone);
    assert_eq!(sim.get(&whose).await.status(200).json()["number"], HUONG.number);
    let wants = json!({"number": LAN.number, "phone": HUONG.phone});
    sim.post("/desk/v1/phone-changes", wants).await.problem(409, "phone_taken");
}

/// outside.md T5: nobody unrelated registers or represents a child. That no database knows a representative of the child,
/// nor a spouse of the adult, makes them no relatives.
#[tokio::test]
async fn t5_nobody_unrelated_registers_the_child() {
    let sim = Sim::new().await;
    let body = |phone: Option<&str>| {
        let mut body = json!({
            "full_name": "Bé Một Mình", "birth_date": "2016-03-03", "gender": "male",
            "residence": {"detail": "1", "commune": "Phường Một", "province": 1},
            "card": {"issued": "2025-01-01", "expires": "2030-03-03"},
        });
        if let Some(phone) = phone {
            body["phone"] = json!(phone);
        }
        body
    };
    let (one, two) = ("099216000001", "099216000002");
    sim.put(&format!("/admin/v1/citizens/{one}"), body(None)).await.status(200);
    sim.put(&format!("/admin/v1/citizens/{two}"), body(Some("0987654391"))).await.status(200);
    let known = sim.get(&format!("/admin/v1/citizens/{one}")).await.status(200).json();
    assert_eq!(known.get("representative"), None);
    let lans = sim.get(&format!("/admin/v1/citizens/{}", LAN.number)).await.status(200).json();
    assert_eq!(lans.get("spouse"), None);
    let (lan, huong) = (App::of(&sim, LAN).await, App::of(&sim, HUONG).await);
    for (app, phone) in [(&lan, LAN.phone), (&huong, HUONG.phone)] {
        let reply = app.post("/app/v1/registrations", hands_in(one, phone)).await;
        reply.problem(403, "not_representative");
    }
    let mut at_desk = hands_in(one, LAN.phone);
    at_desk["representative"] = json!(LAN.number);
    sim.post("/desk/v1/registrations", at_desk).await.problem(403, "not_representative");
    assert_eq!(sim.account(one).await["state"], "unregistered");

    // Nor does she speak for an account that is there.
    let active = json!({"state": "active", "level": 1});
    sim.put(&format!("/admin/v1/accounts/{two}/state"), active).await.status(200);
    let consents = json!({"client_id": "demo-portal", "citizen": two, "exchange": true, "representative": LAN.number});
    sim.post("/admin/v1/sign-ins", consents.clone()).await.problem(403, "not_representative");

    // Once the database knows her, nothing else stands in the way.
    for number in [one, two] {
        let hers = json!({"representative": LAN.number});
        sim.put(&format!("/admin/v1/citizens/{number}"), hers).await.status(200);
    }
    let reply = lan.post("/app/v1/registrations", hands_in(one, LAN.phone)).await;
    assert_eq!(reply.status(201).json()["status"], "approved");
    sim.post("/admin/v1/sign-ins", consents).await.status(200);
}
