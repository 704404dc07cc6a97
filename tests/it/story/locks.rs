//! Locks: five wrong passwords, the grounds of the law, who may lift them, what they end.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
    payload,
};

async fn wrong_password<'a>(portal: &Portal, sim: &'a Sim, times: u8) -> (Browser<'a>, String) {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    let mut last = String::new();
    for _ in 0..times {
        let fields = [("username", LAN.number), ("password", "wrong")];
        last = browser.submit("/login", &fields).await.text();
    }
    (browser, last)
}

#[tokio::test]
async fn five_wrong_passwords_lock_for_fifteen_minutes() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (mut browser, page) = wrong_password(&portal, &sim, 4).await;
    assert!(page.contains("Bạn còn 1 lần thử"), "{page}");
    assert_eq!(sim.account(LAN.number).await["wrong_passwords"], 4);
    let fifth = browser.submit("/login", &[("username", LAN.number), ("password", "wrong")]).await;
    assert!(fifth.status(403).text().contains("tạm khóa"));
    assert_eq!(sim.account(LAN.number).await["state"], "temporarily_locked");
    assert_eq!(sim.account(LAN.number).await["until"], "2026-03-02T02:15:00Z");
    LAN.types_password(&mut browser).await.status(403);
    sim.advance(899);
    LAN.types_password(&mut browser).await.status(403);
    sim.advance(1);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    LAN.types_password(&mut browser).await.status(200);
}

#[tokio::test]
async fn a_right_password_forgives_the_wrong_ones() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let (mut browser, _) = wrong_password(&portal, &sim, 4).await;
    LAN.types_password(&mut browser).await.status(200);
    assert_eq!(sim.account(LAN.number).await["wrong_passwords"], 0);
}

#[tokio::test]
async fn the_hotline_ends_a_temporary_lock_early() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    wrong_password(&portal, &sim, 5).await;
    sim.command(LAN.number, "unlock", json!({})).await.status(200);
    portal.signs_in(&sim, LAN).await;
}

#[tokio::test]
async fn each_ground_ends_by_the_party_it_came_from() {
    let sim = Sim::new().await;
    let parties = ["holder", "ministry", "authority", "registry"];
    let grounds = [
        ("holders_request", "holder"),
        ("breach_of_terms", "ministry"),
        ("card_revoked", "registry"),
        ("card_expired", "registry"),
        ("authoritys_request", "authority"),
    ];
    for (reason, lifts) in grounds {
        for by in parties {
            sim.command(LAN.number, "lock", json!({"reason": reason})).await.status(200);
            let account = sim.account(LAN.number).await;
            assert_eq!((&account["state"], &account["reason"]), (&json!("locked"), &json!(reason)));
            assert_eq!(account["locked_by"], lifts);
            let answer = sim.command(LAN.number, "unlock", json!({"by": by})).await;
            if by == lifts {
                answer.status(200);
            } else {
                answer.problem(403, "may_not_unlock");
                sim.command(LAN.number, "unlock", json!({})).await.status(200);
            }
        }
    }
}

#[tokio::test]
async fn death_is_final_and_nobody_is_told() {
    let sim = Sim::new().await;
    sim.command(LAN.number, "lock", json!({"reason": "death"})).await.status(200);
    assert!(sim.messages().await.is_empty());
    for by in ["holder", "ministry", "authority", "registry"] {
        sim.command(LAN.number, "unlock", json!({"by": by})).await.problem(403, "death_is_final");
    }
    sim.command(LAN.number, "lock", json!({"reason": "holders_request"}))
        .await
        .problem(403, "locked");
}

#[tokio::test]
async fn a_lock_shows_its_reason_to_who_knows_the_password_and_to_nobody_else() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    sim.command(LAN.number, "lock", json!({"reason": "card_revoked"})).await.status(200);
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let wrong = browser.submit("/login", &[("username", LAN.number), ("password", "wrong")]).await;
    assert!(!wrong.status(401).text().contains("thu hồi"));
    let right = LAN.types_password(&mut browser).await.status(403);
    assert!(right.text().contains("thẻ căn cước bị thu hồi"));
}

