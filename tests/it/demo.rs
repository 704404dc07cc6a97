//! The demo portal, the BHXH site and the handset, walked in-process: redirects followed, cookies kept, nothing else.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mock_vneid::{
    App, Config,
    clock::{ManualClock, Timestamp},
};
use tower::ServiceExt as _;

const ISSUER: &str = "http://localhost:8080";
const ISSUERS: [&str; 2] = [ISSUER, "https://vneid.test"];
const LAN: &str = "097190000011";
const DUC: &str = "097085000022";

/// A browser without scripts.
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    place: String,
    status: StatusCode,
    html: String,
    host: &'static str,
    set: usize,
    secure: usize,
}

async fn app(config: &Config) -> App {
    let clock = ManualClock::at(Timestamp::parse("2026-11-22T08:00:00+07:00").unwrap());
    App::build(config, 8080, std::sync::Arc::new(clock)).await.unwrap()
}

async fn browser() -> Browser {
    Browser::of(app(&Config::default()).await.router())
}

impl Browser {
    fn of(router: Router) -> Self {
        let (place, html) = (String::new(), String::new());
        Self {
            router,
            cookies: BTreeMap::new(),
            place,
            status: StatusCode::OK,
            html,
            host: "localhost:8080",
            set: 0,
            secure: 0,
        }
    }

    /// One request; what the answer sets is kept, where it leads is told.
    async fn one(&mut self, method: Method, place: &str, form: Option<&str>) -> Option<String> {
        let jar: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            Request::builder().method(method).uri(place).header(header::COOKIE, jar.join("; "));
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request
            .header(header::HOST, self.host)
            .body(Body::from(form.unwrap_or_default().to_owned()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            self.set += 1;
            self.secure += usize::from(cookie.contains("; Secure"));
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.status = response.status();
        place.clone_into(&mut self.place);
        let location = response.headers().get(header::LOCATION);
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        if location.is_none() && place.starts_with("/demo") {
            assert!(
                response.headers()[header::CONTENT_SECURITY_POLICY]
                    .to_str()
                    .unwrap()
                    .contains("frame-ancestors 'none'")
            );
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        self.html = String::from_utf8(body.to_vec()).unwrap();
        let ours =
            |to: &str| ISSUERS.iter().find_map(|issuer| to.strip_prefix(issuer)).map(str::to_owned);
        location.map(|to| ours(&to).unwrap_or(to))
    }

    async fn follow(&mut self, mut next: Option<String>) {
        while let Some(to) = next {
            next = self.one(Method::GET, &to, None).await;
        }
    }

    async fn get(&mut self, place: &str) {
        self.follow(Some(place.to_owned())).await;
    }

    async fn post(&mut self, place: &str, form: &str) {
        let next = self.one(Method::POST, place, Some(form)).await;
        self.follow(next).await;
    }

    /// As [`Browser::post`], but stops before the portal's callback and tells its address.
    async fn post_up_to_callback(&mut self, place: &str, form: &str) -> String {
        let next = self.one(Method::POST, place, Some(form)).await.unwrap();
        assert!(next.contains("/callback?"), "{next}");
        next
    }

    fn hidden(&self) -> String {
        let (_, rest) = self.html.split_once("name=\"form\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// From the site's button to the OTP page.
    async fn password(&mut self, site: &str, number: &str) {
        self.post(&format!("{site}/start"), "lang=vi").await;
        assert!(self.place.starts_with("/login?"), "{}\n{}", self.place, self.html);
        let password = format!("Vn%40{}a", &number[6..]);
        let form = format!("form={}&username={number}&password={password}", self.hidden());
        self.post(&self.place.clone(), &form).await;
        assert!(self.place.starts_with("/login/otp?"), "{}\n{}", self.place, self.html);
    }

    /// The OTP form, with the newest code that the handset shows.
    async fn otp_form(&mut self, phone: &str) -> (String, String) {
        let (place, form) = (self.place.clone(), self.hidden());
        self.get(&format!("/phone?number={phone}")).await;
        assert_eq!(self.status, StatusCode::OK);
        let text = self.html.split("<p class=\"text\"").nth(1).unwrap();
        let (text, _) = text.split_once("</p>").unwrap();
        let code = text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).unwrap();
        (place, format!("form={form}&otp={code}"))
    }

    async fn sign_in(&mut self, site: &str, number: &str, phone: &str) {
        self.password(site, number).await;
        let (place, form) = self.otp_form(phone).await;
        self.post(&place, &form).await;
    }

    fn shows(&self, text: &str) {
        assert!(self.html.contains(text), "{text:?} is missing at {}:\n{}", self.place, self.html);
    }

    fn hides(&self, text: &str) {
        assert!(!self.html.contains(text), "{text:?} is shown at {}:\n{}", self.place, self.html);
    }

    fn stopped(&self, status: StatusCode, code: &str) {
        assert_eq!(self.status, status, "{}", self.html);
        self.shows(&format!("<code id=\"code\">{code}</code>"));
        self.shows("MÔ PHỎNG");
    }
}

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
async fn ten_years_later_the_demo_still_signs_in_and_an_old_visit_has_ended() {
    let app = app(&Config::default()).await;
    let mut lan = Browser::of(app.router());
    lan.sign_in("/demo", LAN, "0912345601").await;
    lan.shows("id=\"visitor\"");
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
    for host in ["127.0.0.1:9999", "localhost:8080", "evil.example", "localhost:8080.evil.example"]
    {
        lan.host = host;
        assert_eq!(lan.one(Method::GET, "/demo", None).await, None, "{host}");
        assert_eq!(lan.status, StatusCode::OK);
    }
}
