//! What a run came to: a transcript for people, `JUnit` for tools.

use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;
use serde_json::Value;

use super::{
    run_session::Acted, script::Script, source::Mistake, target::HttpAnswer, variables::plain,
};
use crate::clock::Timestamp;

/// A scenario and its results.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScenarioReport {
    /// As it was named.
    pub file: String,
    /// What it is called.
    pub name: String,
    /// One for each case; one where there are none.
    pub runs: Vec<ScenarioRun>,
}

/// A case that was run.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScenarioRun {
    /// The row of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Whether every expectation was met.
    pub ok: bool,
    /// Steps that were run.
    pub steps: usize,
    /// What happened, line by line.
    pub transcript: String,
    /// The first expectation that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<RunFailure>,
}

/// Why a run ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RunFailure {
    /// Line of the script, from 1.
    pub line: usize,
    /// What was not as expected.
    pub message: String,
    /// The unexpected answer, long texts cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub answer: Option<Value>,
}

impl RunFailure {
    /// The same, in a row of a table.
    pub(crate) fn within(self, table: &str, row: &str) -> Self {
        Self { message: format!("{} ({table} {row})", self.message), ..self }
    }
}

/// Fields of an answer that a line of the transcript shows where they are there.
const SHOWN: [&str; 13] = [
    "http", "status", "refused", "says", "page", "state", "level", "reason", "count", "active",
    "now", "code", "error",
];

/// What a step did, and whether it came out as expected.
pub(crate) struct Performed<'a> {
    pub(crate) verb: &'a str,
    pub(crate) acted: &'a Acted,
    pub(crate) answer: Option<&'a HttpAnswer>,
    pub(crate) is_right: bool,
}

impl ScenarioRun {
    pub(crate) fn named(script: &Script, case: Option<String>) -> Self {
        let mut transcript = format!("── {}", script.name);
        if let Some(case) = &case {
            write_to(&mut transcript, format_args!(" · {case}"));
        }
        transcript.push('\n');
        for line in script.story.lines() {
            write_to(&mut transcript, format_args!("   {line}\n"));
        }
        Self { case, ok: false, steps: 0, transcript, failure: None }
    }

    pub(crate) fn says(&mut self, sentence: &str) {
        write_to(&mut self.transcript, format_args!("   · {sentence}\n"));
    }

    pub(crate) fn does(
        &mut self,
        now: &str,
        line: usize,
        Performed { verb, acted, answer, is_right }: Performed<'_>,
    ) {
        let mark = if is_right { "ok  " } else { "FAIL" };
        let mut text = format!("{mark} {} {line:>4}  {verb}", local(now));
        for name in [&acted.who, &acted.client].into_iter().filter(|name| !name.is_empty()) {
            write_to(&mut text, format_args!(" {name}"));
        }
        for (name, value) in &acted.fields {
            let value: String = plain(value).chars().take(60).collect();
            write_to(&mut text, format_args!(" {name}={value}"));
        }
        if let Some(answer) = answer {
            text.push_str("  →");
            for name in SHOWN {
                let value = answer.get(name);
                if !value.is_null() && !value.is_object() && !value.is_array() {
                    write_to(&mut text, format_args!(" {name}={}", plain(value)));
                }
            }
        }
        text.push('\n');
        self.transcript.push_str(&text);
    }

    pub(crate) fn receives(&mut self, message: &Value) {
        let of = |name: &str| plain(&message[name]);
        let line = format_args!(
            "     ✉ {} {} → {} ({}): {}\n",
            of("channel"),
            of("purpose"),
            of("to"),
            of("status"),
            of("text").replace('\n', " ")
        );
        write_to(&mut self.transcript, line);
    }

    pub(crate) fn end(&mut self, failure: Option<RunFailure>) {
        self.ok = failure.is_none();
        if let Some(failure) = &failure {
            let line = format_args!("FAILED at line {}: {}\n", failure.line, failure.message);
            write_to(&mut self.transcript, line);
            if let Some(answer) = &failure.answer {
                write_to(&mut self.transcript, format_args!("       the answer: {answer}\n"));
            }
        }
        self.failure = failure;
    }
}

/// A moment in Viet Nam's time: `2026-03-02 09:00:00`.
fn local(now: &str) -> String {
    let local = Timestamp::parse(now).map(|now| now.plus_seconds(7 * 3600).to_string());
    local.map_or_else(|_| now.to_owned(), |text| text.replace('T', " ").replace('Z', ""))
}

fn write_to(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).unwrap_or_default();
}

impl ScenarioReport {
    /// Of a script that cannot be read.
    pub fn unread(mistake: Mistake) -> Self {
        let Mistake { file, line, message } = mistake;
        let transcript = format!("── {file}\n");
        let mut run = ScenarioRun { case: None, ok: false, steps: 0, transcript, failure: None };
        run.end(Some(RunFailure { line, message, answer: None }));
        Self { name: file.clone(), file, runs: vec![run] }
    }

    /// Whether every run came as expected.
    pub fn is_ok(&self) -> bool {
        self.runs.iter().all(|run| run.ok)
    }

    /// A failure on one line: file, line, what is not as expected.
    pub fn told(&self, failure: &RunFailure) -> String {
        format!("{}:{}: {}", self.file, failure.line, failure.message)
    }

    /// The transcripts, one after the other.
    pub fn transcript(&self) -> String {
        self.runs.iter().map(|run| &*run.transcript).collect()
    }
}

/// `JUnit` XML: a suite for each script, a case for each run.
///
/// # Errors
/// Where a text holds what XML cannot.
pub fn junit(reports: &[ScenarioReport]) -> Result<String, String> {
    let mut suites = Suites::new("mock-vneid run");
    for report in reports {
        let mut suite = TestSuite::new(report.file.as_str());
        for run in &report.runs {
            let name = run
                .case
                .as_ref()
                .map_or_else(|| report.name.clone(), |case| format!("{} · {case}", report.name));
            let status = run.failure.as_ref().map_or_else(TestCaseStatus::success, |failure| {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(report.told(failure));
                status
            });
            let mut case = TestCase::new(name, status);
            case.set_classname(report.file.as_str());
            case.set_system_out(run.transcript.as_str());
            suite.add_test_case(case);
        }
        suites.add_test_suite(suite);
    }
    suites.to_string().map_err(|error| error.to_string())
}
