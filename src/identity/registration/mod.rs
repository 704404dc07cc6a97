//! A registration (hồ sơ): what is asked for, what the databases say, and how it ends.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    calendar::{Calendar, LegalTime},
    level::Level,
    name::FullName,
    number::{Gender, IdNumber},
    organisation::Organisation,
    papers::PaperKind,
    phone::Phone,
    refused::Refused,
};
use crate::clock::Timestamp;

mod checks;

pub use checks::{Applicant, Representative, legal_time, may_register};

/// Where it was asked for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationChannel {
    /// In the app: level 1 (Decree 69/2024 Art. 10.1).
    App,
    /// At a police desk with a valid chip card: level 2 (Art. 10.2).
    Desk,
    /// At a desk of the place of residence, card and level 2 together (Art. 10.2).
    DeskWithCard,
    /// At the immigration authority: a foreigner's level 2 (Art. 11).
    Immigration,
    /// In the app of the legal representative: an organisation (Art. 12).
    OrganisationApp,
    /// On paper, form TK02: an organisation (Art. 12).
    OrganisationPaper,
}

impl RegistrationChannel {
    /// The level this channel leads to.
    pub const fn level(self) -> Level {
        match self {
            Self::App => Level::One,
            Self::Desk | Self::DeskWithCard | Self::Immigration => Level::Two,
            Self::OrganisationApp | Self::OrganisationPaper => Level::Unlevelled,
        }
    }

    /// Every channel.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;
}

/// How simulated evidence compares with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The same person.
    #[default]
    Match,
    /// Somebody else.
    Mismatch,
    /// Not good enough to tell.
    Unreadable,
}

/// What the applicant declares; fields left out are read from the card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Declared {
    /// Full name.
    pub full_name: Option<FullName>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Gender.
    pub gender: Option<Gender>,
    /// A foreigner's nationality.
    pub nationality: Option<String>,
    /// A foreigner's passport number.
    pub passport_number: Option<String>,
    /// What is declared of an organisation.
    pub organisation: Option<Box<Organisation>>,
}

/// How the result is told (Decree 69/2024 Art. 10: by the app, SMS or e-mail).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResultBy {
    /// A notice in the app.
    App,
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
}

/// A paper brought for integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Which paper.
    pub kind: PaperKind,
    /// The number printed on it, if the officer compares it.
    pub number: Option<String>,
}

/// A paper brought along for integration, and what its owner's database said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presented {
    /// Which paper.
    pub kind: PaperKind,
    /// The number printed on it; left out, the officer did not compare one.
    pub number: Option<String>,
    /// The result.
    pub outcome: PaperCheck,
}

/// What a database says of a presented paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperCheck {
    /// It is what the database holds: integrated when the account is approved.
    Verified,
    /// The database holds another.
    Mismatch,
    /// The database holds none.
    Unknown,
}

/// Why it was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Rejection {
    /// Declared data differ from the population database.
    DataMismatch {
        /// Which fields.
        fields: Vec<String>,
    },
    /// The portrait is not the holder's, or cannot be read.
    Portrait {
        /// What the comparison said.
        evidence: Evidence,
    },
    /// The fingerprints are not the holder's, or cannot be read.
    Fingerprints {
        /// What the comparison said.
        evidence: Evidence,
    },
    /// An officer's own words.
    Officer {
        /// At most 200 characters.
        text: String,
    },
}

/// Its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "status")]
#[strum(serialize_all = "snake_case")]
pub enum RegistrationStatus {
    /// Received.
    Submitted,
    /// Being compared with the databases.
    Matching,
    /// Everything matches; the ministry decides.
    UnderReview,
    /// Granted.
    Approved,
    /// Refused.
    Rejected(Rejection),
    /// Taken back by the applicant.
    Withdrawn,
}

impl RegistrationStatus {
    /// Every name, in the order of a registration's way.
    pub const NAMES: [&str; 6] =
        ["submitted", "matching", "under_review", "approved", "rejected", "withdrawn"];

    /// The name in JSON and documents.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether nothing can happen to it any more.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Approved | Self::Rejected(_) | Self::Withdrawn)
    }
}

/// What may happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationCommand {
    /// The comparison begins.
    BeginMatching,
    /// The databases answered: no objection, or one.
    RecordFindings(Option<Rejection>),
    /// The ministry grants it.
    Approve,
    /// The ministry refuses it.
    Reject(Rejection),
    /// The applicant takes it back.
    Withdraw,
}

impl RegistrationCommand {
    /// The name in documents.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::BeginMatching => "begin_matching",
            Self::RecordFindings(None) => "record_match",
            Self::RecordFindings(Some(_)) => "record_mismatch",
            Self::Approve => "approve",
            Self::Reject(_) => "reject",
            Self::Withdraw => "withdraw",
        }
    }
}

