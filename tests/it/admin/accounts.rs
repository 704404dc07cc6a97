//! Accounts: one like this for every state and level, every command, any state by force, lists in pages.

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{DAT, DUC, LAN, NGOC, TUAN},
};

/// State, and the level shown for a wanted 1 and 2.
const STATES: [(&str, [u8; 2]); 7] = [
    ("unregistered", [0, 0]),
    ("level0", [0, 0]),
    ("approved", [1, 2]),
    ("activation_overdue", [1, 2]),
    ("active", [1, 2]),
    ("temporarily_locked", [1, 2]),
    ("locked", [1, 2]),
];

/// Whether the direct sign-in lets the account in, or why not.
async fn enters(sim: &Sim, number: &str) -> (u16, String) {
    let body = json!({"client_id": "demo-portal", "citizen": number, "exchange": true});
    let reply = sim.post("/admin/v1/sign-ins", body).await;
    let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
    (reply.status.as_u16(), code)
}

const fn why_not(state: &str) -> (u16, &str) {
    match state.as_bytes() {
        b"active" => (200, ""),
        b"unregistered" | b"level0" => (403, "registration_required"),
        b"approved" => (403, "activation_required"),
        b"activation_overdue" => (403, "activation_overdue"),
        b"temporarily_locked" => (403, "temporarily_locked"),
        _ => (403, "locked"),
    }
}

#[tokio::test]
async fn one_like_this_for_every_state_and_level() {
    let sim = Sim::new().await;
    for (state, levels) in STATES {
        for (wanted, level) in [1, 2].into_iter().zip(levels) {
            let body = json!({"state": state, "level": wanted});
            let made = sim.post("/admin/v1/accounts", body).await.status(201).json();
            assert_eq!(made["state"], state);
            assert_eq!(made["level"], level, "{state} {wanted}");
            let number = made["number"].as_str().unwrap();
            let password = format!("Vn@{}a", &number[6..]);
            let shown = (state != "unregistered").then_some(password.as_str());
            assert_eq!(made["password"].as_str(), shown, "{state}");
            assert_eq!(made["phone"].is_string(), state != "unregistered");
            let mut kept = sim.account(number).await;
            assert!(kept.get("password").is_none(), "shown once");
            kept["password"] = made["password"].clone();
            let without = |mut value: Value| {
                value.as_object_mut().unwrap().remove("password");
                value
            };
            assert_eq!(without(kept), without(made.clone()));
            let (status, code) = why_not(state);
            assert_eq!(enters(&sim, number).await, (status, code.to_owned()), "{state}");
        }
    }
}

#[tokio::test]
async fn one_like_this_by_age_year_gender_place_and_card() {
    let sim = Sim::new().await;
    for (wish, field, begins) in [
        (json!({"birth_year": 1970}), "birth_date", "1970-"),
        (json!({"gender": "male"}), "gender", "male"),
        (json!({"gender": "female", "age": 20}), "birth_date", "200"),
        (json!({"state": "locked", "reason": "death"}), "reason", "death"),
    ] {
        let made = sim.post("/admin/v1/accounts", wish.clone()).await.status(201).json();
        assert!(made[field].as_str().unwrap().starts_with(begins), "{wish}: {made}");
    }
    for (card, status) in
        [("valid", "valid"), ("expiring", "expiring"), ("expired", "expired"), ("lost", "revoked")]
    {
        let made = sim.post("/admin/v1/accounts", json!({"card": card})).await.status(201).json();
        assert_eq!(made["card"]["status"], status);
    }
    let made = sim.post("/admin/v1/accounts", json!({"card": "none"})).await.status(201).json();
    assert!(made.get("card").is_none());
    let made = sim.post("/admin/v1/accounts", json!({"province": 15})).await.status(201).json();
    let path = format!("/admin/v1/citizens/{}", made["number"].as_str().unwrap());
    assert_eq!(sim.get(&path).await.json()["residence"]["province_code"], "15");
}

#[tokio::test]
async fn nobody_is_given_twice() {
    let sim = Sim::new().await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let made = sim.post("/admin/v1/accounts", json!({"birth_year": 1990})).await.json();
        assert!(seen.insert(made["number"].as_str().unwrap().to_owned()));
    }
}