#[tokio::test]
async fn a_lock_ends_sessions_codes_and_tokens() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let first = portal.code(&LAN.signs_in(&mut browser).await);
    let tokens = portal.redeems(&sim, &first, &[]).await.status(200).json();
    let again = browser.open(&portal.request(&[("prompt", "none")])).await;
    let second = portal.code(&again);
    let access = tokens["access_token"].as_str().unwrap();
    sim.bearer("/oauth2/userinfo", access).await.status(200);

    sim.command(LAN.number, "lock", json!({})).await.status(200);
    sim.bearer("/oauth2/userinfo", access).await.oauth(401, "invalid_token");
    portal.redeems(&sim, &second, &[]).await.oauth(400, "invalid_grant");
    let after = browser.open(&portal.request(&[("prompt", "none")])).await;
    assert_eq!(portal.error(&after), "login_required");
    // Unlocking opens the account, not what was ended.
    sim.command(LAN.number, "unlock", json!({})).await.status(200);
    sim.bearer("/oauth2/userinfo", access).await.oauth(401, "invalid_token");
}

#[tokio::test]
async fn a_lock_between_password_and_otp_stops_the_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    LAN.types_otp(&mut browser).await.status(403);
}

#[tokio::test]
async fn strangers_numbers_answer_like_anybodys() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let pages = async |number: &str| {
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        let mut seen = Vec::new();
        for _ in 0..6 {
            let reply = browser.submit("/login", &[("username", number), ("password", "x")]).await;
            let error = reply.text().split("role=\"alert\">").nth(1).unwrap_or_default().to_owned();
            let error = error.split('<').next().unwrap_or_default().to_owned();
            seen.push((reply.status.as_u16(), error));
        }
        seen
    };
    let known = pages(LAN.number).await;
    assert_eq!(known, pages("099999999999").await);
    // Unregistered, level 0, approved, overdue, locked, dead: a guesser sees no difference.
    for number in [
        "097095000044",
        "097306000055",
        "097300000033",
        "097078000066",
        "098160000088",
        "098040000099",
    ] {
        assert_eq!(pages(number).await, known, "{number}");
        sim.account(number).await;
    }
    sim.get("/admin/v1/accounts").await.status(200);
    assert_eq!(known.iter().map(|(s, _)| *s).collect::<Vec<_>>(), [401, 401, 401, 401, 403, 403]);
    // outside.md L16: what is no number is told as such, and costs nobody a try.
    let told = (422, "Số định danh cá nhân gồm 12 chữ số.".to_owned());
    assert_eq!(pages("không phải số").await, vec![told; 6]);
}

#[tokio::test]
async fn an_expired_card_is_refused_at_sign_in_and_an_expiring_one_is_not() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let fields = [("username", "098300000101"), ("password", "Vn@000101a")];
    let refused = browser.submit("/login", &fields).await.status(403);
    assert!(refused.text().contains("hết hạn"));
    let fields = [("username", "098086000112"), ("password", "Vn@000112a")];
    browser.submit("/login", &fields).await.status(200);
}

#[tokio::test]
async fn tries_on_a_locked_account_end_too_and_begin_again_after_the_block() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    let (mut browser, _) = wrong_password(&portal, &sim, 5).await;
    // Not even the right password is looked at.
    let closed = LAN.types_password(&mut browser).await.status(403).text();
    assert!(closed.contains("tạm khóa"), "{closed}");
    sim.advance(900);
    let right = LAN.types_password(&mut browser).await.status(403).text();
    assert!(right.contains("theo yêu cầu của chủ tài khoản"), "{right}");
    let wrong = browser.submit("/login", &[("username", LAN.number), ("password", "x")]).await;
    assert!(wrong.status(401).text().contains("còn 4 lần"));
}

