//! Steps out of turn, ids of one enrolment at another's door, replays, codes that are late, wrong or somebody else's.

use serde_json::{Value, json};

use super::{Fire, Verdict, app, json, problem, signed_out, token_of};
use crate::harness::{
    Reply, Sim,
    actors::{DUC, HAN, LAN, NGOC},
};

/// The doors of every enrolment, with the steps that it knows.
const GOALS: [(&str, &[&str]); 7] = [
    ("level0", &["otp", "password", "resend"]),
    ("activations", &["otp", "password", "passcode", "questions", "resend"]),
    ("password-resets", &["otp", "password", "resend"]),
    ("passcode-resets", &["otp", "passcode", "resend"]),
    ("phone-changes", &["otp", "resend"]),
    ("unlocks", &["otp", "resend"]),
    ("sign-ins", &["otp", "resend"]),
];

fn step_body(step: &str) -> &'static str {
    match step {
        "otp" => r#"{"otp":"123456"}"#,
        "password" => r#"{"password":"Khac@12345"}"#,
        "passcode" => r#"{"passcode":"135790"}"#,
        "questions" => {
            r#"{"answers":[{"question":0,"answer":"Hoa Sen"},{"question":3,"answer":"Bạch Mai"}]}"#
        }
        _ => "",
    }
}

