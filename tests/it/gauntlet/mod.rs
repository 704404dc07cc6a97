//! The gauntlet: the demo portal comes through, a careless one fails where it is careless, and what is in the way is told.

mod broken_off;
#[path = "../../../examples/careless_portal.rs"]
mod careless_portal;
mod ways;

use std::collections::BTreeMap;

use mock_vneid::{
    Config, MockVneid,
    gauntlet::{self, GauntletPlan, GauntletReport, Grade},
};
use serde_json::json;
use tokio::net::TcpListener;

async fn simulator() -> MockVneid {
    let config = Config { allow_private_fetch: true, ..Config::default() };
    MockVneid::builder().config(config).start().await.unwrap()
}

fn plan(rp: &str, vneid: &MockVneid) -> GauntletPlan {
    let mut plan = GauntletPlan::new(rp.parse().unwrap(), vneid.issuer().parse().unwrap());
    plan.admin_token = vneid.admin_token().map(str::to_owned);
    plan
}

/// A careless portal of a simulator on a port of its own; its address.
async fn careless(vneid: &MockVneid) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let site = careless_portal::site(vneid.issuer(), &own, vneid.admin_token()).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, site).await });
    own
}

async fn run(plan: &GauntletPlan) -> GauntletReport {
    gauntlet::run(plan, |_| ()).await.unwrap()
}

fn grades(report: &GauntletReport) -> BTreeMap<&str, Grade> {
    report.rows.iter().map(|row| (&*row.case.name, row.grade)).collect()
}

