//! A gauntlet that ends before its end: what it found is told, what it armed is taken back.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use mock_vneid::{MockVneid, gauntlet::Grade};
use serde_json::json;

use super::{plan, run, simulator};

async fn rules(vneid: &MockVneid) -> Vec<String> {
    let rules = vneid.call(axum::http::Method::GET, "/admin/v1/faults", None).await.unwrap();
    let ids = rules.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_simulator_that_refuses_what_a_case_needs_ends_it_there() {
    let vneid = simulator().await;
    let busy = json!({"id": "busy", "effect": "door.status", "door": "POST /admin/v1/keys/rotate", "status": 503});
    vneid.fault(busy).await.unwrap();
    let mut plan = plan(&format!("{}/demo", vneid.issuer()), &vneid);
    plan.only = ["callback.no_state", "jwks.empty"].map(str::to_owned).into();
    let report = run(&plan).await;
    assert_eq!(report.count(Grade::Passed), 1, "{}", report.summary());
    let why = report.broken_off.as_deref().unwrap();
    assert!(why.starts_with("jwks.empty: POST /admin/v1/keys/rotate"), "{why}");
    assert!(!report.is_ok());
    assert!(report.markdown().contains(&format!("BROKEN OFF at {why}")), "{}", report.markdown());
    let junit = report.junit().unwrap();
    assert!(junit.contains("errors=\"1\"") && junit.contains("callback.no_state"), "{junit}");
    assert_eq!(rules(&vneid).await, ["busy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_interrupts_it_gets_what_it_found_and_leaves_no_rule() {
    let vneid = simulator().await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("g.md");
    let rp = format!("{}/demo", vneid.issuer());
    let mut playing = Command::new(env!("CARGO_BIN_EXE_mock-vneid"))
        .args(["gauntlet", "--rp", &rp, "--url", vneid.issuer(), "--report"])
        .arg(&report)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = playing.id().to_string();
    let said = BufReader::new(playing.stdout.take().unwrap());
    let mut lines = said.lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("ok ")));
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let last = lines.last().unwrap();
    assert_eq!(playing.wait().unwrap().code(), Some(1));
    assert!(last.ends_with(": it was told to stop"), "{last}");
    assert!(std::fs::read_to_string(report).unwrap().contains("BROKEN OFF at "));
    assert_eq!(rules(&vneid).await, [""; 0]);
}
