//! Why an account is locked, and who may lift it.

use serde::{Deserialize, Serialize};

use super::holder::{HolderKind, Regime, Who};

/// The grounds of Law 26/2023 Art. 34 and Decree 69/2024 Art. 15; before, of Decree 59/2022 Art. 19.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    /// A foreigner's passport or travel document is out of date (Decree 69/2024 Art. 15).
    PassportExpired,
    /// A foreigner's residence card is out of date (Decree 69/2024 Art. 15).
    ResidenceExpired,
    /// The organisation was dissolved or stopped (Decree 59/2022 Art. 19).
    Dissolved,
    /// The phone's true subscriber registered (MPS questions and answers of 22/4/2026).
    PhoneReclaimed,
}

/// Who asks to lock or unlock.
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
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name in JSON and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the ground exists for this kind of holder under this decree.
    pub const fn applies_to(self, who: Who) -> bool {
        match (self, who.kind) {
            // A body's request is Law 26/2023 Art. 34.1.đ; before, Decree 59/2022 Art. 19.
            (Self::HoldersRequest | Self::BreachOfTerms | Self::AuthoritysRequest, _) => true,
            // Decree 59/2022 Art. 19 knows no lock for an expired card.
            (Self::CardExpired, kind) => {
                matches!(who.regime, Regime::Decree69)
                    && !kind.is_foreign()
                    && !matches!(kind, HolderKind::Organisation)
            }
            (Self::CardRevoked, kind) => {
                !kind.is_foreign() && !matches!(kind, HolderKind::Organisation)
            }
            (Self::PassportExpired | Self::ResidenceExpired, kind) => kind.is_foreign(),
            (Self::Dissolved, kind) => matches!(kind, HolderKind::Organisation),
            (Self::Death | Self::PhoneReclaimed, kind) => !matches!(kind, HolderKind::Organisation),
        }
    }

    /// Whether it comes and goes with a database, and not with somebody's request.
    pub const fn is_registered(self) -> bool {
        matches!(self.usual_party(), By::Registry)
    }

    /// Who invokes this ground when nobody says.
    pub const fn usual_party(self) -> By {
        match self {
            Self::HoldersRequest => By::Holder,
            // A reclaimed phone's lock ends when the holder has another number, by the desk or hotline that changed it.
            Self::BreachOfTerms | Self::PhoneReclaimed => By::Ministry,
            Self::CardRevoked
            | Self::CardExpired
            | Self::Death
            | Self::PassportExpired
            | Self::ResidenceExpired
            | Self::Dissolved => By::Registry,
            Self::AuthoritysRequest => By::Authority,
        }
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
            Self::PassportExpired => "hộ chiếu hoặc giấy tờ đi lại quốc tế hết hạn",
            Self::ResidenceExpired => "thẻ thường trú hoặc thẻ tạm trú hết hạn",
            Self::Dissolved => "tổ chức đã giải thể hoặc ngừng hoạt động",
            Self::PhoneReclaimed => "chủ thuê bao chính chủ đã đăng ký số điện thoại này",
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
            Self::PassportExpired => "the passport or travel document has expired",
            Self::ResidenceExpired => "the residence card has expired",
            Self::Dissolved => "the organisation was dissolved or has stopped",
            Self::PhoneReclaimed => "the phone's true subscriber has registered it",
        }
    }
}
