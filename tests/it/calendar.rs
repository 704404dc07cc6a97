//! Working days: the statutory holidays of 2024 to 2030, a realm's own, and what happens exactly at a deadline.

use jiff::civil::Date;
use mock_vneid::{clock::Timestamp, identity::calendar::holidays};
use serde_json::{Value, json};

use crate::{
    harness::{
        Sim,
        actors::{DAT, LAN},
    },
    seeds::policy,
};

/// Every day off of a year, as month and day: the holidays, then the days in lieu of those that fall on a weekend.
const HOLIDAYS: [(i16, &str, &str); 7] = [
    (2024, "01-01 02-09 02-10 02-11 02-12 02-13 04-18 04-30 05-01 09-02 09-03", "02-14 02-15"),
    (2025, "01-01 01-28 01-29 01-30 01-31 02-01 04-07 04-30 05-01 09-01 09-02", "02-03"),
    (2026, "01-01 02-16 02-17 02-18 02-19 02-20 04-26 04-30 05-01 09-01 09-02", "04-27"),
    (
        2027,
        "01-01 02-05 02-06 02-07 02-08 02-09 04-16 04-30 05-01 09-01 09-02",
        "02-10 02-11 05-03",
    ),
    (
        2028,
        "01-01 01-25 01-26 01-27 01-28 01-29 04-04 04-30 05-01 09-01 09-02",
        "01-03 01-31 05-02 09-04",
    ),
    (2029, "01-01 02-12 02-13 02-14 02-15 02-16 04-23 04-30 05-01 09-02 09-03", "09-04"),
    (2030, "01-01 02-01 02-02 02-03 02-04 02-05 04-12 04-30 05-01 09-02 09-03", "02-06 02-07"),
];

#[test]
fn the_days_off_of_2024_to_2030() {
    for (year, days, in_lieu) in HOLIDAYS {
        let day = |text: &str| -> Date { format!("{year}-{text}").parse().unwrap() };
        let wanted: std::collections::BTreeSet<Date> =
            days.split(' ').chain(in_lieu.split(' ')).map(day).collect();
        assert_eq!(holidays(year), wanted, "{year}");
    }
}

#[test]
fn tet_and_the_hung_kings_follow_the_moon() {
    for tet in [
        "2024-02-10",
        "2025-01-29",
        "2026-02-17",
        "2027-02-06",
        "2028-01-26",
        "2029-02-13",
        "2030-02-02",
    ] {
        let tet: Date = tet.parse().unwrap();
        let days = holidays(tet.year());
        // The eve, and the first four days of the year; not the day before the eve.
        for away in -1..=3 {
            assert!(
                days.contains(&tet.saturating_add(jiff::Span::new().days(away))),
                "{tet} {away}"
            );
        }
        assert!(!days.contains(&tet.saturating_sub(jiff::Span::new().days(2))), "{tet}");
    }
    for kings in ["2024-04-18", "2025-04-07", "2026-04-26", "2027-04-16"] {
        let kings: Date = kings.parse().unwrap();
        assert!(holidays(kings.year()).contains(&kings), "{kings}");
    }
}

/// Every year that a clock can be set to: what of its holidays follows the moon.
#[test]
fn tet_is_where_the_published_algorithm_has_it() {
    let years = include_str!("tet.txt").lines().filter(|line| !line.starts_with('#'));
    let mut known = 0;
    for line in years {
        let (tet, kings) = line.split_once(' ').unwrap();
        let (tet, kings): (Date, Date) = (tet.parse().unwrap(), kings.parse().unwrap());
        let away = |days| tet.saturating_add(jiff::Span::new().days(days));
        let found = holidays(tet.year());
        for day in (-1..=3).map(away).chain([kings]) {
            assert!(found.contains(&day), "{day} of {}", tet.year());
        }
        assert!(!found.contains(&away(-2)), "{tet}");
        known += 1;
    }
    assert_eq!(known, 231);
}

/// A simulator at a moment, decided at the end of legal times, with a calendar.
async fn at(moment: &str, calendar: Value) -> Sim {
    let sim = Sim::new().await;
    policy(&sim, json!({"review": "after", "calendar": calendar})).await;
    let to = Timestamp::parse(moment).unwrap();
    sim.clock.advance_millis(to.as_millis() - sim.now().as_millis());
    sim
}

