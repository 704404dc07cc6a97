//! Scenarios: every file is a test, played twice to the same bytes; wrong ones say where and what to type.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    extract::Request,
    middleware::{self, Next},
};
use http_body_util::BodyExt as _;
use mock_vneid::{
    App, Config,
    clock::{ManualClock, Timestamp},
    scenario::{self, PlayPlace, ScenarioReport, Script, Target},
    visitor::Wire,
};
use serde_json::{Value, json};

use crate::harness::{START, Sim};

fn library() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenarios");
    let mut paths: Vec<PathBuf> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// A fresh simulator, and every byte that it answers: status, headers, body.
async fn ground() -> (Target, Arc<Mutex<Vec<String>>>) {
    let clock = Arc::new(ManualClock::at(Timestamp::parse(START).unwrap()));
    let app = App::build(&Config::default(), 8080, clock).await.unwrap();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let answers = Arc::clone(&kept);
    let keep = move |request: Request, next: Next| {
        let answers = Arc::clone(&answers);
        async move {
            let asked = format!("{} {}", request.method(), request.uri());
            let (parts, body) = next.run(request).await.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes();
            let body = String::from_utf8_lossy(&bytes);
            let answer = format!("{asked}\n{} {:?}\n{body}", parts.status, parts.headers);
            answers.lock().unwrap().push(answer);
            axum::response::Response::from_parts(parts, Body::from(bytes))
        }
    };
    let router = app.router().layer(middleware::from_fn(keep));
    let url = app.issuer().parse().unwrap();
    (Target { wire: Wire::InProcess(router), url, admin_token: None }, kept)
}

async fn play(text: &str, file: &str) -> ScenarioReport {
    let script = Script::read(text, file).unwrap();
    let (ground, _) = ground().await;
    scenario::run(&script, &ground, &PlayPlace::alone()).await
}

#[tokio::test]
async fn every_scenario_of_the_library_comes_as_told_and_twice_to_the_same_bytes() {
    let library = library();
    assert!(library.len() >= 30, "{}", library.len());
    let (shared, _) = ground().await;
    for (file, text) in library {
        let script = Script::read(&text, &file).unwrap();
        let mut played = Vec::new();
        for _ in 0..2 {
            let (ground, answers) = ground().await;
            let report = scenario::run(&script, &ground, &PlayPlace::alone()).await;
            assert!(report.is_ok(), "{}", report.transcript());
            assert!(!script.story.is_empty(), "{file} tells no story");
            let answers = answers.lock().unwrap().clone();
            assert!(answers.len() > 5, "{file}");
            played.push((report.transcript(), answers));
        }
        let (first, second) = (&played[0], &played[1]);
        for (one, other) in first.1.iter().zip(&second.1) {
            assert_eq!(one, other, "{file}");
        }
        assert_eq!(first, second, "{file}");
        // Beside others, in a realm whose name nobody knows, it goes alike.
        let elsewhere = scenario::run(&script, &shared, &PlayPlace::unique()).await;
        assert_eq!(first.0, elsewhere.transcript(), "{file}");
    }
}

