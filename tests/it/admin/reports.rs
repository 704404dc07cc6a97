//! The report of letter 1397/BHXH-VP, item 3: five counts and the reasons of every unit, from live state, as JSON and CSV.

use serde_json::{Value, json};

use crate::harness::{Sim, actors::DUC};

const UNIT: &str = "800000000017";
const REPORT: &str = "/admin/v1/reports/rollout";

async fn of(sim: &Sim, unit: &str) -> Value {
    sim.get(&format!("{REPORT}?unit={unit}")).await.status(200).json()["items"][0].clone()
}

#[tokio::test]
async fn the_five_counts_and_the_reasons_of_a_named_unit() {
    let sim = Sim::new().await;
    let report = of(&sim, UNIT).await;
    assert_eq!(
        report,
        json!({
            "unit": UNIT, "name": "Bảo hiểm xã hội tỉnh Ví Dụ",
            "staff": 11, "with_card": 10, "without_card": 1, "level_2": 4, "not_level_2": 7,
            "reasons": {
                "activation_overdue": 1, "holders_request": 1, "level_1_not_activated": 1, "level_1_only": 2,
                "no_card": 1, "not_registered": 1,
            },
        })
    );
}

#[tokio::test]
async fn it_follows_every_change_at_once() {
    let sim = Sim::new().await;
    sim.command(DUC.number, "approve", json!({"level": 2})).await.status(200);
    let waiting = of(&sim, UNIT).await;
    assert_eq!(
        (&waiting["reasons"]["level_1_only"], &waiting["reasons"]["level_2_not_activated"]),
        (&json!(1), &json!(1))
    );
    sim.command(DUC.number, "activate", json!({})).await.status(200);
    let done = of(&sim, UNIT).await;
    assert_eq!((&done["level_2"], &done["not_level_2"]), (&json!(5), &json!(6)));
    let sum: u64 =
        done["reasons"].as_object().unwrap().values().map(|it| it.as_u64().unwrap()).sum();
    assert_eq!(done["not_level_2"], sum, "the reasons add up");
}

#[tokio::test]
async fn a_derived_unit_has_its_derived_staff() {
    let sim = Sim::new().await;
    let unit = sim.get("/admin/v1/people?situation=organisation_active").await.status(200).json();
    let unit = unit["number"].as_str().unwrap();
    let report = of(&sim, unit).await;
    let count = |field: &str| report[field].as_u64().unwrap();
    assert!(count("staff") > 0);
    assert_eq!(count("staff"), count("with_card") + count("without_card"));
    assert_eq!(count("staff"), count("level_2") + count("not_level_2"));
    // The representative is one of them, and her wallet names the unit as employer.
    let head =
        sim.get(&format!("/admin/v1/organisations/{unit}")).await.json()["representative"].clone();
    let head = head.as_str().unwrap();
    let scope = json!({"client_id": "demo-client", "citizen": head, "scope": "openid vneid.social_insurance", "exchange": true});
    let tokens = sim.post("/admin/v1/sign-ins", scope).await.status(200).json();
    let claims =
        sim.bearer("/oauth2/userinfo", tokens["access_token"].as_str().unwrap()).await.json();
    let periods = claims["vneid_social_insurance"]["periods"].as_array().unwrap();
    assert_eq!(periods.last().unwrap()["unit"], unit);
}

#[tokio::test]
async fn all_named_units_in_pages_and_as_csv() {
    let sim = Sim::new().await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = sim.get(&format!("{REPORT}?limit=1{after}")).await.status(200).json();
        let Some(item) = page["items"].as_array().unwrap().first() else { break };
        seen.push(item["unit"].as_str().unwrap().to_owned());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, [UNIT, "800000000028", "800000000039", "800000000041"]);
    let csv = sim.get(&format!("{REPORT}?unit={UNIT}&format=csv")).await.status(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        csv.text(),
        "\u{feff}unit,name,staff,with_card,without_card,level_2,not_level_2,reasons\r\n\
        800000000017,\"Bảo hiểm xã hội tỉnh Ví Dụ\",11,10,1,4,7,\"activation_overdue: 1; holders_request: 1; \
        level_1_not_activated: 1; level_1_only: 2; no_card: 1; not_registered: 1\"\r\n"
    );
    assert_eq!(
        sim.get(&format!("{REPORT}?format=csv")).await.status(200).text().lines().count(),
        5
    );
    sim.get(&format!("{REPORT}?format=xml")).await.problem(422, "invalid");
    sim.get(&format!("{REPORT}?unit=800000009999")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_units_code_that_a_spreadsheet_would_run_is_kept_a_text() {
    let sim = Sim::new().await;
    let unit = json!({"name": "=cmd|' /C calc'!A0 \"x\"", "founded": "2020-01-01", "representative": "097079000419",
        "head_office": {"detail": "1", "commune": "Phường Một", "province": 1}});
    sim.put("/admin/v1/organisations/800000000099", unit).await.status(200);
    let csv = sim.get(&format!("{REPORT}?unit=800000000099&format=csv")).await.status(200).text();
    assert!(csv.contains("\"'=cmd|' /C calc'!A0 \"\"x\"\"\""), "{csv}");
}
