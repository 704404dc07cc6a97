//! Odd passwords, names and OTPs in the sign-in forms.

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

async fn at_login<'a>(sim: &'a Sim, portal: &Portal) -> Browser<'a> {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    browser
}

#[tokio::test]
async fn attack_47_odd_otps_are_no_otps_and_cost_no_try() {
    let long = "1".repeat(5000);
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    for odd in [
        "",
        " ",
        "0",
        "12345",
        "1234567",
        "+12345",
        "-12345",
        "1e5",
        "0x1234",
        "１２３４５６",
        "١٢٣٤٥٦",
        "\r\n",
        "null",
        "[]",
        "' OR 1=1",
        "<b>1</b>",
        "*",
        "______",
        &long,
    ] {
        let mut browser = at_login(&sim, &portal).await;
        LAN.types_password(&mut browser).await.status(200);
        let reply = browser.submit("/login/otp", &[("otp", odd)]).await.status(422);
        let text = reply.text();
        assert!(text.contains("name=\"otp\""), "the same form again for {odd:?}");
        assert!(odd.len() < 7 || !text.contains(odd), "the page repeats {odd:?}");
        portal.code(&LAN.types_otp(&mut browser).await);
    }
}

#[tokio::test]
async fn attack_47_an_otp_in_other_digits_or_in_pieces_is_not_the_otp() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_login(&sim, &portal).await;
    LAN.types_password(&mut browser).await.status(200);
    let otp = sim.otp(LAN.phone).await;
    let digits = |zero: char| -> String {
        let shift = |c: char| c.to_digit(10).and_then(|d| char::from_u32(u32::from(zero) + d));
        otp.chars().filter_map(shift).collect()
    };
    for other in
        [digits('０'), digits('٠'), format!("+{otp}"), format!("{}-{}", &otp[..3], &otp[3..])]
    {
        browser.submit("/login/otp", &[("otp", &other)]).await.status(422);
    }
    // Blanks around it are what a paste brings along.
    portal.code(&browser.submit("/login/otp", &[("otp", &format!(" {otp} "))]).await);
}

#[tokio::test]
async fn attack_5_a_form_field_comes_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_login(&sim, &portal).await;
    let before = sim.account(LAN.number).await;
    let right = ("username", LAN.number);
    let twice = [right, ("password", LAN.password), ("password", "x")];
    browser.clone().submit("/login", &twice).await.status(400);
    let twice = [right, ("username", "1"), ("password", LAN.password)];
    browser.clone().submit("/login", &twice).await.status(400);
    assert_eq!(sim.account(LAN.number).await, before);
    LAN.types_password(&mut browser).await.status(200);
    let otp = sim.otp(LAN.phone).await;
    browser.clone().submit("/login/otp", &[("otp", &otp), ("otp", "000000")]).await.status(400);
    let open = browser.form();
    browser.clone().submit("/login/otp", &[("form", &open), ("otp", &otp)]).await.status(400);
    portal.code(&LAN.types_otp(&mut browser).await);
}

#[tokio::test]
async fn attack_8_what_was_typed_comes_back_escaped() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, serde_json::json!({"client_name": "<b>x</b>\"'&"})).await;
    for markup in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)",
        "</title><script>",
        "{{7*7}}",
    ] {
        let mut browser = at_login(&sim, &portal).await;
        assert!(!browser.page.contains("<b>x</b>"), "the client's name is escaped");
        let fields = [("username", markup), ("password", markup)];
        let again = browser.submit("/login", &fields).await.status(422).text();
        assert!(!again.contains("<script>") && !again.contains("<img"), "{again}");
        assert!(!again.contains("onfocus='"), "{again}");
        let path = portal.request(&[("login_hint", markup), ("ui_locales", markup)]);
        let hinted = browser.open(&path).await.status(200).text();
        assert!(!hinted.contains("<script>") && !hinted.contains("<img"), "{hinted}");
        assert!(!hinted.contains("onfocus='"), "{hinted}");
    }
}

#[tokio::test]
async fn attack_45_a_stranger_is_answered_like_anybody() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut answers = Vec::new();
    for username in [LAN.number, "096190000011", "097095000044", "098040000099"] {
        let mut browser = at_login(&sim, &portal).await;
        let fields = [("username", username), ("password", "Wrong@123")];
        let text = browser.submit("/login", &fields).await.status(401).text();
        let text = text.replace(&format!("value=\"{username}\""), "value=\"\"");
        // What differs between any two pages: the interaction and its form.
        let lines = text
            .lines()
            .filter(|line| !line.contains("interaction=") && !line.contains("\"form\""));
        answers.push(lines.map(str::to_owned).collect::<Vec<_>>());
    }
    for other in &answers[1..] {
        let differing = other.iter().zip(&answers[0]).find(|(one, two)| one != two);
        assert_eq!(differing, None);
        assert_eq!(other.len(), answers[0].len());
    }
}

#[tokio::test]
async fn attack_50_one_otp_sent_in_parallel_signs_in_once() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = at_login(&sim, &portal).await;
    LAN.types_password(&mut browser).await.status(200);
    let otp = sim.otp(LAN.phone).await;
    let fields = [("otp", otp.as_str())];
    let (mut one, mut two) = (browser.clone(), browser);
    let (one, two) =
        tokio::join!(one.submit("/login/otp", &fields), two.submit("/login/otp", &fields));
    // outside.md P2: both hear the same; it was decided once.
    assert_eq!(portal.code(&one), portal.code(&two));
    assert_eq!(one.headers["set-cookie"], two.headers["set-cookie"]);
    portal.redeems(&sim, &portal.code(&one), &[]).await.status(200);
    portal.redeems(&sim, &portal.code(&two), &[]).await.oauth(400, "invalid_grant");
}
