//! The console: one page and its files, which call only what the API's document has.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::harness::Sim;

/// Every file of the page, as it lies in the repository.
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/console");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let wanted = |path: &std::path::PathBuf| {
        path.extension().is_some_and(|kind| kind == "js" || kind == "css")
    };
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    files.filter(wanted).map(read).collect()
}

#[tokio::test]
async fn the_page_says_what_it_is_and_lets_no_text_become_code() {
    let sim = Sim::new().await;
    let page = sim.get("/console").await.status(200);
    assert!(page.text().contains("MÔ PHỎNG") && page.text().contains("data-base=\"\""));
    assert!(sim.get("/console?lang=en").await.status(200).text().contains("SIMULATION"));
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
    sim.get("/realms/nowhere/console").await.problem(404, "not_found");
    sim.post("/admin/v1/realms", json!({"name": "b"})).await.status(201);
    let there = sim.get("/realms/b/console").await.status(200).text();
    assert!(there.contains("data-base=\"/realms/b\"") && there.contains("· b</h1>"));
    sim.post("/console", json!({})).await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn each_of_its_files_is_served_as_it_is() {
    let sim = Sim::new().await;
    let files = files();
    assert!(files.iter().any(|(name, _)| name == "main.js"));
    for (name, text) in &files {
        let served = sim.get(&format!("/assets/console/{name}")).await.status(200);
        assert_eq!(served.text(), *text);
        let kind = if name.ends_with("js") { "text/javascript" } else { "text/css" };
        assert!(served.header("content-type").starts_with(kind), "{name}");
        assert_eq!(served.header("cache-control"), "no-cache");
        for import in text.lines().filter(|line| line.starts_with("import ")) {
            let from = import.rsplit_once("'./").unwrap().1.trim_end_matches("';");
            assert!(files.iter().any(|(name, _)| name == from), "{name}: {import}");
        }
        let makes_markup = ["innerHTML", "outerHTML", "insertAdjacent", "eval(", "document.write"];
        assert!(!makes_markup.iter().any(|it| text.contains(it)), "{name} makes markup of text");
    }
    sim.get("/assets/console/mod.rs").await.problem(404, "not_found");
}

/// Method and path of each call, `${…}` being `{}`.
fn calls(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, _) in text.match_indices("call") {
        let rest = text[place..].trim_start_matches("callRoot").trim_start_matches("call");
        let Some(rest) = rest.strip_prefix("('") else { continue };
        let (method, rest) = rest.split_once("', ").unwrap();
        let Some(quote) = rest.chars().next().filter(|it| "'`".contains(*it)) else { continue };
        found.push((method.to_owned(), path(rest[1..].split(quote).next().unwrap())));
    }
    for (place, before) in text.match_indices("everything(") {
        let rest = &text[place + before.len()..];
        let Some(quote) = rest.chars().next().filter(|it| "'`".contains(*it)) else { continue };
        found.push(("GET".to_owned(), path(rest[1..].split(quote).next().unwrap())));
    }
    found
}

/// A path without its query, and with `{}` in place of what it is filled with.
fn path(written: &str) -> String {
    let written = written.split('?').next().unwrap();
    let mut pieces = written.split("${");
    let mut path = pieces.next().unwrap().to_owned();
    for piece in pieces {
        path.push_str("{}");
        path.push_str(piece.split_once('}').unwrap().1);
    }
    path
}

fn fits(documented: &str, called: &str) -> bool {
    let (one, other): (Vec<_>, Vec<_>) =
        (documented.split('/').collect(), called.split('/').collect());
    let same =
        |(one, other): (&&str, &&str)| one == other || one.starts_with('{') || *other == "{}";
    one.len() == other.len() && one.iter().zip(&other).all(same)
}

#[tokio::test]
async fn it_calls_only_what_the_document_has() {
    let sim = Sim::new().await;
    let document = sim.get("/admin/openapi.json").await.status(200).json();
    let paths = document["paths"].as_object().unwrap();
    let mut seen = 0;
    for (name, text) in files().into_iter().filter(|(name, _)| name != "api.js") {
        for (method, called) in calls(&text) {
            let called = format!("/admin/v1{called}");
            let known = |(path, item): (&String, &Value)| {
                fits(path, &called) && item.get(method.to_lowercase()).is_some()
            };
            assert!(paths.iter().any(known), "{name}: {method} {called}");
            seen += 1;
        }
    }
    assert!(seen > 25, "{seen}");
}
