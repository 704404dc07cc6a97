//! The bar of size: a sign-in costs the same with nobody stored, with ten, and with millions.
//!
//! `FLAT_ACCOUNTS=1000000 cargo bench --bench flat` stores fewer than the ten million it stores otherwise.

mod common;

use common::{
    clock::{best_and_median, cpu, micros, resident},
    say,
    sign_in::{Person, Portal},
    stage::{Stage, country, derived},
};
use mock_vneid::{
    identity::{Account, IdNumber, Level, Password, life},
    store::{Backend as _, Batch, Key, Record as _, Space},
};

const ROUNDS: usize = 7;
const SIGN_INS: u32 = 500;

/// Best and median microseconds of CPU time per sign-in through the router, all of it on this thread.
fn cost(stage: &mut Stage, portal: &Portal, people: &[Person]) -> (f64, f64) {
    let rounds = (0..ROUNDS).map(|_| {
        let before = cpu("self", "flat");
        for person in people.iter().cycle().take(SIGN_INS as usize) {
            stage.sign_in_here(portal, person);
        }
        micros(cpu("self", "flat").saturating_sub(before), SIGN_INS)
    });
    best_and_median(rounds.collect())
}

fn account(person: &Person) -> Account {
    let active = life::Standing::Active { level: Level::Two, upgrade: None };
    let number = IdNumber::parse(&person.number).expect("a number");
    Account {
        phone: person.phone.parse().ok(),
        password: Password::Initial,
        life: life::Life::new(life::AccountState::Open(active)),
        ..Account::unregistered(number, "0123456789abcdef0123456789abcdef".to_owned())
    }
}

/// Stores the accounts of `people`, and of `count` more from all over the country.
fn store(stage: &Stage, people: &[Person], count: u64) {
    let country = country();
    stage.wire.runtime.block_on(async {
        let realm = stage.flow.list_realms(None, 1).await.expect("the default realm").remove(0);
        let space = Space { realm: realm.generation, kind: Account::KIND };
        let put = async |account: &Account| {
            let bytes = serde_json::to_vec(account).expect("JSON");
            let batch = Batch::default().put(Key::new(space, account.number.as_str()), bytes, None);
            stage.backend.commit(batch).await.expect("stored");
        };
        let mut one = account(&people[0]);
        for at in 0..count {
            one.number = country.number_at(at * 6 % country.size()).expect("a number");
            one.phone = country.phone_at(at * 6 % country.size());
            put(&one).await;
        }
        for person in people {
            put(&account(person)).await;
        }
    });
}

fn main() {
    #[expect(clippy::disallowed_methods, reason = "how much a bench stores is no setting")]
    let wanted = std::env::var("FLAT_ACCOUNTS").ok().and_then(|text| text.parse().ok());
    let most: u64 = wanted.unwrap_or(10_000_000);
    let people = derived(1_000);
    let mut stage = Stage::new();
    say("µs of CPU per sign-in through the router, best (median) of 7 rounds of 500");
    for algorithm in ["ES256", "RS256"] {
        let portal = stage.portal(algorithm);
        stage.sign_in_here(&portal, &people[0]);
        let (best, median) = cost(&mut stage, &portal, &people);
        say(&format!(
            "  {algorithm}, 68,400,000 derived, none stored  {best:>8.1} ({median:>7.1})"
        ));
    }
    for count in [10, most] {
        store(&stage, &people, count);
        for algorithm in ["ES256", "RS256"] {
            let portal = stage.portal(algorithm);
            let (best, median) = cost(&mut stage, &portal, &people);
            say(&format!(
                "  {algorithm}, {count} + {} stored  {best:>8.1} ({median:>7.1}); {:.0} MB resident",
                people.len(),
                resident("self")
            ));
        }
    }
}