/// The deadlines of a level-1 and of a level-2 registration.
async fn deadlines(moment: &str, calendar: Value) -> [String; 2] {
    let mut found = Vec::new();
    for door in ["/app/v1/registrations", "/desk/v1/registrations"] {
        let sim = at(moment, calendar.clone()).await;
        let body = json!({"number": DAT.number, "phone": DAT.phone});
        let taken = sim.post(door, body).await.status(201).json();
        found.push(taken["deadline"].as_str().unwrap().to_owned());
    }
    [found[0].clone(), found[1].clone()]
}

#[tokio::test]
async fn weekends_and_holidays_do_not_count() {
    for (moment, level_1, level_2) in [
        // Friday, then a weekend.
        ("2026-03-06T02:00:00Z", "2026-03-09T10:00:00Z", "2026-03-11T10:00:00Z"),
        // A dossier of Saturday counts from Monday.
        ("2026-03-07T02:00:00Z", "2026-03-09T10:00:00Z", "2026-03-11T10:00:00Z"),
        // Just before and just after midnight in Viet Nam.
        ("2026-03-02T16:59:59.999Z", "2026-03-03T10:00:00Z", "2026-03-05T10:00:00Z"),
        ("2026-03-02T17:00:00Z", "2026-03-04T10:00:00Z", "2026-03-06T10:00:00Z"),
        // The Hùng Kings' day is a Sunday, its day in lieu the Monday; then 30 April, 1 May, a weekend.
        ("2026-04-24T02:00:00Z", "2026-04-28T10:00:00Z", "2026-05-04T10:00:00Z"),
        // 1 and 2 September.
        ("2026-08-31T02:00:00Z", "2026-09-03T10:00:00Z", "2026-09-07T10:00:00Z"),
        // New Year's Day 2027 is a Friday.
        ("2026-12-31T02:00:00Z", "2027-01-04T10:00:00Z", "2027-01-06T10:00:00Z"),
        // Tết 2027: from Friday 5 to Tuesday 9 February, and two days in lieu of its weekend.
        ("2027-02-04T02:00:00Z", "2027-02-12T10:00:00Z", "2027-02-16T10:00:00Z"),
    ] {
        assert_eq!(deadlines(moment, json!({})).await, [level_1, level_2], "{moment}");
    }
}

#[tokio::test]
async fn a_realm_adds_days_off_and_days_that_are_worked() {
    let start = crate::harness::START;
    let off = json!({"holidays": ["2026-03-03", "2026-03-05"]});
    assert_eq!(deadlines(start, off).await, ["2026-03-04T10:00:00Z", "2026-03-09T10:00:00Z"]);
    let worked = json!({"working_days": ["2026-03-07", "2026-03-08"]});
    let friday = "2026-03-06T02:00:00Z";
    assert_eq!(deadlines(friday, worked).await, ["2026-03-07T10:00:00Z", "2026-03-09T10:00:00Z"]);
    // A holiday that is worked, as when the government moves one.
    let moved = json!({"working_days": ["2026-04-27"]});
    let friday = "2026-04-24T02:00:00Z";
    assert_eq!(deadlines(friday, moved).await, ["2026-04-27T10:00:00Z", "2026-04-29T10:00:00Z"]);
    // A day that is both is worked.
    let both = json!({"holidays": ["2026-03-03"], "working_days": ["2026-03-03"]});
    assert_eq!(deadlines(start, both).await, ["2026-03-03T10:00:00Z", "2026-03-05T10:00:00Z"]);
}

#[tokio::test]
async fn a_registration_is_approved_at_its_deadline_and_not_a_millisecond_before() {
    // Whoever looks later sees the same.
    for late in [0, 3 * 24 * 3600 * 1000] {
        let sim = at(crate::harness::START, json!({})).await;
        let id = DAT.registers_in_the_app(&sim).await["id"].as_str().unwrap().to_owned();
        let path = format!("/app/v1/registrations/{id}");
        sim.clock.advance_millis(32 * 3600 * 1000 - 1);
        assert_eq!(sim.get(&path).await.json()["status"], "under_review");
        assert_eq!(sim.account(DAT.number).await["state"], "unregistered");
        assert_eq!(sim.messages().await.len(), 0);
        sim.clock.advance_millis(1 + late);
        let sms = sim.sms(DAT.phone).await;
        assert_eq!(
            (&sms["purpose"], &sms["at"]),
            (&json!("approval"), &json!("2026-03-03T10:00:00Z"))
        );
        let done = sim.get(&path).await.json();
        assert_eq!(done["status"], "approved");
        assert_eq!(done["history"][3]["at"], "2026-03-03T10:00:00Z");
        // The seven days run from then.
        assert_eq!(sim.account(DAT.number).await["until"], "2026-03-10T10:00:00Z");
    }
}

