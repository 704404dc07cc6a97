//! What the cases came to: for people, as Markdown, as `JUnit`.

use std::fmt::Write as _;

use axum::http::StatusCode;
use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::cases::Case;
use crate::faults::Verdict;

/// What a case came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It did what the clause demands.
    Passed,
    /// The case did not reach it.
    NotExercised,
    /// It did not do what a clause recommends, or was not prepared for what came.
    Weak,
    /// It took what must be refused, refused what must be taken, or did not get over it.
    Failed,
}

impl Grade {
    const fn mark(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::NotExercised => "not exercised",
            Self::Weak => "WEAK",
            Self::Failed => "FAILED",
        }
    }
}

/// What was seen of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Whether the case reached it.
    pub(crate) fired: bool,
    /// Why it did not.
    pub(crate) idle: Option<String>,
    /// Whether it took what came.
    pub(crate) accepted: bool,
    /// Where not, whether a good sign-in works afterwards.
    pub(crate) recovers: Option<bool>,
    /// Why it gave no answer at all.
    pub(crate) silent: Option<String>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) said: String,
}

impl Seen {
    pub(crate) fn of(status: Option<StatusCode>, said: String) -> Self {
        Self {
            fired: true,
            idle: None,
            accepted: false,
            recovers: None,
            silent: None,
            status,
            said,
        }
    }

    pub(crate) fn idle(why: String) -> Self {
        Self { fired: false, idle: Some(why), ..Self::of(None, String::new()) }
    }

    pub(crate) fn silent(why: String) -> Self {
        Self { silent: Some(why), ..Self::of(None, String::new()) }
    }

    /// The grade and why.
    fn graded(&self, verdict: Verdict) -> (Grade, String) {
        let said = &self.said;
        if let Some(why) = &self.silent {
            return (Grade::Failed, format!("it gives no answer: {why}"));
        }
        if !self.fired {
            let why = self.idle.clone().unwrap_or_else(|| "the fault did not go off".to_owned());
            return (Grade::NotExercised, why);
        }
        match (self.accepted, verdict) {
            (true, Verdict::Refuse) => {
                return (Grade::Failed, format!("took what it must refuse: {said}"));
            }
            (true, Verdict::Should) => {
                return (Grade::Weak, format!("took what it should refuse: {said}"));
            }
            (false, Verdict::Accept) => {
                return (Grade::Failed, format!("refused what it must take: {said}"));
            }
            _ => {}
        }
        if self.recovers == Some(false) {
            return (Grade::Failed, format!("a good sign-in after it does not work: {said}"));
        }
        // Its own errors have statuses of their own; 500 is what a framework says for want of one.
        if self.status == Some(StatusCode::INTERNAL_SERVER_ERROR) {
            return (Grade::Weak, format!("was not prepared for it: {said}"));
        }
        // Without a status it is no answer to a browser, and says itself what it is.
        let did = match (self.status, self.accepted) {
            (None, _) => said.clone(),
            (_, true) => format!("signed in: {said}"),
            (_, false) => format!("nobody signed in: {said}"),
        };
        (Grade::Passed, did)
    }
}

/// A case and what it came to.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// The case.
    pub case: Case,
    /// What it came to.
    pub grade: Grade,
    /// What the application did.
    pub did: String,
}

impl CaseRow {
    pub(crate) fn new(case: Case, seen: &Seen) -> Self {
        let (grade, did) = seen.graded(case.verdict);
        Self { case, grade, did }
    }

    /// On one line; of what is not well, what was wrong and which clause says so.
    pub fn line(&self) -> String {
        let Self { case, grade, did } = self;
        let mut line = format!("{:<13} {:<32} {did}", grade.mark(), case.name);
        if *grade >= Grade::Weak {
            write_to(&mut line, format_args!("\n{:14}{}\n{:14}{}", "", case.does, "", case.clause));
        }
        line
    }
}

/// All of them.
#[derive(Debug, Clone)]
pub struct GauntletReport {
    /// The application, the client, how to tell who is signed in.
    pub about: Vec<String>,
    /// In the order in which they were played.
    pub rows: Vec<CaseRow>,
    /// Whether what is only recommended counts.
    pub strict: bool,
    /// At which case it ended before its end, and why.
    pub broken_off: Option<String>,
}

impl GauntletReport {
    /// How many came to a grade.
    pub fn count(&self, grade: Grade) -> usize {
        self.rows.iter().filter(|row| row.grade == grade).count()
    }

    /// Whether it came through.
    pub fn is_ok(&self) -> bool {
        self.broken_off.is_none() && self.rows.iter().all(|row| !self.counts(row.grade))
    }

    fn counts(&self, grade: Grade) -> bool {
        grade == Grade::Failed || self.strict && grade == Grade::Weak
    }

