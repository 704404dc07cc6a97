//! The same by a notice that the page sends to an app: invented, and it tells nobody who has an account.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal, TUAN},
    app::{App, HUONG},
    browser::Browser,
    qr::REQUESTS,
};

#[tokio::test]
async fn a_notice_is_answered_in_the_app() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (app, other) = (App::of(&sim, LAN).await, App::of(&sim, HUONG).await);
    let mut browser = Browser::at_login(&sim, &portal).await;
    browser.pushes(&format!(" {} ", LAN.number)).await.status(200);
    assert!(browser.page.contains("Chờ xác nhận") && !browser.page.contains("data:image"));
    let reference = browser.text_of("reference").unwrap();
    let latest = format!("/admin/v1/messages/latest?to={}&reference={reference}", LAN.number);
    let notice = sim.get(&latest).await.status(200).json();
    assert_eq!(notice["purpose"], "sign_in_request");
    assert_eq!(notice["channel"], "app");
    assert!(notice["text"].as_str().unwrap().contains("Cong thu"), "{notice}");
    let listed = app.get(REQUESTS).await.status(200).json();
    let request = &listed[0];
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&request["kind"], &request["portal"]), (&json!("push"), &json!("Cổng thử")));
    assert_eq!(request["reference"], reference.as_str());
    // It is hers: nobody else sees or answers it, and it cannot be scanned.
    assert_eq!(other.get(REQUESTS).await.status(200).json(), json!([]));
    other.answers(&request["id"], "allow", json!({})).await.problem(404, "not_found");
    app.scans(request["id"].as_str().unwrap()).await.problem(404, "not_found");
    app.answers(&request["id"], "allow", json!({"biometric": "mismatch"}))
        .await
        .problem(401, "face_mismatch");
    browser.acts("continue").await.status(403);
    app.answers(&request["id"], "allow", json!({})).await.status(200);
    assert_eq!(app.get(REQUESTS).await.status(200).json(), json!([]));
    portal.code(&browser.acts("continue").await);
}

#[tokio::test]
async fn a_notice_refused_or_late_leads_nowhere() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    browser.pushes(LAN.number).await.status(200);
    let id = app.get(REQUESTS).await.json()[0]["id"].clone();
    app.answers(&id, "deny", json!({})).await.status(200);
    let text = browser.acts("continue").await.status(403).text();
    assert!(text.contains("đã bị từ chối trên ứng dụng") && text.contains("name=\"password\""));
    sim.advance(60);
    browser.pushes(LAN.number).await.status(200);
    let id = app.get(REQUESTS).await.json()[0]["id"].clone();
    sim.clock.advance_millis(299_999);
    assert_eq!(app.get(REQUESTS).await.json()[0]["id"], id);
    sim.clock.advance_millis(1);
    assert_eq!(app.get(REQUESTS).await.json(), json!([]));
    app.answers(&id, "allow", json!({})).await.problem(404, "not_found");
    let text = browser.acts("continue").await.status(410).text();
    assert!(text.contains("Yêu cầu xác nhận đã hết hiệu lực"), "{text}");
    browser.acts("reload").await.status(200);
    let id = app.get(REQUESTS).await.json()[0]["id"].clone();
    app.answers(&id, "allow", json!({})).await.status(200);
    portal.code(&browser.acts("continue").await);
}

/// The page without what differs between any two sign-ins.
fn plain(browser: &Browser<'_>) -> String {
    let interaction = crate::harness::query(&browser.url, "interaction").unwrap();
    let reference = browser.text_of("reference").unwrap_or_default();
    browser.page.replace(&interaction, "").replace(&browser.form(), "").replace(&reference, "")
}

