//! A QR code beside the form, scanned by the app of a level-2 holder, confirmed with passcode and face (facts §5.4).

use mock_vneid::oidc::sign_in_request::content;
use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    app::{App, HANH, HUONG, PHONG, VY},
    browser::Browser,
    payload,
    qr::REQUESTS,
};

#[tokio::test]
async fn a_scan_and_a_passcode_sign_in_at_level_3() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    let (code, reference) = (browser.code(), browser.text_of("reference").unwrap());
    assert!(browser.page.contains("src=\"data:image/svg+xml;base64,"), "{}", browser.page);
    assert!(browser.page.contains("Chờ quét mã"));
    assert_eq!(browser.text_of("seconds").unwrap(), "300");
    assert_eq!(code.len(), 43, "256 bits");
    let early = browser.acts("continue").await.status(403).text();
    assert!(early.contains("chưa được xác nhận trên ứng dụng"), "{early}");
    assert_eq!(browser.code(), code, "the same code again");

    sim.advance(10);
    // The whole text of the picture, with the blanks of a paste.
    assert_eq!(browser.scanned(), content(&code));
    let scanned = app.scans(&format!(" {}\n", browser.scanned())).await.status(200).json();
    assert_eq!(scanned["portal"], "Cổng thử");
    assert_eq!(scanned["scopes"][0], "openid");
    assert_eq!(scanned["reference"], reference.as_str());
    assert_eq!((&scanned["kind"], &scanned["state"]), (&json!("qr"), &json!("scanned")));
    assert_eq!(scanned["until"], "2026-03-02T02:05:00Z");
    app.scans(&code).await.status(200);
    let url = browser.url.clone();
    browser.open(&url).await.status(200);
    assert!(browser.page.contains("Đã quét, chờ xác nhận trên ứng dụng"));
    assert_eq!(browser.text_of("seconds").unwrap(), "290");
    let approved = app.answers(&scanned["id"], "allow", json!({})).await.status(200).json();
    assert_eq!(approved["state"], "approved");
    browser.open(&url).await.status(200);
    assert!(browser.page.contains("Đã xác nhận trên ứng dụng"));
    assert!(browser.page.contains("autofocus>Tôi đã xác nhận"));

    sim.advance(30);
    let back = browser.acts("continue").await;
    let tokens = portal.redeems(&sim, &portal.code(&back), &[]).await.status(200).json();
    let claims = payload(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["acr"], "LoA3");
    assert_eq!(claims["amr"], json!(["pin", "swk", "face"]));
    assert_eq!(claims["auth_time"], sim.now().as_millis() / 1000 - 30, "when she agreed");
    // Who it is, as after password and OTP.
    let by_password = portal.signs_in(&sim, LAN).await;
    assert_eq!(claims["sub"], payload(by_password["id_token"].as_str().unwrap())["sub"]);
    // The session answers the next request without a page, and says how it began.
    let back = browser.open(&portal.request(&[("prompt", "none")])).await;
    let tokens = portal.redeems(&sim, &portal.code(&back), &[]).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["acr"], "LoA3");
}

#[tokio::test]
async fn discovery_names_both_classes() {
    let sim = Sim::new().await;
    let document = sim.get("/.well-known/openid-configuration").await.status(200).json();
    assert_eq!(document["acr_values_supported"], json!(["LoA1", "LoA2", "LoA3"]));
}

