//! The one table of scopes and claims: what discovery promises, userinfo and ID tokens hold; and nobody else's.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{Citizen, DUC, LAN, Portal},
    app::{HUONG, KIM, PHONG, THINH},
    browser::Browser,
    payload,
};

/// Every scope, written out: who adds one says so here.
const EVERY: &str = "openid profile phone email address vneid.identity vneid.card vneid.residence \
    vneid.dependants vneid.driving vneid.vehicle vneid.health_insurance vneid.social_insurance \
    vneid.tax vneid.health offline_access";

fn names(claims: &Value) -> impl Iterator<Item = String> {
    claims.as_object().unwrap().keys().cloned()
}

/// The names of the claims in both answers.
async fn answers_of(sim: &Sim, tokens: &Value) -> BTreeSet<String> {
    let access = tokens["access_token"].as_str().unwrap();
    let userinfo = sim.bearer("/oauth2/userinfo", access).await.status(200).json();
    let id_token = payload(tokens["id_token"].as_str().unwrap());
    names(&userinfo).chain(names(&id_token)).collect()
}

/// Signs in by the pages and acts for the organisation.
async fn acting(sim: &Sim, portal: &Portal, who: Citizen) -> Value {
    let mut browser = Browser::new(sim);
    browser.open(&portal.request(&[("scope", EVERY), ("nonce", "n")])).await.status(200);
    who.signs_in(&mut browser).await.status(200);
    let fields = [("account_type", "to_chuc"), ("organisation", "800000000017")];
    let code = portal.code(&browser.submit("/login/account-type", &fields).await);
    portal.redeems(sim, &code, &[]).await.status(200).json()
}

#[tokio::test]
async fn p11_claims_supported_are_exactly_those_that_answers_hold() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let mut seen = answers_of(&sim, &acting(&sim, &portal, PHONG).await).await;
    for who in [LAN, KIM, THINH, DUC] {
        let tokens = portal.tokens_for(&sim, who, json!({"scope": EVERY, "nonce": "n"})).await;
        seen.extend(answers_of(&sim, &tokens).await);
    }
    let discovered = sim.get("/.well-known/openid-configuration").await.json();
    let listed =
        |name: &str| -> Vec<String> { serde_json::from_value(discovered[name].clone()).unwrap() };
    let supported: BTreeSet<String> = listed("claims_supported").into_iter().collect();
    assert_eq!(supported, seen);
    assert_eq!(listed("claims_supported").len(), supported.len(), "no claim twice");
    assert_eq!(listed("scopes_supported").join(" "), EVERY);
}

#[tokio::test]
async fn a_claim_asked_for_by_name_is_loaded_like_one_of_a_scope() {
    let sim = Sim::new().await;
    let portal = Portal::plain(&sim).await;
    let wanted = json!({"vneid_dependants": null, "vneid_tax": null});
    let named = json!({"userinfo": wanted, "id_token": wanted}).to_string();
    for (who, children, tax) in
        [(HUONG, json!(2), false), (THINH, json!(0), true), (DUC, Value::Null, false)]
    {
        let mut browser = Browser::new(&sim);
        let more = [("scope", "openid"), ("claims", &*named)];
        browser.open(&portal.request(&more)).await.status(200);
        let code = portal.code(&who.signs_in(&mut browser).await);
        let tokens = portal.redeems(&sim, &code, &[]).await.status(200).json();
        let id_token = payload(tokens["id_token"].as_str().unwrap());
        let access = tokens["access_token"].as_str().unwrap();
        let userinfo = sim.bearer("/oauth2/userinfo", access).await.status(200).json();
        for answer in [&id_token, &userinfo] {
            let named = answer.get("vneid_dependants").map(|it| it.as_array().unwrap().len());
            assert_eq!((json!(named), answer.get("vneid_tax").is_some()), (children.clone(), tax));
        }
    }
}

/// OIDC Core §11: who agrees to a refresh token is told so.
#[tokio::test]
async fn the_consent_page_says_what_each_scope_means_and_which_need_level_2() {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"consent": "always"})).await;
    for (language, line, level) in [
        ("vi", "Truy cập khi bạn không có mặt", "Người phụ thuộc (mức 2)"),
        ("en", "Access while you are away", "Dependants (level 2)"),
    ] {
        let mut browser = Browser::new(&sim);
        let request = portal.request(&[("scope", EVERY), ("ui_locales", language)]);
        browser.open(&request).await.status(200);
        let page = LAN.signs_in(&mut browser).await.status(200).text();
        assert!(page.contains(&format!("<li>{line}</li>")), "{page}");
        assert!(page.contains(&format!("<li>{level}</li>")), "{page}");
        assert_eq!(page.matches("<li>").count(), 16);
    }
}
