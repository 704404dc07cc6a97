//! The demo portal, the BHXH site and the handset, walked in-process: redirects followed, cookies kept, nothing else.

mod browser;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use browser::{Browser, DUC, ISSUER, LAN, app, browser};
use mock_vneid::Config;
use tower::ServiceExt as _;

#[tokio::test]
async fn a_level_2_holder_signs_in_and_sees_every_claim_and_all_16_services() {
    let mut lan = browser().await;
    lan.get("/demo").await;
    lan.shows("MÔ PHỎNG");
    lan.shows("href=\"/demo/login?lang=vi\"");
    lan.get("/demo/login?lang=vi").await;
    lan.shows("Tài khoản định danh điện tử cấp bởi Bộ Công an");
    lan.sign_in("/demo", LAN, "0912345601").await;
    assert_eq!((lan.status, lan.place.as_str()), (StatusCode::OK, "/demo?lang=vi"));
    for text in [
        "Nguyễn Thị Lan",
        LAN,
        "08/03/1990",
        "+84912345601",
        "lan@example.com",
        "Phường Hoa Sen",
        "Thẻ căn cước",
        "LoA2",
        ISSUER,
    ] {
        lan.shows(text);
    }
    lan.hides("class=\"closed\"");
    assert_eq!(lan.html.matches("<li>").count(), 16);
    lan.get("/demo?lang=en").await;
    lan.shows("Verified claims");
    lan.shows("Female");
}

#[tokio::test]
async fn a_level_1_holder_sees_seven_services_closed_and_no_level_2_claim() {
    let mut duc = browser().await;
    duc.sign_in("/demo", DUC, "0912345602").await;
    duc.shows("Trần Văn Đức");
    assert_eq!(duc.html.matches("<li class=\"closed\">").count(), 7);
    for claim in ["vneid_card", "vneid_residence", "<code>address</code>"] {
        duc.hides(claim);
    }
}

#[tokio::test]
async fn a_tampered_state_is_refused_and_the_right_one_still_counts_once() {
    let mut lan = browser().await;
    lan.password("/demo", LAN).await;
    let (place, form) = lan.otp_form("0912345601").await;
    let back = lan.post_up_to_callback(&place, &form).await;
    let tampered = back.replace("state=", "state=A");
    lan.get(&tampered).await;
    lan.stopped(StatusCode::BAD_REQUEST, "state_mismatch");
    lan.get(&format!("{back}&state=other")).await;
    lan.stopped(StatusCode::BAD_REQUEST, "unreadable_callback");
    let mut stranger = Browser::of(lan.router.clone());
    stranger.get(&back).await;
    stranger.stopped(StatusCode::BAD_REQUEST, "session_missing");
    lan.get(&back).await;
    lan.shows("Nguyễn Thị Lan");
    lan.get(&back).await;
    lan.stopped(StatusCode::BAD_REQUEST, "state_mismatch");
    lan.get("/demo").await;
    lan.shows("id=\"visitor\"");
}

#[tokio::test]
async fn an_answer_of_another_issuer_or_of_none_is_refused() {
    for iss in ["&iss=https%3A%2F%2Fevil.example", "", "&iss=http%3A%2F%2Flocalhost%3A8080%2F"] {
        let mut lan = browser().await;
        lan.password("/demo", LAN).await;
        let (place, form) = lan.otp_form("0912345601").await;
        let back = lan.post_up_to_callback(&place, &form).await;
        let (before, _) = back.split_once("&iss=").unwrap();
        lan.get(&format!("{before}{iss}")).await;
        lan.stopped(StatusCode::BAD_REQUEST, "issuer_mismatch");
        lan.get(&back).await;
        lan.stopped(StatusCode::BAD_REQUEST, "state_mismatch");
    }
}

#[tokio::test]
async fn a_wrong_code_a_missing_one_and_a_repeated_parameter_are_clear_refusals() {
    let mut lan = browser().await;
    lan.password("/demo", LAN).await;
    let (place, form) = lan.otp_form("0912345601").await;
    let back = lan.post_up_to_callback(&place, &form).await;
    let (_, rest) = back.split_once('?').unwrap();
    let (_, rest) = rest.split_once('&').unwrap();
    lan.get(&format!("/demo/callback?code=wrong&{rest}")).await;
    lan.stopped(StatusCode::BAD_REQUEST, "invalid_grant");
    let next = lan.one(Method::GET, "/demo/start", None).await.unwrap();
    let (_, state) = next.split_once("state=").unwrap();
    let state = state.split('&').next().unwrap();
    lan.get(&format!("/demo/callback?state={state}&iss=http%3A%2F%2Flocalhost%3A8080")).await;
    lan.stopped(StatusCode::BAD_REQUEST, "code_missing");
    lan.get("/demo/callback?state=x&state=y").await;
    lan.stopped(StatusCode::BAD_REQUEST, "unreadable_callback");
    lan.get("/demo/callback?state=%FF").await;
    lan.stopped(StatusCode::BAD_REQUEST, "unreadable_callback");
    lan.get("/demo/callback").await;
    lan.stopped(StatusCode::BAD_REQUEST, "state_mismatch");
}

