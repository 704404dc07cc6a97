//! The steps of making an account one's own: OTP, password, passcode, two security questions.

use serde::{Deserialize, Serialize};

use super::{number::IdNumber, otp::Challenge, refused::Refused};

/// What the steps lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The app account of level 0: OTP and password.
    Level0,
    /// Activation: OTP, password unless there is one, passcode, questions.
    Activation,
}

/// The step that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// The OTP.
    Otp {
        /// Its challenge.
        challenge: Challenge,
    },
    /// The password.
    Password,
    /// The passcode.
    Passcode,
    /// The security questions.
    Questions,
    /// Nothing more.
    Done,
}

impl Step {
    /// The name in JSON: what to send next.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Otp { .. } => "otp",
            Self::Password => "password",
            Self::Passcode => "passcode",
            Self::Questions => "questions",
            Self::Done => "done",
        }
    }
}

/// One run through the steps, with what was chosen so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Whose account.
    pub number: IdNumber,
    /// The phone it was begun with; it becomes the account's when level 0 opens.
    pub phone: super::phone::Phone,
    /// What it leads to.
    pub goal: Goal,
    /// Whether the account has a password already (facts §5.1: then that step is left out).
    pub has_password: bool,
    /// The step that is due.
    pub step: Step,
    /// The chosen password's hash.
    pub password: Option<String>,
    /// The chosen passcode's hash.
    pub passcode: Option<String>,
    /// The chosen questions and the hashes of their answers.
    pub questions: Vec<(u8, String)>,
}

impl Enrolment {
    /// Whether `step` (by name) is the one that is due.
    pub fn expects(&self, step: &'static str) -> Result<(), Refused> {
        if self.step.name() == step {
            Ok(())
        } else {
            Err(Refused::OutOfTurn { state: self.step.name(), command: step })
        }
    }

    /// Goes to the step after the one that is due.
    pub fn advance(&mut self) {
        self.step = match (&self.step, self.goal) {
            (Step::Otp { .. }, Goal::Activation) if self.has_password => Step::Passcode,
            (Step::Otp { .. }, _) => Step::Password,
            (Step::Password, Goal::Activation) => Step::Passcode,
            (Step::Passcode, _) => Step::Questions,
            (Step::Password | Step::Questions | Step::Done, _) => Step::Done,
        };
    }
}