#[tokio::test]
async fn the_login_page_leads_there_and_a_look_changes_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    assert!(browser.page.contains("Đăng nhập bằng mã QR"));
    assert!(!browser.page.contains("data:image"), "drawn on its own page only");
    let url = browser.url.replace("/login?", "/login/qr?");
    assert!(browser.page.contains(&format!("href=\"{url}\"")));
    browser.open(&url).await.status(200);
    assert!(browser.page.contains("name=\"username\"") && !browser.page.contains("data:image"));
    browser.open(&url.replace("/qr", "")).await.status(200);
    assert!(browser.page.contains("name=\"password\""), "still at the first form");
    // From there on the code's page is due, until the holder goes back.
    browser.acts("begin").await.status(200);
    browser.open(&url.replace("/qr", "")).await.status(200);
    let code = browser.code();
    assert!(!browser.page.contains("http-equiv"));
    browser.open(&format!("{url}&refresh=on")).await.status(200);
    assert!(browser.page.contains("http-equiv=\"refresh\" content=\"5\""));
    browser.acts("back").await.status(200);
    assert!(browser.page.contains("name=\"password\""));
    App::of(&sim, LAN).await.scans(&code).await.problem(404, "not_found");
    portal.code(&LAN.signs_in(&mut browser).await);
}

#[tokio::test]
async fn a_code_is_good_for_300_seconds() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let browser = Browser::at_qr(&sim, &portal).await;
    let late = browser.clone();
    sim.clock.advance_millis(299_999);
    app.confirms(&browser).await;
    portal.code(&browser.clone().acts("continue").await);

    // One moment later: neither scan, nor answer, nor continuation.
    let mut scanned = Browser::at_qr(&sim, &portal).await;
    let id = app.scans(&scanned.code()).await.status(200).json()["id"].clone();
    let mut approved = Browser::at_qr(&sim, &portal).await;
    app.confirms(&approved).await;
    let mut waiting = Browser::at_qr(&sim, &portal).await;
    sim.advance(300);
    app.scans(&waiting.code()).await.problem(410, "qr_expired");
    app.answers(&id, "allow", json!({})).await.problem(410, "qr_expired");
    for browser in [&mut waiting, &mut scanned, &mut approved] {
        let text = browser.acts("continue").await.status(410).text();
        assert!(text.contains("Mã QR đã hết hiệu lực (5 phút)"), "{text}");
        assert!(text.contains("Tải lại") && !text.contains("data:image"));
    }
    // “Tải lại” draws another, and the old one is dead.
    let old = late.code();
    waiting.acts("reload").await.status(200);
    assert_ne!(waiting.code(), old);
    app.confirms(&waiting).await;
    portal.code(&waiting.acts("continue").await);
}

#[tokio::test]
async fn another_code_ends_the_one_before_it() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    let old = browser.code();
    app.confirms(&browser).await;
    browser.acts("reload").await.status(200);
    app.scans(&old).await.problem(404, "not_found");
    browser.acts("continue").await.status(403);
    app.confirms(&browser).await;
    portal.code(&browser.acts("continue").await);
}

#[tokio::test]
async fn a_refusal_leads_back_to_the_first_form() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    let id = app.scans(&browser.code()).await.status(200).json()["id"].clone();
    // Nobody compares a face to say no.
    let denied = app.answers(&id, "deny", json!({"biometric": "mismatch"})).await;
    assert_eq!(denied.status(200).json()["state"], "refused");
    app.answers(&id, "allow", json!({})).await.problem(409, "out_of_turn");
    let url = browser.url.clone();
    browser.open(&format!("{url}&refresh=on")).await.status(200);
    assert!(browser.page.contains("Đã từ chối trên ứng dụng"), "{}", browser.page);
    for over in ["http-equiv", "data:image", "id=\"seconds\""] {
        assert!(!browser.page.contains(over), "{over}");
    }
    let text = browser.acts("continue").await.status(403).text();
    assert!(text.contains("đã bị từ chối trên ứng dụng"), "{text}");
    assert!(text.contains("name=\"password\""), "the holder may try another way");
    portal.code(&LAN.signs_in(&mut browser).await);
}

#[tokio::test]
async fn an_app_of_level_1_is_told_to_upgrade() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, DUC).await;
    let browser = Browser::at_qr(&sim, &portal).await;
    let refused = app.scans(&browser.code()).await.problem(403, "service_needs_level_2");
    let sentence = refused["detail_vi"].as_str().unwrap();
    let documented = "Nâng cấp tài khoản lên định danh mức 2 để sử dụng chức năng";
    assert!(sentence.starts_with(documented), "{sentence}");
    app.get(REQUESTS).await.problem(403, "service_needs_level_2");
    let any = json!("no-such-request");
    app.answers(&any, "allow", json!({})).await.problem(403, "service_needs_level_2");
    App::of(&sim, LAN).await.scans(&browser.code()).await.status(200);
}

