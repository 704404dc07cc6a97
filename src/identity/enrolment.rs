//! Steps that a holder takes one after the other: OTP, password, passcode, two security questions; and what they lead to.

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
    /// A new password for a forgotten one: OTP and password.
    Password,
    /// A new passcode for a forgotten one: OTP and passcode.
    Passcode,
    /// Another phone number, in the app: an OTP to that number.
    Phone,
    /// The end of a lock that the holder asked for, in the app: an OTP.
    Unlock,
    /// The app signs in on another device: an OTP on the old one, or by SMS after the chip was read.
    Device,
}

/// The step that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "step")]
#[strum(serialize_all = "snake_case")]
pub enum EnrolmentStep {
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

impl EnrolmentStep {
    /// The name in JSON: what to send next.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// One run through the steps, with what was chosen so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Whose account.
    pub number: IdNumber,
    /// The phone it was begun with; where level 0 opens or the phone changes, it becomes the account's.
    pub phone: super::phone::Phone,
    /// What it leads to.
    pub goal: Goal,
    /// The account's epoch then: what was begun signed in ends with a lock or a new password.
    #[serde(default)]
    pub epoch: u32,
    /// Whether the account has a password already (facts §5.1: then that step is left out).
    pub has_password: bool,
    /// The device that is bound at the end; none on the web.
    #[serde(default)]
    pub device: Option<String>,
    /// Whether the OTP appears in the app of the old device instead of an SMS (facts §5.3).
    #[serde(default)]
    pub by_app: bool,
    /// The step that is due.
    pub step: EnrolmentStep,
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
            Err(Refused::OutOfTurn { state: self.step.name().into(), command: step.into() })
        }
    }

    /// Goes to the step after the one that is due.
    pub fn advance(&mut self) {
        self.step = match (&self.step, self.goal) {
            (EnrolmentStep::Otp { .. }, Goal::Activation) if self.has_password => {
                EnrolmentStep::Passcode
            }
            (EnrolmentStep::Otp { .. }, Goal::Level0 | Goal::Activation | Goal::Password) => {
                EnrolmentStep::Password
            }
            (EnrolmentStep::Otp { .. }, Goal::Passcode)
            | (EnrolmentStep::Password, Goal::Activation) => EnrolmentStep::Passcode,
            (EnrolmentStep::Passcode, Goal::Activation) => EnrolmentStep::Questions,
            _ => EnrolmentStep::Done,
        };
    }
}
