//! A thousand realms side by side: one sign-in each, step by step through all of them, and nothing crosses.

use serde_json::{Value, json};

use crate::harness::{Sim, actors::LAN, browser::Browser, payload, query};

const REALMS: usize = 1_000;
const BACK: &str = "https://portal.example/callback";

struct Country<'a> {
    path: String,
    at: i64,
    faulted: bool,
    client: Value,
    browser: Browser<'a>,
}

#[tokio::test]
async fn a_thousand_realms_sign_in_interleaved_and_nothing_crosses() {
    let sim = Sim::new().await;
    let mut countries = Vec::new();
    for number in 0..REALMS {
        let name = format!("r{number}");
        let realm = json!({"name": name, "seed": name, "ttl": 3600});
        sim.post("/admin/v1/realms", realm).await.status(201);
        let path = format!("/realms/{name}");
        let at = 1_772_416_800 + i64::try_from(number).unwrap() * 60;
        let frozen = mock_vneid::clock::Timestamp::from_millis(at * 1000).to_string();
        sim.post(&format!("{path}/admin/v1/clock/freeze"), json!({"at": frozen})).await.status(200);
        // What a token shows is of its realm's clock here.
        let wire = json!({"wire_time": "virtual"});
        sim.patch(&format!("{path}/admin/v1/policy"), wire).await.status(200);
        let client = json!({
            "client_name": name, "redirect_uris": [BACK], "id_token_signed_response_alg": "EdDSA",
        });
        let client = sim.post(&format!("{path}/admin/v1/clients"), client).await.status(201).json();
        let faulted = number % 10 == 0;
        if faulted {
            let rule = json!({"effect": "id_token.expired"});
            sim.post(&format!("{path}/admin/v1/faults"), rule).await.status(201);
        }
        countries.push(Country { path, at, faulted, client, browser: Browser::new(&sim) });
    }
    for it in &mut countries {
        let id = it.client["client_id"].as_str().unwrap();
        let asked = format!(
            "{}/oauth2/authorize?client_id={id}&redirect_uri={BACK}&response_type=code&scope=openid&nonce={id}",
            it.path
        );
        it.browser.open(&asked).await.status(200);
    }
    for it in &mut countries {
        let fields = [("username", LAN.number), ("password", LAN.password)];
        let action = format!("{}/login", it.path);
        it.browser.submit(&action, &fields).await.status(200);
    }
    let mut codes = Vec::new();
    for it in &mut countries {
        let list = sim.get(&format!("{}/admin/v1/messages", it.path)).await.status(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{}", it.path);
        let otp = list["items"][0]["code"].as_str().unwrap().to_owned();
        let action = format!("{}/login/otp", it.path);
        let back = it.browser.submit(&action, &[("otp", &otp)]).await.location();
        codes.push(query(&back, "code").unwrap_or_else(|| panic!("{back}")));
    }
    for (it, code) in countries.iter().zip(&codes) {
        let (id, secret) = (
            it.client["client_id"].as_str().unwrap(),
            it.client["client_secret"].as_str().unwrap(),
        );
        let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)];
        let answer =
            sim.form(&format!("{}/oauth2/token", it.path), Some((id, secret)), &fields).await;
        let claims = payload(answer.status(200).json()["id_token"].as_str().unwrap());
        assert_eq!(claims["iss"], format!("http://localhost:8080{}", it.path));
        assert_eq!(claims["nonce"], id);
        let (issued, ends) =
            if it.faulted { (it.at - 7200, it.at - 3600) } else { (it.at, it.at + 3600) };
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(issued), &json!(ends)), "{}", it.path);
    }
    assert_eq!(sim.messages().await.len(), 0);
    // A code of one realm is worth nothing in another.
    let (first, second) = (&countries[0], &countries[1]);
    let fields =
        [("grant_type", "authorization_code"), ("code", &*codes[1]), ("redirect_uri", BACK)];
    let id = first.client["client_id"].as_str().unwrap();
    let basic = Some((id, first.client["client_secret"].as_str().unwrap()));
    sim.form(&format!("{}/oauth2/token", first.path), basic, &fields)
        .await
        .oauth(400, "invalid_grant");
    assert_ne!(first.client["client_id"], second.client["client_id"]);
}
