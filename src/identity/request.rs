//! Requests that an office decides: an agency's for a lock or its end, a holder's for another phone number.

use serde::{Deserialize, Serialize};

use super::{
    calendar::{Calendar, LegalTime},
    number::IdNumber,
    phone::Phone,
    refused::Refused,
};
use crate::clock::Timestamp;

/// Working days in which the commune police forward an agency's request (Decree 69/2024 Art. 30).
const FORWARD: LegalTime = LegalTime::WorkingDays(1);
/// Working days in which the head of the authority decides (Art. 30; Decree 59/2022 Art. 19).
const DECIDE: LegalTime = LegalTime::WorkingDays(2);
/// Reported: 7 to 10 days for a change of phone by the police or the hotline (facts §2.9).
const CHANGE_PHONE: LegalTime = LegalTime::Days(7);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "ask")]
#[strum(serialize_all = "snake_case")]
pub enum Ask {
    /// A competent body asks for a lock.
    Lock,
    /// It asks for the end of a lock.
    Unlock,
    /// The holder asks for another number, at a desk or by the hotline.
    ChangePhone {
        /// The new number.
        phone: Phone,
    },
}

impl Ask {
    /// The name in JSON and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "status")]
#[strum(serialize_all = "snake_case")]
pub enum RequestStatus {
    /// Taken in at a desk.
    Received,
    /// With the head of the authority.
    Forwarded,
    /// Granted.
    Granted,
    /// Refused in writing.
    Refused {
        /// The words.
        text: String,
    },
}

/// What may happen to it.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RequestCommand {
    /// The desk forwards it.
    Forward,
    /// The head of the authority grants it.
    Grant,
    /// The head of the authority refuses it.
    Refuse {
        /// The words.
        text: String,
    },
}

impl RequestStatus {
    /// Every name, in the order of a request's way.
    pub const NAMES: [&str; 4] = ["received", "forwarded", "granted", "refused"];

    /// The name in JSON and documents.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether nothing can happen to it any more.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Granted | Self::Refused { .. })
    }

    /// The new status, kept even when refused, and whether the request is now to be carried out.
    pub fn decide(self, command: RequestCommand) -> (Self, Result<bool, Refused>) {
        match (self, command) {
            (Self::Received, RequestCommand::Forward) => (Self::Forwarded, Ok(false)),
            (Self::Received | Self::Forwarded, RequestCommand::Grant) => (Self::Granted, Ok(true)),
            (Self::Received | Self::Forwarded, RequestCommand::Refuse { text }) => {
                (Self::Refused { text }, Ok(false))
            }
            (status, command) => {
                let refused = Refused::OutOfTurn { state: status.name().into(), command: command.name().into() };
                (status, Err(refused))
            }
        }
    }
}

impl RequestCommand {
    /// The name in documents.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// A request and its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeRequest {
    /// A ULID.
    pub id: String,
    /// Whose account.
    pub number: IdNumber,
    /// What is asked for.
    #[serde(flatten)]
    pub ask: Ask,
    /// Which body asks, in its own words.
    pub body: Option<String>,
    /// Its status.
    #[serde(flatten)]
    pub status: RequestStatus,
    /// When the law wants the next step.
    pub deadline: Timestamp,
    /// Every status it has had, and when it began.
    pub history: Vec<(String, Timestamp)>,
}

impl OfficeRequest {
    /// A request as it is taken in.
    pub fn received(
        id: String,
        number: IdNumber,
        ask: Ask,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Self {
        let time = match ask {
            Ask::Lock | Ask::Unlock => FORWARD,
            Ask::ChangePhone { .. } => CHANGE_PHONE,
        };
        Self {
            id,
            number,
            ask,
            body: None,
            status: RequestStatus::Received,
            deadline: time.end(now, calendar),
            history: vec![(RequestStatus::Received.name().to_owned(), now)],
        }
    }

    /// Moves the status and writes the history.
    pub fn decide(
        &mut self,
        command: RequestCommand,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Result<bool, Refused> {
        let (status, answer) =
            std::mem::replace(&mut self.status, RequestStatus::Received).decide(command);
        self.status = status;
        if answer.is_ok() {
            self.history.push((self.status.name().to_owned(), now));
            if self.status == RequestStatus::Forwarded {
                self.deadline = DECIDE.end(now, calendar);
            }
        }
        answer
    }

    /// What the end of the legal time does to it, where the realm decides so.
    pub const fn when_due(&self) -> RequestCommand {
        match (&self.status, self.ask) {
            (RequestStatus::Received, Ask::Lock | Ask::Unlock) => RequestCommand::Forward,
            _ => RequestCommand::Grant,
        }
    }
}
