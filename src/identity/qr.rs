//! `QR căn cước` and `QR định danh`: five minutes in which a desk reads exactly what the holder shares (facts §5.2).

use serde::{Deserialize, Serialize};

use super::{number::IdNumber, papers::PaperKind, refused::Refused};
use crate::clock::Timestamp;

/// Seconds a code is good for (C06 guide 08/2022: five minutes).
pub const QR_SECONDS: i64 = 300;
/// What the simulator's codes begin with. The real content is not known.
const MARK: &str = "VNEID-MOCK-QR:";

/// The two kinds of QR code of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QrKind {
    /// `QR căn cước`: in place of the card.
    CanCuoc,
    /// `QR định danh`: who the holder is.
    DinhDanh,
}

/// A code, named by the digest of its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// The holder.
    pub number: IdNumber,
    /// Which of the two.
    pub kind: QrKind,
    /// Papers shared besides name, birth date, gender and number.
    pub share: Vec<PaperKind>,
    /// Whether the phone number is shared.
    pub phone: bool,
    /// When it was made.
    pub at: Timestamp,
    /// The account's epoch then: a lock ends it.
    pub epoch: u32,
}

impl QrCode {
    /// The last moment it is good for is just before this.
    pub const fn until(&self) -> Timestamp {
        self.at.plus_seconds(QR_SECONDS)
    }

    /// Whether a desk may read it.
    pub const fn check(&self, epoch: u32, at: Timestamp) -> Result<(), Refused> {
        if at.as_millis() >= self.until().as_millis() || epoch != self.epoch {
            return Err(Refused::QrExpired);
        }
        Ok(())
    }
}

/// What is drawn into the picture.
pub fn content(token: &str) -> String {
    format!("{MARK}{token}")
}

/// The token in what was scanned.
pub fn token(content: &str) -> Option<&str> {
    content.trim().strip_prefix(MARK).filter(|token| !token.is_empty() && token.len() <= 100)
}
