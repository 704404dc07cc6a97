//! Long random walks through the doors, every kind of holder under both decrees, in memory and on disk: the same seed
//! gives the same answers on both, no answer is a fault, and what must always hold is looked at on the way.

mod invariants;
mod offices;
mod steps;

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use mock_vneid::{Config, config::StoreChoice};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Reply, Sim};

/// Commands of one walk; four walks make ten thousand on each store.
const STEPS: usize = 2_500;
/// Commands between two looks.
const LOOK_AFTER: usize = 250;

/// Seeded chance: splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// Once in `times`.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// One command and its answer.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    asked: String,
    status: u16,
    said: String,
}

/// Who walks, and what was met on the way.
struct Walker {
    sim: Sim,
    chance: Chance,
    /// `2022` or `2024`.
    regime: &'static str,
    people: Vec<String>,
    tokens: Vec<(String, String)>,
    /// Door, id and the step that is due.
    enrolments: Vec<(String, String, String)>,
    registrations: Vec<String>,
    requests: Vec<String>,
    codes: Vec<String>,
    dead: BTreeSet<String>,
    log: Vec<Line>,
}

impl Walker {
    async fn new(store: StoreChoice, seed: u64, regime: &'static str) -> Self {
        let seeded = Some(format!("walk {seed}"));
        let sim = Sim::with(Config { store, seed: seeded, ..Config::default() }).await;
        let people = sim.get("/admin/v1/accounts?limit=1000").await.status(200).json();
        let people = people["items"].as_array().unwrap().iter();
        let people = people.map(|it| it["number"].as_str().unwrap().to_owned()).collect();
        let mut walker = Self {
            sim,
            chance: Chance(seed),
            regime,
            people,
            tokens: Vec::new(),
            enrolments: Vec::new(),
            registrations: Vec::new(),
            requests: Vec::new(),
            codes: Vec::new(),
            dead: BTreeSet::from(["098040000099".to_owned()]),
            log: Vec::new(),
        };
        let review = ["automatic", "manual", "after"][walker.chance.below(3)];
        let policy = json!({"regime": regime, "review": review, "level0_days": 30});
        walker.say("PUT", "/admin/v1/policy", policy).await.status(200);
        walker
    }

    /// Sends a command; no answer is a fault.
    async fn say(&mut self, method: &str, path: &str, body: Value) -> Reply {
        self.send(crate::bad_input::json(method, path, body.to_string()), body.to_string()).await
    }

    /// The same from a signed-in app.
    async fn say_in_app(&mut self, method: &str, path: &str, token: &str, body: Value) -> Reply {
        let request = crate::bad_input::app(method, path, token, body.to_string());
        self.send(request, body.to_string()).await
    }

    async fn send(&mut self, request: Request<Body>, body: String) -> Reply {
        let asked = format!("{} {} {body}", request.method(), request.uri());
        let reply = self.sim.send(request).await;
        let (status, said) = (reply.status.as_u16(), reply.text());
        assert!(status < 500, "{asked}: {status} {said} after {:#?}", self.last());
        self.log.push(Line { asked, status, said });
        reply
    }

    fn last(&self) -> &[Line] {
        &self.log[self.log.len().saturating_sub(12)..]
    }

    /// All answers, the world at the end, and the same as a snapshot.
    async fn walk(mut self, steps: usize) -> (Vec<Line>, Vec<Value>, Restorable) {
        let (mut taken, mut looked) = (0, 0);
        while taken < steps {
            let before = self.log.len();
            self.step().await;
            taken += self.log.len() - before;
            if taken / LOOK_AFTER > looked {
                looked = taken / LOOK_AFTER;
                self.look().await;
            }
        }
        self.look().await;
        let world = world(&self.sim, &self.people).await;
        let snapshot = self.sim.get(SNAPSHOT).await.status(200).json();
        (self.log, world, Restorable { people: self.people, snapshot })
    }
}

const SNAPSHOT: &str = "/admin/v1/realms/default/snapshot";

/// What the doors tell of a realm.
async fn world(sim: &Sim, people: &[String]) -> Vec<Value> {
    let mut world = Vec::new();
    for path in [
        "/admin/v1/accounts?limit=1000",
        "/admin/v1/registrations?limit=1000",
        "/admin/v1/requests?limit=1000",
        "/admin/v1/organisations?limit=1000",
        "/admin/v1/messages?limit=1000",
        "/admin/v1/clock",
        "/admin/v1/clock/due?limit=1000",
    ] {
        world.push(sim.get(path).await.status(200).json());
    }
    for number in people {
        let citizen = sim.get(&format!("/admin/v1/citizens/{number}")).await;
        world.push(citizen.json());
    }
    world
}

/// A realm at the end of a walk, and who was met in it.
struct Restorable {
    people: Vec<String>,
    snapshot: Value,
}

/// Whatever was done in a realm, its snapshot holds it: restored on the other store, it tells and is the same.
async fn comes_back_whole(store: StoreChoice, seed: u64, told: &[Value], taken: &Restorable) {
    let sim = Walker::new(store, seed, "2024").await.sim;
    sim.put(SNAPSHOT, taken.snapshot.clone()).await.status(200);
    for (one, other) in world(&sim, &taken.people).await.iter().zip(told) {
        assert_eq!(one, other, "the restored world differs");
    }
    let mut again = sim.get(SNAPSHOT).await.status(200).json();
    again["realm"]["created_at"] = taken.snapshot["realm"]["created_at"].clone();
    assert!(again == taken.snapshot, "a field did not survive");
}

/// Walks the same way in memory and on disk.
async fn on_both_stores(seed: u64, regime: &'static str) {
    let dir = TempDir::new().unwrap();
    let disk = StoreChoice::sled(dir.path());
    let memory = Walker::new(StoreChoice::memory(), seed, regime).await.walk(STEPS).await;
    let disk = Walker::new(disk, seed, regime).await.walk(STEPS).await;
    assert!(memory.0.len() >= STEPS, "{} commands", memory.0.len());
    for (at, (one, other)) in memory.0.iter().zip(&disk.0).enumerate() {
        assert_eq!(one, other, "command {at} is answered differently");
    }
    assert_eq!(memory.0.len(), disk.0.len());
    assert_eq!(memory.1, disk.1, "the worlds differ");
    let folder = TempDir::new().unwrap();
    let other = StoreChoice::sled(folder.path());
    comes_back_whole(other, seed, &memory.1, &memory.2).await;
    comes_back_whole(StoreChoice::memory(), seed, &disk.1, &disk.2).await;
    // A walk that is refused everywhere shows nothing.
    let granted = memory.0.iter().filter(|line| line.status < 300).count();
    assert!(granted * 4 > memory.0.len(), "only {granted} of {} were granted", memory.0.len());
}

#[tokio::test]
async fn a_walk_under_decree_69() {
    on_both_stores(1, "2024").await;
}

#[tokio::test]
async fn a_walk_under_decree_59() {
    on_both_stores(2, "2022").await;
}

#[tokio::test]
async fn another_walk_under_decree_69() {
    on_both_stores(3, "2024").await;
}

#[tokio::test]
async fn another_walk_under_decree_59() {
    on_both_stores(4, "2022").await;
}
