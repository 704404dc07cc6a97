//! Any realm, whatever was done in it: its snapshot makes the same realm on another store, and both go on alike.

use std::{collections::BTreeSet, sync::Arc};

use mock_vneid::store::{memory::Memory, sled::Sled};
use proptest::{
    prelude::*,
    test_runner::{Config as Runs, TestRunner},
};
use serde_json::{Value, json};

use crate::harness::{
    Reply, Sim,
    actors::{Citizen, DAT, DUC, HAN, LAN, NGOC, PAO, Portal, TUAN},
    app::{App, PHUONG},
    browser::Browser,
};

const PEOPLE: [Citizen; 7] = [LAN, DUC, NGOC, DAT, TUAN, PAO, HAN];
const ACTS: u8 = 32;

/// Something that somebody does: what, to whom, with which number and text.
type Act = (u8, usize, u32, String);

fn act() -> impl Strategy<Value = Act> {
    (0..ACTS, 0..PEOPLE.len(), 0..200_000_u32, "\\PC{0,12}")
}

/// The portal that signs people in, and the tokens it got last.
#[derive(Clone)]
struct Story {
    client_id: String,
    secret: String,
    redirect_uri: String,
    tokens: Value,
}

impl Story {
    fn portal(&self) -> Portal {
        let Self { client_id, secret, redirect_uri, .. } = self.clone();
        Portal { client_id, secret, redirect_uri }
    }

    /// A sign-in with pages, as far as it comes.
    async fn walks(&self, sim: &Sim, who: Citizen, decision: &str) -> Reply {
        let mut browser = Browser::new(sim);
        browser.open(&self.portal().request(&[])).await;
        let typed = who.types_password(&mut browser).await;
        let newest = format!("/admin/v1/messages/latest?to={}&purpose=otp", who.phone);
        let message = sim.get(&newest).await;
        if typed.status != 200 || message.status != 200 {
            return typed;
        }
        let otp = message.json()["code"].as_str().unwrap().to_owned();
        let reply = browser.submit("/login/otp", &[("otp", &otp)]).await;
        if browser.url.starts_with("/login/consent") {
            return browser.submit("/login/consent", &[("decision", decision)]).await;
        }
        reply
    }

    /// The app of somebody, and something done with it.
    async fn opens_app(&self, sim: &Sim, who: Citizen, doing: Option<(&str, Value)>) -> Reply {
        let device = format!("phone-of-{}", who.number);
        let known = json!({"number": who.number, "password": who.password, "device": device});
        let opened = sim.post("/app/v1/sign-ins", known).await;
        match (doing, opened.json()["token"].as_str()) {
            (Some((path, body)), Some(token)) if opened.status == 201 => {
                let app = App { sim, token: token.to_owned(), passcode: who.passcode() };
                app.post(path, body).await
            }
            _ => opened,
        }
    }

    /// What a holder or a portal does; `None`: it is a tester's act.
    async fn asks(&mut self, sim: &Sim, (what, who, number, text): &Act) -> Option<Reply> {
        let (who, portal) = (PEOPLE[*who], self.portal());
        let basic = Some((self.client_id.as_str(), self.secret.as_str()));
        let refresh = self.tokens["refresh_token"].as_str().unwrap_or("none").to_owned();
        let to = json!({"number": who.number, "phone": who.phone});
        Some(match what {
            0 | 1 => {
                let scope = "openid profile vneid.identity offline_access";
                let wish = json!({"client_id": self.client_id, "citizen": who.number, "scope": scope,
                    "nonce": text, "exchange": *what == 0});
                let reply = sim.post("/admin/v1/sign-ins", wish).await;
                if reply.status == 200 && *what == 0 {
                    self.tokens = reply.json();
                }
                reply
            }
            2 => sim.get(&portal.request(&[("nonce", text)])).await,
            3 => {
                let mut browser = Browser::new(sim);
                browser.open(&portal.request(&[])).await;
                if *number % 2 == 0 {
                    browser.submit("/login", &[("username", who.number), ("password", text)]).await
                } else {
                    who.types_password(&mut browser).await
                }
            }
            4 => {
                let mut browser = Browser::new(sim);
                browser.open(&portal.request(&[])).await;
                browser.submit("/login/qr", &[("action", "begin")]).await
            }
            5 => sim.post("/app/v1/registrations", to).await,
            6 => sim.post("/desk/v1/registrations", to).await,
            7 => sim.post("/app/v1/activations", to).await,
            8 => sim.post("/app/v1/level0", to).await,
            18 => {
                let wanted =
                    [("response_type", "code"), ("redirect_uri", self.redirect_uri.as_str())];
                let more = [("scope", "openid"), ("state", text.as_str())];
                sim.form("/oauth2/par", basic, &[wanted, more].concat()).await
            }
            23 => self.opens_app(sim, who, None).await,
            24 => {
                let fields = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
                let reply = sim.form("/oauth2/token", basic, &fields).await;
                if reply.status == 200 {
                    self.tokens = reply.json();
                }
                reply
            }
            26 => self.walks(sim, who, "allow").await,
            27 => self.walks(sim, LAN, "allow").await,
            28 => {
                let mut browser = Browser::new(sim);
                browser.open(&portal.request(&[])).await;
                let nobody = format!("001099{number:06}");
                browser.submit("/login", &[("username", &nobody), ("password", "x")]).await
            }
            29 => {
                let code = json!({"kind": "can_cuoc", "passcode": LAN.passcode()});
                self.opens_app(sim, LAN, Some(("/app/v1/qr-codes", code))).await
            }
            30 => {
                let hint = self.tokens["id_token"].as_str().unwrap_or("none").to_owned();
                sim.get(&format!("/oidc/logout?id_token_hint={hint}")).await
            }
            31 => {
                let body = json!({"number": "800000000028", "name": "Công ty TNHH Thương mại Ví Dụ",
                    "founded": "2015-03-20", "tax_code": "0300000028", "enterprise_code": "0300000028",
                    "head_office": {"detail": "10 đường Thương Mại", "commune": "Phường Bến Xanh", "province": 79}});
                let path = "/app/v1/organisation-registrations";
                self.opens_app(sim, PHUONG, Some((path, body))).await
            }
            _ => return None,
        })
    }