#[tokio::test]
async fn nobody_signed_in_and_prompt_none_is_login_required() {
    let mut nobody = browser().await;
    nobody.get("/demo/start?prompt=none&lang=vi").await;
    nobody.stopped(StatusCode::BAD_REQUEST, "login_required");
    nobody.get("/demo/start?prompt=none&lang=en").await;
    nobody.shows("Nobody is signed in");
}

#[tokio::test]
async fn a_level_1_holder_at_bhxh_comes_back_and_reads_why() {
    let mut duc = browser().await;
    duc.sign_in("/demo/bhxh", DUC, "0912345602").await;
    assert!(duc.place.starts_with("/login/level?"), "{}", duc.place);
    let form = format!("form={}", duc.hidden());
    duc.post(&duc.place.clone(), &form).await;
    duc.stopped(StatusCode::FORBIDDEN, "access_denied");
    duc.shows("mức độ 2");
    duc.get("/demo/bhxh").await;
    duc.hides("id=\"visitor\"");
}

#[tokio::test]
async fn a_level_2_holder_at_bhxh_shows_card_and_residence_and_single_sign_on_reaches_the_portal() {
    let mut lan = browser().await;
    lan.sign_in("/demo/bhxh", LAN, "0912345601").await;
    lan.shows("vneid_card");
    lan.shows("01/07/2021");
    lan.shows("vneid_residence");
    lan.post("/demo/start", "lang=vi").await;
    assert_eq!(lan.place, "/demo?lang=vi");
    lan.shows("id=\"visitor\"");
    lan.post("/demo/logout", "").await;
    lan.hides("id=\"visitor\"");
    lan.get("/demo/bhxh").await;
    lan.shows("id=\"visitor\"");
    lan.post("/demo/start", "prompt=login").await;
    assert!(lan.place.starts_with("/login?"), "{}", lan.place);
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_session_at_the_provider() {
    let mut lan = browser().await;
    lan.sign_in("/demo", LAN, "0912345601").await;
    lan.post("/demo/start", "lang=vi").await;
    lan.shows("id=\"visitor\"");
    lan.post("/demo/logout", "everywhere=1").await;
    assert_eq!(lan.place, "/demo");
    lan.hides("id=\"visitor\"");
    lan.post("/demo/start", "lang=vi").await;
    assert!(lan.place.starts_with("/login?"), "{}", lan.place);
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_visit_at_the_other_site_through_the_back_channel() {
    let app = app(&Config::default()).await;
    let mut lan = Browser::of(app.router());
    // The tokens tell the realm's time, not the computer's.
    app.flow().realm("default").await.unwrap().advance_clock("P2Y").await.unwrap();
    lan.sign_in("/demo/bhxh", LAN, "0912345601").await;
    lan.post("/demo/start", "lang=vi").await;
    lan.shows("id=\"visitor\"");
    let mut duc = Browser::of(app.router());
    duc.sign_in("/demo", DUC, "0912345602").await;
    lan.post("/demo/logout", "everywhere=1").await;
    lan.get("/demo/bhxh").await;
    lan.hides("id=\"visitor\"");
    duc.get("/demo").await;
    duc.shows("id=\"visitor\"");
    for bad in ["", "logout_token=x", "logout_token=a.b.c", "logout_token=&logout_token="] {
        let post = Request::post("/demo/backchannel-logout")
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let told = app.router().oneshot(post.body(Body::from(bad)).unwrap()).await.unwrap();
        assert_eq!(told.status(), StatusCode::BAD_REQUEST, "{bad}");
    }
    duc.get("/demo").await;
    duc.shows("id=\"visitor\"");
}

#[tokio::test]
async fn ten_years_later_the_demo_still_signs_in_and_an_old_visit_has_ended() {
    let app = app(&Config::default()).await;
    let mut lan = Browser::of(app.router());
    lan.sign_in("/demo", LAN, "0912345601").await;
    lan.shows("id=\"visitor\"");
    let realm = app.flow().realm("default").await.unwrap();
    // outside.md P1: the demo lives by the computer's clock, as other applications do, and goes on.
    let realm = realm.advance_clock("P8D").await.unwrap();
    lan.get("/demo").await;
    lan.shows("id=\"visitor\"");
    lan.shows("Token theo giờ máy tính");
    realm.merge_policy(&serde_json::json!({"wire_time": "virtual"})).await.unwrap();
    let realm = app.flow().realm("default").await.unwrap();
    // Past the card's last day she could not sign in: that is the rule, not the demo.
    realm.advance_clock("P3Y").await.unwrap();
    lan.get("/demo").await;
    lan.hides("id=\"visitor\"");
    lan.sign_in("/demo", LAN, "0912345601").await;
    lan.shows("id=\"visitor\"");
    let mut duc = Browser::of(app.router());
    let realm = app.flow().realm("default").await.unwrap();
    realm.advance_clock("P7Y").await.unwrap();
    duc.sign_in("/demo", DUC, "0912345602").await;
    duc.shows("id=\"visitor\"");
    let realm = app.flow().realm("default").await.unwrap();
    realm.set_clock("1999-01-01T00:00:00Z").await.unwrap();
    duc.get("/demo").await;
    assert_eq!(duc.status, StatusCode::OK);
}

#[tokio::test]
async fn behind_a_tls_proxy_the_demo_signs_in_and_its_cookies_are_secure_and_bound_to_the_host() {
    let config = Config {
        issuer: Some("https://vneid.test".to_owned()),
        backchannel: mock_vneid::config::Backchannel::Dynamic,
        ..Config::default()
    };
    let mut lan = Browser::of(app(&config).await.router());
    lan.sign_in("/demo", LAN, "0912345601").await;
    lan.shows("id=\"visitor\"");
    lan.shows("https://vneid.test");
    assert!(lan.cookies.keys().all(|name| name.starts_with("__Host-")), "{:?}", lan.cookies);
    assert_eq!(lan.secure, lan.set, "every cookie is Secure");
}

#[tokio::test]
async fn old_sessions_make_room_and_start_and_language_follow() {
    let mut lan = browser().await;
    lan.password("/demo", LAN).await;
    let (place, form) = lan.otp_form("0912345601").await;
    let back = lan.post_up_to_callback(&place, &form).await;
    for _ in 0..1000 {
        Browser::of(lan.router.clone()).one(Method::GET, "/demo/start", None).await.unwrap();
    }
    lan.get(&back).await;
    lan.stopped(StatusCode::BAD_REQUEST, "session_missing");
    lan.post("/demo/start", "lang=en").await;
    assert_eq!(lan.place, "/demo?lang=en");
    lan.shows("Verified claims");
}

#[tokio::test]
async fn the_handset_shows_newest_first_refreshes_itself_and_refuses_bad_numbers() {
    let mut lan = browser().await;
    lan.get("/phone").await;
    assert_eq!(lan.status, StatusCode::OK);
    lan.hides("http-equiv=\"refresh\"");
    lan.shows("0912345601");
    for bad in ["abc", "123", "0112345678", "%3Cscript%3E", "%00", "%FF"] {
        lan.get(&format!("/phone?number={bad}")).await;
        assert_eq!(lan.status, StatusCode::BAD_REQUEST, "{bad}");
        lan.shows("role=\"alert\"");
        lan.hides("<script>");
    }
    lan.password("/demo", LAN).await;
    lan.get("/phone?number=%2B84912345601").await;
    lan.shows("<meta http-equiv=\"refresh\" content=\"3\">");
    lan.shows("VNeID");
    assert_eq!(lan.html.matches("class=\"sms\"").count(), 1);
    lan.get("/phone?number=0912345601&refresh=off").await;
    lan.hides("http-equiv=\"refresh\"");
    lan.get("/realms/default/phone?number=0912345601").await;
    assert_eq!(lan.html.matches("class=\"sms\"").count(), 1);
    lan.get("/realms/nowhere/phone").await;
    assert_eq!(lan.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn other_methods_are_405_and_unreadable_forms_begin_anew() {
    let mut lan = browser().await;
    lan.one(Method::POST, "/phone", Some("")).await;
    assert_eq!(lan.status, StatusCode::METHOD_NOT_ALLOWED);
    lan.post("/demo/start", "lang=%FF").await;
    assert!(lan.place.starts_with("/login?"), "{}", lan.place);
}

#[tokio::test]
async fn another_name_of_this_machine_leads_to_the_issuers_and_no_foreign_host_does() {
    let mut lan = browser().await;
    for host in ["127.0.0.1:8080", "[::1]:8080"] {
        lan.host = host;
        let to = lan.one(Method::GET, "/demo/bhxh?lang=en", None).await;
        assert_eq!(
            (lan.status, to.as_deref()),
            (StatusCode::SEE_OTHER, Some("/demo/bhxh?lang=en"))
        );
    }
    for host in ["127.0.0.1:9999", "localhost:8080", "evil.example", "localhost.evil.example:8080"]
    {
        lan.host = host;
        assert_eq!(lan.one(Method::GET, "/demo", None).await, None, "{host}");
        assert_eq!(lan.status, StatusCode::OK);
    }
}

/// Whoever stops in the middle of a form is answered: the sites keep the bounds that the doors have.
#[tokio::test]
async fn a_form_that_never_ends_is_refused_in_time() {
    let sim = crate::harness::Sim::new().await;
    let stuck = futures_util::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
    let form = "application/x-www-form-urlencoded";
    let mut request = Request::post("/demo/backchannel-logout")
        .header(header::HOST, "localhost:8080")
        .header(header::CONTENT_TYPE, form)
        .body(Body::from_stream(stuck))
        .unwrap();
    let patience = std::time::Duration::from_millis(50);
    request.extensions_mut().insert(mock_vneid::http::extract::BodyTimeout(patience));
    let answer = sim.app.router().oneshot(request);
    let answer = tokio::time::timeout(std::time::Duration::from_secs(10), answer).await;
    let answer = answer.expect("an answer in time").unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let why = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
    assert!(String::from_utf8_lossy(&why).contains("the form cannot be read"), "{why:?}");
}
