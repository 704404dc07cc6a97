//! What changes under a sign-in that is under way, and what a deleted client leaves behind: nothing.

use serde_json::json;

use crate::harness::{
    Sim,
    actors::{LAN, Portal},
    browser::Browser,
};

const OLD: &str = "https://portal.example/callback";

async fn moves(sim: &Sim, portal: &Portal) {
    let body =
        json!({"client_name": "Cổng thử", "redirect_uris": ["https://new.example/callback"]});
    sim.put(&format!("/admin/v1/clients/{}", portal.client_id), body).await.status(200);
}

#[tokio::test]
async fn a_redirect_uri_that_is_no_longer_registered_receives_nothing() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.types_password(&mut browser).await.status(200);
    moves(&sim, &portal).await;
    let page = LAN.types_otp(&mut browser).await.status(400);
    assert!(page.text().contains("redirect_uri") && !page.text().contains(OLD));
}

#[tokio::test]
async fn consent_and_its_refusal_go_to_a_registered_redirect_uri_or_nowhere() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"consent": "always"})).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.signs_in(&mut browser).await.status(200);
    moves(&sim, &portal).await;
    for decision in ["deny", "allow"] {
        browser.clone().submit("/login/consent", &[("decision", decision)]).await.status(400);
    }
}

#[tokio::test]
async fn a_client_made_again_under_an_old_id_inherits_no_consent() {
    let sim = Sim::new().await;
    let more = json!({"consent": "first", "client_id": "again"});
    let portal = Portal::registered(&sim, more.clone()).await;
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[])).await.status(200);
    LAN.signs_in(&mut browser).await.status(200);
    portal.code(&browser.submit("/login/consent", &[("decision", "allow")]).await);
    portal.code(&browser.clone().open(&portal.request(&[])).await);
    sim.delete("/admin/v1/clients/again").await.status(204);
    let portal = Portal::registered(&sim, more).await;
    let asked = browser.open(&portal.request(&[])).await.status(200);
    assert!(asked.text().contains("Đồng ý chia sẻ"));
}

#[tokio::test]
async fn objects_are_objects_and_durations_are_iso_8601() {
    let sim = Sim::new().await;
    let path = format!("/admin/v1/citizens/{}", LAN.number);
    for body in [json!({"residence": ["1", "Phường Một", 1]}), json!({"card": ["2024-01-01"]})]
    {
        sim.put(&path, body).await.problem(422, "invalid");
    }
    for duration in ["1 hour", "1h", "", "3600", "P", "PT"] {
        let body = json!({"duration": duration});
        sim.post("/admin/v1/clock/advance", body).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_hinted_holder_is_the_one_who_signs_in_or_nobody_is() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let ducs = portal.signs_in(&sim, crate::harness::actors::DUC).await;
    let hint = ducs["id_token"].as_str().unwrap();
    let mut browser = Browser::new(&sim);
    browser.open(&portal.request(&[("id_token_hint", hint)])).await.status(200);
    let back = LAN.signs_in(&mut browser).await;
    assert_eq!(portal.error(&back), "login_required");
}

#[tokio::test]
async fn nobody_is_left_out_at_the_end_of_time() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let body = json!({"at": "2199-12-31T23:59:59Z"});
    sim.post("/admin/v1/clock/set", body).await.status(200);
    sim.put("/admin/v1/citizens/097190000011", json!({"card": {"issued": "2199-01-01"}}))
        .await
        .status(200);
    portal.signs_in(&sim, LAN).await;
}
