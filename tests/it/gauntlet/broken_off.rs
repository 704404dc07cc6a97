//! A gauntlet that ends before its end: what it found is told, what it armed is taken back.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use mock_vneid::{MockVneid, gauntlet::Grade};
use rustix::process::Signal;
use serde_json::json;

use super::{plan, run, simulator};
use crate::harness::tools::signal;

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

/// A gauntlet in a process of its own, and what it leaves when it is interrupted at the first line that `ripe` says.
async fn interrupted(vneid: &MockVneid, ripe: impl Fn(&str) -> bool) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("g.md");
    let rp = format!("{}/demo", vneid.issuer());
    let mut playing = Command::new(env!("CARGO_BIN_EXE_mock-vneid"))
        .args(["gauntlet", "--rp", &rp, "--url", vneid.issuer(), "--report"])
        .arg(&report)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(playing.stdout.take().unwrap());
    let mut lines = said.lines().map(Result::unwrap);
    assert!(lines.any(|line| ripe(&line)));
    signal(&playing, Signal::INT);
    let last = lines.last().unwrap();
    assert_eq!(playing.wait().unwrap().code(), Some(1), "{last}");
    assert_eq!(rules(vneid).await, [""; 0]);
    (last, std::fs::read_to_string(report).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_interrupts_it_gets_what_it_found_and_leaves_no_rule() {
    let vneid = simulator().await;
    // At its first word: the first cases are decided without asking anybody.
    for ripe in
        [|line: &str| line.starts_with("application "), |line: &str| line.starts_with("ok ")]
    {
        let (last, report) = interrupted(&vneid, ripe).await;
        assert!(last.ends_with(": it was told to stop"), "{last}");
        assert!(report.contains("BROKEN OFF at "), "{report}");
    }
}

#[tokio::test]
async fn who_interrupts_the_control_is_told_that_nothing_was_played() {
    let vneid = simulator().await;
    let plan = plan(&format!("{}/demo", vneid.issuer()), &vneid);
    let report = mock_vneid::gauntlet::run_until(&plan, |_| {}, async {}).await.unwrap();
    assert_eq!(report.broken_off.as_deref(), Some("the control sign-in: it was told to stop"));
    assert!(report.rows.is_empty() && !report.is_ok());
}
