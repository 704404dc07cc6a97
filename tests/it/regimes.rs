//! Decree 59/2022 and Decree 69/2024, cell by cell of `docs/regimes.md`: the tables here are written by hand.

use mock_vneid::identity::{
    Level,
    holder::{Entitled, HolderKind, Regime},
};
use serde_json::{Value, json};

use crate::{
    harness::{
        Sim,
        actors::{Citizen, DAT, LAN, NGOC, PAO, Portal},
        browser::Browser,
    },
    seeds::{ANTOINE, CHILDREN, HUONG, Handset, JI_WOO, SEN, TIN, policy},
};

const REGIMES: [&str; 2] = ["2022", "2024"];

/// A realm under a decree, decided at the end of the legal time.
async fn under(regime: &str, review: &str) -> Sim {
    let sim = Sim::new().await;
    policy(&sim, json!({"regime": regime, "review": review})).await;
    sim
}

/// Level 1 in 2022 and 2024, level 2 in 2022 and 2024, no level in 2022 and 2024.
const ENTITLED: [(&str, [&str; 6]); 7] = [
    ("citizen", ["yes", "yes", "yes", "yes", "no", "no"]),
    ("child", ["on request", "yes", "on request", "on request", "no", "no"]),
    ("young_child", ["on request", "on request", "on request", "no", "no", "no"]),
    ("ward", ["on request", "on request", "on request", "on request", "no", "no"]),
    ("foreigner", ["yes", "yes", "on request", "on request", "no", "no"]),
    ("young_foreigner", ["on request", "on request", "on request", "no", "no", "no"]),
    ("organisation", ["no", "no", "no", "no", "yes", "yes"]),
];

#[test]
fn who_may_have_which_level() {
    let document = include_str!("../../docs/regimes.md");
    for (kind, (name, cells)) in HolderKind::ALL.iter().copied().zip(ENTITLED) {
        assert_eq!(kind.name(), name);
        let mut wanted = cells.into_iter();
        for level in [Level::One, Level::Two, Level::Unlevelled] {
            for regime in [Regime::Decree59, Regime::Decree69] {
                let said = match kind.entitled(level, regime) {
                    Entitled::Yes => "yes",
                    Entitled::OnRequest => "on request",
                    Entitled::No => "no",
                };
                assert_eq!(Some(said), wanted.next(), "{name} {level:?} {regime:?}");
            }
        }
        let row = format!("| {name} | {} |\n", cells.join(" | "));
        assert!(document.contains(&row), "{row}");
    }
}

/// Somebody of each kind without an account.
const NEWCOMERS: [(&str, &str); 6] = [
    ("citizen", DAT.number),
    ("child", CHILDREN[0]),
    ("young_child", CHILDREN[1]),
    ("ward", "097095000397"),
    ("foreigner", "997099000052"),
    ("young_foreigner", "997322000063"),
];

#[tokio::test]
async fn an_account_has_no_level_that_is_not_for_its_holder() {
    for (place, regime) in REGIMES.into_iter().enumerate() {
        let sim = under(regime, "automatic").await;
        for ((kind, number), (name, cells)) in NEWCOMERS.into_iter().zip(ENTITLED) {
            assert_eq!((kind, &sim.account(number).await["kind"]), (name, &json!(kind)));
            // Level 1 first, and level 2 in its place where there is one.
            for level in [1, 2] {
                let answer = sim.command(number, "approve", json!({"level": level})).await;
                if cells[(level - 1) * 2 + place] == "no" {
                    answer.problem(403, "level_not_for_holder");
                } else {
                    assert_eq!(answer.status(200).json()["level"], level, "{kind} {regime}");
                }
            }
        }
        let unit = "800000000028";
        let approved = sim.command(unit, "approve", json!({})).await.status(200).json();
        assert_eq!((&approved["state"], approved.get("level")), (&json!("approved"), None));
    }
}

/// For whom a ground exists in 2022 and in 2024: one letter each for citizen, child, young child, ward, foreigner, young
/// foreigner, organisation; who invokes it; and the two cells of the document.
const GROUNDS: [(&str, &str, [&str; 2]); 10] = [
    ("holders_request", "holder", ["CHYWFGO", "CHYWFGO"]),
    ("breach_of_terms", "ministry", ["CHYWFGO", "CHYWFGO"]),
    ("card_revoked", "registry", ["CHYW---", "CHYW---"]),
    ("card_expired", "registry", ["-------", "CHYW---"]),
    ("authoritys_request", "authority", ["CHYWFGO", "CHYWFGO"]),
    ("passport_expired", "registry", ["----FG-", "----FG-"]),
    ("residence_expired", "registry", ["----FG-", "----FG-"]),
    ("dissolved", "registry", ["------O", "------O"]),
    ("phone_reclaimed", "ministry", ["CHYWFG-", "CHYWFG-"]),
    ("death", "registry", ["CHYWFG-", "CHYWFG-"]),
];

