//! The rules of the house that a compiler does not hold, each over any set of sources: it answers what breaks it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, modules};

/// Pure rooms, which see no framework, no store and no world.
const PURE: [&str; 6] = ["identity", "population", "oidc", "outbox", "faults", "journal"];

/// Which rooms a room may use (design: who may use whom); everything where there is no row.
const MAP: [(&str, &[&str]); 23] = [
    ("clock", &[]),
    ("config", &[]),
    ("cookies", &[]),
    ("telemetry", &[]),
    ("visitor", &["telemetry"]),
    ("dice", &["clock"]),
    ("identity", &["clock"]),
    ("journal", &["clock"]),
    ("population", &["identity", "clock"]),
    ("oidc", &["identity", "clock"]),
    ("outbox", &["identity", "clock"]),
    ("faults", &["clock", "identity", "oidc", "outbox"]),
    ("store", &["clock"]),
    ("flow", &["flow/base", "flow/holder", "flow/provider", "+rules"]),
    ("flow/base", &["flow", "+rules"]),
    ("flow/holder", &["flow", "flow/base", "+rules"]),
    ("flow/provider", &["flow", "flow/base", "flow/holder", "+rules"]),
    ("flow/realm", &["flow", "flow/base", "flow/holder", "flow/provider", "+rules"]),
    ("gauntlet", &["faults", "scenario", "visitor"]),
    // What a script does, it does through the doors.
    ("scenario", &["clock", "dice", "faults", "identity", "journal", "oidc", "visitor"]),
    ("fetch", &["flow"]),
    // Relying parties of their own: pure types, and HTTP.
    ("demo", &["clock", "cookies", "dice", "identity", "oidc", "telemetry"]),
    ("home", &["demo", "flow"]),
];

/// What every subject of `flow` stands on.
const RULES: [&str; 9] =
    ["identity", "population", "oidc", "store", "outbox", "clock", "dice", "faults", "journal"];

/// What the doors may use beside all of `flow`.
const DOORS: [&str; 11] = [
    "cookies",
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
];

fn may_use(room: &str, used: &str) -> bool {
    let flow = used == "flow" || used.starts_with("flow/");
    match room {
        "http" => flow || DOORS.contains(&used),
        "serve" => ["config", "http"].contains(&used),
        "app" | "guests" | "cli" | "play" | "exec" | "testing" | "main" | "lib" => true,
        _ => MAP.iter().find(|(name, _)| *name == room).is_some_and(|(_, may)| {
            may.contains(&used)
                || (may.contains(&"+rules") && RULES.contains(&used))
                || (["fetch", "home"].contains(&room) && flow)
        }),
    }
}

/// The file that a name of the crate is of, if there is one; and whether it is one of the crate at all.
fn file_of(named: &[String], modules: &BTreeMap<Vec<String>, usize>) -> Option<usize> {
    let (first, path) = named.split_first()?;
    if first != "crate" {
        return None;
    }
    (1..=path.len()).rev().find_map(|long| modules.get(&path[..long]).copied())
}

/// Who leans on whom, by file, and by what: modules that are named, and methods of a type that one file alone defines.
pub(super) fn edges(sources: &[Source]) -> BTreeMap<(usize, usize), String> {
    let modules = modules(sources);
    let mut homes: BTreeMap<&(String, String), BTreeSet<usize>> = BTreeMap::new();
    for (at, source) in sources.iter().enumerate() {
        for method in &source.found.defined {
            homes.entry(method).or_default().insert(at);
        }
    }
    let mut edges = BTreeMap::new();
    for (at, source) in sources.iter().enumerate() {
        for named in &source.found.named {
            if let Some(other) = file_of(named, &modules).filter(|other| *other != at) {
                edges.entry((at, other)).or_insert_with(|| named.join("::"));
            }
        }
        for method in &source.found.called {
            let home = homes.get(method).filter(|files| files.len() == 1);
            if let Some(other) = home.and_then(|files| files.first()).filter(|it| **it != at) {
                let what = format!("{}::{}", method.0, method.1);
                edges.entry((at, *other)).or_insert(what);
            }
        }
    }
    edges
}

/// Rooms use what the map allows.
pub(super) fn strangers(sources: &[Source]) -> Vec<String> {
    let breaks = edges(sources).into_iter().filter_map(|((from, to), what)| {
        let (from, to) = (&sources[from], &sources[to]);
        let (room, used) = (from.room(), to.room());
        // A folder's own file stands for its subjects: whoever names an item of `flow` itself uses its root.
        (room != used && !may_use(&room, &used))
            .then(|| format!("{} uses {what}: {room} may not use {used}", from.path))
    });
    breaks.collect()
}