#[tokio::test]
async fn every_command_leads_where_it_should_and_is_refused_elsewhere() {
    let sim = Sim::new().await;
    let number = DAT.number;
    sim.put(&format!("/admin/v1/citizens/{number}"), json!({"phone": DAT.phone})).await.status(200);
    for (command, body, status, after) in [
        ("activate", json!({}), 403, "unregistered"),
        ("extend_activation", json!({}), 409, "unregistered"),
        ("lock", json!({}), 403, "unregistered"),
        ("unlock", json!({}), 409, "unregistered"),
        ("open_level0", json!({}), 200, "level0"),
        ("open_level0", json!({}), 409, "level0"),
        ("activate", json!({}), 403, "level0"),
        ("approve", json!({"level": 1}), 200, "approved"),
        ("approve", json!({"level": 1}), 409, "approved"),
        ("extend_activation", json!({}), 200, "approved"),
        ("activate", json!({}), 200, "active"),
        ("activate", json!({}), 409, "active"),
        ("lock", json!({"reason": "authoritys_request"}), 200, "locked"),
        ("lock", json!({}), 403, "locked"),
        ("unlock", json!({"by": "holder"}), 403, "locked"),
        ("unlock", json!({}), 200, "active"),
        ("approve", json!({"level": 2}), 200, "active"),
        ("activate", json!({}), 200, "active"),
        ("lock", json!({"reason": "death"}), 200, "locked"),
        ("unlock", json!({}), 403, "locked"),
    ] {
        let before = sim.account(number).await;
        let reply = sim.command(number, command, body.clone()).await;
        assert_eq!(reply.status.as_u16(), status, "{command} {body}: {}", reply.text());
        let now = sim.account(number).await;
        assert_eq!(now["state"], after, "{command} {body}");
        if status != 200 {
            assert_eq!(now, before, "a refused {command} changes nothing");
        }
    }
    assert_eq!(sim.account(number).await["level"], 2);
}

#[tokio::test]
async fn the_hotline_opens_an_overdue_activation_for_seven_days() {
    let sim = Sim::new().await;
    sim.command(TUAN.number, "activate", json!({})).await.status(403);
    let opened = sim.command(TUAN.number, "extend_activation", json!({})).await.status(200).json();
    assert_eq!(opened["state"], "approved");
    assert_eq!(opened["until"], "2026-03-09T02:00:00Z");
    sim.command(TUAN.number, "activate", json!({})).await.status(200);
}

#[tokio::test]
async fn any_state_by_force_from_any_other() {
    let sim = Sim::new().await;
    for number in [LAN.number, NGOC.number, "098040000099"] {
        for (state, levels) in STATES {
            for (wanted, level) in [1, 2].into_iter().zip(levels) {
                let path = format!("/admin/v1/accounts/{number}/state");
                let body = json!({"state": state, "level": wanted});
                let reply = sim.put(&path, body).await;
                // The dead man has no phone in the registry, and nobody signs in without one.
                let forced = reply.status(200).json();
                assert_eq!((&forced["state"], &forced["level"]), (&json!(state), &json!(level)));
                assert_eq!(sim.account(number).await["state"], state);
                let (status, code) = why_not(state);
                assert_eq!(enters(&sim, number).await, (status, code.to_owned()), "{state}");
            }
        }
    }
}

#[tokio::test]
async fn force_keeps_the_level_unless_another_is_asked_for() {
    let sim = Sim::new().await;
    let force = async |number: &str, state: &str| {
        let path = format!("/admin/v1/accounts/{number}/state");
        sim.put(&path, json!({"state": state})).await.status(200).json()["level"].clone()
    };
    assert_eq!(force(DUC.number, "activation_overdue").await, 1);
    assert_eq!(force(LAN.number, "activation_overdue").await, 2);
    // Whose level is gone begins again with the highest.
    assert_eq!(force(DUC.number, "unregistered").await, 0);
    assert_eq!(force(DUC.number, "active").await, 2);
}

#[tokio::test]
async fn lists_are_paged_by_number_and_filtered_by_state() {
    let sim = Sim::new().await;
    for _ in 0..5 {
        sim.post("/admin/v1/accounts", json!({"state": "locked"})).await.status(201);
    }
    let numbers = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|account| account["number"].as_str().unwrap().to_owned()).collect()
    };
    let all = numbers(&sim.get("/admin/v1/accounts?limit=1000").await.status(200).json());
    assert!(all.is_sorted() && all.len() > 10);
    for (filter, size) in [("", 1), ("", 3), ("", 1000), ("&state=locked", 1), ("&state=locked", 2)]
    {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/admin/v1/accounts?limit={size}{filter}{after}");
            let page = sim.get(&path).await.status(200).json();
            seen.extend(numbers(&page));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        let mut wanted = all.clone();
        if !filter.is_empty() {
            let mut locked = Vec::new();
            for number in wanted {
                if sim.account(&number).await["state"] == "locked" {
                    locked.push(number);
                }
            }
            wanted = locked;
        }
        assert_eq!(seen, wanted, "{filter} {size}");
    }
    for (state, _) in STATES {
        sim.get(&format!("/admin/v1/accounts?state={state}")).await.status(200);
    }
}
