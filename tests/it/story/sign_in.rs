//! Sign-in: OTP rules, single sign-on, level, consent, language, forms that count once.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
    payload, query,
};

async fn at_otp<'a>(sim: &'a Sim, portal: &Portal) -> Browser<'a> {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    browser
}

#[tokio::test]
async fn an_otp_lives_180_seconds() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    sim.clock.advance_millis(179_999);
    portal.code(&LAN.types_otp(&mut browser).await);

    let mut browser = at_otp(&sim, &portal).await;
    sim.advance(180);
    let late = LAN.types_otp(&mut browser).await.status(401);
    assert!(late.text().contains("name=\"password\""), "back to the first form");
}

/// Six digits that are not the last OTP.
async fn wrong_otp(sim: &Sim) -> String {
    let right = sim.otp(LAN.phone).await;
    (if right == "000000" { "000001" } else { "000000" }).to_owned()
}

#[tokio::test]
async fn five_wrong_otps_lead_back_and_ten_lock() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    let wrong = wrong_otp(&sim).await;
    for left in [4, 3, 2, 1] {
        // outside.md L16: what is no OTP costs no try.
        browser.submit("/login/otp", &[("otp", "abcdef")]).await.status(422);
        let reply = browser.submit("/login/otp", &[("otp", &wrong)]).await.status(401);
        assert!(reply.text().contains(&format!("còn {left} lần")), "{}", reply.text());
    }
    let dead = browser.submit("/login/otp", &[("otp", &wrong)]).await.status(401);
    assert!(dead.text().contains("name=\"password\""));
    // A new sign-in gives a new code, but the counter goes on: four more, then the account locks.
    LAN.types_password(&mut browser).await.status(200);
    let wrong = wrong_otp(&sim).await;
    for _ in 0..4 {
        browser.submit("/login/otp", &[("otp", &wrong)]).await.status(401);
    }
    browser.submit("/login/otp", &[("otp", &wrong)]).await.status(403);
    assert_eq!(sim.account(LAN.number).await["state"], "temporarily_locked");
}

/// outside.md T14: a refused form is used up; the page that says so brings the next one.
#[tokio::test]
async fn t14_a_wrong_otp_brings_a_new_form() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    let (used, url) = (browser.form(), browser.url.clone());
    let wrong = wrong_otp(&sim).await;
    browser.submit("/login/otp", &[("otp", &wrong)]).await.status(401);
    assert_ne!(browser.form(), used);
    let otp = sim.otp(LAN.phone).await;
    let late = browser.clone().post(&url, &[("form", &used), ("otp", &otp)]).await;
    assert!(!late.headers.contains_key("set-cookie"), "nobody is signed in by a used form");
    portal.code(&LAN.types_otp(&mut browser).await);
}

#[tokio::test]
async fn another_otp_after_60_seconds_and_the_old_one_dies() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    let old = sim.otp(LAN.phone).await;
    sim.clock.advance_millis(59_999);
    browser.submit("/login/otp/resend", &[]).await.status(429);
    assert_eq!(sim.otp(LAN.phone).await, old);
    sim.clock.advance_millis(1);
    browser.submit("/login/otp/resend", &[]).await.status(200);
    assert_ne!(sim.otp(LAN.phone).await, old);
    browser.submit("/login/otp", &[("otp", &old)]).await.status(401);
    portal.code(&LAN.types_otp(&mut browser).await);
}

#[tokio::test]
async fn two_sign_ins_of_one_person_are_told_apart() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut one = at_otp(&sim, &portal).await;
    let first = sim.sms(LAN.phone).await;
    let mut two = at_otp(&sim, &portal).await;
    let after = format!("/admin/v1/messages/latest?to={}&after={}", LAN.phone, first["cursor"]);
    let second = sim.get(&after).await.status(200).json();
    assert_ne!(first["code"], second["code"]);
    assert!(one.page.contains(first["reference"].as_str().unwrap()));
    assert!(two.page.contains(second["reference"].as_str().unwrap()));
    let code = |message: &serde_json::Value| message["code"].as_str().unwrap().to_owned();
    one.clone().submit("/login/otp", &[("otp", &code(&second))]).await.status(401);
    let reference = first["reference"].as_str().unwrap();
    let found = sim.get(&format!("/admin/v1/messages/latest?reference={reference}")).await.json();
    assert_eq!(found["code"], first["code"]);
    portal.code(&two.submit("/login/otp", &[("otp", &code(&second))]).await);
    browser_url_is_otp(&one);
    let open = one.url.clone();
    one.open(&open).await.status(200);
    portal.code(&one.submit("/login/otp", &[("otp", &code(&first))]).await);
}

