//! The rules of the house that a compiler does not hold: who leans on whom, what functions take, how long a file may be.

mod rules;
mod samples;
mod source;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use source::Source;

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

static HOUSE: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let parsed = files("src").into_iter().map(|path| {
        let below = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
        Source::parse(&below, &fs::read_to_string(&path).unwrap())
    });
    parsed.collect()
});

#[track_caller]
fn none(breaks: &[String]) {
    assert!(breaks.is_empty(), "{}:\n{}", breaks.len(), breaks.join("\n"));
}

#[test]
fn rooms_use_only_what_the_map_allows() {
    none(&rules::strangers(&HOUSE));
}

#[test]
fn no_two_files_lean_on_each_other() {
    none(&rules::circles(&HOUSE));
}

#[test]
fn pure_rooms_see_no_framework_no_store_and_no_world() {
    none(&rules::worldly(&HOUSE));
}

#[test]
fn backends_and_the_system_clock_are_named_in_one_place() {
    none(&rules::ambient(&HOUSE));
}

#[test]
fn no_argument_is_a_tuple() {
    none(&rules::tuples(&HOUSE));
}

#[test]
fn a_moment_is_the_realms() {
    none(&rules::moments(&HOUSE));
}

/// outside.md A1.
#[test]
fn a1_schemas_have_names_of_their_own() {
    none(&rules::twins(&HOUSE));
}

/// Two types share a name only where they are one idea.
const SHARED: [(&str, &str); 2] = [
    (
        "Error",
        "the three kinds of error that house and docs name: of use cases, of the protocol, of the store",
    ),
    ("Page", "what a page's own template is filled with; private to its file"),
];

#[test]
fn no_two_types_share_a_name_without_a_reason() {
    let shared = rules::shared(&HOUSE);
    let listed: Vec<&str> = SHARED.iter().map(|(name, _)| *name).collect();
    assert_eq!(shared.keys().copied().collect::<Vec<_>>(), listed, "{shared:#?}");
}

/// The figures of the house in a table: `cargo test --test it tidy::figures -- --nocapture`.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are for people")]
fn figures() {
    let mut lines: Vec<usize> = HOUSE.iter().map(|it| it.text.lines().count()).collect();
    lines.sort_unstable();
    let rows = [
        ("circles between files", rules::circles(&HOUSE).len(), 0),
        ("arguments that are tuples", rules::tuples(&HOUSE).len(), 0),
        ("functions with &self and now", rules::moments(&HOUSE).len(), 0),
        ("type names used twice, each with a reason", rules::shared(&HOUSE).len(), SHARED.len()),
        ("lines of a file, the median", lines[lines.len() / 2], 130),
        ("lines of a file, the most", lines[lines.len() - 1], 400),
    ];
    for (what, found, most) in rows {
        println!("{found:>5}  {what} (at most {most})");
        assert!(found <= most, "{what}: {found}");
    }
    for (name, why) in SHARED {
        println!("       {name}: {why}");
    }
}

#[test]
fn files_begin_with_a_sentence_and_stay_short() {
    let all = files("src").into_iter().chain(files("tests")).chain(files("benches"));
    let texts = all.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()));
    none(&texts.filter_map(|(path, text)| rules::untidy(&path, &text)).collect::<Vec<_>>());
}

/// A dependency that nobody names costs every build and is nobody's choice.
#[test]
fn every_dependency_is_used() {
    let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let text = |folder: &str| -> String {
        files(folder).into_iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    let own = text("src");
    let of_tests = ["tests", "benches", "examples"].map(text).concat();
    let unix = &manifest["target"]["cfg(unix)"]["dependencies"];
    for (list, code) in [
        (&manifest["dependencies"], &own),
        (unix, &own),
        (&manifest["dev-dependencies"], &of_tests),
    ] {
        for name in list.as_table().unwrap().keys() {
            let word = name.replace('-', "_");
            assert!(code.contains(&format!("{word}::")), "{name} is never named");
        }
    }
}