#[tokio::test]
async fn wrong_passcodes_and_faces_count_and_five_lock() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    let id = app.scans(&browser.code()).await.status(200).json()["id"].clone();
    let (wrong, face) = (json!({"passcode": "999999"}), json!({"biometric": "mismatch"}));
    let refused = app.answers(&id, "allow", wrong.clone()).await.problem(401, "wrong_passcode");
    assert!(refused["detail"].as_str().unwrap().contains("4 tries"), "{refused}");
    // A right passcode beside a wrong face gives no tries back.
    let refused = app.answers(&id, "allow", face).await.problem(401, "face_mismatch");
    assert!(refused["detail"].as_str().unwrap().contains("3 tries"), "{refused}");
    app.answers(&id, "allow", json!({"biometric": "unreadable"}))
        .await
        .problem(401, "face_mismatch");
    app.answers(&id, "deny", wrong.clone()).await.problem(401, "wrong_passcode");
    browser.acts("continue").await.status(403);
    app.answers(&id, "allow", wrong).await.problem(403, "temporarily_locked");
    assert_eq!(sim.account(LAN.number).await["state"], "temporarily_locked");
    app.answers(&id, "allow", json!({})).await.problem(403, "temporarily_locked");
}

#[tokio::test]
async fn the_first_who_scans_is_the_one_who_answers() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (first, second) = (App::of(&sim, LAN).await, App::of(&sim, HUONG).await);
    let mut browser = Browser::at_qr(&sim, &portal).await;
    let id = first.scans(&browser.code()).await.status(200).json()["id"].clone();
    second.scans(&browser.code()).await.problem(409, "out_of_turn");
    for decision in ["allow", "deny"] {
        second.answers(&id, decision, json!({})).await.problem(409, "out_of_turn");
    }
    // Without a scan nobody answers, whoever knows the id.
    let unseen = Browser::at_qr(&sim, &portal).await;
    let id = json!(mock_vneid::oidc::digest::sha256_base64url(unseen.code()));
    first.answers(&id, "allow", json!({})).await.problem(409, "out_of_turn");
    first.confirms(&browser).await;
    second.scans(&browser.code()).await.problem(409, "out_of_turn");
    portal.code(&browser.acts("continue").await);
}

#[tokio::test]
async fn an_approval_belongs_to_one_browser_and_counts_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    app.confirms(&browser).await;
    // A thief with the address, with the address and the form field, and with a sign-in of his own.
    let mut thief = Browser::at_qr(&sim, &portal).await;
    let field = browser.form();
    let fields = [("form", field.as_str()), ("action", "continue")];
    thief.clone().open(&browser.url).await.status(400);
    thief.clone().post(&browser.url, &fields).await.status(400);
    let away = thief.clone().post(&thief.url.clone(), &fields).await.status(303).location();
    assert!(away.starts_with("/login/qr?"), "to his own page, no further: {away}");
    thief.acts("continue").await.status(403);
    let code = browser.code();
    let (url, mut again) = (browser.url.clone(), browser.clone());
    let given = portal.code(&browser.acts("continue").await);
    // outside.md P2: the same form of the same browser hears the same; nothing else is good again.
    assert_eq!(portal.code(&again.post(&url, &fields).await), given);
    let other = [("form", field.as_str()), ("action", "reload")];
    again.post(&url, &other).await.status(400);
    app.scans(&code).await.problem(409, "out_of_turn");
    let id = json!(mock_vneid::oidc::digest::sha256_base64url(code));
    app.answers(&id, "allow", json!({})).await.problem(409, "out_of_turn");
}

