//! What ends what: every event against session, code and tokens, as `docs/sessions.md` has it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::{
    Sim,
    actors::{Citizen, HAN, LAN, Portal},
    browser::Browser,
};

/// What may die.
const THINGS: [&str; 6] = [
    "single sign-on session",
    "code not redeemed yet",
    "access token",
    "access token, offline",
    "refresh token",
    "ID token as hint",
];

struct Scene<'a> {
    sim: &'a Sim,
    portal: Portal,
    who: Citizen,
    browser: Browser<'a>,
    code: String,
    online: Value,
    offline: Value,
}

impl<'a> Scene<'a> {
    async fn of(sim: &'a Sim, who: Citizen) -> Self {
        let portal = Portal::plain(sim).await;
        let mut browser = Browser::new(sim);
        browser.open(&portal.request(&[])).await.status(200);
        let code = portal.code(&who.signs_in(&mut browser).await);
        let online = portal.redeems(sim, &code, &[]).await.status(200).json();
        let offline = portal.request(&[("scope", "openid offline_access")]);
        let code = portal.code(&browser.open(&offline).await);
        let offline = portal.redeems(sim, &code, &[]).await.status(200).json();
        let code = portal.code(&browser.open(&portal.request(&[])).await);
        Self { sim, portal, who, browser, code, online, offline }
    }

    /// What is alive, in the order of [`THINGS`].
    async fn alive(mut self) -> [bool; 6] {
        let userinfo = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
        let (online, offline) = (userinfo(&self.online), userinfo(&self.offline));
        let silent = self.portal.request(&[("prompt", "none")]);
        let session = self.browser.open(&silent).await;
        let code = self.portal.redeems(self.sim, &self.code, &[]).await.status == 200;
        let online = self.sim.bearer("/oauth2/userinfo", &online).await.status == 200;
        let offline = self.sim.bearer("/oauth2/userinfo", &offline).await.status == 200;
        let refresh = self.offline["refresh_token"].as_str().unwrap();
        let refresh = self.portal.refreshes(self.sim, refresh, &[]).await.status == 200;
        let hint = self.online["id_token"].as_str().unwrap();
        let hint = self.portal.request(&[("prompt", "none"), ("id_token_hint", hint)]);
        // A hint that is believed may still find nobody signed in.
        let hint = self.sim.get(&hint).await;
        let hint = hint.status == 303 && self.portal.error(&hint) == "login_required";
        let session =
            session.status == 303 && crate::harness::query(&session.location(), "code").is_some();
        [session, code, online, offline, refresh, hint]
    }
}

async fn event(scene: &mut Scene<'_>, event: &str) {
    let (sim, number) = (scene.sim, scene.who.number);
    match event {
        "nothing" => {}
        "lock" => {
            sim.command(number, "lock", json!({"reason": "holders_request"})).await.status(200);
        }
        "lock and unlock" => {
            sim.command(number, "lock", json!({"reason": "holders_request"})).await.status(200);
            sim.command(number, "unlock", json!({"by": "holder"})).await.ok();
        }
        "temporary lock" => {
            let mut thief = Browser::new(sim);
            thief.open(&scene.portal.request(&[])).await.status(200);
            for _ in 0..5 {
                thief.submit("/login", &[("username", number), ("password", "x")]).await;
            }
            assert_eq!(sim.account(number).await["state"], "temporarily_locked");
        }
        "phone change" => {
            let phone = json!({"phone": "0987111222"});
            sim.command(number, "change_phone", phone).await.status(200);
        }
        "level 2 activated" => {
            scene.who.activates(sim).await.status(200);
            assert_eq!(sim.account(number).await["level"], 2);
        }
        "logout" => {
            let hint = scene.online["id_token"].as_str().unwrap();
            sim.get(&format!("/oidc/logout?id_token_hint={hint}")).await.status(200);
        }
        "refresh token revoked" => {
            let token = scene.offline["refresh_token"].as_str().unwrap().to_owned();
            scene.portal.revokes(sim, &token).await;
        }
        "client deleted" => {
            sim.delete(&format!("/admin/v1/clients/{}", scene.portal.client_id)).await.status(204);
        }
        "two hours without use" => sim.advance(2 * 3600),
        other => panic!("{other}"),
    }
}

const EVENTS: [&str; 10] = [
    "nothing",
    "logout",
    "two hours without use",
    "temporary lock",
    "lock",
    "lock and unlock",
    "phone change",
    "level 2 activated",
    "refresh token revoked",
    "client deleted",
];

#[tokio::test]
async fn what_ends_what_is_what_the_page_says() {
    let mut table = format!("| event | {} |\n|---|{}\n", THINGS.join(" | "), "---|".repeat(6));
    for name in EVENTS {
        let sim = Sim::new().await;
        let who = if name == "level 2 activated" { HAN } else { LAN };
        let mut scene = Scene::of(&sim, who).await;
        event(&mut scene, name).await;
        let row = scene.alive().await.map(|alive| if alive { "lives" } else { "ends" });
        writeln!(table, "| {name} | {} |", row.join(" | ")).unwrap();
    }
    let page = include_str!("../../../docs/sessions.md");
    assert!(page.contains(&table), "docs/sessions.md should hold:\n{table}");
}
