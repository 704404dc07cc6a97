//! Relying parties that others wrote, in their own languages, against the binary on a port: `tests/relying_parties`.

use std::{
    fs::{File, read_to_string},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::harness::tools::search_path;

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

impl Simulator {
    fn moves_time(&self, how: &str, body: &str) {
        let url = format!("{}/admin/v1/clock/{how}", self.issuer);
        let asked = reqwest::Client::new().post(url).header("content-type", "application/json");
        let asked = asked.body(body.to_owned()).send();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(asked).unwrap().status(), 200);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// How a tester moves time (outside.md P1); relying parties live by the computer's clock all the while.
const MOVES: [(&str, &str, &str); 5] = [
    ("as it is", "advance", r#"{"duration":"PT0S"}"#),
    ("eight days later", "advance", r#"{"duration":"P8D"}"#),
    ("three minutes later", "advance", r#"{"duration":"PT3M"}"#),
    ("a year back", "advance", r#"{"duration":"-P1Y"}"#),
    ("frozen", "freeze", "{}"),
];

/// Runs a relying party to its end, however the simulator's clock was moved; every story it lists must have passed.
fn succeeds(party: &str, stories: usize) {
    // Logout tokens go to a server on this machine.
    let simulator = Simulator::start(&["--allow-private-fetch"]);
    for (moved, how, body) in MOVES {
        simulator.moves_time(how, body);
        signs_in(&simulator, party, stories, moved);
    }
}

fn signs_in(simulator: &Simulator, party: &str, stories: usize, moved: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relying_parties");
    let output = Command::new(here.join("run.sh"))
        .arg(party)
        .env("PATH", search_path())
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
        "{party}, {moved}: {}\n{said}\n{complained}\nthe simulator's log:\n{}",
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

#[test]
fn django_allauth_signs_in_and_leaves_by_client_id() {
    succeeds("allauth", 1);
}

#[test]
fn mozilla_django_oidc_signs_in_renews_silently_and_leaves() {
    succeeds("mozilla", 1);
}

#[test]
fn social_auth_signs_in_refreshes_and_leaves_by_client_id() {
    succeeds("social", 1);
}

#[test]
fn flask_oidc_signs_in_refreshes_and_leaves() {
    succeeds("flask_oidc", 1);
}

#[test]
fn passport_signs_in_with_its_secret_in_the_body_and_leaves_by_client_id() {
    succeeds("passport", 1);
}

#[test]
fn next_auth_signs_in_renews_and_leaves() {
    succeeds("next_auth", 1);
}

/// outside.md P8: a page without a server reads the answer in the fragment.
#[test]
fn p8_oidc_client_ts_signs_in_by_the_fragment_refreshes_and_leaves_in_chromium() {
    succeeds("oidc-client-ts", 1);
}

/// outside.md P8, P5: the same, and its requests carry the browser's credentials.
#[test]
fn p8_keycloak_js_signs_in_by_the_fragment_and_leaves_in_chromium() {
    succeeds("keycloak-js", 1);
}

#[test]
fn omniauth_signs_in_refreshes_and_leaves() {
    succeeds("omniauth", 1);
}

/// outside.md P6: probes of HTTP/1.0 without a Host.
#[test]
fn p6_haproxy_keeps_a_server_up() {
    signs_in(&Simulator::start(&[]), "haproxy", 1, "as it is");
}

/// outside.md P17: 5,000 requests of each over few connections, through every door that answers before it reads.
#[test]
fn p17_pooled_connections_of_python_and_node_are_never_aborted() {
    let simulator = Simulator::start(&[]);
    signs_in(&simulator, "pooled_python", 1, "as it is");
    signs_in(&simulator, "pooled_node", 1, "as it is");
}

/// Nothing but the JDK opens what a partner gets.
#[test]
fn java_signs_in_as_a_partner_with_the_jdk_alone() {
    succeeds("partner", 3);
}

/// outside.md A1: types generated from the API document compile strictly, and what they say is so.
#[test]
fn a1_a_typescript_client_made_of_the_document_reads_an_otp_and_moves_the_clock() {
    signs_in(&Simulator::start(&[]), "api_typescript", 1, "as it is");
}

/// outside.md A1: the document is valid for a validator of others, and so is the client that is made of it.
#[test]
fn a1_a_python_client_made_of_the_document_reads_an_otp_and_moves_the_clock() {
    signs_in(&Simulator::start(&[]), "api_python", 2, "as it is");
}
