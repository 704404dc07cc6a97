//! Relying parties that others wrote, in their own languages, against the binary on a port: `tests/relying_parties`.

use std::{
    fs::{File, read_to_string},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The binary on a port of its own; gone when the test is, however it ends.
struct Simulator {
    process: Child,
    issuer: String,
    folder: tempfile::TempDir,
}

impl Simulator {
    fn start(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ready, log) = (folder.path().join("ready"), folder.path().join("log"));
        let process = Command::new(env!("CARGO_BIN_EXE_mock-vneid"))
            .env_clear()
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&ready)
            .args(more)
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut simulator = Self { process, issuer: String::new(), folder };
        for _ in 0..1000 {
            match read_to_string(&ready) {
                Ok(address) if address.ends_with('\n') => {
                    let port = address.trim().rsplit(':').next().unwrap();
                    simulator.issuer = format!("http://localhost:{port}");
                    return simulator;
                }
                _ => std::thread::park_timeout(Duration::from_millis(10)),
            }
        }
        panic!("never ready: {}", read_to_string(&log).unwrap());
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// `MOCK_VNEID_SKIP_RELYING_PARTIES=1` leaves these tests out, loudly; without it a missing tool is a failure.
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a switch of the test run")]
fn skipped() -> bool {
    let skipped = std::env::var("MOCK_VNEID_SKIP_RELYING_PARTIES").is_ok_and(|value| value == "1");
    if skipped {
        eprintln!("SKIPPED: relying parties are off (MOCK_VNEID_SKIP_RELYING_PARTIES=1)");
    }
    skipped
}

/// Runs a relying party to its end; every story it lists must have passed.
fn succeeds(party: &str, stories: usize) {
    if skipped() {
        return;
    }
    // Logout tokens go to a server on this machine.
    let simulator = Simulator::start(&["--allow-private-fetch"]);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relying_parties");
    let output = Command::new(here.join("run.sh"))
        .arg(party)
        .env("ISSUER", &simulator.issuer)
        .env("SCRATCH", simulator.folder.path())
        .env("RELYING_PARTIES_INTO", concat!(env!("CARGO_TARGET_TMPDIR"), "/relying_parties"))
        .output()
        .unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let passed = said.lines().filter(|line| line.ends_with(" passed")).count();
    assert!(
        output.status.success() && passed == stories,
        "{party}: {}\n{said}\n{complained}\nthe simulator's log:\n{}",
        output.status,
        read_to_string(simulator.folder.path().join("log")).unwrap()
    );
}

#[test]
fn openid_client_signs_in_pushes_refreshes_introspects_registers_and_logs_out() {
    succeeds("openid_client", 4);
}

/// Each fault of the menu that a portal meets, and the check that refuses it.
#[test]
fn openid_client_refuses_what_the_menu_says() {
    succeeds("menu", 1);
}

/// A new row of the menu is shown to a party of others, or this fails.
#[tokio::test]
async fn every_row_that_must_be_refused_is_shown_to_one_of_them() {
    let sim = crate::harness::Sim::new().await;
    let shown = [
        include_str!("../relying_parties/node/menu.mjs"),
        include_str!("../relying_parties/node/resource.mjs"),
        include_str!("../relying_parties/apache/mod_auth_openidc.py"),
        // The `openidconnect` crate.
        include_str!("simulator/menu.rs"),
    ];
    let menu = sim.get("/admin/v1/faults/menu").await.status(200).json();
    let strict = menu
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| ["refuse", "should"].contains(&row["relying_party"].as_str().unwrap()));
    let names: Vec<&str> = strict.map(|row| row["effect"].as_str().unwrap()).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let quoted = [format!("'{name}'"), format!("\"{name}\"")];
        let known = |text: &&str| quoted.iter().any(|it| text.contains(it));
        assert!(shown.iter().any(known), "{name} is shown to nobody");
    }
}

/// Each fault of the menu that a resource server meets in a JWT access token.
#[test]
fn oauth4webapi_refuses_what_the_menu_says_of_access_tokens() {
    succeeds("resource", 1);
}

#[test]
fn oauth4webapi_signs_in_as_a_public_client_with_every_algorithm() {
    succeeds("oauth4webapi", 3);
}

#[test]
fn authlib_signs_in_with_every_use_of_a_secret() {
    succeeds("authlib", 3);
}

#[test]
fn apache_protects_a_page_with_mod_auth_openidc() {
    succeeds("mod_auth_openidc", 5);
}

/// Nothing but the JDK opens what a partner gets.
#[test]
fn java_signs_in_as_a_partner_with_the_jdk_alone() {
    succeeds("partner", 3);
}
