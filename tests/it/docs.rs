//! What is generated equals what is checked in.

use mock_vneid::cli;

#[test]
fn generated_documents_are_checked_in() {
    for (path, text) in cli::documents().unwrap() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == text, "{path} is stale: cargo run -- docs --write .");
    }
}

/// The value after a flag of a shell line, quoted or not.
fn flags<'a>(line: &'a str, flag: &str) -> Vec<&'a str> {
    line.split(&format!(" {flag} "))
        .skip(1)
        .map(|rest| match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split('\'').next().unwrap(),
            None => rest.split(' ').next().unwrap(),
        })
        .collect()
}

#[tokio::test]
async fn the_three_requests_of_the_readme_end_in_an_id_token() {
    let sim = crate::harness::Sim::new().await;
    let readme = include_str!("../../README.md");
    let section = readme.split("## Three requests").nth(1).unwrap().split("```").nth(1).unwrap();
    let lines: Vec<_> = section.lines().filter(|line| line.starts_with("curl")).collect();
    let path = |line: &str| {
        let rest = line.split("localhost:8080").nth(1).unwrap();
        rest.split(' ').next().unwrap().to_owned()
    };
    let body = |line: &str| flags(line, "-d")[0].parse::<serde_json::Value>().unwrap();
    assert_eq!(lines.len(), 3);
    sim.post(&path(lines[0]), body(lines[0])).await.status(201);
    let signed_in = sim.post(&path(lines[1]), body(lines[1])).await.status(200).json();
    let code = signed_in["code"].as_str().unwrap();
    let fields: Vec<(&str, &str)> = flags(lines[2], "-d")
        .into_iter()
        .map(|field| field.split_once('=').unwrap())
        .map(|(name, value)| (name, if value == "CODE" { code } else { value }))
        .collect();
    let basic = flags(lines[2], "-u")[0].split_once(':');
    let tokens = sim.form(&path(lines[2]), basic, &fields).await.status(200).json();
    assert_eq!(tokens["id_token"].as_str().unwrap().split('.').count(), 3);
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let readme = include_str!("../../README.md");
    for link in readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(link);
        assert!(link.starts_with("http") || file.exists(), "{link}");
    }
    assert!(readme.lines().count() <= 150);
}

/// A guide that names a file or a function that is not there leads astray.
#[test]
fn what_the_guides_for_builders_name_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let flow: String =
        ["holder/follow_databases.rs", "holder/phones.rs", "base/loaded_account.rs", "error.rs"]
            .map(|file| std::fs::read_to_string(root.join("src/flow").join(file)).unwrap())
            .concat();
    let known = flow + include_str!("../../src/store/records/change.rs");
    for guide in ["docs/adding-an-endpoint.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(guide)).unwrap();
        let mut places = 0;
        for name in text.split('`').skip(1).step_by(2) {
            if let Some((folder, _)) = name.split_once('/')
                && ["src", "tests", "docs", "scripts", "fixtures", ".ci"].contains(&folder)
            {
                assert!(root.join(name).exists(), "{guide}: {name}");
                places += 1;
            }
        }
        assert!(places >= 8, "{guide}");
    }
    for name in ["lose_card", "retry!", "write_over", "subject_version", "PhoneEntry"] {
        assert!(known.contains(name.trim_end_matches('!')), "{name}");
    }
    assert!(include_str!("../../src/http/citizen/desk.rs").contains("/desk/v1/cards/lost"));
}

#[tokio::test]
async fn the_api_page_is_served_whole_and_asks_nobody_else() {
    let sim = crate::harness::Sim::new().await;
    let page = sim.get("/admin/docs/").await.status(200).text();
    let mut parts = 0;
    for mark in ["src=\"", "href=\""] {
        for link in page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(!link.contains("//"), "{link} leads elsewhere");
            sim.get(&format!("/admin/docs/{}", link.trim_start_matches("./"))).await.status(200);
            parts += 1;
        }
    }
    assert!(parts >= 5, "{page}");
    let start = sim.get("/admin/docs/swagger-initializer.js").await.status(200).text();
    assert!(start.contains("/admin/openapi.json") && !start.contains("https://"), "{start}");
    let document = sim.get("/admin/openapi.json").await.status(200).json();
    let kept: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/openapi.json")).unwrap();
    assert_eq!(document, kept);
}

/// No code without its row: the list of error codes has every one that the rules know.
#[test]
fn every_refusal_has_its_row() {
    let codes = include_str!("../../src/identity/refused/mod.rs");
    let (_, arms) = codes.split_once("pub const fn code(&self)").unwrap();
    let listed = include_str!("../../docs/errors.md");
    let mut known = 0;
    for arm in arms.lines().filter(|line| line.contains(" => \"")) {
        let code = arm.split('"').nth(1).unwrap();
        assert!(listed.contains(&format!("| `{code}` |")), "{code}");
        known += 1;
    }
    assert!(known > 50, "{known}");
    for rule in ["weak_password", "bad_passcode", "bad_questions"] {
        assert!(listed.contains(&format!("| `{rule}` | 422 |")), "{rule}");
    }
}

/// outside.md A1: "Execute" on the page over the document calls the door that it shows, and generated functions have a name each.
#[test]
fn a1_operations_have_ids_of_their_own_and_responses_a_description() {
    let document = mock_vneid::http::api_document();
    let mut ids = std::collections::BTreeSet::new();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            assert!(ids.insert(id.to_owned()), "{method} {path}: {id} is another's");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let said = response["description"].as_str().unwrap_or_default();
                assert!(!said.is_empty(), "{method} {path}: {status}");
            }
            operations += 1;
        }
    }
    assert!(operations > 130, "{operations}");
    // A default makes generated clients demand the property.
    assert!(!document["components"]["schemas"].to_string().contains("\"default\":"));
}