#[tokio::test]
async fn a_lock_and_unlock_between_password_and_otp_ends_the_sign_in() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    sim.command(LAN.number, "lock", json!({})).await.status(200);
    sim.command(LAN.number, "unlock", json!({})).await.status(200);
    let ended = LAN.types_otp(&mut browser).await.status(401);
    assert!(ended.text().contains("name=\"password\""), "back to the first form");
    portal.code(&LAN.signs_in(&mut browser).await);
}

#[tokio::test]
async fn a_revoked_card_does_not_sign_in_and_an_expired_one_ends_single_sign_on() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let lost = sim.post("/admin/v1/accounts", json!({"card": "lost"})).await.status(201).json();
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    let text = |name: &str| lost[name].as_str().unwrap().to_owned();
    let fields = [("username", text("number")), ("password", text("password"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(browser.submit("/login", &fields).await.status(403).text().contains("bị thu hồi"));

    LAN.signs_in(&mut browser).await.status(303);
    portal.code(&browser.open(&portal.request(&[])).await);
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-01"}});
    sim.put(&format!("/admin/v1/citizens/{}", LAN.number), card).await.status(200);
    browser.open(&portal.request(&[])).await.status(200);
}

/// outside.md T7: under Decree 59/2022 an expired card locks nothing, and single sign-on asks for it all the same: the
/// session answers again once there is a new card.
#[tokio::test]
async fn t7_an_expired_card_ends_single_sign_on_where_it_locks_nothing() {
    let sim = Sim::new().await;
    let day = 24 * 3600;
    let policy = json!({"regime": "2022", "session_idle_seconds": day, "session_seconds": day});
    sim.put("/admin/v1/policy", policy).await.status(200);
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-02"}});
    sim.put(&format!("/admin/v1/citizens/{}", LAN.number), card).await.status(200);
    let portal = Portal::plain(&sim).await;
    let silent = portal.request(&[("prompt", "none")]);
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    portal.code(&LAN.signs_in(&mut browser).await);
    let signed_in_at = sim.seconds();
    // The card's last day ends at midnight in Viet Nam, fifteen hours later.
    sim.clock.advance_millis(15 * 3600 * 1000 - 1);
    portal.code(&browser.open(&silent).await);
    sim.clock.advance_millis(1);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    assert_eq!(portal.error(&browser.open(&silent).await), "login_required");
    let page = browser.clone().open(&portal.request(&[])).await.status(200).text();
    assert!(page.contains("name=\"password\""), "{page}");
    // It was the card alone: the session is still the one of yesterday.
    sim.post("/desk/v1/cards", json!({"number": LAN.number})).await.status(201);
    let code = portal.code(&browser.open(&silent).await);
    let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
    assert_eq!(payload(tokens["id_token"].as_str().unwrap())["auth_time"], signed_in_at);
}

/// outside.md T12: a lock that follows a database is announced once, whatever else the database says later.
#[tokio::test]
async fn t12_a_lock_for_an_expired_card_is_announced_once() {
    let sim = Sim::new().await;
    let citizen = format!("/admin/v1/citizens/{}", LAN.number);
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-01"}});
    sim.put(&citizen, card).await.status(200);
    let announced = async || {
        let messages = sim.messages().await;
        let told = messages.iter().filter(|it| it["purpose"] == "locked");
        told.map(|it| it["channel"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(announced().await, ["sms", "email", "app"]);
    let moved =
        json!({"residence": {"detail": "9 phố Khác", "commune": "Phường Sao Mai", "province": 31}});
    for later in [moved, json!({"email": "lan.khac@example.com"}), json!({"phone": "0987654392"})] {
        sim.put(&citizen, later).await.status(200);
        assert_eq!(sim.account(LAN.number).await["reason"], "card_expired");
    }
    let renamed = json!({"number": LAN.number, "full_name": "Nguyễn Thị Hoa Lan"});
    sim.post("/desk/v1/civil-changes", renamed).await.status(200);
    sim.post("/admin/v1/clock/advance", json!({"duration": "P30D"})).await.status(200);
    assert_eq!(sim.account(LAN.number).await["reason"], "card_expired");
    assert_eq!(announced().await, ["sms", "email", "app"], "once in all");
}
