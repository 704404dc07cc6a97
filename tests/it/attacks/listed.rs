//! The list itself: every attack has a test with its number in the name.

use std::{collections::BTreeSet, fs, path::Path};

/// How many rows the list has.
const ROWS: u32 = 70;

/// The numbers in `fn attack_12_13_…` of a file.
fn numbers(text: &str) -> impl Iterator<Item = u32> + '_ {
    text.split("fn attack_").skip(1).flat_map(|rest| {
        // `attack_7_and_9_…` is about two rows.
        let words = rest.split(['_', '(']).filter(|word| *word != "and");
        words.map_while(|word| word.parse().ok()).collect::<Vec<u32>>()
    })
}

fn gather(folder: &Path, found: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(numbers(&fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn every_attack_of_the_list_has_a_test() {
    let mut found = BTreeSet::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut found);
    let missing: Vec<u32> = (1..=ROWS).filter(|row| !found.contains(row)).collect();
    assert!(missing.is_empty(), "no test is named after {missing:?}");
    assert!(found.iter().all(|row| (1..=ROWS).contains(row)), "{found:?}");
}
