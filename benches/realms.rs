//! The bar of realms: create, reset and delete in under a millisecond each, alone and beside a thousand others.

mod common;

use common::{
    clock::{best_and_median, micros, start},
    say,
    stage::Stage,
};
use mock_vneid::{
    flow::{
        Flow,
        realm::{make_account::AccountLike, realms::NewRealm},
    },
    store::Backend as _,
};
use std::sync::Arc;

const ROUNDS: usize = 7;
const REALMS: u32 = 200;
/// Accounts in each realm that is reset or deleted.
const ACCOUNTS: u32 = 20;

async fn create(flow: &Arc<Flow>, name: String) {
    let new = NewRealm { name, seed: Some("bench".to_owned()), ..NewRealm::default() };
    flow.create_realm(new).await.expect("a realm");
}

async fn populate(flow: &Arc<Flow>, name: &str) {
    let realm = flow.realm(name).await.expect("the realm");
    for _ in 0..ACCOUNTS {
        realm.make_account(&AccountLike::default()).await.expect("an account");
    }
}

/// Microseconds per creation, reset and deletion.
async fn round(flow: &Arc<Flow>) -> [f64; 3] {
    let names: Vec<String> = (0..REALMS).map(|at| format!("round-{at}")).collect();
    let started = start();
    for name in &names {
        create(flow, name.clone()).await;
    }
    let created = micros(started.elapsed(), REALMS);
    for name in &names {
        populate(flow, name).await;
    }
    let started = start();
    for name in &names {
        flow.reset_realm(name).await.expect("reset");
    }
    let reset = micros(started.elapsed(), REALMS);
    for name in &names {
        populate(flow, name).await;
    }
    let started = start();
    for name in &names {
        flow.delete_realm(name).await.expect("deleted");
    }
    // What is freed in the background is counted too: nothing else runs on this thread.
    while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
    [created, reset, micros(started.elapsed(), REALMS)]
}

fn main() {
    let stage = Stage::new();
    let runtime = &stage.wire.runtime;
    say("µs per realm, best (median) of 7 rounds of 200, 20 stored accounts in each");
    say("                       create            reset           delete, with freeing");
    for others in [0, 1_000] {
        let rounds: Vec<[f64; 3]> = runtime.block_on(async {
            for at in 0..others {
                create(&stage.flow, format!("other-{at}")).await;
            }
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                rounds.push(round(&stage.flow).await);
            }
            rounds
        });
        let cells: Vec<String> = (0..3)
            .map(|at| best_and_median(rounds.iter().map(|round| round[at]).collect()))
            .map(|(best, median)| format!("{best:>8.1} ({median:>6.1})"))
            .collect();
        say(&format!("  beside {others:>5} others {}", cells.join("")));
    }
    let spaces = runtime.block_on(stage.backend.spaces()).expect("spaces").len();
    say(&format!("  spaces left in the store: {spaces}"));
}