fn browser_url_is_otp(browser: &Browser<'_>) {
    assert!(browser.url.starts_with("/login/otp?"), "{}", browser.url);
}

#[tokio::test]
async fn a_form_counts_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let (form, url) = (browser.form(), browser.url.clone());
    let fields = [("form", form.as_str()), ("username", LAN.number), ("password", LAN.password)];
    let led = browser.post(&url, &fields).await.status(303).location();
    // outside.md P2: the same form hears the same; another one leads to the page that is due. Neither does anything.
    assert_eq!(browser.post(&url, &fields).await.status(303).location(), led);
    let missing = [("username", LAN.number), ("password", LAN.password)];
    assert_eq!(browser.post(&url, &missing).await.status(303).location(), led);
    assert_eq!(sim.messages().await.len(), 1);
}

#[tokio::test]
async fn a_link_does_not_continue_somebody_elses_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let lans = at_otp(&sim, &portal).await;
    let mut thief = Browser::new(&sim);
    thief.open(&portal.request(&[])).await.status(200);
    thief.open(&lans.url).await.status(400);
    let otp = sim.otp(LAN.phone).await;
    let form = lans.form();
    thief.post(&lans.url, &[("form", &form), ("otp", &otp)]).await.status(400);
}

#[tokio::test]
async fn one_sign_in_serves_every_portal_until_eight_hours_are_over() {
    let sim = Sim::new().await;
    let (one, two) = (Portal::plain(&sim).await, Portal::plain(&sim).await);
    let mut browser = Browser::new(&sim);
    browser.open(&one.request(&[])).await.status(200);
    let code = one.code(&LAN.signs_in(&mut browser).await);
    let signed_in_at = sim.seconds();
    one.redeems(&sim, &code, &[]).await.status(200);
    // Used in between: two hours without use end it too.
    for _ in 0..4 {
        sim.advance(2 * 3600 - 1);
        one.code(&browser.open(&one.request(&[])).await);
    }
    sim.advance(3);
    let code = two.code(&browser.open(&two.request(&[])).await);
    let tokens = two.redeems(&sim, &code, &[]).await.status(200).json();
    let claims = payload(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["auth_time"], signed_in_at);
    sim.advance(1);
    browser.open(&two.request(&[])).await.status(200);
}

#[tokio::test]
async fn prompt_and_max_age_are_honoured() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    let none = browser.open(&portal.request(&[("prompt", "none")])).await;
    assert_eq!(portal.error(&none), "login_required");
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    sim.advance(10);
    for (name, value, page) in [
        ("prompt", "login", true),
        ("prompt", "select_account", true),
        ("max_age", "9", true),
        ("max_age", "10", false),
        ("max_age", "0", true),
        ("prompt", "none", false),
    ] {
        let reply = browser.clone().open(&portal.request(&[(name, value)])).await;
        assert_eq!(reply.status == 200, page, "{name}={value}: {}", reply.status);
    }
    let both = portal.request(&[("prompt", "none"), ("max_age", "1")]);
    assert_eq!(portal.error(&browser.open(&both).await), "login_required");
}

#[tokio::test]
async fn an_id_token_hint_names_the_holder() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let code = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    let lans = tokens["id_token"].as_str().unwrap().to_owned();
    let ducs = portal.signs_in(&sim, DUC).await["id_token"].as_str().unwrap().to_owned();
    let ask = |hint: &str| portal.request(&[("prompt", "none"), ("id_token_hint", hint)]);
    portal.code(&browser.open(&ask(&lans)).await);
    assert_eq!(portal.error(&browser.open(&ask(&ducs)).await), "login_required");
    let forged = format!("{}x", &lans[..lans.len() - 1]);
    assert_eq!(portal.error(&browser.open(&ask(&forged)).await), "invalid_request");
}

