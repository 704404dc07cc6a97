//! outside.md P2, P21, L16, N4: forms as people send them: twice, late, with spaces, in the other language.

use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{Citizen, DUC, LAN, Portal},
    app::{App, HANH, PHONG, VY},
    browser::Browser,
};

/// The open page's form, to be sent as often as one likes.
struct SameForm<'a> {
    browser: Browser<'a>,
    path: String,
    fields: Vec<(String, String)>,
}

impl<'a> SameForm<'a> {
    fn of(browser: &Browser<'a>, action: &str, fields: &[(&str, &str)]) -> Self {
        let id = crate::harness::query(&browser.url, "interaction").unwrap();
        let form = browser.form();
        let all = [("form", form.as_str())].into_iter().chain(fields.iter().copied());
        Self {
            browser: browser.clone(),
            path: format!("{action}?interaction={id}"),
            fields: all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }

    async fn sent(&self) -> Reply {
        let fields: Vec<_> = self.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.browser.clone().post(&self.path, &fields).await
    }

    /// Sends it three times: alike to the cookie, and nothing more is kept or drawn by the later ones.
    async fn three_times(&self, sim: &Sim) -> Reply {
        let first = self.sent().await;
        let kept = snapshot(sim).await;
        for _ in 0..2 {
            let again = self.sent().await;
            assert_eq!(again.status, first.status, "{}: {}", self.path, again.text());
            for header in ["location", "set-cookie"] {
                assert_eq!(again.headers.get(header), first.headers.get(header), "{}", self.path);
            }
            assert_eq!(again.text(), first.text());
        }
        assert_eq!(snapshot(sim).await, kept, "{}: it draws nothing, and costs no try", self.path);
        first
    }
}

async fn snapshot(sim: &Sim) -> serde_json::Value {
    sim.get("/admin/v1/realms/default/snapshot").await.status(200).json()
}

/// A browser at the page that is due after the OTP, its forms sent three times each.
async fn after_otp<'a>(sim: &'a Sim, portal: &Portal, who: Citizen) -> (Browser<'a>, Reply) {
    let mut browser = Browser::at_login(sim, portal).await;
    let fields = [("username", who.number), ("password", who.password)];
    let led = SameForm::of(&browser, "/login", &fields).three_times(sim).await.status(303);
    browser.open(&led.location()).await.status(200);
    let otp = sim.otp(who.phone).await;
    let form = SameForm::of(&browser, "/login/otp", &[("otp", &otp)]);
    let reply = form.three_times(sim).await;
    let cookie = reply.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let (name, value) = cookie.split_once('=').unwrap();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    if reply.status == 303 && reply.location().starts_with('/') {
        browser.open(&reply.location()).await.status(200);
    }
    (browser, reply)
}

#[tokio::test]
async fn p2_password_and_otp_sent_three_times_give_one_code() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (_, reply) = after_otp(&sim, &portal, LAN).await;
    let code = portal.code(&reply);
    assert_eq!(sim.messages().await.len(), 1);
    portal.redeems(&sim, &code, &[]).await.status(200);
    portal.redeems(&sim, &code, &[]).await.oauth(400, "invalid_grant");
}

/// The code is in the kept answer after it was spent, too: a reload of the way back is the portal's to refuse.
#[tokio::test]
async fn p2_a_form_sent_again_after_the_code_was_spent_hears_the_same_code() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    LAN.types_password(&mut browser).await.status(200);
    let otp = sim.otp(LAN.phone).await;
    let form = SameForm::of(&browser, "/login/otp", &[("otp", &otp)]);
    let code = portal.code(&form.sent().await);
    portal.redeems(&sim, &code, &[]).await.status(200);
    assert_eq!(portal.code(&form.sent().await), code);
    // Another browser hears nothing, whatever it knows.
    let mut other = Browser::at_login(&sim, &portal).await;
    std::mem::swap(&mut other.cookies, &mut browser.cookies);
    let thief = SameForm { browser, path: form.path.clone(), fields: form.fields.clone() };
    thief.sent().await.status(400);
    sim.advance(30 * 60);
    form.sent().await.status(400);
}

#[tokio::test]
async fn p2_wrong_ones_sent_three_times_cost_one_try() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    let wrong = [("username", LAN.number), ("password", "Wrong@1234")];
    let told = SameForm::of(&browser, "/login", &wrong).three_times(&sim).await.status(401);
    assert!(told.text().contains("còn 4 lần"), "{}", told.text());
    browser.page = told.text();
    browser.submit("/login", &wrong).await.status(401);
    let told = browser.submit("/login", &wrong).await.status(401).text();
    assert!(told.contains("còn 2 lần"), "{told}");
    LAN.types_password(&mut browser).await.status(200);
    let right = sim.otp(LAN.phone).await;
    let wrong = [("otp", if right == "000000" { "000001" } else { "000000" })];
    let told = SameForm::of(&browser, "/login/otp", &wrong).three_times(&sim).await.status(401);
    assert!(told.text().contains("còn 4 lần"), "{}", told.text());
    browser.page = told.text();
    let told = browser.submit("/login/otp", &wrong).await.status(401).text();
    assert!(told.contains("còn 3 lần"), "{told}");
    sim.advance(60);
    SameForm::of(&browser, "/login/otp/resend", &[]).three_times(&sim).await.status(303);
    assert_eq!(sim.messages().await.len(), 2);
}

