//! One browser's way through the pages, from the authorization request to the answer.

use serde::{Deserialize, Serialize};

use super::{
    authorize::AuthorizationRequest, grant::Authentication, language::Language, sign_in_request,
};
use crate::{
    clock::Timestamp,
    identity::{IdNumber, otp::Challenge},
};

/// The page that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionStep {
    /// ID number and password.
    Password,
    /// Somebody is signed in already: she, or another (`prompt=select_account`).
    SelectAccount {
        /// Who is signed in, and how.
        authentication: Authentication,
        /// Her session's `sid`.
        session: String,
    },
    /// The OTP, after a right password.
    Otp {
        /// Who typed the password.
        number: IdNumber,
        /// The OTP that was sent.
        challenge: Challenge,
        /// The account's epoch then: whatever begins another ends this sign-in too.
        epoch: u32,
    },
    /// The holder answers in her app: a QR code is shown, or a notice was pushed.
    Qr {
        /// What the picture holds; the request is named by its digest.
        code: String,
        /// Which of the two.
        kind: sign_in_request::SignInKind,
    },
    /// The representative of a child or ward is asked for consent (Decree 69/2024 Art. 14.2).
    Representative {
        /// Who signed in.
        authentication: Authentication,
        /// The name of the question to the representative.
        consent: String,
    },
    /// The holder may act for an organisation too: “Cá nhân” or “Tổ chức”.
    AccountType {
        /// Who signed in.
        authentication: Authentication,
    },
    /// The client asks for level 2; the account has level 1.
    Level {
        /// Who signed in.
        authentication: Authentication,
    },
    /// The holder decides whether the portal receives the claims.
    Consent {
        /// Who signed in.
        authentication: Authentication,
    },
}

impl InteractionStep {
    /// The page's path beneath the realm.
    pub const fn path(&self) -> &'static str {
        match self {
            Self::Password => "/login",
            Self::SelectAccount { .. } => "/login/select-account",
            Self::Otp { .. } => "/login/otp",
            Self::Qr { .. } => "/login/qr",
            Self::Representative { .. } => "/login/representative",
            Self::AccountType { .. } => "/login/account-type",
            Self::Level { .. } => "/login/level",
            Self::Consent { .. } => "/login/consent",
        }
    }
}

/// An interaction. It belongs to the browser that began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// What the portal asked.
    pub request: AuthorizationRequest,
    /// The portal's name, for the pages.
    pub client_name: String,
    /// SHA-256 of the browser's cookie: a link alone does not continue somebody's sign-in.
    pub browser: String,
    /// What the next form must carry; a new one after every step, so a form counts once.
    pub form: String,
    /// Goes with the OTP message, so that two sign-ins of one person are told apart.
    pub reference: String,
    /// The language of the pages.
    pub language: Language,
    /// The page that is due.
    pub step: InteractionStep,
    /// The `sid` of the session that the holder has by now.
    #[serde(default)]
    pub session: Option<String>,
    /// When a notice was last pushed to an app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed_at: Option<Timestamp>,
    /// When it is forgotten.
    pub until: Timestamp,
}