/// What must be done once the new status is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationEffect {
    /// Approve the account at the registration's level.
    ApproveAccount,
    /// Tell the applicant why not.
    SendRejection,
}

impl RegistrationStatus {
    /// The new status, kept even when refused, and what to do or why not.
    pub fn decide(
        self,
        command: RegistrationCommand,
    ) -> (Self, Result<Vec<RegistrationEffect>, Refused>) {
        match (self, command) {
            (Self::Submitted, RegistrationCommand::BeginMatching) => (Self::Matching, Ok(vec![])),
            (Self::Matching, RegistrationCommand::RecordFindings(None)) => {
                (Self::UnderReview, Ok(vec![]))
            }
            (Self::Matching, RegistrationCommand::RecordFindings(Some(rejection)))
            | (Self::UnderReview, RegistrationCommand::Reject(rejection)) => {
                (Self::Rejected(rejection), Ok(vec![RegistrationEffect::SendRejection]))
            }
            (Self::UnderReview, RegistrationCommand::Approve) => {
                (Self::Approved, Ok(vec![RegistrationEffect::ApproveAccount]))
            }
            (
                Self::Submitted | Self::Matching | Self::UnderReview,
                RegistrationCommand::Withdraw,
            ) => (Self::Withdrawn, Ok(vec![])),
            (status, command) => {
                let refused = Refused::OutOfTurn { state: status.name().into(), command: command.name().into() };
                (status, Err(refused))
            }
        }
    }
}

/// What the applicant hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Whose account.
    pub number: IdNumber,
    /// Where it is asked for.
    pub channel: RegistrationChannel,
    /// The applicant's own phone number; the representative's for a child or ward.
    pub phone: Phone,
    /// An e-mail address, if any.
    pub email: Option<String>,
    /// Declared data to compare; what is left out counts as read from the card.
    pub declared: Declared,
    /// How the portrait compares with the database.
    pub portrait: Evidence,
    /// How the fingerprints compare (level 2).
    pub fingerprints: Evidence,
    /// The province of the desk, a current two-digit code.
    pub desk_province: Option<u8>,
    /// Who registers for a child or ward: signed in to the app, or present at the desk.
    #[serde(default)]
    pub representative: Option<IdNumber>,
    /// Where the result goes; everywhere the holder can be reached if empty.
    #[serde(default)]
    pub result_by: Vec<ResultBy>,
}

impl Application {
    /// One in which everything is read from the card and the evidence matches.
    pub fn new(number: IdNumber, channel: RegistrationChannel, phone: Phone) -> Self {
        Self {
            number,
            channel,
            phone,
            email: None,
            declared: Declared::default(),
            portrait: Evidence::Match,
            fingerprints: Evidence::Match,
            desk_province: None,
            representative: None,
            result_by: Vec::new(),
        }
    }
}

/// A registration and its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// A ULID.
    pub id: String,
    /// What was handed in.
    #[serde(flatten)]
    pub application: Application,
    /// Its status.
    pub status: RegistrationStatus,
    /// Every status it has had, and when it began.
    pub history: Vec<(String, Timestamp)>,
    /// Papers brought along.
    #[serde(default)]
    pub papers: Vec<Presented>,
    /// Legal representatives who have not consented yet (Art. 12).
    #[serde(default)]
    pub awaiting: Vec<IdNumber>,
    /// How long the law gives, counted from the complete dossier (Art. 13).
    pub legal_time: LegalTime,
    /// The end of that time; absent while the dossier is incomplete.
    #[serde(default)]
    pub deadline: Option<Timestamp>,
}

impl Registration {
    /// One that was just received; its legal time runs once the dossier is complete.
    pub fn submitted(
        id: String,
        application: Application,
        legal_time: LegalTime,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            application,
            status: RegistrationStatus::Submitted,
            history: vec![(RegistrationStatus::Submitted.name().to_owned(), now)],
            papers: Vec::new(),
            awaiting: Vec::new(),
            legal_time,
            deadline: None,
        }
    }

    /// The dossier is complete from now on: the legal time runs (Decree 69/2024 Art. 13).
    pub fn complete(&mut self, calendar: &Calendar, now: Timestamp) {
        self.deadline = Some(self.legal_time.end(now, calendar));
    }

    /// Moves the status and writes the history.
    pub fn decide(
        &mut self,
        command: RegistrationCommand,
        now: Timestamp,
    ) -> Result<Vec<RegistrationEffect>, Refused> {
        let (status, answer) =
            std::mem::replace(&mut self.status, RegistrationStatus::Submitted).decide(command);
        self.status = status;
        if answer.is_ok() {
            self.history.push((self.status.name().to_owned(), now));
        }
        answer
    }
}