/// The same form with other fields, and a form of before: to the page that is due.
#[tokio::test]
async fn p2_other_fields_and_older_forms_lead_to_the_page_that_is_due() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    let right =
        SameForm::of(&browser, "/login", &[("username", LAN.number), ("password", LAN.password)]);
    let other =
        SameForm::of(&browser, "/login", &[("username", DUC.number), ("password", DUC.password)]);
    let led = right.sent().await.location();
    assert!(led.starts_with("/login/otp?"));
    assert_eq!(other.sent().await.status(303).location(), led);
    browser.open(&led).await.status(200);
    sim.advance(60);
    browser.submit("/login/otp/resend", &[]).await.status(200);
    assert_eq!(right.sent().await.status(303).location(), led);
    assert_eq!(sim.messages().await.len(), 2);
}

#[tokio::test]
async fn p2_every_page_after_the_otp_is_answered_the_same_again() {
    // Consent, allowed and denied.
    for (decision, answer) in [("allow", "code"), ("deny", "access_denied")] {
        let sim = Sim::new().await;
        let portal = Portal::registered(&sim, json!({"consent": "always"})).await;
        let (browser, _) = after_otp(&sim, &portal, LAN).await;
        let form = SameForm::of(&browser, "/login/consent", &[("decision", decision)]);
        let back = form.three_times(&sim).await.status(303).location();
        assert!(back.contains(answer), "{back}");
    }
    // The upgrade notice.
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"minimum_level": 2})).await;
    let (browser, _) = after_otp(&sim, &portal, DUC).await;
    let form = SameForm::of(&browser, "/login/level", &[]);
    assert_eq!(portal.error(&form.three_times(&sim).await), "access_denied");
    // For whom.
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (browser, _) = after_otp(&sim, &portal, PHONG).await;
    let form = SameForm::of(&browser, "/login/account-type", &[("account_type", "ca_nhan")]);
    portal.code(&form.three_times(&sim).await);
    // As whom.
    let again = portal.request(&[("prompt", "select_account")]);
    let mut browser = browser;
    browser.open(&again).await.status(200);
    let form = SameForm::of(&browser, "/login/select-account", &[("account", "same")]);
    form.three_times(&sim).await.status(303);
}

#[tokio::test]
async fn p2_the_representatives_page_and_the_app_are_answered_the_same_again() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (mut browser, _) = after_otp(&sim, &portal, VY).await;
    SameForm::of(&browser, "/login/representative", &[]).three_times(&sim).await.status(403);
    browser.submit("/login/representative", &[]).await.status(403);
    let mother = App::of(&sim, HANH).await;
    let asked = mother.get("/app/v1/consents").await.status(200).json();
    let id = asked[0]["id"].as_str().unwrap().to_owned();
    let yes = json!({"decision": "allow", "passcode": mother.passcode});
    mother.post(&format!("/app/v1/consents/{id}"), yes).await.status(200);
    let form = SameForm::of(&browser, "/login/representative", &[]);
    portal.code(&form.three_times(&sim).await);

    let mut browser = Browser::at_login(&sim, &portal).await;
    let begin = SameForm::of(&browser, "/login/qr", &[("action", "begin")]);
    let led = begin.three_times(&sim).await.status(303).location();
    browser.open(&led).await.status(200);
    App::of(&sim, LAN).await.confirms(&browser).await;
    let form = SameForm::of(&browser, "/login/qr", &[("action", "continue")]);
    portal.code(&form.three_times(&sim).await);
}

/// outside.md L16: digits are typed as they are printed.
#[tokio::test]
async fn l16_spaces_in_numbers_and_codes_count_for_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for space in [" ", "\u{a0}", "\u{2009}", "\t"] {
        let spaced = |digits: &str, by: usize| {
            let groups: Vec<_> =
                digits.as_bytes().chunks(by).map(|it| str::from_utf8(it).unwrap()).collect();
            format!("{space}{}{space}", groups.join(space))
        };
        let mut browser = Browser::at_login(&sim, &portal).await;
        let number = spaced(LAN.number, 3);
        let fields = [("username", number.as_str()), ("password", LAN.password)];
        browser.submit("/login", &fields).await.status(200);
        let otp = spaced(&sim.otp(LAN.phone).await, 3);
        portal.code(&browser.submit("/login/otp", &[("otp", &otp)]).await);
    }
    // What is no number is told as such, and costs nobody a try.
    let mut browser = Browser::at_login(&sim, &portal).await;
    for other in ["", "097 190", "09719000001a", "lan@example.com", "０９７１９００００００11"]
    {
        for _ in 0..6 {
            let fields = [("username", other), ("password", LAN.password)];
            let told = browser.submit("/login", &fields).await.status(422).text();
            assert!(told.contains("data-code=\"number_malformed\""), "{other}: {told}");
            let fields = [("action", "push"), ("username", other)];
            browser.submit("/login/qr", &fields).await.status(422);
        }
    }
    LAN.types_password(&mut browser).await.status(200);
    for other in ["", "12345", "1234567", "12345x", "１２３４５６"] {
        browser.submit("/login/otp", &[("otp", other)]).await.status(422);
    }
    portal.code(&LAN.types_otp(&mut browser).await);
}

