//! The five Vietnamese documents behind the simulator: a test for every sentence that states a behaviour, named after it.

mod s0_letter_1397;
mod s1_letter_1397_registration;
mod s2_leaflet;
mod s2_police;
mod s2_portal;
mod s3_level_1;
mod s3_level_2;
mod s4_article;

use serde_json::{Value, json};

use crate::harness::{Reply, Sim, actors::Citizen};

pub(crate) use crate::harness::app::{App as Handset, HUONG, KIM as JI_WOO, THINH, TIN};

/// Level 1, active, from France.
pub(crate) const ANTOINE: Citizen =
    Citizen { number: "997085000028", phone: "0912345652", password: "Vn@000028a" };
/// Has a valid card and no account; lives in province 24.
pub(crate) const QUY: Citizen =
    Citizen { number: "097089000239", phone: "0912345623", password: "Mat#khau2026" };
/// Has a card out of date and no account; lives in province 40.
pub(crate) const SEN: Citizen =
    Citizen { number: "097166000241", phone: "0987654323", password: "Lang#sen2026" };

/// The number of An, 9 years old, and of Châu, 4: Hương's children.
pub(crate) const CHILDREN: [&str; 2] = ["097216000318", "097321000329"];

/// What a one-stop desk reads from a code.
pub(super) async fn reads(sim: &Sim, code: &Reply) -> Reply {
    let scanned = json!({"content": code.json()["content"]});
    sim.post("/desk/v1/qr/verify", scanned).await
}

/// Everything that was sent for a purpose: channel, addressee, words.
pub(super) async fn sent(sim: &Sim, purpose: &str) -> Vec<[String; 3]> {
    let text = |message: &Value, field: &str| message[field].as_str().unwrap().to_owned();
    let messages = sim.messages().await;
    let wanted = messages.iter().filter(|message| message["purpose"] == purpose);
    wanted.map(|it| ["channel", "to", "text"].map(|field| text(it, field))).collect()
}

/// Sets the realm's rules; what is left out has its default.
pub(crate) async fn policy(sim: &Sim, rules: Value) {
    sim.put("/admin/v1/policy", rules).await.status(200);
}

/// State and level of an account.
pub(crate) async fn stands(sim: &Sim, number: &str) -> (String, u64) {
    let account = sim.account(number).await;
    (account["state"].as_str().unwrap().to_owned(), account["level"].as_u64().unwrap())
}

/// The table “Seed sentences” of `docs/fidelity.md` names every test of this folder, and no other.
#[test]
fn the_table_of_seed_sentences_names_every_test() {
    let sources = [
        ("s0_letter_1397", include_str!("s0_letter_1397.rs")),
        ("s1_letter_1397_registration", include_str!("s1_letter_1397_registration.rs")),
        ("s2_leaflet", include_str!("s2_leaflet.rs")),
        ("s2_police", include_str!("s2_police.rs")),
        ("s2_portal", include_str!("s2_portal.rs")),
        ("s3_level_1", include_str!("s3_level_1.rs")),
        ("s3_level_2", include_str!("s3_level_2.rs")),
        ("s4_article", include_str!("s4_article.rs")),
    ];
    let tests = sources.into_iter().flat_map(|(file, text)| {
        let marked = text.split("test]\n").skip(1);
        let name =
            |rest: &str| rest.split("fn ").nth(1).unwrap().split('(').next().unwrap().to_owned();
        marked.map(move |rest| format!("{file}::{}", name(rest)))
    });
    let tests: std::collections::BTreeSet<String> = tests.collect();
    let document = include_str!("../../../docs/fidelity.md");
    let table = document.split("## Seed sentences").nth(1).unwrap();
    let named = table
        .lines()
        .filter(|line| line.contains("` |"))
        .map(|line| line.rsplit('`').nth(1).unwrap().to_owned());
    assert_eq!(named.collect::<std::collections::BTreeSet<String>>(), tests);
}