/// Somebody of each kind with an active account.
const HOLDERS: [(&str, &str); 7] = [
    ("citizen", LAN.number),
    ("child", "097315000342"),
    ("young_child", "097222000353"),
    ("ward", "097172000386"),
    ("foreigner", JI_WOO.number),
    ("young_foreigner", "997322000063"),
    ("organisation", "800000000017"),
];

#[tokio::test]
async fn each_ground_exists_for_its_holders_and_ends_by_its_party() {
    for (place, regime) in REGIMES.into_iter().enumerate() {
        let sim = under(regime, "automatic").await;
        let path = "/admin/v1/accounts/997322000063/state";
        sim.put(path, json!({"state": "active", "level": 1})).await.status(200);
        for (at, (kind, number)) in HOLDERS.into_iter().enumerate() {
            let before = sim.account(number).await;
            assert_eq!((&before["kind"], &before["state"]), (&json!(kind), &json!("active")));
            for (reason, party, cells) in GROUNDS {
                let what = format!("{reason} {kind} {regime}");
                let answer = sim.command(number, "lock", json!({"reason": reason})).await;
                if cells[place].as_bytes()[at] == b'-' {
                    answer.problem(409, "ground_not_for_holder");
                    assert_eq!(sim.account(number).await["state"], "active", "{what}");
                    continue;
                }
                let locked = answer.status(200).json();
                assert_eq!(locked["state"], "locked", "{what}");
                assert_eq!(
                    (&locked["reason"], &locked["locked_by"]),
                    (&json!(reason), &json!(party))
                );
                for by in ["holder", "ministry", "authority", "registry"] {
                    let code = if reason == "death" { "death_is_final" } else { "may_not_unlock" };
                    if reason == "death" || by != party {
                        sim.command(number, "unlock", json!({"by": by})).await.problem(403, code);
                    }
                }
                if reason != "death" {
                    let open = sim.command(number, "unlock", json!({"by": party})).await;
                    assert_eq!(open.status(200).json()["state"], "active", "{what}");
                }
            }
        }
    }
}

#[test]
fn the_document_says_the_same_of_the_grounds() {
    let document = include_str!("../../docs/regimes.md");
    let names = ENTITLED.map(|(name, _)| name);
    for (reason, party, cells) in GROUNDS {
        let cell = |letters: &str| match letters {
            "-------" => "–".to_owned(),
            "CHYWFGO" => "everybody".to_owned(),
            _ => {
                let kept = letters.bytes().zip(names).filter(|(letter, _)| *letter != b'-');
                kept.map(|(_, name)| name).collect::<Vec<_>>().join(", ")
            }
        };
        let ended = if reason == "death" { ", never ended" } else { "" };
        let row =
            format!("| {reason} | {party}{ended} | {} | {} |\n", cell(cells[0]), cell(cells[1]));
        assert!(document.contains(&row), "{row}");
    }
}

/// The clock says Monday 2 March 2026, 09:00 in Viet Nam; 17:00 there is 10:00 UTC.
#[tokio::test]
async fn the_legal_times_end_at_1700_of_their_last_day() {
    let foreign = |who: &str, phone: &str, immigration: bool| {
        let mut body = json!({"number": who, "phone": phone});
        if immigration {
            body["immigration"] = json!(true);
        }
        body
    };
    let plain = |who: Citizen| foreign(who.number, who.phone, false);
    let with_card = |who: Citizen, province: u8| json!({"number": who.number, "phone": who.phone, "with_card": true, "desk_province": province});
    let (app, desk) = ("/app/v1/registrations", "/desk/v1/registrations");
    let arjun = |immigration| foreign("997099000052", "0912345655", immigration);
    let cases = [
        (app, plain(DAT), "1 working day", "2026-03-03T10:00:00Z"),
        (app, arjun(false), "1 working day", "2026-03-03T10:00:00Z"),
        (desk, plain(DAT), "3 working days", "2026-03-05T10:00:00Z"),
        (desk, with_card(PAO, 15), "7 working days", "2026-03-11T10:00:00Z"),
        (desk, with_card(SEN, 40), "7 working days", "2026-03-11T10:00:00Z"),
        (
            desk,
            foreign(ANTOINE.number, ANTOINE.phone, true),
            "3 working days",
            "2026-03-05T10:00:00Z",
        ),
        (desk, arjun(true), "7 working days", "2026-03-11T10:00:00Z"),
    ];
    for regime in REGIMES {
        for (door, body, time, deadline) in &cases {
            let sim = under(regime, "after").await;
            let what = format!("{body} {regime}");
            let taken = sim.post(door, body.clone()).await.status(201).json();
            assert_eq!(
                (&taken["legal_time"], &taken["deadline"]),
                (&json!(time), &json!(deadline)),
                "{what}"
            );
            runs_to(&sim, &taken, deadline).await;
        }
    }
}