#[tokio::test]
async fn an_officer_may_decide_before_the_deadline_and_nothing_happens_at_it() {
    let sim = at(crate::harness::START, json!({})).await;
    let id = DAT.registers_in_the_app(&sim).await["id"].as_str().unwrap().to_owned();
    sim.advance(3600);
    let path = format!("/admin/v1/registrations/{id}/reject");
    sim.post(&path, json!({"reason": "Ảnh mờ"})).await.status(200);
    sim.advance(10 * 24 * 3600);
    assert_eq!(sim.get(&format!("/app/v1/registrations/{id}")).await.json()["status"], "rejected");
    assert_eq!(sim.account(DAT.number).await["state"], "unregistered");
}

async fn request(sim: &Sim, id: &Value) -> Value {
    let path = format!("/admin/v1/requests/{}", id.as_str().unwrap());
    sim.get(&path).await.status(200).json()
}

#[tokio::test]
async fn an_agencys_lock_is_forwarded_after_one_working_day_and_granted_two_later() {
    let sim = at("2026-03-05T02:00:00Z", json!({})).await;
    let body = json!({"number": LAN.number, "ask": "lock", "body": "Tòa án nhân dân"});
    let taken = sim.post("/desk/v1/requests", body).await.status(201).json();
    assert_eq!(
        (&taken["status"], &taken["deadline"]),
        (&json!("received"), &json!("2026-03-06T10:00:00Z"))
    );
    sim.clock.advance_millis(32 * 3600 * 1000 - 1);
    assert_eq!(request(&sim, &taken["id"]).await["status"], "received");
    sim.clock.advance_millis(1);
    let forwarded = request(&sim, &taken["id"]).await;
    assert_eq!(forwarded["status"], "forwarded");
    // Friday; two working days later it is Tuesday.
    assert_eq!(forwarded["deadline"], "2026-03-10T10:00:00Z");
    sim.clock.advance_millis(4 * 24 * 3600 * 1000 - 1);
    assert_eq!(sim.account(LAN.number).await["state"], "active");
    sim.clock.advance_millis(1);
    let account = sim.account(LAN.number).await;
    assert_eq!(
        (&account["state"], &account["reason"]),
        (&json!("locked"), &json!("authoritys_request"))
    );
    let granted = request(&sim, &taken["id"]).await;
    assert_eq!(
        granted["history"],
        json!([
            {"status": "received", "at": "2026-03-05T02:00:00Z"},
            {"status": "forwarded", "at": "2026-03-06T10:00:00Z"},
            {"status": "granted", "at": "2026-03-10T10:00:00Z"},
        ])
    );
    let sms = sim.sms(LAN.phone).await;
    assert_eq!((&sms["purpose"], &sms["at"]), (&json!("locked"), &json!("2026-03-10T10:00:00Z")));
}

#[tokio::test]
async fn a_phone_change_at_a_desk_takes_seven_days_and_a_new_activation() {
    let new = "0987654366";
    let sim = at(crate::harness::START, json!({})).await;
    let body = json!({"number": LAN.number, "phone": new});
    let taken = sim.post("/desk/v1/phone-changes", body).await.status(201).json();
    // Days, not working days.
    assert_eq!(
        (&taken["status"], &taken["deadline"]),
        (&json!("received"), &json!("2026-03-09T10:00:00Z"))
    );
    sim.clock.advance_millis((7 * 24 + 8) * 3600 * 1000 - 1);
    let account = sim.account(LAN.number).await;
    assert_eq!((&account["state"], &account["phone"]), (&json!("active"), &json!(LAN.phone)));
    sim.clock.advance_millis(1);
    let account = sim.account(LAN.number).await;
    assert_eq!((&account["state"], &account["phone"]), (&json!("approved"), &json!(new)));
    assert_eq!(account["until"], "2026-03-16T10:00:00Z");
    let sms = sim.sms(new).await;
    assert_eq!(
        (&sms["purpose"], &sms["at"]),
        (&json!("phone_changed"), &json!("2026-03-09T10:00:00Z"))
    );
}