#[tokio::test]
async fn every_number_is_answered_alike() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut pages = Vec::new();
    // Level 2, level 1, overdue, an organisation, nobody's.
    let numbers = [LAN.number, DUC.number, TUAN.number, "800000000017", "097190999999"];
    for number in numbers {
        let mut browser = Browser::at_login(&sim, &portal).await;
        browser.pushes(number).await.status(200);
        let mut shown = vec![plain(&browser)];
        browser.acts("continue").await.status(403);
        shown.push(plain(&browser));
        let url = browser.url.clone();
        browser.acts("reload").await.status(429);
        shown.push(plain(&browser));
        sim.advance(60);
        browser.acts("reload").await.status(200);
        assert_eq!(browser.url, url);
        shown.push(plain(&browser));
        sim.advance(300);
        browser.acts("continue").await.status(410);
        shown.push(plain(&browser));
        // The sentence that names a moment differs by the moment.
        shown.remove(2);
        pages.push(shown);
    }
    assert!(pages.iter().all(|shown| *shown == pages[0]), "they can be told apart");
    let told = sim.messages().await;
    let told: Vec<_> = told.iter().map(|it| &it["to"]).collect();
    assert_eq!(told, [LAN.number, LAN.number], "only who can answer is asked");
}

#[tokio::test]
async fn another_notice_waits_a_minute_and_one_is_live_at_a_time() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    browser.pushes(LAN.number).await.status(200);
    let first = app.get(REQUESTS).await.json()[0]["id"].clone();
    sim.clock.advance_millis(59_999);
    let text = browser.acts("reload").await.status(429).text();
    assert!(text.contains("Vui lòng chờ đến 09:01:00 02/03/2026 để gửi lại."), "{text}");
    // Neither going back nor a QR code in between is a way round.
    browser.acts("back").await.status(200);
    assert_eq!(app.get(REQUESTS).await.json(), json!([]), "what was asked is forgotten");
    browser.pushes(LAN.number).await.status(429);
    browser.acts("begin").await.status(200);
    browser.pushes(LAN.number).await.status(429);
    assert!(browser.page.contains("data:image"), "the code stays");
    sim.clock.advance_millis(1);
    browser.pushes(LAN.number).await.status(200);
    let listed = app.get(REQUESTS).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_ne!(listed[0]["id"], first);
    assert_eq!(sim.messages().await.len(), 2);
}

#[tokio::test]
async fn nobody_is_flooded() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut pages = Vec::new();
    for _ in 0..8 {
        let mut browser = Browser::at_login(&sim, &portal).await;
        browser.pushes(LAN.number).await.status(200);
        pages.push(plain(&browser));
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    assert_eq!(app.get(REQUESTS).await.json().as_array().unwrap().len(), 5);
    assert_eq!(sim.messages().await.len(), 5);
    sim.advance(300);
    Browser::at_login(&sim, &portal).await.pushes(LAN.number).await.status(200);
    assert_eq!(sim.messages().await.len(), 6);
}

#[tokio::test]
async fn by_hand_on_the_simulated_handset() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut pushed = Browser::at_login(&sim, &portal).await;
    pushed.pushes(LAN.number).await.status(200);
    let mut scanned = Browser::at_qr(&sim, &portal).await;
    let code = scanned.code();
    let phone = async |code: &str, decision: &str, passcode: &str| {
        let fields = [
            ("username", LAN.number),
            ("password", LAN.password),
            ("code", code),
            ("decision", decision),
            ("passcode", passcode),
        ];
        sim.form("/phone/app", None, &fields).await
    };
    assert!(phone("", "look", "").await.status(200).text().contains("Cổng thử"));
    let wrong = phone("", "allow", "999999").await.status(401).text();
    assert!(wrong.contains("Passcode không đúng"), "{wrong}");
    assert!(phone("", "deny", "000011").await.status(200).text().contains("Đã từ chối"));
    assert!(phone(&code, "allow", "000011").await.status(200).text().contains("Đã xác nhận"));
    pushed.acts("continue").await.status(403);
    portal.code(&scanned.acts("continue").await);
}