    /// What a tester or an officer does.
    async fn changes(sim: &Sim, (what, who, number, text): &Act) -> Reply {
        let who = PEOPLE[*who];
        let of_account = |command: &str| format!("/admin/v1/accounts/{}/{command}", who.number);
        match what {
            9 => sim.post(&of_account("lock"), json!({"reason": "breach_of_terms"})).await,
            10 => sim.post(&of_account("unlock"), json!({})).await,
            11 => sim.post(&of_account("approve"), json!({"level": number % 3})).await,
            12 => {
                let mut policy = sim.get("/admin/v1/policy").await.json();
                policy["code_seconds"] = (1 + number % 600).into();
                policy["review"] = ["automatic", "after", "manual"][*number as usize % 3].into();
                sim.put("/admin/v1/policy", policy).await
            }
            13 => {
                let stretch = json!({"duration": format!("PT{number}S")});
                sim.post("/admin/v1/clock/advance", stretch).await
            }
            14 if number % 2 == 0 => sim.post("/admin/v1/clock/freeze", json!({})).await,
            14 => sim.post("/admin/v1/clock/resume", json!({})).await,
            15 => {
                let effects = [
                    "message.late",
                    "message.twice",
                    "message.out_of_order",
                    "id_token.expired",
                    "callback.replayed_code",
                ];
                let effect = effects[*number as usize % effects.len()];
                let rule = json!({"effect": effect, "times": 3, "percent": 50 + number % 51});
                sim.post("/admin/v1/faults", rule).await
            }
            16 => {
                let hook = json!({"url": format!("https://{number}.example/hook")});
                sim.post("/admin/v1/webhooks", hook).await
            }
            17 => sim.post("/admin/v1/keys/rotate", json!({})).await,
            19 => {
                let client =
                    json!({"client_name": text, "redirect_uris": ["https://p.example/cb"]});
                sim.post("/admin/v1/clients", client).await
            }
            20 => sim.delete("/admin/v1/clients/demo-bhxh").await,
            21 => {
                let ask = json!({"number": who.number, "ask": "lock", "body": text});
                sim.post("/desk/v1/requests", ask).await
            }
            22 => {
                let letters: String = text.chars().filter(|it| it.is_alphabetic()).collect();
                let changed = json!({"full_name": format!("Nguyễn Ví Dụ {letters}"), "email": "a@example.vn",
                    "representative": LAN.number});
                sim.put(&format!("/admin/v1/citizens/{}", who.number), changed).await
            }
            _ => sim.delete("/admin/v1/messages").await,
        }
    }

    /// What came of an act; a refusal is an answer like any other.
    async fn plays(&mut self, sim: &Sim, act: &Act) -> String {
        let reply = match self.asks(sim, act).await {
            Some(reply) => reply,
            None => Self::changes(sim, act).await,
        };
        format!("{} {} {}", reply.status, reply.header("location"), reply.text())
    }
}

async fn snapshot(sim: &Sim) -> Value {
    let mut taken = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
    // The computer's time when it began here.
    taken["realm"]["created_at"] = Value::Null;
    taken
}

/// Plays `before`, carries the realm over to the other store, and plays `after` on both.
async fn carried(before: &[Act], after: &[Act], seen: &mut BTreeSet<u64>) {
    let sim = Sim::new().await;
    let portal = Portal::registered(&sim, json!({"consent": "first"})).await;
    let Portal { client_id, secret, redirect_uri } = portal;
    let mut story = Story { client_id, secret, redirect_uri, tokens: Value::Null };
    for act in before {
        story.plays(&sim, act).await;
    }
    let taken = sim.get("/admin/v1/realms/default/snapshot").await.status(200).json();
    seen.extend(taken["entries"].as_array().unwrap().iter().map(|it| it["kind"].as_u64().unwrap()));
    let folder = tempfile::tempdir().unwrap();
    let on_disk = before.len().is_multiple_of(2);
    let other = if on_disk {
        Sim::over(Arc::new(Sled::open(folder.path()).unwrap())).await
    } else {
        Sim::over(Arc::new(Memory::new())).await
    };
    other.put("/admin/v1/realms/default/snapshot", taken).await.status(200);
    assert_eq!(snapshot(&other).await, snapshot(&sim).await);
    let mut there = story.clone();
    for act in after {
        assert_eq!(there.plays(&other, act).await, story.plays(&sim, act).await, "{act:?}");
    }
    assert_eq!(snapshot(&other).await, snapshot(&sim).await);
}

#[test]
fn a_snapshot_is_the_whole_realm_whatever_was_done_in_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut seen = BTreeSet::new();
    let seen_here = std::cell::RefCell::new(&mut seen);
    let config = Runs { cases: 32, failure_persistence: None, ..Runs::default() };
    let acts = (prop::collection::vec(act(), 10..60), prop::collection::vec(act(), 1..12));
    let outcome = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    )
    .run(&acts, |(before, after)| {
        runtime.block_on(carried(&before, &after, *seen_here.borrow_mut()));
        Ok(())
    });
    outcome.unwrap();
    // Most kinds of records were among them: what nobody makes is not tested.
    assert!(seen.len() >= 24, "{seen:?}");
}