#[tokio::test]
async fn a_level_1_holder_meets_the_upgrade_notice_and_the_portal_hears_access_denied() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"minimum_level": 2})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let notice = DUC.signs_in(&mut browser).await.status(200);
    assert!(notice.text().contains("Nâng cấp tài khoản lên định danh mức 2"));
    let back = browser.submit("/login/level", &[]).await;
    assert_eq!(portal.error(&back), "access_denied");
    assert_eq!(query(&back.location(), "state").as_deref(), Some("s-1"));
    let none = browser.open(&portal.request(&[("prompt", "none")])).await;
    assert_eq!(portal.error(&none), "interaction_required");
}

#[tokio::test]
async fn consent_is_asked_never_first_or_always() {
    let sim = Sim::new().await;
    for (consent, asked) in
        [("never", [false, false]), ("first", [true, false]), ("always", [true, true])]
    {
        let portal = Portal::registered(&sim, json!({"consent": consent})).await;
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        let mut reply = LAN.signs_in(&mut browser).await;
        for asked in asked {
            assert_eq!(reply.status == 200, asked, "{consent}");
            if asked {
                assert!(reply.text().contains("Đồng ý chia sẻ"));
                let none = browser.clone().open(&portal.request(&[("prompt", "none")])).await;
                assert_eq!(portal.error(&none), "consent_required");
                reply = browser.submit("/login/consent", &[("decision", "allow")]).await;
            }
            portal.code(&reply);
            reply = browser.open(&portal.request(&[])).await;
        }
    }
}

/// outside.md T10: `prompt=consent` asks whoever has consented before, whatever the client's own rule.
#[tokio::test]
async fn t10_prompt_consent_asks_again() {
    let sim = Sim::new().await;
    for consent in ["first", "never"] {
        let portal = Portal::registered(&sim, json!({"consent": consent})).await;
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        let mut reply = LAN.signs_in(&mut browser).await;
        if consent == "first" {
            reply = browser.submit("/login/consent", &[("decision", "allow")]).await;
        }
        portal.code(&reply);
        portal.code(&browser.open(&portal.request(&[])).await);
        let asks = portal.request(&[("prompt", "consent")]);
        let page = browser.open(&asks).await.status(200).text();
        assert!(page.contains("Đồng ý chia sẻ"), "{consent} {page}");
        let back = browser.submit("/login/consent", &[("decision", "deny")]).await;
        assert_eq!(portal.error(&back), "access_denied", "{consent}");
        browser.open(&asks).await.status(200);
        portal.code(&browser.submit("/login/consent", &[("decision", "allow")]).await);
    }
}

#[tokio::test]
async fn a_denied_consent_gives_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"consent": "first"})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.signs_in(&mut browser).await.status(200);
    browser.clone().submit("/login/consent", &[("decision", "maybe")]).await.status(400);
    let back = browser.submit("/login/consent", &[("decision", "deny")]).await;
    assert_eq!(portal.error(&back), "access_denied");
}

#[tokio::test]
async fn pages_are_vietnamese_and_english_on_request() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    let page =
        browser.open(&portal.request(&[("login_hint", LAN.number)])).await.status(200).text();
    assert!(page.contains("<html lang=\"vi\">") && page.contains("MÔ PHỎNG"));
    assert!(page.contains(&format!("value=\"{}\"", LAN.number)), "login_hint is in the form");
    let english = browser.open(&portal.request(&[("ui_locales", "fr en-GB")])).await.text();
    assert!(english.contains("<html lang=\"en\">") && english.contains("SIMULATION"));
    let switched = format!("{}&lang=vi", browser.url);
    assert!(browser.open(&switched).await.text().contains("<html lang=\"vi\">"));
    let wrong = browser.submit("/login", &[("username", "1"), ("password", "2")]).await.status(422);
    assert!(wrong.text().contains("aria-describedby=\"error\""));
}

#[tokio::test]
async fn pages_cannot_be_framed_stored_or_scripted() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let page = Browser::new(&sim).open(&portal.request(&[])).await.status(200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("server"), "mock-vneid (simulation)");
    assert!(!page.text().contains("<script"));
}

#[tokio::test]
async fn a_realm_may_sign_the_hint_in_by_itself() {
    let sim = Sim::new().await;
    sim.put("/admin/v1/policy", json!({"automatic_sign_in": true})).await.status(200);
    let portal = Portal::plain(&sim).await;
    let request = portal.request(&[("login_hint", LAN.number)]);
    portal.code(&Browser::new(&sim).open(&request).await);
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    Browser::new(&sim).open(&request).await.status(200);
}
