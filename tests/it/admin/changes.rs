//! What changes under a sign-in that is under way, and what a deleted client leaves behind: nothing.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, NGOC, Portal},
    browser::Browser,
};

const OLD: &str = "https://portal.example/callback";

async fn moves(sim: &Sim, portal: &Portal) {
    let body =
        json!({"client_name": "Cổng thử", "redirect_uris": ["https://new.example/callback"]});
    sim.put(&format!("/admin/v1/clients/{}", portal.client_id), body).await.status(200);
}

#[tokio::test]
async fn a_redirect_uri_that_is_no_longer_registered_receives_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    moves(&sim, &portal).await;
    let page = LAN.types_otp(&mut browser).await.status(400);
    assert!(page.text().contains("redirect_uri") && !page.text().contains(OLD));
}

#[tokio::test]
async fn consent_and_its_refusal_go_to_a_registered_redirect_uri_or_nowhere() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"consent": "always"})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.signs_in(&mut browser).await.status(200);
    moves(&sim, &portal).await;
    for decision in ["deny", "allow"] {
        browser.clone().submit("/login/consent", &[("decision", decision)]).await.status(400);
    }
}

#[tokio::test]
async fn a_client_made_again_under_an_old_id_inherits_no_consent() {
    let sim = Sim::new().await;
    let more = json!({"consent": "first", "client_id": "again"});
    let portal = Portal::registered(&sim, more.clone()).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.signs_in(&mut browser).await.status(200);
    portal.code(&browser.submit("/login/consent", &[("decision", "allow")]).await);
    portal.code(&browser.clone().open(&portal.request(&[])).await);
    sim.delete("/admin/v1/clients/again").await.status(204);
    let portal = Portal::registered(&sim, more).await;
    let asked = browser.open(&portal.request(&[])).await.status(200);
    assert!(asked.text().contains("Đồng ý chia sẻ"));
}

#[tokio::test]
async fn objects_are_objects_and_durations_are_iso_8601() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/citizens/{}", LAN.number);
    for body in [json!({"residence": ["1", "Phường Một", 1]}), json!({"card": ["2024-01-01"]})]
    {
        sim.put(&path, body).await.problem(422, "invalid");
    }
    for duration in ["1 hour", "1h", "", "3600", "P", "PT"] {
        let body = json!({"duration": duration});
        sim.post("/admin/v1/clock/advance", body).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_hinted_holder_is_the_one_who_signs_in_or_nobody_is() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let ducs = portal.signs_in(&sim, crate::harness::actors::DUC).await;
    let hint = ducs["id_token"].as_str().unwrap();
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("id_token_hint", hint)])).await.status(200);
    let back = LAN.signs_in(&mut browser).await;
    assert_eq!(portal.error(&back), "login_required");
}

#[tokio::test]
async fn nobody_is_left_out_at_the_end_of_time() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let body = json!({"at": "2199-12-31T23:59:59Z"});
    sim.post("/admin/v1/clock/set", body).await.status(200);
    sim.put("/admin/v1/citizens/097190000011", json!({"card": {"issued": "2199-01-01"}}))
        .await
        .status(200);
    portal.signs_in(&sim, LAN).await;
}

#[tokio::test]
async fn what_a_put_leaves_out_stays_in_the_account_too() {
    let sim = Sim::new().await;
    let ask = json!({"number": DAT.number, "phone": DAT.phone, "email": "dat@example.com"});
    sim.post("/app/v1/registrations", ask).await.status(201);
    let path = format!("/admin/v1/citizens/{}", DAT.number);
    sim.put(&path, json!({"full_name": "Đặng Đình Đạt Anh"})).await.status(200);
    let account = sim.account(DAT.number).await;
    assert_eq!(
        (&account["phone"], &account["email"]),
        (&json!(DAT.phone), &json!("dat@example.com"))
    );
    sim.put(&path, json!({"email": "moi@example.com"})).await.status(200);
    assert_eq!(sim.account(DAT.number).await["email"], "moi@example.com");
}

