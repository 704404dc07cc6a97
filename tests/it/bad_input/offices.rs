//! The tester's offices: requests, the report, somebody like this, the clock's due list, policies, accounts by force.

use serde_json::json;

use super::{Fire, get, json, problem};
use crate::harness::{Sim, actors::LAN};

#[tokio::test]
async fn requests_out_of_turn_and_unknown() {
    let sim = Sim::new().await;
    let ask = async |number: &str| {
        let body = json!({"number": number, "ask": "lock"});
        sim.post("/desk/v1/requests", body).await.status(201).json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    sim.put("/admin/v1/policy", json!({"review": "manual"})).await.status(200);
    let granted = ask("097085000022").await;
    sim.post(&format!("/admin/v1/requests/{granted}/grant"), json!({})).await.status(200);
    let refused = ask("097300000033").await;
    let no = json!({"reason": "thiếu giấy tờ"});
    sim.post(&format!("/admin/v1/requests/{refused}/refuse"), no).await.status(200);
    let open = ask(LAN.number).await;
    sim.post(&format!("/admin/v1/requests/{open}/forward"), json!({})).await.status(200);
    let mut fire = Fire::at(sim).await;
    for id in [&granted, &refused] {
        for step in ["forward", "grant", "refuse"] {
            let path = format!("/admin/v1/requests/{id}/{step}");
            let request = json("POST", &path, r#"{"reason":"không"}"#);
            fire.shoot(&path, request, problem(409, "out_of_turn")).await;
        }
    }
    let path = format!("/admin/v1/requests/{open}/forward");
    fire.shoot(&path, json("POST", &path, ""), problem(409, "out_of_turn")).await;
    let twice = json!({"number": LAN.number, "ask": "lock"}).to_string();
    fire.shoot("twice", json("POST", "/desk/v1/requests", twice), problem(409, "request_open"))
        .await;
    let long = json!({"reason": "a".repeat(201)}).to_string();
    for body in [
        "{}",
        r#"{"reason":""}"#,
        r#"{"reason":" "}"#,
        r#"{"reason":"a\nb"}"#,
        r#"{"reason":1}"#,
        &long,
    ] {
        let path = format!("/admin/v1/requests/{open}/refuse");
        fire.shoot(body, json("POST", &path, body.to_owned()), problem(422, "invalid")).await;
    }
    for step in ["", "/forward", "/grant", "/refuse"] {
        let path = format!("/admin/v1/requests/nope{step}");
        let request =
            json(if step.is_empty() { "GET" } else { "POST" }, &path, r#"{"reason":"x"}"#);
        fire.shoot(&path, request, problem(404, "not_found")).await;
    }
    fire.done();
}

#[tokio::test]
async fn queries_of_lists_and_reports() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (path, status, code) in [
        ("requests?limit=0", 422, "invalid"),
        ("requests?limit=1001", 422, "invalid"),
        ("requests?limit=-1", 400, "invalid_query"),
        ("requests?limit=1e2", 400, "invalid_query"),
        ("requests?number=097190000011", 400, "invalid_query"),
        ("reports/rollout?format=xlsx", 422, "invalid"),
        ("reports/rollout?format=", 422, "invalid"),
        ("reports/rollout?format=CSV", 422, "invalid"),
        ("reports/rollout?unit=x", 422, "invalid"),
        ("reports/rollout?unit=097190000011", 404, "not_found"),
        ("reports/rollout?unit=899999999999", 404, "not_found"),
        ("reports/rollout?unit=997190000017&format=csv", 404, "not_found"),
        ("reports/rollout?after=x", 422, "invalid"),
        ("reports/rollout?limit=0&format=csv", 422, "invalid"),
        ("clock/due?limit=0", 422, "invalid"),
        ("clock/due?limit=1001", 422, "invalid"),
        ("clock/due?limit=-5", 400, "invalid_query"),
        ("clock/due?after=1", 400, "invalid_query"),
        ("people?level=3", 422, "invalid"),
        ("people?level=-1", 400, "invalid_query"),
        ("people?kind=robot", 400, "invalid_query"),
        ("people?state=asleep", 400, "invalid_query"),
        ("people?reason=because", 400, "invalid_query"),
        ("people?gender=x", 400, "invalid_query"),
        ("people?card=gold", 400, "invalid_query"),
        ("people?papers=passport", 422, "invalid"),
        ("people?papers=tax,%00", 400, "invalid_query"),
        ("people?nationality=KOR", 422, "invalid"),
        ("people?married=maybe", 400, "invalid_query"),
        ("people?skip=-1", 400, "invalid_query"),
        ("people?skip=18446744073709551616", 400, "invalid_query"),
        ("people?situation=nope", 422, "invalid"),
        ("people?situation=level2_active&age=30", 422, "invalid"),
        ("people?kind=organisation&age=30", 422, "invalid"),
        ("people?age=65535", 422, "invalid"),
        ("people?province=2", 422, "invalid"),
        ("people?birth_province=999", 422, "invalid"),
        ("people?kind=young_child&married=true", 404, "nobody_like_this"),
    ] {
        let path = format!("/admin/v1/{path}");
        fire.shoot(&path, get(&path), problem(status, code)).await;
    }
    for path in ["/admin/v1/situations", "/admin/v1/provinces"] {
        for method in ["POST", "PUT", "DELETE"] {
            let name = format!("{method} {path}");
            fire.shoot(&name, json(method, path, "{}"), problem(405, "method_not_allowed")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn nothing_is_next_where_nothing_is_due() {
    let sim = Sim::new().await;
    sim.post("/admin/v1/realms", json!({"name": "other"})).await.status(201);
    let due = sim.get("/realms/other/admin/v1/clock/due").await.status(200).json();
    let mut fire = Fire::at(sim).await;
    if due == json!([]) {
        let next = json("POST", "/realms/other/admin/v1/clock/next", "");
        fire.shoot("next", next, problem(404, "not_found")).await;
    }
    let get = super::get("/admin/v1/clock/next");
    fire.shoot("GET next", get, problem(405, "method_not_allowed")).await;
    fire.done();
}

#[tokio::test]
async fn policies_that_no_decree_knows() {
    let days: Vec<String> = (0..2_000).map(|day| format!("\"{}-01-01\"", 2000 + day)).collect();
    let many = format!(r#"{{"calendar":{{"days_off":[{}]}}}}"#, days.join(","));
    let mut fire = Fire::on_a_fresh_sim().await;
    for body in [
        r#"{"regime":"2023"}"#,
        r#"{"regime":2022}"#,
        r#"{"regime":""}"#,
        r#"{"regime":null}"#,
        r#"{"regime":["2022"]}"#,
        r#"{"level0_days":0}"#,
        r#"{"level0_days":3651}"#,
        r#"{"level0_days":-1}"#,
        r#"{"level0_days":65536}"#,
        r#"{"level0_days":1.5}"#,
        r#"{"level0_days":"365"}"#,
        r#"{"review":"never"}"#,
        r#"{"calendar":null}"#,
        r#"{"calendar":{"days_off":"2026-01-01"}}"#,
        r#"{"calendar":{"days_off":["2026-02-30"]}}"#,
        r#"{"calendar":{"days_off":[1]}}"#,
        r#"{"calendar":{"no_such_field":[]}}"#,
        r#"{"calendar":{"days_off":[],"days_off":[]}}"#,
        &many,
    ] {
        let name: String = body.chars().take(80).collect();
        let request = json("PUT", "/admin/v1/policy", body.to_owned());
        fire.shoot(&name, request, problem(422, "invalid")).await;
    }
    fire.done();
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of bad requests")]
async fn accounts_of_the_wrong_kind() {
    let mut fire = Fire::on_a_fresh_sim().await;
    for (body, status, code) in [
        (json!({"situation": "nope"}), 422, "invalid"),
        (json!({"situation": 1}), 422, "invalid"),
        (json!({"situation": "level2_active", "level": 1}), 422, "invalid"),
        (json!({"situation": "level2_active", "papers": ["tax"]}), 422, "invalid"),
        (json!({"kind": "young_child", "level": 2}), 403, "level_not_for_holder"),
        (json!({"kind": "young_foreigner", "level": 2}), 403, "level_not_for_holder"),
        (json!({"kind": "organisation", "level": 2}), 422, "invalid"),
        (json!({"kind": "organisation", "age": 30}), 422, "invalid"),
        (json!({"kind": "organisation", "papers": ["tax"]}), 422, "invalid"),
        (json!({"kind": "organisation", "card": "valid"}), 422, "invalid"),
        (
            json!({"kind": "organisation", "state": "locked", "reason": "death"}),
            409,
            "ground_not_for_holder",
        ),
        (json!({"kind": "organisation", "state": "temporarily_locked"}), 422, "invalid"),
        (
            json!({"kind": "foreigner", "state": "locked", "reason": "card_expired"}),
            409,
            "ground_not_for_holder",
        ),
        (json!({"state": "locked", "reason": "dissolved"}), 409, "ground_not_for_holder"),
        (json!({"nationality": "KOR"}), 422, "invalid"),
        (json!({"nationality": ""}), 422, "invalid"),
        (json!({"kind": "foreigner", "nationality": "ZZ"}), 404, "not_found"),
        (json!({"kind": "foreigner", "card": "valid"}), 422, "invalid"),
        (json!({"papers": ["passport"]}), 422, "invalid"),
        (json!({"papers": "tax"}), 422, "invalid"),
        (json!({"married": "yes"}), 422, "invalid"),
        (json!({"kind": "young_child", "married": true}), 404, "not_found"),
        (json!({"kind": "child", "age": 40}), 404, "not_found"),
        (json!({"birth_province": 999}), 422, "invalid"),
        (json!({"birth_province": -1}), 422, "invalid"),
    ] {
        let name = format!("POST accounts {body}");
        let request = json("POST", "/admin/v1/accounts", body.to_string());
        fire.shoot(&name, request, problem(status, code)).await;
    }
    for (number, command, body, status, code) in [
        ("800000000041", "open_level0", "{}", 409, "not_for_holder"),
        ("800000000041", "change_phone", r#"{"phone":"0987654399"}"#, 409, "not_for_holder"),
        ("800000000028", "activate", "{}", 403, "registration_required"),
        ("800000000017", "lock", r#"{"reason":"death"}"#, 409, "ground_not_for_holder"),
        ("997190000017", "lock", r#"{"reason":"card_revoked"}"#, 409, "ground_not_for_holder"),
        ("097190000011", "lock", r#"{"reason":"dissolved"}"#, 409, "ground_not_for_holder"),
        ("097222000353", "approve", r#"{"level":2}"#, 403, "level_not_for_holder"),
        ("097190000011", "change_phone", "{}", 422, "invalid"),
        ("097190000011", "change_phone", r#"{"phone":"x"}"#, 422, "invalid"),
        ("097190000011", "change_phone", r#"{"phone":"0912345602"}"#, 409, "phone_taken"),
        ("097216000318", "open_level0", "{}", 403, "representative_required"),
    ] {
        let path = format!("/admin/v1/accounts/{number}/{command}");
        let name = format!("{path} {body}");
        fire.shoot(&name, json("POST", &path, body), problem(status, code)).await;
    }
    for (number, body, status, code) in [
        ("097222000353", json!({"state": "active", "level": 2}), 403, "level_not_for_holder"),
        (
            "800000000017",
            json!({"state": "locked", "reason": "card_expired"}),
            409,
            "ground_not_for_holder",
        ),
        (
            "997190000017",
            json!({"state": "locked", "reason": "card_revoked"}),
            409,
            "ground_not_for_holder",
        ),
        (
            "097190000011",
            json!({"state": "locked", "reason": "residence_expired"}),
            409,
            "ground_not_for_holder",
        ),
        ("097095000044", json!({"state": "active"}), 422, "invalid"),
        ("800000000017", json!({"state": "temporarily_locked"}), 422, "invalid"),
        ("800000000017", json!({"state": "level0"}), 422, "invalid"),
    ] {
        let path = format!("/admin/v1/accounts/{number}/state");
        let name = format!("{path} {body}");
        fire.shoot(&name, json("PUT", &path, body.to_string()), problem(status, code)).await;
    }
    fire.done();
}