/// outside.md P21: a page that cannot go on leads back to the portal where one is known.
#[tokio::test]
async fn p21_a_sign_in_that_is_over_leads_back_to_the_portal() {
    let sim = Sim::new().await;
    let home = Portal::registered(&sim, json!({"client_uri": "https://portal.example/"})).await;
    let begins = json!({"client_uri": "https://portal.example/", "initiate_login_uri": "https://portal.example/login"});
    let begins = Portal::registered(&sim, begins).await;
    let nowhere = Portal::plain(&sim).await;
    let initiated = format!("/oidc/initiate-login?client_id={}", begins.client_id);
    for (portal, back) in [
        (&home, Some("https://portal.example/")),
        (&begins, Some(initiated.as_str())),
        (&nowhere, None),
    ] {
        let mut browser = Browser::at_login(&sim, portal).await;
        let (url, form) =
            (browser.url.clone(), SameForm::of(&browser, "/login", &[("username", LAN.number)]));
        let mut other = Browser::new(&sim);
        let elsewhere = other.open(&url).await.status(400).text();
        sim.advance(30 * 60);
        let opened = browser.open(&url).await.status(400).text();
        let posted = form.sent().await.status(400).text();
        for page in [elsewhere, opened, posted] {
            let link =
                page.split("id=\"back\" href=\"").nth(1).map(|it| it.split('"').next().unwrap());
            assert_eq!(link.map(|it| it.replace("&#38;", "&")).as_deref(), back, "{page}");
        }
    }
    // A name that nobody made, or of a portal that is not there, leads nowhere.
    for id in ["x", "x.", "x.%2f", "x.bm9ib2R5", "x.////"] {
        let page =
            Browser::new(&sim).open(&format!("/login?interaction={id}")).await.status(400).text();
        assert!(!page.contains("id=\"back\""), "{page}");
    }
}

/// outside.md N4: what the portal says of itself stays, and so does what was said and typed.
#[tokio::test]
async fn n4_a_refused_form_keeps_logo_links_sentence_and_typed_number() {
    let sim = Sim::new().await;
    let more = json!({
        "client_uri": "https://portal.example/", "policy_uri": "https://portal.example/policy",
        "logo_uri": "https://portal.example/logo.png",
    });
    let portal = Portal::registered(&sim, more).await;
    let mut browser = Browser::at_login(&sim, &portal).await;
    let told =
        browser.submit("/login", &[("username", LAN.number), ("password", "x")]).await.status(401);
    let policy = told.header("content-security-policy");
    assert!(policy.contains("img-src https://portal.example"), "{policy}");
    let english = browser.clone().open(&format!("{}&lang=en", browser.url)).await.status(200);
    for page in [told.text(), english.text()] {
        for kept in [
            "src=\"https://portal.example/logo.png\"",
            "https://portal.example/policy",
            LAN.number,
            "id=\"error\"",
        ] {
            assert!(page.contains(kept), "{kept}: {page}");
        }
    }
    assert!(english.text().contains("4 tries left"), "{}", english.text());
    // Whoever opens the page afresh sees no old sentence.
    assert!(!browser.open(&browser.url.clone()).await.text().contains("id=\"error\""));
    LAN.types_password(&mut browser).await.status(200);
    assert!(browser.page.contains("logo.png"), "{}", browser.page);
    browser.submit("/login/otp", &[("otp", "x")]).await.status(422);
    let english =
        browser.clone().open(&format!("{}&lang=en", browser.url)).await.status(200).text();
    assert!(english.contains("An OTP has six digits."), "{english}");
    // A picture that the page may not load has no place on it.
    let more = json!({"logo_uri": "https://a;img-src.example/logo.png"});
    let refused = sim.post("/admin/v1/clients", json!({"client_name": "x", "redirect_uris": ["https://x.example/"], "logo_uri": more["logo_uri"]})).await;
    if refused.status == 201 {
        let portal = Portal::registered(&sim, more).await;
        let browser = Browser::at_login(&sim, &portal).await;
        assert!(!browser.page.contains("<img"), "{}", browser.page);
    }
}
