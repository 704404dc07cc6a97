//! The pages in a real browser: headless Chromium, with JavaScript and without; screenshots go to `target/screenshots`.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, error::CmdError};
use hyper_util::client::legacy::connect::HttpConnector;
use mock_vneid::{App, Config, clock::SystemClock};
use rustix::process::{Signal, kill_process_group};
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot};

mod console;

use crate::harness::tools::{BROWSERS, pid, tool};

const LAN: &str = "097190000011";
const DUC: &str = "097085000022";
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(50);
const TRIES: u32 = 400;

/// The simulator on a port, a driver on another, a browser with a profile of its own.
struct Desk {
    issuer: String,
    browser: Client,
    _driver: Driver,
    _profile: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
    shots: PathBuf,
    kind: &'static str,
    width: u32,
}

async fn simulator(config: &Config) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bound = listener.local_addr().unwrap();
    let app = App::build(config, bound.port(), Arc::new(SystemClock)).await.unwrap();
    let (stop, told) = oneshot::channel::<()>();
    tokio::spawn(app.serve(listener, async move { drop(told.await) }));
    (bound, stop)
}

/// chromedriver and the browsers it starts: one process group, ended together even when a test fails.
struct Driver {
    process: Child,
    /// Held open: it may say more.
    _said: BufReader<ChildStdout>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = kill_process_group(pid(&self.process), Signal::TERM);
        drop(self.process.wait());
    }
}

/// A driver on a port that it chooses and says.
fn driver() -> (String, Driver) {
    let mut process = Command::new(tool(&["chromedriver"]))
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap());
    let port = said.by_ref().lines().map_while(Result::ok).find_map(|line| {
        let port = line.split("started successfully on port ").nth(1)?;
        Some(port.trim_end_matches('.').to_owned())
    });
    let driver = Driver { process, _said: said };
    let port = port.expect("chromedriver says on which port it listens");
    (format!("http://127.0.0.1:{port}"), driver)
}

impl Desk {
    async fn new(kind: &'static str, scripts: bool) -> Self {
        Self::over(&Config::default(), kind, scripts).await
    }