#[tokio::test]
async fn forcing_unregistered_leaves_nothing_of_the_account() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/accounts/{}/state", LAN.number);
    sim.put(&path, json!({"state": "unregistered"})).await.status(200);
    assert!(sim.account(LAN.number).await.get("phone").is_none());
    let ask = json!({"number": LAN.number, "phone": DAT.phone});
    sim.post("/app/v1/registrations", ask.clone()).await.status(201);
    let begun = sim.post("/app/v1/activations", ask).await.status(201).json();
    let id = begun["id"].as_str().unwrap();
    let otp = json!({"otp": sim.otp(DAT.phone).await});
    let next = sim.post(&format!("/app/v1/activations/{id}/otp"), otp).await.status(200).json();
    assert_eq!(next["next"], "password");
}

#[tokio::test]
async fn an_activation_does_not_bring_an_old_phone_back() {
    let sim = Sim::new().await;
    let body = json!({"number": NGOC.number, "phone": NGOC.phone});
    let id = sim.post("/app/v1/activations", body).await.status(201).json();
    let id = id["id"].as_str().unwrap();
    let at = |step: &str| format!("/app/v1/activations/{id}/{step}");
    let otp = json!({"otp": sim.otp(NGOC.phone).await});
    sim.post(&at("otp"), otp).await.status(200);
    sim.post(&at("passcode"), json!({"passcode": "135790"})).await.status(200);
    let path = format!("/admin/v1/citizens/{}", NGOC.number);
    sim.put(&path, json!({"phone": DAT.phone})).await.status(200);
    let answers =
        json!({"answers": [{"question": 0, "answer": "a"}, {"question": 1, "answer": "b"}]});
    sim.post(&at("questions"), answers).await.problem(409, "phone_mismatch");
    assert_eq!(sim.account(NGOC.number).await["phone"], DAT.phone);
}

#[tokio::test]
async fn an_automatic_sign_in_follows_the_hint_or_shows_the_page() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let ducs = portal.signs_in(&sim, DUC).await["id_token"].as_str().unwrap().to_owned();
    sim.put("/admin/v1/policy", json!({"automatic_sign_in": true})).await.status(200);
    let ask = portal.request(&[("id_token_hint", &ducs), ("login_hint", LAN.number)]);
    Browser::new(&sim).open(&ask).await.status(200);
}

#[tokio::test]
async fn max_age_zero_asks_anew_under_a_frozen_clock_and_a_sign_in_of_the_future_does_not_count() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    sim.post("/admin/v1/clock/freeze", json!({})).await.status(200);
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    browser.clone().open(&portal.request(&[("max_age", "0")])).await.status(200);
    sim.post("/admin/v1/clock/advance", json!({"duration": "-PT1H"})).await.status(200);
    browser.open(&portal.request(&[])).await.status(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_make_one_client_one_wins() {
    let sim = std::sync::Arc::new(Sim::new().await);
    let tries = (0..32).map(|_| {
        let sim = std::sync::Arc::clone(&sim);
        tokio::spawn(async move {
            let body = json!({"client_id": "one", "client_name": "Một", "redirect_uris": [OLD]});
            sim.post("/admin/v1/clients", body).await.status.as_u16()
        })
    });
    let mut answers = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        answers.push(tried.await.unwrap());
    }
    answers.sort_unstable();
    assert_eq!(answers[0], 201);
    assert!(answers[1..].iter().all(|status| *status == 409), "{answers:?}");
}

#[tokio::test]
async fn what_a_browser_sends_cannot_outgrow_what_is_stored() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let long = "\u{1}".repeat(2048);
    let fits = portal.request(&[("state", &long), ("nonce", &long), ("login_hint", LAN.number)]);
    Browser::new(&sim).open(&fits).await.status(200);
    for (name, value) in [
        ("acr_values", "9".repeat(513)),
        ("acr_values", "\u{1}".to_owned()),
        ("id_token_hint", "\u{2}".repeat(100)),
    ] {
        let back = sim.get(&portal.request(&[(name, &value)])).await;
        assert_eq!(portal.error(&back), "invalid_request", "{name}");
    }
}

