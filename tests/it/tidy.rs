//! The rules of the house that a compiler does not hold: who imports whom, how long a file may be, how it begins.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &str) -> Vec<PathBuf> {
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

fn room_of(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    below
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

/// Every `crate::…` room and outside crate that the file's code names.
fn names(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join(" ");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + 7..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0_i32;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 && (c.is_alphanumeric() || c == '_') {
                    word.push(c);
                } else if depth == 0 && (c == ',' || c == ':') {
                    if !word.is_empty() {
                        found.push(std::mem::take(&mut word));
                    }
                    // Only the first segment of a path is a room.
                    if c == ':' {
                        depth = 0;
                        word.push('\u{0}');
                    }
                    if c == ',' {
                        word.clear();
                    }
                }
            }
            if !word.is_empty() {
                found.push(word);
            }
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found.retain(|name| !name.contains('\u{0}') && !name.is_empty());
    found
}

const EVERY_ROOM: [&str; 23] = [
    "identity",
    "population",
    "oidc",
    "flow",
    "gauntlet",
    "store",
    "outbox",
    "play",
    "scenario",
    "visitor",
    "http",
    "app",
    "cli",
    "config",
    "clock",
    "dice",
    "exec",
    "faults",
    "fetch",
    "journal",
    "serve",
    "telemetry",
    "testing",
];

/// Which rooms a room may use (design: who may use whom).
fn may_use(room: &str) -> &'static [&'static str] {
    match room {
        "clock" | "config" | "telemetry" => &[],
        "visitor" => &["telemetry"],
        "faults" => &["clock", "identity", "oidc", "outbox"],
        "dice" | "identity" | "journal" => &["clock"],
        "population" | "oidc" | "outbox" => &["identity", "clock"],
        "store" => &["clock"],
        "fetch" => &["flow"],
        "serve" => &["config", "http"],
        "flow" => &[
            "identity",
            "population",
            "oidc",
            "store",
            "outbox",
            "clock",
            "dice",
            "faults",
            "journal",
        ],
        "http" => &[
            "flow",
            "identity",
            "oidc",
            "outbox",
            "clock",
            "dice",
            "faults",
            "journal",
            "scenario",
            "telemetry",
            "visitor",
        ],
        "gauntlet" => &["faults", "scenario", "visitor"],
        // What a script does, it does through the doors.
        "scenario" => &["clock", "dice", "faults", "identity", "journal", "oidc", "visitor"],
        "app" | "cli" | "play" | "exec" | "testing" | "main" | "lib" => &EVERY_ROOM,
        _ => panic!("{room} is not a room: add it to the map of the house"),
    }
}

#[test]
fn rooms_use_only_what_the_map_allows() {
    for path in sources("src") {
        let text = fs::read_to_string(&path).unwrap();
        let room = room_of(&path);
        for used in names(&text) {
            if EVERY_ROOM.contains(&used.as_str()) && used != room {
                assert!(
                    may_use(&room).contains(&used.as_str()),
                    "{} uses {used}: {room} may not",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn pure_rooms_see_no_framework_no_store_and_no_world() {
    let never = [
        "axum",
        "tokio",
        "sled",
        "use rand",
        "std::fs",
        "std::env",
        "std::net",
        "crate::flow",
        "crate::store",
        "crate::http",
    ];
    for room in ["identity", "population", "oidc", "outbox", "faults", "journal"] {
        for path in sources(&format!("src/{room}")) {
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for word in never {
                    assert!(!line.contains(word), "{}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn backends_and_the_system_clock_are_named_in_one_place() {
    for path in sources("src") {
        let room = room_of(&path);
        let text = fs::read_to_string(&path).unwrap();
        let names_backend = text.contains("store::memory::") || text.contains("store::sled::");
        assert!(!names_backend || ["app", "store"].contains(&room.as_str()), "{}", path.display());
        let names_clock = text.contains("SystemClock");
        assert!(
            !names_clock || ["app", "cli", "clock", "play", "testing"].contains(&room.as_str()),
            "{}",
            path.display()
        );
        assert!(!text.contains("super::super"), "{} climbs twice", path.display());
    }
}

#[test]
fn files_begin_with_a_sentence_and_stay_short() {
    for path in sources("src").into_iter().chain(sources("tests")).chain(sources("benches")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} has no //! sentence", path.display());
        let lines = text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
    }
}
