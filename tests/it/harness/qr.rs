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

    /// What a camera reads from the picture.
    pub(crate) fn scanned(&self) -> String {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let data = self.page.split("data:image/svg+xml;base64,").nth(1).expect("a picture");
        let svg = STANDARD.decode(data.split('"').next().unwrap()).unwrap();
        camera(std::str::from_utf8(&svg).unwrap())
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

/// What a camera reads from the picture.
pub(crate) fn camera(svg: &str) -> String {
    // The library draws one path of unit squares in a view box of `size`.
    let attribute = |name: &str| {
        let rest = svg.split(&format!(" {name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let size: usize = attribute("width").parse().unwrap();
    let mut dark = vec![false; size * size];
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    for square in path.split('M').skip(1) {
        let numbers: Vec<usize> = square
            .split(|c: char| !c.is_ascii_digit())
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().unwrap())
            .collect();
        let (x, y, w, h) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        for row in y..y + h {
            for column in x..x + w {
                dark[row * size + column] = true;
            }
        }
    }
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size, size, |x, y| {
        if dark[y * size + x] { 0 } else { 255 }
    });
    image.detect_grids()[0].decode().unwrap().1
}
