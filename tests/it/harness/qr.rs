//! The page that waits for an app, and the app that answers it.

use serde_json::{Value, json};

use super::{Reply, Sim, actors::Portal, app::App, browser::Browser};

pub(crate) const REQUESTS: &str = "/app/v1/sign-in-requests";

impl<'a> Browser<'a> {
    /// At the first form of a portal's sign-in.
    pub(crate) async fn at_login(sim: &'a Sim, portal: &Portal) -> Self {
        let mut browser = Self::new(sim);
        browser.open(&portal.request(&[])).await.status(200);
        browser
    }

    /// At the page that shows a QR code.
    pub(crate) async fn at_qr(sim: &'a Sim, portal: &Portal) -> Self {
        let mut browser = Self::at_login(sim, portal).await;
        browser.acts("begin").await.status(200);
        assert!(browser.url.starts_with("/login/qr?"), "{}", browser.url);
        browser
    }

    /// Presses one of the buttons.
    pub(crate) async fn acts(&mut self, action: &str) -> Reply {
        self.submit("/login/qr", &[("action", action)]).await
    }

    /// Sends a notice to the app of a number.
    pub(crate) async fn pushes(&mut self, username: &str) -> Reply {
        self.submit("/login/qr", &[("action", "push"), ("username", username)]).await
    }

    /// The code beneath the picture.
    pub(crate) fn code(&self) -> String {
        self.text_of("code").unwrap_or_else(|| panic!("no code in {}", self.page))
    }

    /// What the page says within an element with an id.
    pub(crate) fn text_of(&self, id: &str) -> Option<String> {
        let rest = self.page.split(&format!("id=\"{id}\">")).nth(1)?;
        Some(rest.split('<').next()?.to_owned())
    }
}

impl App<'_> {
    /// Scans what a page shows.
    pub(crate) async fn scans(&self, code: &str) -> Reply {
        self.post(&format!("{REQUESTS}/scan"), json!({"code": code})).await
    }

    /// Answers a request with the passcode; `more` changes the body.
    pub(crate) async fn answers(&self, id: &Value, decision: &str, more: Value) -> Reply {
        let mut body = json!({"decision": decision, "passcode": self.passcode});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&format!("{REQUESTS}/{}", id.as_str().unwrap()), body).await
    }

    /// Scans the open page's code and allows it.
    pub(crate) async fn confirms(&self, browser: &Browser<'_>) -> Value {
        let scanned = self.scans(&browser.code()).await.status(200).json();
        self.answers(&scanned["id"], "allow", json!({})).await.status(200).json()
    }
}
