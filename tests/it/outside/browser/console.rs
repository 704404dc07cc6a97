//! The console in a real browser: everything it does goes through the admin API, and shows at once.

use super::{Config, DUC, Desk, LAN};

/// The last part of what a click leads to is shown only once the page has asked the simulator.
async fn opens(desk: &Desk, view: &str, css: &str) {
    desk.clicks(&format!("#views a[href='#{view}']")).await;
    desk.finds(css).await;
}

async fn accounts_walk(desk: &Desk) {
    desk.goes_to("/console").await;
    desk.shows("MÔ PHỎNG").await;
    desk.clicks("#give").await;
    desk.shows("Mật khẩu").await;
    let number = desk.reads("#given a").await;
    desk.keeps("1-accounts").await;
    desk.types("#find input", "0912345601").await;
    desk.clicks("#find button").await;
    desk.shows("Nguyễn Thị Lan").await;
    desk.goes_to(&format!("/console#accounts/{number}")).await;
    desk.shows(&number).await;
    desk.clicks("#lock").await;
    desk.finds("#account .state.locked").await;
    // Told by the journal, without a reload.
    desk.finds("#timeline details").await;
    // What was opened stays open, whatever comes in.
    desk.clicks("#timeline summary").await;
    desk.finds("#timeline details[open] pre").await;
    desk.finds("#sent td .text").await;
    desk.keeps("2-account").await;
    // A refusal of the rules is shown as the API words it.
    desk.clicks("#activate").await;
    let error = desk.reads("#error[role=alert]").await;
    assert!(error.starts_with("403 locked"), "{error}");
    desk.finds("#timeline li:nth-child(2)").await;
    desk.finds("#timeline details[open] pre").await;
    let curl = desk.finds("#last").await.html(true).await.unwrap();
    assert!(curl.contains(&format!("/admin/v1/accounts/{number}/activate")), "{curl}");
    desk.clicks("#force").await;
    desk.finds("#account .state.active").await;
}

async fn clock_walk(desk: &Desk) {
    opens(desk, "clock", "#freeze").await;
    desk.clicks("#freeze").await;
    desk.shows("đứng yên").await;
    let before = desk.reads("#now time").await;
    desk.clicks("[data-step=P1D]").await;
    desk.shows("Không có việc gì đến hạn.").await;
    let mut after = desk.reads("#now time").await;
    for _ in 0..super::TRIES {
        if after != before {
            break;
        }
        tokio::time::sleep(super::SHORT).await;
        after = desk.reads("#now time").await;
    }
    assert_eq!(before[..8], after[..8], "the same time of another day");
    assert_ne!(before, after);
    desk.keeps("3-clock").await;
    desk.clicks("#resume").await;
    desk.shows("đang chạy").await;
}

async fn faults_walk(desk: &Desk) {
    opens(desk, "faults", "#group-id_token").await;
    // An effect has the fields that it takes; what is no number is the API's to refuse.
    desk.clicks("#group-door > summary").await;
    let status = "//details[@id='group-door']/details[summary/code='door.status']/summary";
    desk.browser.find(fantoccini::Locator::XPath(status)).await.unwrap().click().await.unwrap();
    desk.types("#group-door details[open] input[aria-label='status']", "abc").await;
    desk.clicks("button[data-effect='door.status']").await;
    let error = desk.reads("#error[role=alert]").await;
    assert!(error.contains("status"), "{error}");
    desk.clicks("#group-door > summary").await;
    desk.clicks("#group-id_token > summary").await;
    let summary =
        "//details[@id='group-id_token']/details[summary/code='id_token.bad_signature']/summary";
    let wanted = fantoccini::Locator::XPath(summary);
    desk.browser.find(wanted).await.unwrap().click().await.unwrap();
    desk.clicks("button[data-effect='id_token.bad_signature']").await;
    desk.finds("#armed table").await;
    desk.keeps("4-faults").await;
    // Used up by one sign-in, which is drawn with what went wrong in it.
    desk.signs_in("/demo", DUC, "0912345602").await;
    desk.shows("id_token").await;
    desk.goes_to("/console#sign-ins").await;
    desk.finds("#sign-ins tbody tr").await;
    desk.shows("gặp lỗi cố ý").await;
    desk.keeps("5-sign-ins").await;
    desk.clicks("#sign-ins tbody tr:first-child a").await;
    desk.finds(".sequence li.fault.bad").await;
    desk.finds(".sequence li.message .arrow.right").await;
    let drawn = desk.reads("#sequence").await;
    assert!(drawn.contains("POST /oauth2/token"), "{drawn}");
    let secret = format!("Vn@{}a", &DUC[6..]);
    assert!(!desk.browser.source().await.unwrap().contains(&secret));
    desk.clicks(".sequence li.call summary").await;
    desk.finds(".sequence li.call pre").await;
    desk.keeps("6-sequence").await;
    opens(desk, "journal", "#log details").await;
    desk.types("#sought", "/oauth2/token").await;
    desk.shows("POST /oauth2/token → 200").await;
    desk.keeps("7-journal").await;
}

async fn realms_walk(desk: &Desk) {
    opens(desk, "realms", "#realm-name").await;
    desk.types("#realm-name", "qa-1").await;
    desk.clicks("#make-realm").await;
    desk.clicks("#realms a[href^='/realms/qa-1/console']").await;
    desk.shows("Bàn điều khiển · qa-1").await;
    desk.goes_to(&format!("/realms/qa-1/console?lang=en#accounts/{LAN}")).await;
    desk.clicks("#lock").await;
    desk.finds("#account .state.locked").await;
    desk.goes_to(&format!("/console?lang=en#accounts/{LAN}")).await;
    desk.finds("#account .state.active").await;
    desk.goes_to("/realms/qa-1/console?lang=en#realms").await;
    desk.clicks("[data-reset='qa-1']").await;
    desk.shows("Sure? Press again").await;
    desk.clicks("[data-reset='qa-1']").await;
    desk.shows("qa-1 began again.").await;
    desk.keeps("8-realms").await;
    desk.goes_to(&format!("/realms/qa-1/console?lang=en#accounts/{LAN}")).await;
    desk.finds("#account .state.active").await;
    // What is followed goes on in the realm that began again.
    desk.clicks("#lock").await;
    desk.finds("#timeline details").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tester_drives_a_realm_by_hand() {
    let mut desk = Desk::new("console", true).await;
    desk.width = 1280;
    accounts_walk(&desk).await;
    clock_walk(&desk).await;
    faults_walk(&desk).await;
    realms_walk(&desk).await;
    desk.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_token_it_asks_for_it() {
    let token = "a-token-of-this-test".to_owned();
    let config = Config { admin_token: Some(token.clone()), ..Config::default() };
    let desk = Desk::over(&config, "console-token", true).await;
    desk.goes_to("/console?lang=en").await;
    // What no header carries is a wrong token, too, and the next one can be typed.
    for wrong in ["wrong", "mật-khẩu"] {
        desk.types("#token input", wrong).await;
        desk.clicks("#token button").await;
        desk.shows("This admin token is not the right one.").await;
    }
    desk.types("#token input", &token).await;
    desk.clicks("#token button").await;
    desk.clicks("#give").await;
    desk.finds("#given a").await;
    let shown = desk.browser.source().await.unwrap();
    assert!(!shown.contains(&token), "a token stays out of the page");
    desk.closes().await;
}