    /// How many of what.
    pub fn summary(&self) -> String {
        let of = |grade| self.count(grade);
        let counts = format!(
            "{}: {} ok, {} weak, {} failed, {} not exercised",
            match self.rows.len() {
                1 => "1 case".to_owned(),
                more => format!("{more} cases"),
            },
            of(Grade::Passed),
            of(Grade::Weak),
            of(Grade::Failed),
            of(Grade::NotExercised),
        );
        match &self.broken_off {
            Some(why) => format!("{counts}; BROKEN OFF at {why}"),
            None => counts,
        }
    }

    /// For people: what is wrong first.
    pub fn markdown(&self) -> String {
        let mut text =
            "# mock-vneid gauntlet\n\nMô phỏng, không phải VNeID · a simulation, not VNeID\n\n"
                .to_owned();
        for line in &self.about {
            write_to(&mut text, format_args!("- {}\n", cell(line)));
        }
        write_to(&mut text, format_args!("- {}\n", self.summary()));
        let heads = [
            (Grade::Failed, "Failed"),
            (Grade::Weak, "Weak"),
            (Grade::NotExercised, "Not exercised"),
            (Grade::Passed, "Passed"),
        ];
        for (grade, head) in heads.into_iter().filter(|(grade, _)| self.count(*grade) > 0) {
            write_to(&mut text, format_args!("\n## {head}: {}\n\n", self.count(grade)));
            text.push_str("| case | what is wrong | what it did | clause |\n|---|---|---|---|\n");
            for CaseRow { case, did, .. } in self.rows.iter().filter(|row| row.grade == grade) {
                let cells = [&case.does, did, case.clause].map(cell);
                write_to(&mut text, format_args!("| `{}` | {} |\n", case.name, cells.join(" | ")));
            }
        }
        text
    }

    /// `JUnit` XML: a suite for each group of the menu.
    ///
    /// # Errors
    /// Where a text holds what XML cannot.
    pub fn junit(&self) -> Result<String, String> {
        let mut suites = Suites::new("mock-vneid gauntlet");
        let mut groups: Vec<&str> = self.rows.iter().map(|row| row.case.group()).collect();
        groups.sort_unstable();
        groups.dedup();
        for name in groups {
            let mut suite = TestSuite::new(name);
            for row in self.rows.iter().filter(|row| row.case.group() == name) {
                let mut status = match row.grade {
                    grade if self.counts(grade) => {
                        TestCaseStatus::non_success(NonSuccessKind::Failure)
                    }
                    Grade::NotExercised => TestCaseStatus::skipped(),
                    _ => TestCaseStatus::success(),
                };
                if row.grade != Grade::Passed {
                    status.set_message(row.did.as_str());
                }
                let mut case = TestCase::new(row.case.name.as_str(), status);
                case.set_classname(format!("gauntlet.{name}"));
                case.set_system_out(row.line());
                suite.add_test_case(case);
            }
            suites.add_test_suite(suite);
        }
        if let Some(why) = &self.broken_off {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(why.as_str());
            let mut suite = TestSuite::new("broken off");
            suite.add_test_case(TestCase::new("gauntlet", status));
            suites.add_test_suite(suite);
        }
        suites.to_string().map_err(|error| error.to_string())
    }
}

/// A text in a table.
fn cell(text: impl AsRef<str>) -> String {
    text.as_ref().replace('|', "\\|").replace('\n', " ")
}

fn write_to(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_graded_by_what_the_clause_demands() {
        let seen = |status: u16| Seen::of(StatusCode::from_u16(status).ok(), "said".to_owned());
        let took = || Seen { accepted: true, ..seen(200) };
        let stuck = || Seen { recovers: Some(false), ..seen(400) };
        let rows = [
            (took(), Verdict::Refuse, Grade::Failed, "took what it must refuse: said"),
            (took(), Verdict::Should, Grade::Weak, "took what it should refuse: said"),
            (took(), Verdict::May, Grade::Passed, "signed in: said"),
            (took(), Verdict::Accept, Grade::Passed, "signed in: said"),
            (seen(400), Verdict::Refuse, Grade::Passed, "nobody signed in: said"),
            (seen(400), Verdict::Accept, Grade::Failed, "refused what it must take: said"),
            (
                stuck(),
                Verdict::Refuse,
                Grade::Failed,
                "a good sign-in after it does not work: said",
            ),
            (seen(500), Verdict::Survive, Grade::Weak, "was not prepared for it: said"),
            (seen(502), Verdict::Survive, Grade::Passed, "nobody signed in: said"),
            (
                Seen::silent("cut".to_owned()),
                Verdict::May,
                Grade::Failed,
                "it gives no answer: cut",
            ),
            (Seen::idle("no nonce".to_owned()), Verdict::Refuse, Grade::NotExercised, "no nonce"),
        ];
        for (seen, verdict, grade, did) in rows {
            assert_eq!(seen.graded(verdict), (grade, did.to_owned()), "{seen:?}");
        }
    }
}