/// No two files lean on each other, however far around; a `mod.rs` and what lies in its folder excepted.
pub(super) fn circles(sources: &[Source]) -> Vec<String> {
    let folder = |path: &str| path.strip_suffix("mod.rs").map(str::to_owned);
    let excepted = |one: &str, other: &str| folder(one).is_some_and(|it| other.starts_with(&it));
    let mut leads: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (from, to) in edges(sources).into_keys() {
        let (one, other) = (&sources[from].path, &sources[to].path);
        if !excepted(one, other) && !excepted(other, one) {
            leads.entry(from).or_default().insert(to);
        }
    }
    let reach = |start: usize| {
        let mut seen = BTreeSet::new();
        let mut next = vec![start];
        while let Some(at) = next.pop() {
            for to in leads.get(&at).into_iter().flatten() {
                if seen.insert(*to) {
                    next.push(*to);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<usize, BTreeSet<usize>> =
        leads.keys().map(|start| (*start, reach(*start))).collect();
    let mut found = BTreeSet::new();
    for (start, seen) in &reached {
        if seen.contains(start) {
            let own = seen.iter().filter(|it| reached.get(it).is_some_and(|it| it.contains(start)));
            found.insert(own.map(|at| &*sources[*at].path).collect::<Vec<_>>().join(", "));
        }
    }
    found.into_iter().collect()
}

/// Pure rooms name no framework, database, chance, environment or network.
pub(super) fn worldly(sources: &[Source]) -> Vec<String> {
    let mut breaks = Vec::new();
    for source in sources.iter().filter(|it| PURE.contains(&&*it.room())) {
        for named in &source.found.named {
            let outside = matches!(&named[0][..], "axum" | "tokio" | "sled" | "rand" | "reqwest");
            let world = named[0] == "std"
                && named.get(1).is_some_and(|it| ["fs", "env", "net", "process"].contains(&&**it));
            if outside || world {
                breaks.push(format!("{} names {}", source.path, named.join("::")));
            }
        }
    }
    breaks
}

/// Backends are named where the store is put together; the computer's clock where a process begins.
pub(super) fn ambient(sources: &[Source]) -> Vec<String> {
    let mut breaks = Vec::new();
    for source in sources {
        let room = source.room();
        for named in &source.found.named {
            let words: Vec<&str> = named.iter().map(String::as_str).collect();
            let backend = matches!(words[..], ["crate", "store", "memory" | "sled", ..]);
            let clock = words.contains(&"SystemClock");
            let begins = ["app", "cli", "clock", "play", "testing"].contains(&&*room);
            if (backend && !["app", "store"].contains(&&*room)) || (clock && !begins) {
                breaks.push(format!("{} names {}", source.path, named.join("::")));
            }
        }
        if source.found.climbs {
            breaks.push(format!("{} climbs twice", source.path));
        }
    }
    breaks
}

/// No argument's type is a tuple: two values that belong together have a name.
pub(super) fn tuples(sources: &[Source]) -> Vec<String> {
    let of = |it: &Source| {
        it.found.tuples.iter().map(|name| format!("{}: {name}", it.path)).collect::<Vec<_>>()
    };
    sources.iter().flat_map(of).collect()
}

/// Nothing takes `&self` and `now`: a realm holds its moment, and a record is asked about any.
pub(super) fn moments(sources: &[Source]) -> Vec<String> {
    let of = |it: &Source| {
        it.found.moments.iter().map(|name| format!("{}: {name}", it.path)).collect::<Vec<_>>()
    };
    sources.iter().flat_map(of).collect()
}

/// A file begins with a sentence and has 400 lines at most.
pub(super) fn untidy(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    match (text.starts_with("//! "), lines <= 400) {
        (true, true) => None,
        (false, _) => Some(format!("{path} has no //! sentence")),
        (_, false) => Some(format!("{path} has {lines} lines")),
    }
}

/// Types that share a name, with their homes.
pub(super) fn shared(sources: &[Source]) -> BTreeMap<&str, Vec<&str>> {
    let mut homes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources {
        for name in &source.found.types {
            homes.entry(name).or_default().push(&source.path);
        }
    }
    homes.retain(|_, paths| paths.len() > 1);
    homes
}

/// The API document has one schema of a name: of two types the later would stand for both.
pub(super) fn twins(sources: &[Source]) -> Vec<String> {
    let mut homes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources {
        for name in &source.found.schemas {
            homes.entry(name).or_default().push(&source.path);
        }
    }
    let twice = homes.into_iter().filter(|(_, paths)| paths.len() > 1);
    twice.map(|(name, paths)| format!("{name}: {}", paths.join(", "))).collect()
}