#[tokio::test]
async fn what_happens_to_the_account_after_the_approval_counts() {
    let account = format!("/admin/v1/accounts/{}", LAN.number);
    for (change, status, sentence) in [
        (("POST", "lock", json!({"reason": "card_revoked"})), 403, "khóa"),
        (("POST", "change_phone", json!({"phone": "0987654321"})), 403, "kích hoạt"),
        (("PUT", "state", json!({"state": "active", "level": 2})), 401, "đã thay đổi trong khi"),
    ] {
        let sim = Sim::new().await;
        let portal = Portal::plain(&sim).await;
        let app = App::of(&sim, LAN).await;
        let mut browser = Browser::at_qr(&sim, &portal).await;
        app.confirms(&browser).await;
        let (method, door, body) = change;
        let path = format!("{account}/{door}");
        sim.send(crate::bad_input::json(method, &path, body.to_string())).await.status(200);
        let text = browser.acts("continue").await.status(status).text();
        assert!(text.contains(sentence) && text.contains("name=\"password\""), "{door}: {text}");
        let due = browser.acts("continue").await.status(200).text();
        assert!(due.contains("name=\"password\"") && !browser.is_signed_in());
    }
    // A temporary lock.
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let app = App::of(&sim, LAN).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    app.confirms(&browser).await;
    let mut other = Browser::at_login(&sim, &portal).await;
    for _ in 0..5 {
        other.submit("/login", &[("username", LAN.number), ("password", "Sai@12345")]).await;
    }
    let text = browser.acts("continue").await.status(403).text();
    assert!(text.contains("tạm khóa"), "{text}");
}

#[tokio::test]
async fn a_childs_use_still_waits_for_the_representative() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mother = App::of(&sim, HANH).await;
    let body = json!({"number": VY.number, "password": VY.password, "device": "tablet"});
    let opened = mother.post("/app/v1/sign-ins", body).await.status(201).json();
    let token = opened["token"].as_str().unwrap().to_owned();
    let child = App { sim: &sim, token, passcode: VY.passcode() };
    let mut browser = Browser::at_qr(&sim, &portal).await;
    child.confirms(&browser).await;
    browser.acts("continue").await.status(200);
    assert!(browser.url.starts_with("/login/representative?"), "{}", browser.url);
    browser.submit("/login/representative", &[]).await.status(403);
    let asked = mother.get("/app/v1/consents").await.status(200).json();
    let path = format!("/app/v1/consents/{}", asked[0]["id"].as_str().unwrap());
    let body = json!({"decision": "allow", "passcode": mother.passcode});
    mother.post(&path, body).await.status(200);
    portal.code(&browser.submit("/login/representative", &[]).await);
}

#[tokio::test]
async fn account_type_consent_and_hint_are_as_after_an_otp() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"consent": "always"})).await;
    let app = App::of(&sim, PHONG).await;
    let mut browser = Browser::at_qr(&sim, &portal).await;
    app.confirms(&browser).await;
    browser.acts("continue").await.status(200);
    assert!(browser.url.starts_with("/login/account-type?"), "{}", browser.url);
    browser.submit("/login/account-type", &[("account_type", "ca_nhan")]).await.status(200);
    assert!(browser.url.starts_with("/login/consent?"), "{}", browser.url);
    // Somebody else than the hinted holder is an error, not an answer.
    let tokens = portal_tokens(&sim).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let portal = Portal { client_id: "demo-client".to_owned(), ..demo() };
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("id_token_hint", hint)])).await.status(200);
    browser.acts("begin").await.status(200);
    app.confirms(&browser).await;
    assert_eq!(portal.error(&browser.acts("continue").await), "login_required");
}

fn demo() -> Portal {
    Portal {
        client_id: String::new(),
        secret: "demo-client-secret".to_owned(),
        redirect_uri: "http://localhost:9999/callback".to_owned(),
    }
}

async fn portal_tokens(sim: &Sim) -> serde_json::Value {
    let body = json!({"client_id": "demo-client", "citizen": LAN.number, "exchange": true});
    sim.post("/admin/v1/sign-ins", body).await.status(200).json()
}