fn id(reply: &Reply) -> String {
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// Begins one enrolment of every goal; answers door and id of each.
async fn all_begun(sim: &Sim) -> Vec<(&'static str, String)> {
    let lan = token_of(sim, LAN.number, "phone-1").await;
    let begin = async |path: &str, body: Value| {
        id(&sim.post(&format!("/app/v1/{path}"), body).await.status(201))
    };
    let in_app = async |path: &str, body: &'static str| {
        let path = format!("/app/v1/{path}");
        id(&sim.send(app("POST", &path, &lan, body)).await.status(201))
    };
    vec![
        ("level0", begin("level0", json!({"number": "097095000044", "phone": "0987654321"})).await),
        ("activations", begin("activations", json!({"number": NGOC.number, "phone": NGOC.phone})).await),
        ("password-resets", begin("password-resets", json!({"number": DUC.number, "phone": DUC.phone})).await),
        ("passcode-resets", in_app("passcode-resets", "").await),
        ("phone-changes", in_app("phone-changes", r#"{"phone":"0987654399","passcode":"000011"}"#).await),
        ("unlocks", begin("unlocks", json!({"number": "098160000088", "password": "Vn@000088a"})).await),
        ("sign-ins", begin("sign-ins", json!({"number": LAN.number, "password": LAN.password, "device": "phone-2", "chip": "match"})).await),
    ]
}

#[tokio::test]
async fn an_id_of_one_goal_opens_no_other_door() {
    let sim = Sim::new().await;
    let begun = all_begun(&sim).await;
    let mut fire = Fire::at(sim).await;
    for (own, id) in &begun {
        for (door, steps) in GOALS.iter().filter(|(door, _)| door != own) {
            for step in *steps {
                let path = format!("/app/v1/{door}/{id}/{step}");
                let name = format!("{own}'s id at {path}");
                let request = json("POST", &path, step_body(step));
                fire.fire(&name, request, problem(404, "not_found")).await;
            }
        }
        for path in [format!("/app/v1/registrations/{id}"), format!("/admin/v1/requests/{id}")] {
            fire.fire(&path, json("GET", &path, ""), problem(404, "not_found")).await;
        }
        let path = format!("/realms/default/app/v1/{own}/{id}x/otp");
        fire.fire(&path, json("POST", &path, r#"{"otp":"1"}"#), problem(404, "not_found")).await;
        fire.look(own).await;
    }
    fire.done();
}

#[tokio::test]
async fn no_step_is_taken_before_its_turn() {
    let sim = Sim::new().await;
    let begun = all_begun(&sim).await;
    let mut fire = Fire::at(sim).await;
    for (door, id) in &begun {
        let steps = GOALS.iter().find(|(goal, _)| goal == door).unwrap().1;
        for step in steps.iter().filter(|step| !["otp", "resend"].contains(step)) {
            let path = format!("/app/v1/{door}/{id}/{step}");
            let request = json("POST", &path, step_body(step));
            fire.shoot(&path, request, problem(409, "out_of_turn")).await;
        }
        let path = format!("/app/v1/{door}/{id}/resend");
        fire.shoot(&path, json("POST", &path, ""), problem(429, "resend_too_soon")).await;
    }
    fire.done();
}

#[tokio::test]
async fn a_code_is_not_guessed_and_not_kept() {
    let sim = Sim::new().await;
    let begun = all_begun(&sim).await;
    let mut fire = Fire::at(sim).await;
    for (door, id) in &begun {
        let path = format!("/app/v1/{door}/{id}/otp");
        for (odd, code) in [
            // What is no OTP costs no try.
            ("", "otp_malformed"),
            ("１２３４５６", "otp_malformed"),
            ("123456 OR 1=1", "otp_malformed"),
            ("null", "otp_malformed"),
            (&*"9".repeat(5_000), "otp_malformed"),
            ("000000", "wrong_otp"),
            ("000001", "wrong_otp"),
            ("000002", "wrong_otp"),
            ("000003", "wrong_otp"),
            ("000004", "otp_used_up"),
            ("000005", "otp_used_up"),
        ] {
            let body = json!({"otp": odd}).to_string();
            let name = format!("{path} {odd:.20}");
            fire.shoot(&name, json("POST", &path, body), |reply| wrong(reply, code)).await;
        }
    }
    fire.done();
}

/// A code that is refused, whatever try it was.
fn wrong(reply: &Reply, code: &str) -> Verdict {
    problem(if code == "otp_malformed" { 422 } else { 401 }, code)(reply)
}

#[tokio::test]
async fn a_code_is_over_after_three_minutes_and_an_enrolment_after_its_time() {
    let sim = Sim::new().await;
    let begun = all_begun(&sim).await;
    let otps = sim.messages().await;
    let newest = |door: &str, id: &str| {
        let end: String = id.chars().rev().take(6).collect();
        let found = otps.iter().rev().find(|it| it["reference"] == end.as_str());
        found.unwrap_or_else(|| panic!("no OTP of {door}"))["code"].as_str().unwrap().to_owned()
    };
    sim.advance(181);
    let mut fire = Fire::at(sim).await;
    for (door, id) in &begun {
        let path = format!("/app/v1/{door}/{id}/otp");
        let body = json!({"otp": newest(door, id)}).to_string();
        fire.shoot(&path, json("POST", &path, body), problem(401, "otp_expired")).await;
    }
    fire.sim.advance(24 * 3600);
    fire.settle().await;
    for (door, id) in &begun {
        for step in ["otp", "resend"] {
            let path = format!("/app/v1/{door}/{id}/{step}");
            let request = json("POST", &path, step_body(step));
            fire.shoot(&path, request, problem(404, "not_found")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn what_is_done_is_not_done_again() {
    let sim = Sim::new().await;
    let begun = all_begun(&sim).await;
    for (door, id) in &begun {
        let mut next = "otp".to_owned();
        while next != "done" {
            let path = format!("/app/v1/{door}/{id}/{next}");
            let end: String = id.chars().rev().take(6).collect();
            let body = if next == "otp" {
                let found = sim.get(&format!("/admin/v1/messages/latest?reference={end}")).await;
                json!({"otp": found.ok().json()["code"]}).to_string()
            } else {
                step_body(&next).to_owned()
            };
            let reply = sim.send(json("POST", &path, body)).await;
            // The phone of LAN's other enrolments is another one by now.
            if reply.status == 409 {
                reply.problem(409, "phone_mismatch");
                break;
            }
            reply.status(200).json()["next"].as_str().unwrap().clone_into(&mut next);
        }
    }
    let mut fire = Fire::at(sim).await;
    for (door, id) in begun.iter().filter(|(door, _)| *door != "sign-ins") {
        let steps = GOALS.iter().find(|(goal, _)| goal == door).unwrap().1;
        for step in steps {
            let path = format!("/app/v1/{door}/{id}/{step}");
            let request = json("POST", &path, step_body(step));
            fire.shoot(&path, request, problem(409, "out_of_turn")).await;
        }
    }
    fire.done();
}

#[tokio::test]
async fn an_enrolment_is_worth_nothing_once_the_account_is_locked_or_has_another_password() {
    for way in ["lock", "death", "password"] {
        let sim = Sim::new().await;
        let token = token_of(&sim, HAN.number, "phone-1").await;
        let mut begun = Vec::new();
        let body = json!({"number": HAN.number, "password": HAN.password,
            "device": "phone-2", "chip": "match"});
        let reply = sim.post("/app/v1/sign-ins", body).await.status(201);
        begun.push((format!("/app/v1/sign-ins/{}/otp", id(&reply)), sim.otp(HAN.phone).await));
        let body = r#"{"phone":"0987654399","passcode":"000124"}"#;
        let reply = sim.send(app("POST", "/app/v1/phone-changes", &token, body)).await.status(201);
        begun.push((
            format!("/app/v1/phone-changes/{}/otp", id(&reply)),
            sim.otp("0987654399").await,
        ));
        match way {
            "lock" => {
                let body = json!({"reason": "breach_of_terms"});
                sim.command(HAN.number, "lock", body).await.status(200);
            }
            "death" => {
                let path = format!("/admin/v1/citizens/{}", HAN.number);
                sim.put(&path, json!({"died": "2026-03-01"})).await.status(200);
            }
            _ => {
                let body = r#"{"old":"Vn@000124a","new":"Khac@12345"}"#;
                sim.send(app("POST", "/app/v1/password", &token, body)).await.status(204);
            }
        }
        let mut fire = Fire::at(sim).await;
        let refused = |reply: &Reply| match reply.status.as_u16() {
            401 | 403 | 404 | 409 => Ok(()),
            other => Err(format!("after {way} the answer is {other}")),
        };
        for (path, otp) in &begun {
            let body = json!({"otp": otp}).to_string();
            fire.shoot(&format!("{way}: {path}"), json("POST", path, body), refused).await;
        }
        let account = app("GET", "/app/v1/account", &token, "");
        fire.shoot("the old token", account, signed_out).await;
        fire.done();
    }
}
