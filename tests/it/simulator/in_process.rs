//! The simulator as a library, and around a command.

use std::{process::Command, time::Duration};

use mock_vneid::{MockVneid, testing::CallError};
use serde_json::json;

#[tokio::test]
async fn a_test_starts_one_uses_it_and_drops_it() {
    let vneid = MockVneid::builder()
        .seed("library")
        .at("2026-03-02T09:00:00+07:00")
        .person(json!({"level": 1, "state": "active"}))
        .client(json!({"client_name": "P", "redirect_uris": ["https://p.example/cb"]}))
        .fault(json!({"effect": "message.lost", "purpose": "approval"}))
        .start()
        .await
        .unwrap();
    // Over the wire, as the application under test would.
    let metadata = format!("{}/.well-known/openid-configuration", vneid.issuer());
    let found = reqwest::get(&metadata).await.unwrap().json::<serde_json::Value>().await.unwrap();
    assert_eq!(found["issuer"], vneid.issuer());
    let lan = vneid.person(json!({"level": 2, "state": "approved"})).await.unwrap();
    let phone = lan["phone"].as_str().unwrap();
    let begun = vneid.call(
        axum::http::Method::POST,
        "/app/v1/activations",
        Some(json!({"number": lan["number"], "phone": phone})),
    );
    begun.await.unwrap();
    let message = vneid.inbox().wait_for(phone, Duration::from_secs(5)).await.unwrap();
    assert_eq!(message["code"].as_str().unwrap().len(), 6);
    assert!(vneid.inbox().all().await.unwrap()["items"].as_array().unwrap().contains(&message));
    // Half a second is a second here, not none.
    let soon = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        vneid.call(axum::http::Method::GET, "/oauth2/jwks", None).await.unwrap()
    };
    let journal = vneid.journal();
    let waits = journal.wait_for("path=/oauth2/jwks", Duration::from_millis(500));
    let (waited, _) = tokio::join!(waits, soon);
    assert_eq!(waited.unwrap()["items"][0]["path"], "/oauth2/jwks");
    let nobody = vneid.inbox().wait_for("0999999999", Duration::ZERO).await;
    assert!(matches!(nobody, Err(CallError::Answer(404, _))), "{nobody:?}");
    let told = vneid.journal().wait_for("kind=message", Duration::from_secs(5)).await.unwrap();
    assert_eq!(told["items"][0]["citizen"], lan["number"]);
    let happened = json!({"expect": [{"match": {"kind": "message", "citizen": lan["number"]}}]});
    vneid.journal().verify(happened).await.unwrap();
    let never = json!({"expect": [{"match": {"kind": "session"}}]});
    assert!(matches!(vneid.journal().verify(never).await, Err(CallError::NotSo(_))));
    let wrong = vneid.fault(json!({"effect": "nope"})).await;
    assert!(matches!(wrong, Err(CallError::Answer(422, _))), "{wrong:?}");
    drop(vneid);
    // Nobody listens any more; the task needs a turn to let go of the socket.
    for _ in 0..200 {
        if reqwest::get(&metadata).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still answers");
}

#[test]
fn a_command_runs_with_a_fresh_simulator_and_its_exit_code_is_passed_on() {
    let binary = env!("CARGO_BIN_EXE_mock-vneid");
    let script = r#""$0" readyz --listen "127.0.0.1:${MOCK_VNEID_URL##*:}" && [ "$MOCK_VNEID_ISSUER" = "$MOCK_VNEID_URL" ] && exit 7"#;
    let ran =
        Command::new(binary).args(["exec", "--", "sh", "-c", script, binary]).status().unwrap();
    assert_eq!(ran.code(), Some(7));
    // Behind a gateway: tokens say the issuer, a command reaches the simulator where it listens.
    let behind = r#"[ "$MOCK_VNEID_ISSUER" = https://id.example ] && [ "${#MOCK_VNEID_ADMIN_TOKEN}" -ge 8 ] && "$0" readyz --listen "127.0.0.1:${MOCK_VNEID_URL##*:}" && exit 9"#;
    let ran = Command::new(binary)
        .args(["exec", "--issuer", "https://id.example", "--", "sh", "-c", behind, binary])
        .status()
        .unwrap();
    assert_eq!(ran.code(), Some(9));
    let missing = Command::new(binary).args(["exec", "--", "/no/such/command"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(127));
    let killed =
        Command::new(binary).args(["exec", "--", "sh", "-c", "kill -9 $$"]).status().unwrap();
    assert_eq!(killed.code(), Some(128 + 9));
    let folder = Command::new(binary).args(["exec", "--", "/"]).status().unwrap();
    assert_eq!(folder.code(), Some(126));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("cannot run /no/such/command"));
}

#[test]
fn who_is_told_to_stop_tells_the_command_and_waits_for_it() {
    use std::io::BufRead as _;
    let script = r"trap 'echo put away; exit 5' TERM; echo begun; while :; do sleep 0.05; done";
    let mut runs = Command::new(env!("CARGO_BIN_EXE_mock-vneid"))
        .args(["exec", "--", "sh", "-c", script])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(runs.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(said.next().as_deref(), Some("begun"));
    crate::harness::tools::signal(&runs, rustix::process::Signal::TERM);
    assert_eq!(said.next().as_deref(), Some("put away"));
    assert_eq!(runs.wait().unwrap().code(), Some(5));
}
