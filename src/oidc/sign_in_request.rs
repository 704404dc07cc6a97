//! A sign-in that waits for an app: a QR code on the login page, or a notice pushed to a holder; good for 300 seconds, once.

use serde::{Deserialize, Serialize};

use super::{INTERACTION_SECONDS, grant::Authentication};
use crate::{
    clock::Timestamp,
    identity::{IdNumber, Refused},
};

/// Seconds a request can be scanned, answered and continued. Invented: an automation of the real page waits as long (facts
/// §5.2, §5.4).
pub const SIGN_IN_REQUEST_SECONDS: i64 = 300;
/// Seconds before another notice may be pushed. Invented, as for an OTP.
pub const PUSH_SECONDS: i64 = 60;
/// What the picture's text begins with. Invented: the real content is not known.
const MARK: &str = "VNEID-MOCK-SIGN-IN:";

/// Whose app may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SignInKind {
    /// Whoever scans first.
    Qr,
    /// The holder of this number; nobody, where what was typed is none.
    Push {
        /// As typed on the page; it need not have an account.
        to: Option<IdNumber>,
    },
}

impl SignInKind {
    /// What is said of it when it is too late.
    pub const fn expired(&self) -> Refused {
        match self {
            Self::Qr => Refused::QrExpired,
            Self::Push { .. } => Refused::ConfirmationExpired,
        }
    }
}

/// Its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "state")]
#[strum(serialize_all = "snake_case")]
pub enum SignInState {
    /// Nobody has seen it.
    Waiting,
    /// An app shows it to this holder.
    Scanned {
        /// Who scanned.
        number: IdNumber,
    },
    /// She agreed.
    Approved {
        /// Who, when and how.
        authentication: Authentication,
    },
    /// She did not.
    Refused,
    /// The browser went on with it.
    Used,
}

/// What may happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInCommand {
    /// A holder's app scans the code.
    Scan {
        /// Whose.
        number: IdNumber,
    },
    /// She agrees; passcode and face were checked.
    Approve {
        /// Who, when and how.
        authentication: Authentication,
    },
    /// She refuses; her passcode was checked.
    Refuse {
        /// Who.
        number: IdNumber,
    },
    /// A browser goes on.
    Continue {
        /// With which interaction.
        interaction: String,
    },
}

/// The request. It belongs to one interaction, and so to one browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRequest {
    /// What the app calls it: the digest of its code.
    pub id: String,
    /// The interaction it was made for; it continues no other.
    pub interaction: String,
    /// The portal's name: the app shows it.
    pub client_name: String,
    /// What the portal asks for.
    pub scope: String,
    /// The page shows it too, so that a holder sees that it is her own.
    pub reference: String,
    /// Whose app may answer.
    pub kind: SignInKind,
    /// Its status.
    pub state: SignInState,
    /// From then on it is too late for everything.
    pub until: Timestamp,
}

impl SignInRequest {
    /// Its name in the store: pushes are found by whom they went to.
    pub fn name(kind: SignInKind, id: &str) -> String {
        match kind {
            SignInKind::Qr => format!("qr\0{id}"),
            SignInKind::Push { to: Some(number) } => format!("{number}\0{id}"),
            SignInKind::Push { to: None } => format!("nobody\0{id}"),
        }
    }

    /// How long it is remembered: a code that was scanned too late is told so, a push is not asked for by anybody.
    pub const fn kept_until(&self) -> Timestamp {
        match self.kind {
            SignInKind::Qr => self.until.plus_seconds(INTERACTION_SECONDS),
            SignInKind::Push { .. } => self.until,
        }
    }

    /// The new state, kept even when refused, and the answer: who signed in, once the browser goes on.
    pub fn decide(
        self,
        command: SignInCommand,
        now: Timestamp,
    ) -> (Self, Result<Option<Authentication>, Refused>) {
        let open = matches!(
            self.state,
            SignInState::Waiting | SignInState::Scanned { .. } | SignInState::Approved { .. }
        );
        if open && now >= self.until {
            let expired = self.kind.expired();
            return (self, Err(expired));
        }
        let answer = self.answer(&command);
        let state = match (&answer, command) {
            (Ok(_), SignInCommand::Scan { number }) => SignInState::Scanned { number },
            (Ok(_), SignInCommand::Approve { authentication }) => {
                SignInState::Approved { authentication }
            }
            (Ok(_), SignInCommand::Refuse { .. }) => SignInState::Refused,
            (Ok(_), SignInCommand::Continue { .. }) => SignInState::Used,
            (Err(_), _) => self.state,
        };
        (Self { state, ..self }, answer)
    }

    fn answer(&self, command: &SignInCommand) -> Result<Option<Authentication>, Refused> {
        match (&self.state, command) {
            (_, SignInCommand::Scan { .. }) if self.kind != SignInKind::Qr => {
                Err(self.out_of_turn(command))
            }
            (SignInState::Waiting, SignInCommand::Scan { .. }) => Ok(None),
            // The same app scans once more.
            (SignInState::Scanned { number: by }, SignInCommand::Scan { number })
                if by == number =>
            {
                Ok(None)
            }
            (_, SignInCommand::Approve { authentication }) if self.asks(&authentication.number) => {
                Ok(None)
            }
            (_, SignInCommand::Refuse { number }) if self.asks(number) => Ok(None),
            (state, SignInCommand::Continue { interaction })
                if *interaction == self.interaction =>
            {
                match state {
                    SignInState::Approved { authentication } => Ok(Some(authentication.clone())),
                    SignInState::Waiting | SignInState::Scanned { .. } => {
                        Err(Refused::ConfirmationRequired)
                    }
                    SignInState::Refused => Err(Refused::ConfirmationRefused),
                    SignInState::Used => Err(self.out_of_turn(command)),
                }
            }
            _ => Err(self.out_of_turn(command)),
        }
    }

    /// Whether this holder's answer is waited for.
    pub fn asks(&self, number: &IdNumber) -> bool {
        match (&self.state, self.kind) {
            (SignInState::Scanned { number: by }, SignInKind::Qr) => by == number,
            (SignInState::Waiting, SignInKind::Push { to }) => to.as_ref() == Some(number),
            _ => false,
        }
    }

    fn out_of_turn(&self, command: &SignInCommand) -> Refused {
        let command = match command {
            SignInCommand::Scan { .. } => "scan",
            SignInCommand::Approve { .. } => "approve",
            SignInCommand::Refuse { .. } => "refuse",
            SignInCommand::Continue { .. } => "continue",
        };
        Refused::OutOfTurn { state: self.state.name().into(), command: command.into() }
    }
}

impl SignInState {
    /// As documents name it.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// What is drawn into the picture.
pub fn content(code: &str) -> String {
    format!("{MARK}{code}")
}

/// The code in what was scanned or typed: the picture's text, or the code alone.
pub fn code(scanned: &str) -> &str {
    let scanned = scanned.trim();
    scanned.strip_prefix(MARK).unwrap_or(scanned)
}
