//! Somebody like this: found in the derivation without storing anything, or given with a password; every situation by name.

use serde_json::{Value, json};

use crate::harness::Sim;

const PEOPLE: &str = "/admin/v1/people";

async fn situations(sim: &Sim) -> Vec<String> {
    let list = sim.get("/admin/v1/situations").await.status(200).json();
    list.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_situation_is_found_by_name_and_nothing_is_stored() {
    let sim = Sim::new().await;
    let world = sim.get("/admin/v1/accounts?limit=1000").await.json();
    let names = situations(&sim).await;
    assert!(names.len() >= 40, "{}", names.len());
    for name in &names {
        let found = sim.get(&format!("{PEOPLE}?situation={name}")).await;
        let found = found.status(200).json();
        let again = sim.get(&format!("{PEOPLE}?situation={name}")).await.json();
        assert_eq!(found, again, "{name}");
    }
    assert_eq!(sim.get("/admin/v1/accounts?limit=1000").await.json(), world);
}

#[tokio::test]
async fn every_situation_is_given_and_is_what_it_says() {
    let sim = Sim::new().await;
    let mut given = std::collections::BTreeSet::new();
    for name in situations(&sim).await {
        let made =
            sim.post("/admin/v1/accounts", json!({"situation": name})).await.status(201).json();
        assert!(given.insert(made["number"].as_str().unwrap().to_owned()), "{name}: given twice");
        for (mark, field, value) in [
            ("level1_active", "level", json!(1)),
            ("level2_active", "level", json!(2)),
            ("level0", "state", json!("level0")),
            ("level1_overdue", "state", json!("activation_overdue")),
            ("level2_approved", "state", json!("approved")),
            ("temporarily_locked", "state", json!("temporarily_locked")),
            ("locked_death", "reason", json!("death")),
            ("locked_card_expired", "reason", json!("card_expired")),
            ("locked_holders_request", "reason", json!("holders_request")),
            ("unregistered_with_card", "state", json!("unregistered")),
            ("child_level2", "kind", json!("child")),
            ("young_child_level1", "kind", json!("young_child")),
            ("ward", "kind", json!("ward")),
            ("foreigner_passport_expired", "reason", json!("passport_expired")),
            ("foreigner_residence_expired", "reason", json!("residence_expired")),
            ("young_foreigner", "kind", json!("young_foreigner")),
            ("organisation_active", "kind", json!("organisation")),
            ("organisation_dissolved", "reason", json!("dissolved")),
        ] {
            if name == mark {
                assert_eq!(made[field], value, "{name}: {made}");
            }
        }
        let kept = sim.account(made["number"].as_str().unwrap()).await;
        assert_eq!(kept["state"], made["state"], "{name}");
    }
}

#[tokio::test]
async fn a_locked_level_2_woman_born_in_1987() {
    let sim = Sim::new().await;
    let query = "state=locked&level=2&gender=female&birth_year=1987";
    let mut seen = std::collections::BTreeSet::new();
    for skip in 0..20 {
        let found = sim.get(&format!("{PEOPLE}?{query}&skip={skip}")).await.status(200).json();
        assert_eq!((&found["state"], &found["level"]), (&json!("locked"), &json!(2)));
        assert!(found["birth_date"].as_str().unwrap().starts_with("1987-"));
        assert_eq!(found["gender"], "female");
        seen.insert(found["number"].as_str().unwrap().to_owned());
    }
    assert!(seen.len() >= 19, "another number gives another person: {}", seen.len());
}

#[tokio::test]
async fn who_was_changed_is_passed_over() {
    let sim = Sim::new().await;
    let query = format!("{PEOPLE}?state=locked&reason=death&gender=male&birth_year=1950");
    let first = sim.get(&query).await.status(200).json();
    let number = first["number"].as_str().unwrap().to_owned();
    sim.put(&format!("/admin/v1/accounts/{number}/state"), json!({"state": "active"}))
        .await
        .status(200);
    let next = sim.get(&query).await.status(200).json();
    assert_ne!(next["number"], first["number"]);
    assert_eq!(next["reason"], "death");
}

#[tokio::test]
async fn a_clear_answer_when_there_is_nobody() {
    let sim = Sim::new().await;
    let certain = sim.get(&format!("{PEOPLE}?kind=young_child&level=2")).await;
    let certain = certain.problem(404, "nobody_like_this");
    assert!(
        certain["detail"].as_str().unwrap().starts_with("there is nobody like this"),
        "{certain}"
    );
    let unsure =
        format!("{PEOPLE}?birth_year=1990&card=none&state=active&papers=vehicle,driving,health");
    let unsure = sim.get(&unsure).await.problem(404, "nobody_like_this");
    assert!(unsure["detail"].as_str().unwrap().contains("looked at"), "{unsure}");
}

#[tokio::test]
async fn papers_family_place_and_nationality_narrow_the_search() {
    let sim = Sim::new().await;
    let found = sim.get(&format!("{PEOPLE}?papers=driving,vehicle&province=79&state=active")).await;
    let number = found.status(200).json()["number"].as_str().unwrap().to_owned();
    let citizen = sim.get(&format!("/admin/v1/citizens/{number}")).await.json();
    assert_eq!(citizen["residence"]["province_code"], "79");
    let parent = sim
        .get(&format!("{PEOPLE}?has_children=true&married=true&gender=female&level=2&state=active"))
        .await;
    let parent = parent.status(200).json();
    let citizen =
        sim.get(&format!("/admin/v1/citizens/{}", parent["number"].as_str().unwrap())).await.json();
    let spouse = citizen["spouse"].as_str().expect("married");
    let husband = sim.get(&format!("/admin/v1/citizens/{spouse}")).await.json();
    assert_eq!(husband["spouse"], parent["number"]);
    assert_eq!(husband["residence"], citizen["residence"], "one household, one address");
    let korean = sim
        .get(&format!("{PEOPLE}?kind=foreigner&nationality=KR&state=active"))
        .await
        .status(200)
        .json();
    let citizen =
        sim.get(&format!("/admin/v1/citizens/{}", korean["number"].as_str().unwrap())).await.json();
    assert_eq!(citizen["foreign"]["nationality"], "KR");
    // Numbers and phones lead back.
    let back =
        sim.get(&format!("/admin/v1/citizens?phone={}", citizen["phone"].as_str().unwrap())).await;
    assert_eq!(back.status(200).json()["number"], korean["number"]);
}

#[tokio::test]
async fn both_lists_of_provinces() {
    let sim = Sim::new().await;
    let lists = sim.get("/admin/v1/provinces").await.status(200).json();
    assert_eq!(lists["birth"].as_array().unwrap().len(), 63);
    assert_eq!(lists["current"].as_array().unwrap().len(), 34);
    let named = |list: &str, code: &str| -> Value {
        let all = lists[list].as_array().unwrap();
        all.iter().find(|it| it["code"] == code).unwrap()["name"].clone()
    };
    // The trap: seven codes name different provinces in the two lists.
    for (birth, current, old, new) in [
        ("015", "15", "Yên Bái", "Lào Cai"),
        ("024", "24", "Bắc Giang", "Bắc Ninh"),
        ("044", "44", "Quảng Bình", "Quảng Trị"),
        ("052", "52", "Bình Định", "Gia Lai"),
        ("080", "80", "Long An", "Tây Ninh"),
        ("082", "82", "Tiền Giang", "Đồng Tháp"),
        ("091", "91", "Kiên Giang", "An Giang"),
    ] {
        assert_eq!((named("birth", birth), named("current", current)), (json!(old), json!(new)));
    }
}