/// Under review until a millisecond before the deadline, approved at it.
async fn runs_to(sim: &Sim, taken: &Value, deadline: &str) {
    let path = format!("/app/v1/registrations/{}", taken["id"].as_str().unwrap());
    let end = mock_vneid::clock::Timestamp::parse(deadline).unwrap();
    sim.clock.advance_millis(end.as_millis() - sim.now().as_millis() - 1);
    assert_eq!(sim.get(&path).await.status(200).json()["status"], "under_review");
    sim.clock.advance_millis(1);
    let done = sim.get(&path).await.status(200).json();
    assert_eq!(done["status"], "approved");
    assert_eq!(done["history"][3], json!({"status": "approved", "at": deadline}));
}

fn company(number: Option<&str>) -> Value {
    let mut body = json!({
        "name": "Công ty TNHH Thương mại Ví Dụ", "founded": "2015-03-20",
        "head_office": {"detail": "10 đường Thương Mại", "commune": "Phường Bến Xanh", "province": 79},
        "tax_code": "0300000028", "enterprise_code": "0300000028",
    });
    if let Some(number) = number {
        body["number"] = json!(number);
    }
    body
}

#[tokio::test]
async fn an_organisation_in_a_database_takes_three_working_days_and_another_15_days() {
    let phuong = Citizen { number: "097183000443", phone: "0912345644", password: "Vn@000443a" };
    let lap = Citizen { number: "097082000432", phone: "0912345643", password: "Vn@000432a" };
    let path = "/app/v1/organisation-registrations";
    for regime in REGIMES {
        let sim = under(regime, "after").await;
        let taken = Handset::of(&sim, phuong).await;
        let taken = taken.post(path, company(Some("800000000028"))).await.status(201).json();
        assert_eq!((&taken["status"], taken.get("deadline")), (&json!("submitted"), None));
        assert_eq!(taken["awaiting"], json!([lap.number]));
        // The dossier is complete with the other representative's consent, a day later.
        sim.advance(24 * 3600);
        let lap = Handset::of(&sim, lap).await;
        let consent = format!("{path}/{}/consent", taken["id"].as_str().unwrap());
        let complete =
            lap.post(&consent, json!({"passcode": lap.passcode})).await.status(200).json();
        assert_eq!(complete["legal_time"], "3 working days");
        assert_eq!(complete["deadline"], "2026-03-06T10:00:00Z");
        runs_to(&sim, &complete, "2026-03-06T10:00:00Z").await;

        let sim = under(regime, "after").await;
        let app = Handset::of(&sim, phuong).await;
        let taken = app.post(path, company(None)).await.status(201).json();
        assert_eq!(taken["legal_time"], "15 days");
        assert_eq!(taken["deadline"], "2026-03-17T10:00:00Z");
        runs_to(&sim, &taken, "2026-03-17T10:00:00Z").await;
    }
}

#[tokio::test]
async fn the_times_of_requests_are_the_same_under_both() {
    for regime in REGIMES {
        let sim = under(regime, "after").await;
        let ask = json!({"number": LAN.number, "ask": "lock"});
        let taken = sim.post("/desk/v1/requests", ask).await.status(201).json();
        assert_eq!(taken["deadline"], "2026-03-03T10:00:00Z");
        let path = format!("/admin/v1/requests/{}/forward", taken["id"].as_str().unwrap());
        let forwarded = sim.post(&path, json!({})).await.status(200).json();
        assert_eq!(forwarded["deadline"], "2026-03-04T10:00:00Z");
        let ask = json!({"number": NGOC.number, "phone": "0987654366"});
        let taken = sim.post("/desk/v1/phone-changes", ask).await.status(201).json();
        assert_eq!(taken["deadline"], "2026-03-09T10:00:00Z");
    }
}