#[tokio::test]
async fn a_proxys_name_makes_an_admin_token() {
    let issuer = Some("https://vneid.test".to_owned());
    let sim = Sim::with(mock_vneid::Config { issuer, ..Default::default() }).await;
    assert!(sim.app.admin_token().is_some());
    sim.get("/admin/v1/clock").await.problem(401, "unauthorized");
}

#[tokio::test]
async fn a_fixtures_phone_is_nobody_elses() {
    use mock_vneid::population::{Census, Country};
    let config = mock_vneid::Config::default();
    let Census { size, key, realistic } = mock_vneid::app::census(&config);
    let country = Country::new(Census { size, key, realistic }).unwrap();
    let (phone, number) = (country.phone_at(7).unwrap(), country.number_at(7).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.toml");
    let demo = include_str!("../../../fixtures/demo.toml");
    std::fs::write(&file, demo.replacen(LAN.phone, &phone.to_string(), 1)).unwrap();
    let sim = Sim::with(mock_vneid::Config { fixtures: vec![file], ..config }).await;
    let found = sim.get(&format!("/admin/v1/citizens?phone={phone}")).await.status(200).json();
    assert_eq!(found["number"], LAN.number);
    assert!(sim.account(&number.to_string()).await.get("phone").is_none());
}

/// outside.md A3: what a patch does not name stays, also what another patch changes at the same moment; `GET` shows what is not the default.
#[tokio::test]
async fn a3_a_patch_keeps_the_other_fields_and_get_shows_what_differs() {
    const POLICY: &str = "/admin/v1/policy";
    let sim = Sim::new().await;
    assert_eq!(sim.get(POLICY).await.json()["differs"], json!({}));
    sim.patch(POLICY, json!({"review": "manual", "code_seconds": 30})).await.status(200);
    let said = sim.patch(POLICY, json!({"token_seconds": 300})).await.status(200).json();
    assert_eq!((&said["review"], &said["code_seconds"]), (&json!("manual"), &json!(30)));
    let differs = json!({"review": "automatic", "code_seconds": 60, "token_seconds": 3600});
    assert_eq!(said["differs"], differs);
    // RFC 7396: null gives the default. What was read can be sent back as it is.
    let said = sim.patch(POLICY, json!({"code_seconds": null})).await.status(200).json();
    assert_eq!(said["code_seconds"], 60);
    assert_eq!(sim.put(POLICY, said.clone()).await.status(200).json(), said);
    assert_eq!(sim.patch(POLICY, said.clone()).await.status(200).json(), said);
    for wrong in [json!({"code_seconds": 0}), json!({"code_second": 5}), json!({"review": "x"})] {
        sim.patch(POLICY, wrong).await.problem(422, "invalid");
    }
    assert_eq!(sim.get(POLICY).await.json(), said, "nothing of what was refused stayed");
    // `PUT` replaces: what is left out takes its default.
    let said = sim.put(POLICY, json!({"token_seconds": 300})).await.status(200).json();
    assert_eq!(said["differs"], json!({"token_seconds": 3600}));
    let sim = std::sync::Arc::new(sim);
    let fields =
        ["code_seconds", "token_seconds", "level0_days", "session_seconds", "refresh_seconds"];
    let patches = fields.map(|field| {
        let sim = std::sync::Arc::clone(&sim);
        async move { sim.patch(POLICY, json!({field: 123})).await.status(200) }
    });
    crate::harness::crowd::at_once(patches).await;
    let said = sim.get(POLICY).await.json();
    assert!(fields.iter().all(|field| said[field] == 123), "{said}");
}
