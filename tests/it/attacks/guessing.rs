//! Passwords and OTPs that are guessed, asked for again, used again, or brought to another sign-in.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{DUC, LAN, Portal},
    browser::Browser,
};

async fn at_login<'a>(sim: &'a Sim, portal: &Portal) -> Browser<'a> {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    browser
}

async fn at_otp<'a>(sim: &'a Sim, portal: &Portal) -> Browser<'a> {
    let mut browser = at_login(sim, portal).await;
    LAN.types_password(&mut browser).await.status(200);
    browser
}

fn error(page: &str) -> String {
    let rest = page.split("role=\"alert\">").nth(1).unwrap_or_default();
    rest.split('<').next().unwrap_or_default().to_owned()
}

/// outside.md T22: counted, not timed. Nobody's number, an organisation's and a citizen's cost the same hash.
#[tokio::test]
async fn t22_a_guess_costs_one_hash_whoever_it_is_about() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for number in [LAN.number, "097190999990", "800000000017"] {
        let mut browser = at_login(&sim, &portal).await;
        let before = sim.app.flow().hashes();
        browser.submit("/login", &[("username", number), ("password", "guess")]).await.status(401);
        assert_eq!(sim.app.flow().hashes(), before + 1, "{number} on the page");
    }
}

/// Per account, whatever the address and the browser: in CI everybody has one address, so none is throttled by it.
#[tokio::test]
async fn attack_44_passwords_are_counted_per_account_and_a_strangers_alike() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut said = Vec::new();
    for number in [LAN.number, "097190999990"] {
        let mut of_this = Vec::new();
        for _ in 0..5 {
            let mut browser = at_login(&sim, &portal).await;
            let reply =
                browser.submit("/login", &[("username", number), ("password", "guess")]).await;
            of_this.push((reply.status, error(&reply.text())));
        }
        // The right password does not help either.
        let mut browser = at_login(&sim, &portal).await;
        let right = [("username", number), ("password", LAN.password)];
        let reply = browser.submit("/login", &right).await;
        of_this.push((reply.status, error(&reply.text())));
        said.push(of_this);
    }
    assert_eq!(said[0], said[1]);
    assert_eq!(said[0][0].0, 401);
    assert_eq!(said[0][5].0, 403);
    assert!(!said[0][0].1.is_empty());
    sim.advance(900);
    portal.code(&LAN.signs_in(&mut at_login(&sim, &portal).await).await);
}

#[tokio::test]
async fn attack_46_the_fifth_wrong_otp_ends_the_sign_in_and_the_right_one_comes_too_late() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    let right = sim.otp(LAN.phone).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let page = browser.clone();
    for _ in 0..4 {
        browser.submit("/login/otp", &[("otp", wrong)]).await.status(401);
    }
    browser.submit("/login/otp", &[("otp", wrong)]).await;
    assert!(browser.page.contains("name=\"password\""), "back at the first form");
    // The right one leads to the page that is due, and no further.
    for mut late in [browser, page] {
        let reply = late.submit("/login/otp", &[("otp", &right)]).await.status(200);
        assert!(reply.text().contains("name=\"password\"") && !late.is_signed_in());
    }
    // The account counts on in the next sign-in: the tenth wrong one locks it for a while.
    let mut browser = at_otp(&sim, &portal).await;
    let right = sim.otp(LAN.phone).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        browser.submit("/login/otp", &[("otp", wrong)]).await;
    }
    let mut browser = at_login(&sim, &portal).await;
    LAN.types_password(&mut browser).await.status(403);
}

#[tokio::test]
async fn attack_46_another_code_does_not_give_new_tries() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    for _ in 0..4 {
        let right = sim.otp(LAN.phone).await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        browser.submit("/login/otp", &[("otp", wrong)]).await.status(401);
    }
    sim.advance(60);
    browser.submit("/login/otp/resend", &[]).await.status(200);
    let right = sim.otp(LAN.phone).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    browser.submit("/login/otp", &[("otp", wrong)]).await;
    assert!(browser.page.contains("name=\"password\""), "the fifth is the last, resent or not");
}

#[tokio::test]
async fn attack_48_an_otp_is_of_one_sign_in_and_used_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut one = at_otp(&sim, &portal).await;
    let first = sim.otp(LAN.phone).await;
    let mut two = at_otp(&sim, &portal).await;
    let second = sim.otp(LAN.phone).await;
    assert_ne!(first, second);
    // The other sign-in's code, and another person's.
    two.submit("/login/otp", &[("otp", &first)]).await.status(401);
    let mut ducs = at_login(&sim, &portal).await;
    DUC.types_password(&mut ducs).await.status(200);
    ducs.submit("/login/otp", &[("otp", &second)]).await.status(401);
    let before = one.clone();
    let code = portal.code(&one.submit("/login/otp", &[("otp", &first)]).await);
    // Used: whoever has no cookie of the browser that typed it hears nothing, and she the same code again.
    let mut thief = Browser::new(&sim);
    (thief.url, thief.page) = (before.url.clone(), before.page.clone());
    thief.submit("/login/otp", &[("otp", &first)]).await.status(400);
    assert_eq!(portal.code(&before.clone().submit("/login/otp", &[("otp", &first)]).await), code);
    portal.code(&two.submit("/login/otp", &[("otp", &second)]).await);
}

#[tokio::test]
async fn attack_49_codes_are_sent_a_minute_apart_and_the_old_one_dies() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_otp(&sim, &portal).await;
    let old = sim.otp(LAN.phone).await;
    for _ in 0..20 {
        browser.submit("/login/otp/resend", &[]).await.status(429);
    }
    sim.clock.advance_millis(59_999);
    browser.submit("/login/otp/resend", &[]).await.status(429);
    assert_eq!(sim.messages().await.len(), 1);
    sim.clock.advance_millis(1);
    browser.submit("/login/otp/resend", &[]).await.status(200);
    assert_eq!(sim.messages().await.len(), 2);
    let new = sim.otp(LAN.phone).await;
    if new != old {
        browser.submit("/login/otp", &[("otp", &old)]).await.status(401);
    }
    portal.code(&browser.submit("/login/otp", &[("otp", &new)]).await);
    assert_eq!(json!(sim.messages().await.len()), 2);
}