fn of(report: &GauntletReport, grade: Grade) -> Vec<&str> {
    let mut names: Vec<&str> =
        grades(report).into_iter().filter(|it| it.1 == grade).map(|it| it.0).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_demo_portal_comes_through() {
    let vneid = simulator().await;
    // What a gauntlet that broke off has left is taken back.
    vneid.fault(json!({"effect": "id_token.expired", "id": "gauntlet-left"})).await.unwrap();
    let report = run(&plan(&format!("{}/demo", vneid.issuer()), &vneid)).await;
    let wrong: Vec<String> = report
        .rows
        .iter()
        .filter(|row| row.grade >= Grade::Weak)
        .map(gauntlet::CaseRow::line)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(report.rows.iter().all(|row| row.grade == Grade::Passed), "{}", report.markdown());
    assert!(report.is_ok());
    // Nothing of it is left behind.
    assert_eq!(
        vneid.call(axum::http::Method::GET, "/admin/v1/faults", None).await.unwrap(),
        json!([])
    );
}

#[tokio::test]
async fn a_careless_portal_fails_where_it_is_careless() {
    let vneid = simulator().await;
    let portal = careless(&vneid).await;
    let mut report = run(&plan(&portal, &vneid)).await;
    assert_eq!(
        of(&report, Grade::Failed),
        [
            "callback.in_another_browser",
            "callback.injected",
            "callback.no_state",
            "callback.other_state",
            "id_token.alg_none",
            "id_token.bad_signature",
            "id_token.embedded_key",
            "id_token.expired",
            "id_token.hs256_public_key",
            "id_token.no_aud",
            "id_token.no_exp",
            "id_token.no_iat",
            "id_token.no_iss",
            "id_token.no_sub",
            "id_token.other_aud",
            "id_token.other_azp",
            "id_token.other_iss",
            "id_token.other_key",
            "id_token.unknown_kid",
            "jwks.empty",
            "jwks.other_keys",
            "logout_token.bad_signature",
            "logout_token.no_events",
            "logout_token.other_aud",
            "logout_token.with_nonce",
        ]
    );
    // What it asks for and does not look at, what is only recommended, and a 500 for everything it did not think of.
    assert_eq!(
        of(&report, Grade::Weak),
        [
            "callback.again",
            "callback.error",
            "callback.no_code",
            "callback.no_iss",
            "callback.other_code",
            "callback.other_iss",
            "callback.replayed_code",
            "door.cut.token",
            "door.empty.token",
            "door.html.token",
            "door.oauth_error.token",
            "door.status.token",
            "door.too_many_requests.token",
            "door.truncate.token",
            "id_token.more_audiences",
            "id_token.not_yet_valid",
            "id_token.old_sign_in",
            "id_token.other_acr",
            "id_token.other_at_hash",
            "request.pkce",
            "store.answer_lost.token",
            "store.conflict.token",
            "store.reads_fail.token",
            "store.writes_fail.token"
        ]
    );
    assert!(!report.is_ok());
    let said = report.markdown();
    let failed = said.split("## Weak").next().unwrap();
    assert!(failed.contains("## Failed: 25"), "{said}");
    assert!(
        failed.contains(
            "| `id_token.alg_none` | `alg: none`, no signature | took what it must refuse"
        ),
        "{said}"
    );
    let suites = report.junit().unwrap();
    assert_eq!(suites.matches("<testcase ").count(), report.rows.len(), "{suites}");
    assert_eq!(suites.matches("<failure ").count(), 25, "{suites}");
    report.strict = true;
    assert_eq!(report.junit().unwrap().matches("<failure ").count(), 25 + 24);
    assert!(suites.contains("<skipped message="), "{suites}");
}

/// The sentence that a gauntlet ends with before it has begun.
async fn in_the_way(change: impl FnOnce(&mut GauntletPlan)) -> String {
    let vneid = simulator().await;
    let portal = careless(&vneid).await;
    let mut plan = plan(&portal, &vneid);
    change(&mut plan);
    gauntlet::run(&plan, |_| ()).await.unwrap_err()
}

#[tokio::test]
async fn what_is_in_the_way_is_told_and_what_to_do() {
    let to = |url: &str| url.parse().unwrap();
    let nobody = in_the_way(|plan| plan.rp = to("http://localhost:9/")).await;
    assert!(nobody.starts_with("http://localhost:9/ gives no answer: "), "{nobody}");
    let no_way = in_the_way(|plan| plan.login = Some(plan.rp.join("/nowhere").unwrap())).await;
    assert!(
        no_way.contains("speaks of signing in; name the address") && no_way.contains("--login"),
        "{no_way}"
    );
    let elsewhere = in_the_way(|plan| {
        let port = plan.url.port().unwrap();
        plan.url = to(&format!("http://127.0.0.1:{port}/"));
        plan.login = None;
        // The provider is known by what its metadata say, not by the address it was asked at.
        plan.rp = to(&format!("http://127.0.0.1:{port}/admin/docs"));
    })
    .await;
    assert!(elsewhere.contains("no way leads from"), "{elsewhere}");
    let no_simulator = in_the_way(|plan| plan.url = plan.rp.clone()).await;
    assert!(no_simulator.contains("/.well-known/openid-configuration"), "{no_simulator}");
    let text = in_the_way(|plan| plan.signed_in_text = Some("Careless".to_owned())).await;
    assert!(text.contains("is on ") && text.contains("before anybody signs in"), "{text}");
    let text = in_the_way(|plan| plan.signed_in_text = Some("Tạm biệt".to_owned())).await;
    assert!(text.contains("after a good sign-in"), "{text}");
    let probe = in_the_way(|plan| plan.probe = Some(plan.url.join("/demo").unwrap())).await;
    assert!(probe.contains("--signed-in-text"), "{probe}");
    let case = in_the_way(|plan| plan.only = vec!["id_token.expird".to_owned()]).await;
    assert_eq!(case, "--only id_token.expird is no case; did you mean id_token.expired?");
    let person =
        in_the_way(|plan| plan.account = vec![("097190000011".to_owned(), "wrong".to_owned())])
            .await;
    assert!(
        person.contains("a good sign-in does not work: 097190000011 cannot sign in: /login"),
        "{person}"
    );
}

#[tokio::test]
async fn a_text_that_is_named_decides_and_accounts_take_turns() {
    let vneid = simulator().await;
    let portal = careless(&vneid).await;
    let mut plan = plan(&portal, &vneid);
    plan.signed_in_text = Some("Hồ sơ của bạn".to_owned());
    plan.login = Some(format!("{portal}/login").parse().unwrap());
    let mut accounts = Vec::new();
    for _ in 0..2 {
        let account = vneid.person(json!({"level": 1, "state": "active"})).await.unwrap();
        let of = |name: &str| account[name].as_str().unwrap().to_owned();
        accounts.push((of("number"), of("password")));
    }
    plan.account = accounts;
    plan.only = vec!["id_token.expired".to_owned(), "userinfo.*".to_owned()];
    let report = run(&plan).await;
    assert_eq!(report.summary(), "4 cases: 0 ok, 0 weak, 1 failed, 3 not exercised");
    assert!(report.about[2].ends_with("it shows \"Hồ sơ của bạn\""), "{:?}", report.about);
}

#[test]
fn the_command_writes_its_reports_and_says_by_its_exit_code() {
    let binary = env!("CARGO_BIN_EXE_mock-vneid");
    let folder = tempfile::tempdir().unwrap();
    let (report, junit) = (folder.path().join("g.md"), folder.path().join("g.xml"));
    let script = r#""$0" gauntlet --rp "$MOCK_VNEID_URL/demo" --only callback.no_state --only 'jwks.e*' --report "$1" --junit "$2""#;
    let mut command = std::process::Command::new(binary);
    command.args(["exec", "--", "sh", "-c", script, binary]).arg(&report).arg(&junit);
    let ran = command.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said} {}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("2 cases: 2 ok, 0 weak, 0 failed, 0 not exercised"), "{said}");
    assert!(std::fs::read_to_string(report).unwrap().contains("## Passed: 2"));
    assert!(std::fs::read_to_string(junit).unwrap().contains("<testcase name=\"jwks.empty\""));
    let mut command = std::process::Command::new(binary);
    let ran = command
        .args(["gauntlet", "--rp", "http://localhost:9/", "--url", "http://localhost:9/"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(said.contains("http://localhost:9/") && said.contains("refused"), "{said}");
}