#[test]
fn the_library_uses_every_verb() {
    let mut used = BTreeSet::new();
    for (_, text) in library() {
        for line in text.lines() {
            used.extend(line.strip_prefix("do = ").map(|verb| verb.trim_matches('"').to_owned()));
        }
    }
    let document = scenario::document();
    let verbs = document.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let unused: Vec<&str> = verbs.filter(|verb| *verb != "do" && !used.contains(*verb)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_schema_takes_the_library_and_not_what_the_reader_refuses() {
    let schema = scenario::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json = |text: &str| -> Value {
        serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
    };
    for (file, text) in library() {
        let errors: Vec<String> =
            validator.iter_errors(&json(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
    for (text, _) in WRONG.iter().filter(|(text, _)| toml::from_str::<toml::Table>(text).is_ok()) {
        // What only a look at other parts of the script tells, a schema does not see.
        let beyond = ["ngoc", "portall", "\"rows\"", "exist = ", "24 h"];
        if !beyond.iter().any(|word| text.contains(word)) {
            assert!(!validator.is_valid(&json(text)), "{text}");
        }
    }
}

/// A wrong script, and what its author reads.
const WRONG: [(&str, &str); 17] = [
    ("", "x.toml:1: a script has steps: [[step]]"),
    (
        "nme = \"a\"\n[[step]]\nsay = \"b\"",
        "x.toml:1: there is no field `nme`; did you mean `name`?",
    ),
    ("\n\nname = 3\n[[step]]\nsay = \"b\"", "x.toml:3: name is a text: name = \"…\""),
    ("[[step]]\ndo = \"advence\"", "x.toml:2: there is no verb `advence`; did you mean `advance`?"),
    ("[[step]]\ndo = \"advance\"", "x.toml:2: advance needs `duration`: duration = \"…\""),
    (
        "[[step]]\ndo = \"advance\"\nduraton = \"P1D\"",
        "x.toml:3: there is no field of advance `duraton`; did you mean `duration`?",
    ),
    (
        "[[step]]\ndo = \"advance\"\nby = \"P1D\"",
        "x.toml:3: there is no field of advance `by`; there is: duration, say, expect, save",
    ),
    (
        "[people.lan]\n[[step]]\ndo = \"register\"\nwho = \"ngoc\"",
        "x.toml:4: there is no person `ngoc`; there is: lan",
    ),
    (
        "[people.lan]\n[clients.portal]\n[[step]]\ndo = \"sign_in\"\nwho = \"lan\"\nclient = \"portall\"",
        "x.toml:6: there is no client `portall`; did you mean `portal`?",
    ),
    (
        "[people.lan]\n[[step]]\ndo = \"account\"",
        "x.toml:3: account needs `who`: who = \"a name of [people]\"",
    ),
    (
        "[[step]]\ndo = \"clock\"\nwho = \"lan\"",
        "x.toml:3: there is no field of clock `who`; there is: say, expect, save",
    ),
    (
        "[[step]]\nfor_each = \"rows\"\n[[step.step]]\nsay = \"a\"",
        "x.toml:2: there is no table `rows`; there is: none",
    ),
    (
        "[[tables.t]]\na = 1\n[[step]]\nfor_each = \"t\"\ndo = \"clock\"",
        "x.toml:5: `do` does not belong here: a step with for_each has steps of its own: [[step.step]]",
    ),
    (
        "[[step]]\ndo = \"clock\"\nexpect = { now = { exists = true, exist = 1 } }",
        "x.toml:3: `exist` stands beside comparisons and is none; did you mean `exists`?",
    ),
    ("at = \"24 h\"\n[[step]]\nsay = \"b\"", "x.toml:1: at is "),
    ("[[step]]\nwho = \"lan\"", "x.toml:2: a step says what to do: do = \"sign_in\""),
    ("[[step]\nsay = \"b\"", "x.toml:1: "),
];

#[test]
fn a_wrong_script_is_told_where_and_what_to_type() {
    for (text, told) in WRONG {
        let mistake = Script::read(text, "x.toml").expect_err(text).to_string();
        assert!(mistake.starts_with(told), "{text}\n{mistake}\n{told}");
    }
}

#[test]
fn large_and_deep_scripts_are_refused() {
    let large = format!("# {}\n", "x".repeat(scenario::LARGEST));
    let mistake = Script::read(&large, "x.toml").unwrap_err().to_string();
    assert!(mistake.contains("at most 262144 bytes"), "{mistake}");
    let deep = format!("vars.a = {}1{}\n[[step]]\nsay = \"b\"", "[".repeat(60), "]".repeat(60));
    assert!(Script::read(&deep, "x.toml").unwrap_err().to_string().contains("nested deeper"));
    let cases = "[[case]]\na = 1\n".repeat(201) + "[[step]]\nsay = \"b\"";
    assert!(Script::read(&cases, "x.toml").unwrap_err().to_string().contains("200 cases"));
}

/// The failure of a script with Lan and a portal in it: line and sentence.
async fn failure(steps: &str) -> (usize, String) {
    let text = format!("[people.lan]\nnumber = \"097190000011\"\n[clients.portal]\n{steps}");
    let report = play(&text, "x.toml").await;
    assert!(!report.is_ok());
    let failure = report.runs[0].failure.clone().unwrap();
    let transcript = report.transcript();
    assert!(transcript.contains(&format!("FAILED at line {}", failure.line)), "{transcript}");
    (failure.line, failure.message)
}

#[tokio::test]
async fn what_does_not_come_as_expected_is_told_with_its_line() {
    let step = |more: &str| format!("[[step]]\ndo = \"account\"\nwho = \"lan\"\n{more}");
    for (more, line, told) in [
        ("expect = { level = 1 }", 7, "level is 2, expected 1"),
        ("expect = { level = { at_most = 1 } }", 7, "level is 2, expected at_most 1"),
        ("expect = { level = { not = 2 } }", 7, "expected not 2"),
        ("expect = { state = { one_of = [\"locked\"] } }", 7, "expected one_of [\"locked\"]"),
        ("expect = { reason = { exists = true } }", 7, "reason is missing, expected exists true"),
        ("expect = { state = \"loc*\" }", 7, "state is \"active\", expected \"loc*\""),
        ("expect.card.status = \"expired\"", 7, "card.status is \"valid\", expected \"expired\""),
        (
            "expect = { state = \"${lam.number}\" }",
            7,
            "there is no variable `lam`; did you mean `lan`?",
        ),
        ("save = { it = \"nothing\" }", 7, "the answer has no `nothing` to save"),
        ("save = { it = \"fullname\" }", 7, "no `fullname` to save; did you mean `full_name`?"),
        // A field that is not there is no other value, or a slip would pass for ever.
        (
            "expect = { levle = { not = 1 } }",
            7,
            "levle is missing, expected not 1; did you mean `level`?",
        ),
        ("expect = { levle = 2 }", 7, "levle is missing, expected 2; did you mean `level`?"),
        ("expect.card.statu = \"valid\"", 7, "statu is missing, expected \"valid\""),
        (
            "expect = { level = { equals = 2 } }",
            7,
            "level is 2, expected {\"equals\":2}: fields of its own, or a comparison (exists, not,",
        ),
    ] {
        let (at, message) = failure(&step(more)).await;
        assert_eq!((at, message.contains(told)), (line, true), "{more}: {message}");
    }
}

/// outside.md T2: the list that is expected is the whole list, not its beginning.
#[tokio::test]
async fn t2_a_list_that_only_begins_as_expected_is_another() {
    let reads = "[[step]]\ndo = \"call\"\npath = \"/.well-known/openid-configuration\"\n";
    let short = format!("{reads}expect.response_modes_supported = [\"query\"]");
    let (_, told) = failure(&short).await;
    assert!(told.ends_with("expected [\"query\"]"), "{told}");
}

#[tokio::test]
async fn what_is_refused_fails_unless_it_was_expected() {
    let wrong = "[[step]]\ndo = \"open\"\nwho = \"lan\"\nclient = \"portal\"\n\
                 [[step]]\ndo = \"enter_password\"\nwho = \"lan\"\npassword = \"sai\"\n";
    let (line, message) = failure(wrong).await;
    assert_eq!(line, 9);
    let hint = "refused with `wrong_credentials`; if it must be: expect = { refused = \"wrong_credentials\" }";
    assert!(message.starts_with(hint), "{message}");
    let nobody =
        "[people.dat]\nstate = \"unregistered\"\n[[step]]\ndo = \"register\"\nwho = \"dat\"";
    let (_, message) = failure(nobody).await;
    assert!(message.contains("dat has no phone: say phone = \"…\" in this step"), "{message}");
    let (line, message) = failure("[[step]]\ndo = \"enter_otp\"\nwho = \"lan\"\notp = \"1\"").await;
    assert_eq!(line, 5);
    assert!(message.contains("do = \"open\", who = \"lan\""), "{message}");
    // What cannot be read is told whole, where it stands.
    for (step, told) in [
        ("do = \"fault\"\neffect = \"id_token.expird\"", "did you mean id_token.expired?"),
        ("do = \"advance\"\nduration = \"3 minutes\"", "such as PT3M, P7D or -PT1H"),
        ("do = \"force\"\nstate = \"blocked\"\nwho = \"lan\"", "temporarily_locked, locked"),
        ("do = \"message\"\npurpose = \"OTP\"", "must be one of otp, approval"),
    ] {
        let (line, message) = failure(&format!("[[step]]\n{step}")).await;
        assert_eq!((line, message.contains(told)), (6, true), "{message}");
    }
}

#[tokio::test]
async fn what_a_table_says_wrong_is_told_where_it_stands() {
    for (text, line, told) in [
        ("[people.an]\nstate = \"active\"\nlevel = \"two\"\n", 3, "level"),
        ("[people.an]\n\nstate = \"actve\"\n", 3, "active"),
        ("[policy]\n\nreviw = \"manual\"\n", 3, "reviw"),
        ("[clients.portal]\n\nminimum_level = 3\n", 3, "1 or 2"),
    ] {
        let report = play(&format!("{text}[[step]]\nsay = \"a\"\n"), "x.toml").await;
        let failure = report.runs[0].failure.clone().unwrap();
        assert_eq!((failure.line, failure.message.contains(told)), (line, true), "{failure:?}");
    }
    let rows = "[[tables.t]]\nlevel = 1\n[[tables.t]]\nlevel = 2\n[people.lan]\nnumber = \"097190000011\"\n\
                [[step]]\nfor_each = \"t\"\n[[step.step]]\ndo = \"account\"\nwho = \"lan\"\nexpect = { level = \"${row.level}\" }";
    let failure = play(rows, "x.toml").await.runs[0].failure.clone().unwrap();
    assert_eq!(failure.message, "level is 2, expected 1 (t 1: level = 1)");
    assert_eq!(failure.answer.unwrap()["number"], "097190000011");
}

#[tokio::test]
async fn the_phone_somebody_registers_with_is_hers_from_then_on() {
    let text = "[people.dat]\nstate = \"unregistered\"\n[clients.portal]\n\
        [[step]]\ndo = \"register\"\nwho = \"dat\"\nphone = \"0987654321\"\n\
        [[step]]\ndo = \"activate\"\nwho = \"dat\"\n\
        [[step]]\ndo = \"change_phone\"\nwho = \"dat\"\nphone = \"0987654322\"\n\
        [[step]]\nsay = \"${dat.phone}\"\ndo = \"account\"\nwho = \"dat\"\nexpect = { phone = \"${dat.phone}\" }";
    let report = play(text, "x.toml").await;
    assert!(report.is_ok(), "{}", report.transcript());
    assert!(report.transcript().contains("0987654322"), "{}", report.transcript());
}

#[tokio::test]
async fn a_case_is_a_run_of_its_own_and_junit_tells_which_failed() {
    let text = "name = \"Levels\"\n[[case]]\nlevel = 1\n[[case]]\nlevel = 2\n[people.ai]\nlevel = \"${case.level}\"\n\
                [[step]]\ndo = \"account\"\nwho = \"ai\"\nexpect = { level = 1 }\n";
    let report = play(text, "levels.toml").await;
    let ok: Vec<bool> = report.runs.iter().map(|run| run.ok).collect();
    assert_eq!(ok, [true, false]);
    let junit = scenario::junit(&[report]).unwrap();
    for part in [
        "<testsuites name=\"mock-vneid run\" tests=\"2\" skipped=\"0\" failures=\"1\" errors=\"0\">",
        "<testcase name=\"Levels · 1: level = 1\" classname=\"levels.toml\">",
        "<failure message=\"levels.toml:11: level is 2, expected 1",
    ] {
        assert!(junit.contains(part), "{part}\n{junit}");
    }
}

#[tokio::test]
async fn a_realm_of_its_own_is_gone_after_and_a_named_one_stays() {
    let sim = Sim::new().await;
    let script = "[people.lan]\nnumber = \"097190000011\"\n[[step]]\ndo = \"lock\"\nwho = \"lan\"\nreason = \"breach_of_terms\"\n";
    let fresh = sim.post("/admin/v1/scenarios", json!({"script": script})).await.status(200).json();
    assert_eq!(fresh["runs"][0]["ok"], true, "{fresh}");
    assert_eq!(fresh["file"], "script.toml");
    let realms = sim.get("/admin/v1/realms").await.json();
    assert_eq!(realms["items"].as_array().unwrap().len(), 1, "{realms}");
    assert_eq!(sim.account("097190000011").await["state"], "active");
    let here = json!({"script": script, "file": "lock.toml", "realm": "default"});
    sim.post("/admin/v1/scenarios", here).await.status(200);
    assert_eq!(sim.account("097190000011").await["state"], "locked");
}

#[tokio::test]
async fn the_api_refuses_what_it_cannot_play() {
    let sim = Sim::new().await;
    let wrong = json!({"script": "\n[[step]]\ndo = \"advence\""});
    let problem = sim.post("/admin/v1/scenarios", wrong).await.problem(422, "invalid");
    let told = "script line 3: there is no verb `advence`; did you mean `advance`?";
    assert_eq!(problem["detail"], told);
    let nowhere = json!({"script": "[[step]]\nsay = \"a\"", "realm": "none"});
    sim.post("/admin/v1/scenarios", nowhere).await.problem(404, "not_found");
    // A scenario that plays itself would never end.
    let again =
        "[[step]]\ndo = \"call\"\npath = \"/admin/v1/scenarios\"\nbody = { script = \"\" }\n";
    let played =
        sim.post("/admin/v1/scenarios", json!({"script": again, "realm": "default"})).await;
    let message = played.status(200).json()["runs"][0]["failure"]["message"].clone();
    assert_eq!(message, "a scenario plays no other");
    let away = "[[step]]\ndo = \"call\"\npath = \"//portal.example/\"\n";
    let played = sim.post("/admin/v1/scenarios", json!({"script": away, "realm": "default"})).await;
    let message = played.status(200).json()["runs"][0]["failure"]["message"].clone();
    assert_eq!(message, "path //portal.example/ leads away from the simulator");
}

#[tokio::test]
async fn two_at_once_do_not_meet() {
    let sim = Sim::new().await;
    // Each waits in the middle, so the other begins while its realm is there.
    let slow = "[[step]]\ndo = \"fault\"\neffect = \"door.delay\"\ndoor = \"/oauth2/jwks\"\nmilliseconds = 50\n\
                [[step]]\ndo = \"call\"\npath = \"/oauth2/jwks\"\n";
    let play = || sim.post("/admin/v1/scenarios", json!({"script": slow}));
    let (one, other) = tokio::join!(play(), play());
    for played in [one, other] {
        let played = played.status(200).json();
        assert_eq!(played["runs"][0]["ok"], true, "{played}");
    }
}

#[tokio::test]
async fn a_loop_ends_after_two_thousand_steps_and_is_at_most_three_deep() {
    let rows = "[[tables.t]]\na = 1\n".repeat(50);
    let deeper = |depth: usize| -> String {
        let steps = |at: usize| "step.".repeat(at) + "step";
        let loops = (0..depth).map(|at| format!("[[{}]]\nfor_each = \"t\"\n", steps(at)));
        loops.collect::<String>() + &format!("[[{}]]\nsay = \"a\"\n", steps(depth))
    };
    let report = play(&format!("{rows}{}", deeper(2)), "x.toml").await;
    assert_eq!(
        report.runs[0].failure.as_ref().unwrap().message,
        "more than 2000 steps (t 10: a = 1) (t 40: a = 1)"
    );
    assert_eq!(report.runs[0].steps, 2001);
    assert!(Script::read(&format!("{rows}{}", deeper(3)), "x.toml").is_ok());
    let mistake = Script::read(&format!("{rows}{}", deeper(4)), "x.toml").unwrap_err();
    assert_eq!(mistake.message, "loops are at most three deep");
}
