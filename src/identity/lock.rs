//! Why an account is locked, and who may lift it.

use serde::{Deserialize, Serialize};

use super::refused::Refused;

/// The grounds of Law 26/2023 Art. 34 and Decree 69/2024 Art. 15 for citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// The holder asks (Art. 34.1.a).
    HoldersRequest,
    /// Breach of the app agreement (Art. 34.1.b).
    BreachOfTerms,
    /// The card was revoked or seized (Art. 34.1.c).
    CardRevoked,
    /// The card is out of date (Decree 69/2024 Art. 15).
    CardExpired,
    /// The holder died (Art. 34.1.d).
    Death,
    /// A competent body asks (Art. 34.1.đ).
    AuthoritysRequest,
}

/// Who asks for a lock or its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The account's holder.
    Holder,
    /// The ministry, which keeps the terms of use.
    Ministry,
    /// A procedure-conducting or other competent body.
    Authority,
    /// A change in the card or population database: the ground came or went.
    Registry,
}

impl LockReason {
    /// Every ground, in the order of the law.
    pub const ALL: [Self; 6] = [
        Self::HoldersRequest,
        Self::BreachOfTerms,
        Self::CardRevoked,
        Self::CardExpired,
        Self::Death,
        Self::AuthoritysRequest,
    ];

    /// Who invokes this ground when nobody says.
    pub const fn usual_party(self) -> By {
        match self {
            Self::HoldersRequest => By::Holder,
            Self::BreachOfTerms => By::Ministry,
            Self::CardRevoked | Self::CardExpired | Self::Death => By::Registry,
            Self::AuthoritysRequest => By::Authority,
        }
    }

    /// Law 26/2023 Art. 34.3, Decree 69/2024 Art. 30: each ground ends by the party it came from.
    pub fn may_end(self, by: By) -> Result<(), Refused> {
        if self == Self::Death {
            return Err(Refused::DeathIsFinal);
        }
        if by == self.usual_party() { Ok(()) } else { Err(Refused::MayNotUnlock { reason: self }) }
    }

    /// The ground in Vietnamese.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::HoldersRequest => "theo yêu cầu của chủ tài khoản",
            Self::BreachOfTerms => "vi phạm thỏa thuận sử dụng ứng dụng",
            Self::CardRevoked => "thẻ căn cước bị thu hồi hoặc bị giữ",
            Self::CardExpired => "thẻ căn cước hết hạn",
            Self::Death => "chủ tài khoản đã chết",
            Self::AuthoritysRequest => "theo yêu cầu của cơ quan có thẩm quyền",
        }
    }

    /// The ground in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::HoldersRequest => "at the holder's request",
            Self::BreachOfTerms => "breach of the terms of use",
            Self::CardRevoked => "the ID card was revoked or seized",
            Self::CardExpired => "the ID card has expired",
            Self::Death => "the holder died",
            Self::AuthoritysRequest => "at the request of a competent authority",
        }
    }
}