    async fn over(config: &Config, kind: &'static str, scripts: bool) -> Self {
        let (driver_at, driver) = driver();
        let (bound, stop) = simulator(config).await;
        let profile = tempfile::tempdir().unwrap();
        let options = json!({
            "binary": tool(&BROWSERS),
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--window-size=900,1100", "--lang=vi",
                format!("--user-data-dir={}", profile.path().display()),
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 } },
        });
        let wanted = serde_json::from_value(json!({ "goog:chromeOptions": options })).unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let browser = builder.capabilities(wanted).connect(&driver_at).await.unwrap();
        let shots = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        std::fs::create_dir_all(&shots).unwrap();
        let issuer = format!("http://localhost:{}", bound.port());
        Self {
            issuer,
            browser,
            _driver: driver,
            _profile: profile,
            _stop: stop,
            shots,
            kind,
            width: 900,
        }
    }

    async fn goes_to(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.issuer)).await.unwrap();
    }

    async fn finds(&self, css: &str) -> fantoccini::elements::Element {
        let look = || self.browser.wait().at_most(LONG).for_element(Locator::Css(css));
        let mut found = look().await;
        for _ in 0..TRIES {
            // The driver gives up a look when the page beneath it goes; the next page is looked at anew.
            let gone = |error: &CmdError| error.to_string().contains("aborted by navigation");
            if !found.as_ref().err().is_some_and(gone) {
                break;
            }
            tokio::time::sleep(SHORT).await;
            found = look().await;
        }
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {css}: {error}\n{}", self.browser.source().await.unwrap()),
        }
    }

    async fn clicks(&self, css: &str) {
        self.finds(css).await.click().await.unwrap();
    }

    async fn types(&self, css: &str, text: &str) {
        let field = self.finds(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Text, read again while the page under it is being replaced.
    async fn reads(&self, css: &str) -> String {
        for _ in 0..TRIES {
            if let Ok(text) = self.finds(css).await.text().await {
                return text;
            }
            tokio::time::sleep(SHORT).await;
        }
        panic!("{css} cannot be read");
    }

    async fn shows(&self, text: &str) {
        let mut body = String::new();
        for _ in 0..TRIES {
            body = self.reads("body").await;
            if body.contains(text) {
                return;
            }
            tokio::time::sleep(SHORT).await;
        }
        panic!("{text:?} is missing in:\n{body}");
    }

    /// The whole page, not only what the window shows.
    async fn keeps(&self, name: &str) {
        let height = self.finds("html").await.rectangle().await.unwrap().3;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a page's height"
        )]
        let height = (height.max(700.0) as u32).min(4000) + 150;
        self.browser.set_window_size(self.width, height).await.unwrap();
        let image = self.browser.screenshot().await.unwrap();
        std::fs::write(self.shots.join(format!("{}-{name}.png", self.kind)), image).unwrap();
    }

    async fn types_password(&self, number: &str, password: &str) {
        self.types("#username", number).await;
        self.types("#password", password).await;
        self.clicks("main button[type=submit]").await;
    }

    /// A second window with the handset; gives the newest code.
    async fn reads_code(&self, phone: &str) -> String {
        let portal = self.browser.window().await.unwrap();
        let handset = self.browser.new_window(true).await.unwrap();
        self.browser.switch_to_window(handset.handle).await.unwrap();
        self.goes_to("/phone").await;
        self.types("#number", phone).await;
        self.clicks("main button[type=submit]").await;
        let text = self.reads(".sms .text").await;
        self.keeps("phone").await;
        self.browser.close_window().await.unwrap();
        self.browser.switch_to_window(portal).await.unwrap();
        text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).unwrap().to_owned()
    }

    /// From the choice page to wherever the OTP leads.
    async fn signs_in(&self, site: &str, number: &str, phone: &str) {
        self.goes_to(&format!("{site}/login?lang=vi")).await;
        self.clicks("#e-id").await;
        self.types_password(number, &format!("Vn@{}a", &number[6..])).await;
        self.finds("#otp").await;
        let code = self.reads_code(phone).await;
        self.types("#otp", &code).await;
        self.clicks("main button[type=submit]").await;
    }

    async fn closes(self) {
        self.browser.clone().close().await.unwrap();
    }
}

async fn portal_walk(desk: &Desk) {
    desk.goes_to("/demo").await;
    desk.shows("MÔ PHỎNG").await;
    desk.keeps("1-portal").await;
    desk.clicks("#sign-in").await;
    desk.shows("Tài khoản định danh điện tử cấp bởi Bộ Công an").await;
    desk.keeps("2-choose").await;
    desk.clicks("#e-id").await;
    desk.shows("Cổng dịch vụ công thử nghiệm").await;
    desk.types_password(LAN, "wrong").await;
    let error = desk.reads("#error[role=alert]").await;
    assert!(error.contains('4'), "tries left: {error}");
    let field = desk.finds("#password").await;
    assert_eq!(field.attr("aria-describedby").await.unwrap().as_deref(), Some("error"));
    assert_eq!(field.attr("aria-invalid").await.unwrap().as_deref(), Some("true"));
    desk.keeps("3-wrong-password").await;
    desk.clicks("a[hreflang=en]").await;
    desk.shows("Personal ID number").await;
    desk.shows("SIMULATION").await;
    desk.keeps("4-english").await;
    desk.clicks("a[hreflang=vi]").await;
    desk.shows("Số định danh cá nhân").await;
    desk.types_password(LAN, "Vn@000011a").await;
    desk.finds("#otp").await;
    desk.keeps("5-otp").await;
    desk.types("#otp", "abc").await;
    desk.clicks("main button[type=submit]").await;
    desk.finds("#error[role=alert]").await;
    let code = desk.reads_code("0912345601").await;
    desk.types("#otp", &code).await;
    desk.clicks("main button[type=submit]").await;
    assert_eq!(desk.reads("#visitor").await, "Nguyễn Thị Lan");
    desk.shows("12 ngõ 34 phố Mô Phỏng").await;
    desk.keeps("6-signed-in").await;
    desk.clicks("a[hreflang=en]").await;
    desk.shows("Verified claims").await;
    desk.clicks("form[action^='/demo/logout'] button").await;
    desk.finds("#sign-in").await;
}

