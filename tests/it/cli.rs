//! The binary as it is started by hand: commands, settings, mistakes, the ready file, SIGTERM.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use rustix::process::Signal;

use crate::harness::tools::signal;

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-vneid"));
    command.env_clear();
    command
}

fn run(arguments: &[&str]) -> Output {
    binary().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn fails(arguments: &[&str], sentence: &str) {
    let output = run(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    let said = text(&output.stderr);
    assert!(said.contains(sentence), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn citizen_prints_somebody_by_number_and_by_wish() {
    let wish = ["citizen", "--level", "1", "--gender", "female", "--birth-year", "1987"];
    let found = run(&wish);
    let person: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!((&person["level"], &person["gender"]), (&1.into(), &"female".into()));
    assert!(person["birth_date"].as_str().unwrap().starts_with("1987"));
    let number = person["number"].as_str().unwrap();
    let again: serde_json::Value =
        serde_json::from_slice(&run(&["citizen", number]).stdout).unwrap();
    assert_eq!(again["full_name"], person["full_name"]);
    let other = run(&[&wish[..], &["--skip", "5000"]].concat());
    assert_ne!(text(&other.stdout), text(&found.stdout));
    fails(&["citizen", "099999999999"], "no synthetic citizen has this number");
    fails(&["citizen", "12"], "12");
    fails(&["citizen", "--level", "3"], "3");
}

fn described(arguments: &[&str]) -> serde_json::Value {
    let output = run(&[&["citizen"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn citizen_prints_every_kind_of_holder() {
    let child = described(&["--kind", "child", "--level", "2", "--state", "active"]);
    assert_eq!((&child["kind"], &child["phone"]), (&"child".into(), &serde_json::Value::Null));
    let mother = described(&[child["representative"].as_str().unwrap()]);
    assert!(mother["dependants"].as_array().unwrap().contains(&child["number"]));
    assert_eq!(mother["residence"], child["residence"]);
    let expired = described(&["--reason", "card_expired", "--gender", "female"]);
    assert_eq!(
        (&expired["state"], &expired["card"]["status"]),
        (&"locked".into(), &"expired".into())
    );
    let foreigner = described(&["--reason", "passport_expired"]);
    assert_eq!(foreigner["kind"], "foreigner");
    assert!(foreigner["foreign"]["passport"]["expires"].as_str().unwrap().starts_with("2025"));
    let organisation =
        described(&["--kind", "organisation", "--state", "active", "--province", "79"]);
    assert_eq!(
        (&organisation["kind"], &organisation["state"]),
        (&"organisation".into(), &"active".into())
    );
    let representative = described(&[organisation["representative"].as_str().unwrap()]);
    assert_eq!(representative["represents"], organisation["number"]);
    assert_eq!(representative["employer"]["name"], organisation["name"]);
    let periods = representative["papers"]["social_insurance"]["periods"].as_array().unwrap();
    assert_eq!(periods.last().unwrap()["unit"], organisation["number"]);
    let again = described(&[organisation["number"].as_str().unwrap()]);
    assert_eq!(again, organisation);
    assert!(again["staff_count"].as_u64().unwrap() > 0);
    let driver = described(&["--papers", "driving,vehicle"]);
    assert!(driver["papers"]["driving"]["number"].as_str().unwrap().len() == 12);
}

#[test]
fn citizen_knows_situations_and_says_when_there_is_nobody() {
    let list = text(&run(&["citizen", "--situations"]).stdout);
    assert!(list.lines().count() >= 40 && list.contains("ward_unregistered"), "{list}");
    let ward = described(&["--situation", "ward_unregistered"]);
    assert_eq!((&ward["kind"], &ward["state"]), (&"ward".into(), &"unregistered".into()));
    assert_eq!(ward["representative"], ward["spouse"]);
    let other = described(&["--situation", "ward_unregistered", "--skip", "1"]);
    assert_ne!(ward["number"], other["number"]);
    fails(&["citizen", "--situation", "happy"], "no situation happy: --situations lists them");
    fails(&["citizen", "--province", "2"], "everyone in question (0) was looked at");
    let rare = ["citizen", "--papers", "dependants", "--birth-year", "2009"];
    fails(&rare, "among 50000 looked at, which is not everyone");
    fails(&["citizen", "--kind", "robot"], "unknown variant `robot`");
}

#[test]
fn openapi_prints_the_checked_in_document() {
    assert_eq!(text(&run(&["openapi"]).stdout), include_str!("../../docs/openapi.json"));
}

#[test]
fn check_accepts_the_demo_and_names_file_line_and_field_of_a_mistake() {
    assert!(run(&["check", "--fixtures", "fixtures/demo.toml"]).status.success());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.toml");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap();
    let demo = include_str!("../../fixtures/demo.toml");
    for (from, to, sentence) in [
        (
            "gender = \"female\"",
            "gender = \"woman\"",
            "people.toml:9: gender: unknown variant `woman`",
        ),
        (
            "full_name = \"Nguyễn Thị Lan\"",
            "full_nam = \"Lan\"",
            "people.toml:7: unknown field `full_nam`",
        ),
        ("number = \"097190000011\"", "number = \"09719\"", "people.toml:6: number:"),
        (
            "number = \"097190000011\"",
            "number = \"097090000011\"",
            "people.toml:9: gender: the fourth digit",
        ),
        (
            "birth_date = 1990-03-08",
            "birth_date = 1991-03-08",
            "people.toml:8: birth_date: digits four to six",
        ),
        ("birth_date = 1990-03-08", "birth_date = 1990-13-08", "people.toml:8: birth_date:"),
        ("phone = \"0912345602\"", "phone = \"0912345601\"", "belongs to somebody else"),
        ("minimum_level = 1", "minimum_level = 3", "people.toml:"),
        ("http://localhost:9999/callback", "javascript:alert(1)", "redirect_uris: must use https"),
        ("state = \"active\", level = 2", "state = \"happy\"", "unknown variant `happy`"),
    ] {
        assert!(demo.contains(from), "{from}");
        write(&demo.replacen(from, to, 1));
        fails(&["check", "--fixtures", path], sentence);
    }
    for (rule, sentence) in [
        (
            "effect = \"id_token.expird\"",
            "people.toml:2: effect: is not a name of the menu; did you mean id_token.expired?",
        ),
        (
            "effect = \"door.status\"\ndoor = \"/login\"\nstatus = 200",
            "people.toml:4: status: must be 400 to 599",
        ),
        ("efect = \"message.lost\"", "people.toml:2: unknown field `efect`"),
        (
            "id = \"a\"\neffect = \"message.lost\"\n[[fault]]\nid = \"a\"\neffect = \"message.lost\"",
            "people.toml:5: id: a is there already",
        ),
    ] {
        write(&format!("[[fault]]\n{rule}\n"));
        fails(&["check", "--fixtures", path], sentence);
    }
    write("[[citizen]\n");
    fails(&["check", "--fixtures", path], "people.toml:1:");
    fails(&["check", "--fixtures", "/nowhere/people.toml"], "/nowhere/people.toml");
}

#[test]
fn settings_come_from_flag_environment_and_file_and_mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mock.toml");
    let path = file.to_str().unwrap();
    for (text, sentence) in [
        ("listen = \"127.0.0.1:0\"\nlisten_to = 1\n", "mock.toml:2: unknown field `listen_to`"),
        ("population = \"many\"\n", "mock.toml:1:"),
        ("hash_cost = \"free\"\n", "mock.toml:1: unknown variant `free`"),
        ("store = \"redis\"\n", "store: must be memory or sled:DIR"),
        ("issuer = \"https://sso.bocongan.gov.vn\"\n", "must not be a gov.vn host"),
        ("population = 68400001\n", "population: must be 0 to 68400000"),
        ("admin_token = \"short\"\n", "admin_token: must have at least 8"),
    ] {
        std::fs::write(&file, text).unwrap();
        fails(&["check", "--config", path], sentence);
    }
    std::fs::write(&file, "population = 1000\n").unwrap();
    assert!(run(&["check", "--config", path]).status.success());
    for issuer in
        ["GOV.VN", "https://gov.vn", "https://x.GOV.VN.", "ftp://a", "https://a/b", "https://u@a"]
    {
        fails(&["check", "--issuer", issuer], "issuer:");
    }
    let wrong = binary().arg("check").env("MOCK_VNEID_STORE", "paper").output().unwrap();
    assert!(text(&wrong.stderr).contains("store: must be memory or sled:DIR"));
    let flag_wins = binary()
        .args(["check", "--store", "memory"])
        .env("MOCK_VNEID_STORE", "paper")
        .output()
        .unwrap();
    assert!(flag_wins.status.success());
}

struct Running(Child, String);

impl Running {
    fn start(folder: &Path, more: &[&str]) -> Self {
        Self::listening("127.0.0.1:0", folder, more)
    }

    fn listening(on: &str, folder: &Path, more: &[&str]) -> Self {
        let ready = folder.join("ready");
        let child = binary()
            .args(["serve", "--listen", on, "--ready-file"])
            .arg(&ready)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        for _ in 0..1000 {
            match std::fs::read_to_string(&ready) {
                Ok(address) if address.ends_with('\n') => {
                    return Self(child, address.trim().to_owned());
                }
                _ => std::thread::park_timeout(std::time::Duration::from_millis(10)),
            }
        }
        panic!("never ready");
    }

    fn get(&self, path: &str) -> String {
        let mut stream = std::net::TcpStream::connect(&self.1).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// SIGTERM; what it printed.
    fn stop(mut self) -> (String, String) {
        signal(&self.0, Signal::TERM);
        let status = self.0.wait().unwrap();
        assert!(status.success(), "{status}");
        let (mut out, mut err) = (String::new(), String::new());
        self.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (out, err)
    }
}

#[test]
fn it_greets_answers_and_stops_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let port = running.1.rsplit(':').next().unwrap().to_owned();
    assert!(
        running.get("/.well-known/openid-configuration").contains(&format!("localhost:{port}"))
    );
    assert!(running.get("/metrics").contains("mock_vneid_requests_total"));
    assert!(run(&["readyz", "--listen", &running.1]).status.success());
    let address = running.1.clone();
    let (greeting, log) = running.stop();
    let parts =
        ["MÔ PHỎNG", "/demo", "/phone", "/console", "/admin/docs", "Vn@000011a", "Nguyễn Thị Lan"];
    for part in parts {
        assert!(greeting.contains(part), "{part} is not in {greeting}");
    }
    assert_eq!(greeting.matches("Vn@").count(), 3);
    assert!(!log.contains("panicked") && !log.contains('\u{1b}'), "{log}");
    assert!(!run(&["readyz", "--listen", &address]).status.success());
}

#[test]
fn whoever_follows_a_realm_does_not_hold_up_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let follow = |path: &str| {
        let mut stream = std::net::TcpStream::connect(&running.1).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        stream
    };
    let mut streams = ["journal", "messages"].map(|of| follow(&format!("/admin/v1/{of}/stream")));
    for stream in &mut streams {
        let mut begun = [0; 12];
        stream.read_exact(&mut begun).unwrap();
        assert_eq!(&begun, b"HTTP/1.1 200");
    }
    let mut waiting = follow("/admin/v1/journal?wait=60s&path=/nothing");
    // Answered by the same realm afterwards: the one before it waits by now.
    running.get("/admin/v1/clock");
    let (_, log) = running.stop();
    assert!(!log.contains("still under way"), "{log}");
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).unwrap();
    // Where it had not been read yet, it is not answered at all.
    let ended = answer.starts_with("HTTP/1.1 200") && answer.contains("\"items\":[]");
    assert!(ended || answer.is_empty(), "{answer}");
}

#[test]
fn a_sled_store_is_held_by_one_process_and_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sled:{}", folder.path().join("data").display());
    let running = Running::start(folder.path(), &["--store", &store]);
    let second = binary().args(["--listen", "127.0.0.1:0", "--store", &store]).output().unwrap();
    assert!(!second.status.success());
    assert!(text(&second.stderr).contains("store"), "{}", text(&second.stderr));
    running.stop();
    std::fs::remove_file(folder.path().join("ready")).unwrap();
    Running::start(folder.path(), &["--store", &store]).stop();
}

#[test]
fn beyond_loopback_there_is_always_an_admin_token() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    let mut running = Running::listening("0.0.0.0:0", folder.path(), &[]);
    let port =
        std::fs::read_to_string(&ready).unwrap().trim().rsplit(':').next().unwrap().to_owned();
    running.1 = format!("127.0.0.1:{port}");
    assert!(running.get("/admin/v1/clock").starts_with("HTTP/1.0 401"));
    let (greeting, _) = running.stop();
    assert!(greeting.contains("admin token"), "{greeting}");
}

#[test]
fn realistic_numbers_are_warned_about() {
    let folder = tempfile::tempdir().unwrap();
    let (greeting, _) = Running::start(folder.path(), &["--id-numbers", "realistic"]).stop();
    assert!(greeting.contains("WARNING"));
}

#[test]
fn scenarios_are_played_from_files_and_folders_here_and_on_a_running_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let lock = "[people.lan]\nnumber = \"097190000011\"\n[[step]]\ndo = \"lock\"\nwho = \"lan\"\nreason = \"breach_of_terms\"\n";
    let good = write("good.toml", lock);
    let played = run(&["run", &good]);
    assert!(played.status.success(), "{}", text(&played.stdout));
    assert!(text(&played.stdout).ends_with("1 of 1 passed\n"), "{}", text(&played.stdout));
    let bad = write("bad.toml", &format!("{lock}expect = {{ state = \"active\" }}\n"));
    let report = folder.path().join("report.xml").display().to_string();
    let both = run(&["run", "-q", &folder.path().display().to_string(), "--junit", &report]);
    let said = text(&both.stdout);
    assert_eq!(both.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("{bad}:7: state is \"locked\", expected \"active\"")), "{said}");
    assert!(said.ends_with("1 of 2 passed\n") && !said.contains("── good"), "{said}");
    assert!(std::fs::read_to_string(&report).unwrap().contains("failures=\"1\""));
    let wrong = write("wrong.toml", "[[step]]\ndo = \"lok\"");
    // What cannot be read keeps nobody else from being played, and is a failure of its own.
    let mistaken = run(&["run", "-q", &wrong, &good, "--junit", &report]);
    let said = text(&mistaken.stdout);
    let told = format!("{wrong}:2: there is no verb `lok`; did you mean `lock`?");
    assert_eq!(mistaken.status.code(), Some(1), "{said}");
    assert!(said.ends_with(&format!("{told}\n1 of 2 passed\n")), "{said}");
    assert!(std::fs::read_to_string(&report).unwrap().contains(&told));
    fails(&["run", "none.toml"], "cannot read none.toml");
    let whole = "write a whole address, such as http://localhost:8080";
    fails(&["run", &good, "--url", "localhost:8080"], whole);
    fails(&["gauntlet", "--rp", "localhost:8080"], whole);
    fails(&["run", &good, "--url", "http://127.0.0.1:9"], "http://127.0.0.1:9/ gives no answer");

    let there = Running::start(folder.path(), &[]);
    let url = format!("http://{}", there.1);
    let account = "/admin/v1/accounts/097190000011";
    assert!(run(&["run", &good, "--url", &url]).status.success());
    assert!(there.get(account).contains("\"state\":\"active\""), "its realm was not its own");
    assert!(run(&["run", &good, "--against", &url, "--realm", "default"]).status.success());
    assert!(there.get(account).contains("\"state\":\"locked\""));
    there.stop();
}