#[tokio::test]
async fn an_expired_card_locks_under_2024_and_only_refuses_sign_in_under_2022() {
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-03"}});
    let path = format!("/admin/v1/citizens/{}", LAN.number);
    for (regime, state, reason) in
        [("2022", "active", None), ("2024", "locked", Some("card_expired"))]
    {
        let sim = under(regime, "automatic").await;
        sim.put(&path, card.clone()).await.status(200);
        // The last day of validity ends at midnight in Viet Nam.
        sim.clock.advance_millis((24 + 15) * 3600 * 1000 - 1);
        assert_eq!(sim.account(LAN.number).await["state"], "active", "{regime}");
        sim.clock.advance_millis(1);
        let account = sim.account(LAN.number).await;
        assert_eq!(
            (&account["state"], account["reason"].as_str()),
            (&json!(state), reason),
            "{regime}"
        );
        let portal = Portal::plain(&sim).await;
        let wish = json!({"client_id": portal.client_id, "citizen": LAN.number, "scope": "openid"});
        let code = if regime == "2022" { "card_expired" } else { "locked" };
        sim.post("/admin/v1/sign-ins", wish).await.problem(403, code);
        let mut browser = Browser::new(&sim);
        browser.open(&portal.request(&[])).await.status(200);
        let page = LAN.types_password(&mut browser).await.status(403).text();
        assert!(page.to_lowercase().contains("hết hạn"), "{page}");
        // A new card, and nothing stands in the way any more.
        sim.post("/desk/v1/cards", json!({"number": LAN.number})).await.status(201);
        assert_eq!(sim.account(LAN.number).await["state"], "active");
        portal.signs_in(&sim, LAN).await;
    }
}

/// The C06 guide of 08/2022: a notice at login, and services refused.
#[tokio::test]
async fn an_expired_card_refuses_the_app_and_its_services_under_2022() {
    let sim = under("2022", "automatic").await;
    let card = json!({"card": {"issued": "2021-07-01", "expires": "2026-03-03"}});
    sim.put(&format!("/admin/v1/citizens/{}", LAN.number), card).await.status(200);
    let lan = Handset::of(&sim, LAN).await;
    // Made in the last minute of the card's last day.
    sim.clock.advance_millis((24 + 15) * 3600 * 1000 - 60_000);
    let code = lan.qr("can_cuoc", json!(["card"]), false).await.status(201).json();
    sim.advance(60);
    let scanned = json!({"content": code["content"]});
    sim.post("/desk/v1/qr/verify", scanned).await.problem(403, "card_expired");
    lan.opens("public_services").await.problem(403, "card_expired");
    lan.get("/app/v1/papers/card").await.problem(403, "card_expired");
    lan.qr("can_cuoc", json!([]), false).await.problem(403, "card_expired");
    let body = json!({"number": LAN.number, "password": LAN.password, "device": "other"});
    sim.post("/app/v1/sign-ins", body).await.problem(403, "card_expired");
}

#[tokio::test]
async fn a_representative_needs_level_2_under_2024_only() {
    for (regime, needed) in [("2022", false), ("2024", true)] {
        for (who, ward) in [(HUONG, CHILDREN[0]), (TIN, "097095000397")] {
            let sim = under(regime, "automatic").await;
            let body = json!({"number": ward, "phone": who.phone});
            let path = "/app/v1/registrations";
            sim.post(path, body.clone()).await.problem(403, "representative_required");
            let state = format!("/admin/v1/accounts/{}/state", who.number);
            sim.put(&state, json!({"state": "active", "level": 1})).await.status(200);
            let answer = Handset::of(&sim, who).await.post(path, body.clone()).await;
            if needed {
                answer.problem(403, "representative_level");
                sim.put(&state, json!({"state": "active", "level": 2})).await.status(200);
                Handset::of(&sim, who).await.post(path, body).await.status(201);
            } else {
                answer.status(201);
            }
        }
    }
}

#[tokio::test]
async fn seven_days_of_activation_then_the_hotline_under_both() {
    for regime in REGIMES {
        let sim = under(regime, "automatic").await;
        assert_eq!(sim.account(NGOC.number).await["until"], "2026-03-09T02:00:00Z");
        sim.advance(7 * 24 * 3600);
        assert_eq!(sim.account(NGOC.number).await["state"], "approved");
        sim.clock.advance_millis(1);
        assert_eq!(sim.account(NGOC.number).await["state"], "activation_overdue");
        NGOC.activates(&sim).await.problem(403, "activation_overdue");
        sim.command(NGOC.number, "extend_activation", json!({})).await.status(200);
        NGOC.activates(&sim).await.status(200);
        assert_eq!(sim.account(NGOC.number).await["state"], "active");
    }
}
