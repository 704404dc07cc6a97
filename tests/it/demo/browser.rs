//! A browser for the demo's two sites: several hosts, cookies, redirects.

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

pub(super) const ISSUER: &str = "http://localhost:8080";
pub(super) const ISSUERS: [&str; 2] = [ISSUER, "https://vneid.test"];
pub(super) const LAN: &str = "097190000011";
pub(super) const DUC: &str = "097085000022";

/// A browser without scripts.
pub(super) struct Browser {
    pub(super) router: Router,
    pub(super) cookies: BTreeMap<String, String>,
    pub(super) place: String,
    pub(super) status: StatusCode,
    pub(super) html: String,
    pub(super) host: &'static str,
    pub(super) set: usize,
    pub(super) secure: usize,
}

pub(super) async fn app(config: &Config) -> App {
    let clock = ManualClock::at(Timestamp::parse("2026-11-22T08:00:00+07:00").unwrap());
    App::build(config, 8080, std::sync::Arc::new(clock)).await.unwrap()
}

pub(super) async fn browser() -> Browser {
    Browser::of(app(&Config::default()).await.router())
}

impl Browser {
    pub(super) fn of(router: Router) -> Self {
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
    pub(super) async fn one(
        &mut self,
        method: Method,
        place: &str,
        form: Option<&str>,
    ) -> Option<String> {
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

    pub(super) async fn follow(&mut self, mut next: Option<String>) {
        while let Some(to) = next {
            next = self.one(Method::GET, &to, None).await;
        }
    }

    pub(super) async fn get(&mut self, place: &str) {
        self.follow(Some(place.to_owned())).await;
    }

    pub(super) async fn post(&mut self, place: &str, form: &str) {
        let next = self.one(Method::POST, place, Some(form)).await;
        self.follow(next).await;
    }

    /// As [`Browser::post`], but stops before the portal's callback and tells its address.
    pub(super) async fn post_up_to_callback(&mut self, place: &str, form: &str) -> String {
        let next = self.one(Method::POST, place, Some(form)).await.unwrap();
        assert!(next.contains("/callback?"), "{next}");
        next
    }

    pub(super) fn hidden(&self) -> String {
        let (_, rest) = self.html.split_once("name=\"form\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// From the site's button to the OTP page.
    pub(super) async fn password(&mut self, site: &str, number: &str) {
        self.post(&format!("{site}/start"), "lang=vi").await;
        assert!(self.place.starts_with("/login?"), "{}\n{}", self.place, self.html);
        let password = format!("Vn%40{}a", &number[6..]);
        let form = format!("form={}&username={number}&password={password}", self.hidden());
        self.post(&self.place.clone(), &form).await;
        assert!(self.place.starts_with("/login/otp?"), "{}\n{}", self.place, self.html);
    }

    /// The OTP form, with the newest code that the handset shows.
    pub(super) async fn otp_form(&mut self, phone: &str) -> (String, String) {
        let (place, form) = (self.place.clone(), self.hidden());
        self.get(&format!("/phone?number={phone}")).await;
        assert_eq!(self.status, StatusCode::OK);
        let text = self.html.split("<p class=\"text\"").nth(1).unwrap();
        let (text, _) = text.split_once("</p>").unwrap();
        let code = text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).unwrap();
        (place, format!("form={form}&otp={code}"))
    }

    pub(super) async fn sign_in(&mut self, site: &str, number: &str, phone: &str) {
        self.password(site, number).await;
        let (place, form) = self.otp_form(phone).await;
        self.post(&place, &form).await;
    }

    pub(super) fn shows(&self, text: &str) {
        assert!(self.html.contains(text), "{text:?} is missing at {}:\n{}", self.place, self.html);
    }

    pub(super) fn hides(&self, text: &str) {
        assert!(!self.html.contains(text), "{text:?} is shown at {}:\n{}", self.place, self.html);
    }

    pub(super) fn stopped(&self, status: StatusCode, code: &str) {
        assert_eq!(self.status, status, "{}", self.html);
        self.shows(&format!("<code id=\"code\">{code}</code>"));
        self.shows("MÔ PHỎNG");
    }
}
