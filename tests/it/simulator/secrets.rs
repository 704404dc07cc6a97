//! outside.md A8: what is a secret at a door stands in nothing that testers read afterwards.

use axum::{body::Body, http::Method};
use mock_vneid::Config;
use serde_json::json;

use crate::harness::{
    Reply, Sim,
    actors::{DAT, LAN, Portal},
    app::App,
    browser::Browser,
    log::Log,
    query, request,
};

/// A life, a telephone, a QR code, a changed password, clients and webhooks with secrets; answers where a refusal is explained.
async fn everything(sim: &Sim) -> String {
    let open = json!({"dynamic_registration": true});
    sim.put("/admin/v1/policy", open).await.status(200);
    DAT.registers_in_the_app(sim).await;
    DAT.activates(sim).await.status(200);
    let app = App::of(sim, LAN).await;
    let code = json!({"kind": "dinh_danh", "passcode": app.passcode});
    let shown = app.post("/app/v1/qr-codes", code).await.status(201).json();
    sim.post("/desk/v1/qr/verify", json!({"content": shown["content"]})).await.status(200);
    let hook = json!({"url": "http://127.0.0.1:9/hook", "secret": "chu-ky-webhook-1"});
    sim.post("/admin/v1/webhooks", hook).await.status(201);
    sim.post("/admin/v1/accounts", json!({"level": 2})).await.status(201);
    let client = json!({"client_name": "Tự đăng ký", "redirect_uris": ["http://localhost:1/cb"]});
    sim.post("/oauth2/register", client).await.status(201);
    let portal = Portal::registered(sim, json!({"consent": "always"})).await;
    let mut scanned = Browser::at_qr(sim, &portal).await;
    app.scans(&scanned.code()).await.status(200);
    scanned.acts("continue").await;
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[])).await.status(200);
    DAT.types_password(&mut browser).await.status(200);
    browser.submit("/login/otp", &[("otp", "9999990")]).await;
    DAT.types_otp(&mut browser).await.status(200);
    let code = portal.code(&browser.submit("/login/consent", &[("decision", "allow")]).await);
    let wide = [("scope", "openid offline_access")];
    let more = portal.tokens_for(sim, LAN, json!({"scope": wide[0].1})).await;
    portal.refreshes(sim, more["refresh_token"].as_str().unwrap(), &[]).await.status(200);
    portal.redeems(sim, &code, &[]).await.status(200);
    let replayed = portal.redeems(sim, &code, &[]).await.status(400).json();
    let change = json!({"old": LAN.password, "new": "Moi#matkhau1"});
    app.post("/app/v1/password", change).await.status(204);
    let referred =
        request(Method::GET, "/oauth2/authorize?client_id=x&request=eyJhbGciOiJub25lIn0.e30.")
            .header("referer", format!("https://p.example/cb?code={code}&state=s"));
    sim.send(referred.body(Body::empty()).unwrap()).await;
    replayed["error_uri"].as_str().unwrap().replace("http://localhost:8080", "")
}

async fn read(sim: &Sim, path: &str) -> String {
    Reply::text(&sim.get(path).await.status(200))
}

#[tokio::test]
async fn a8_no_secret_of_a_door_stands_in_anything_that_is_read_afterwards() {
    let log = Log::begin();
    let config = Config { allow_private_fetch: true, ..Config::default() };
    let sim = Sim::with(config).await;
    sim.secrets.listen();
    let explained = everything(&sim).await;
    let mut secrets = sim.secrets.all();
    // Who never chose a passcode has the end of her number, which is no secret.
    secrets.retain(|secret| !LAN.number.ends_with(secret));
    assert!(secrets.len() > 30, "{}", secrets.len());
    let mut told = vec![("log", log.text())];
    for path in [
        "/admin/v1/journal?limit=1000",
        "/admin/v1/journal/har",
        "/admin/v1/journal/mermaid",
        "/admin/v1/journal/sequence",
        &explained,
    ] {
        let text = read(&sim, path).await;
        // How long something took may look like an OTP.
        let cut = |piece: &str| piece.trim_start_matches(|it: char| it.is_ascii_digit()).to_owned();
        let pieces: Vec<String> = text.split("\"micros\":").map(cut).collect();
        told.push((path, pieces.concat()));
    }
    for (place, text) in &told {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{place} tells {secret}");
        }
    }
    assert!(told[1].1.contains("[12 characters]"), "the new password's length");
    assert!(query(&explained, "id").is_none() && told[5].1.contains("invalid_grant"));
}