async fn insurance_walk(desk: &Desk) {
    desk.browser.delete_all_cookies().await.unwrap();
    desk.signs_in("/demo", DUC, "0912345602").await;
    assert_eq!(desk.reads("#visitor").await, "Trần Văn Đức");
    desk.keeps("7-level-1").await;
    desk.goes_to("/demo/bhxh").await;
    desk.keeps("8-bhxh").await;
    desk.clicks("#sign-in").await;
    desk.clicks("#e-id").await;
    desk.shows("Nâng cấp tài khoản").await;
    desk.keeps("9-level").await;
    desk.clicks("main button[type=submit]").await;
    assert_eq!(desk.reads("#code").await, "access_denied");
    desk.shows("mức độ 2").await;
    desk.keeps("10-refused").await;
}

/// The handset confirms: in a second window, on its own page.
async fn app_walk(desk: &Desk) {
    desk.browser.delete_all_cookies().await.unwrap();
    desk.goes_to("/demo/login?lang=vi").await;
    desk.clicks("#e-id").await;
    desk.clicks("#qr").await;
    desk.shows("Chờ quét mã").await;
    let picture = desk.finds("img.qr").await;
    let (_, _, width, height) = picture.rectangle().await.unwrap();
    assert!(width > 100.0 && height > 100.0, "the picture is shown: {width} by {height}");
    desk.keeps("11-qr").await;
    desk.clicks("button[value=continue]").await;
    desk.finds("#error[role=alert]").await;
    let code = desk.reads("#code").await;
    let portal = desk.browser.window().await.unwrap();
    let handset = desk.browser.new_window(true).await.unwrap();
    desk.browser.switch_to_window(handset.handle).await.unwrap();
    desk.goes_to("/phone/app").await;
    for (field, text) in [("username", LAN), ("password", "Vn@000011a"), ("code", &code)] {
        desk.types(&format!("#{field}"), text).await;
    }
    desk.clicks("button[value=look]").await;
    desk.shows("Cổng dịch vụ công thử nghiệm").await;
    desk.types("#password", "Vn@000011a").await;
    desk.types("#passcode", "000011").await;
    desk.keeps("12-app").await;
    desk.clicks("button[value=allow]").await;
    desk.shows("Đã xác nhận").await;
    desk.keeps("13-confirmed").await;
    desk.browser.close_window().await.unwrap();
    desk.browser.switch_to_window(portal).await.unwrap();
    desk.clicks("a[href$='refresh=on']").await;
    desk.shows("Đã xác nhận trên ứng dụng").await;
    desk.keeps("14-approved").await;
    desk.clicks("button[value=continue]").await;
    assert_eq!(desk.reads("#visitor").await, "Nguyễn Thị Lan");
    desk.shows("LoA3").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_javascript() {
    let desk = Desk::new("js", true).await;
    portal_walk(&desk).await;
    insurance_walk(&desk).await;
    app_walk(&desk).await;
    desk.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript() {
    let desk = Desk::new("nojs", false).await;
    // The switch works: a page that would change its title by a script does not.
    let page = "data:text/html,<title>off</title><script>document.title='on'</script>";
    desk.browser.goto(page).await.unwrap();
    assert_eq!(desk.browser.title().await.unwrap(), "off");
    portal_walk(&desk).await;
    insurance_walk(&desk).await;
    app_walk(&desk).await;
    desk.closes().await;
}
