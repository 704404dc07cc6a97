//! Who holds an account: citizen, child, ward, foreigner or organisation, and what each may have under which decree.

use serde::{Deserialize, Serialize};

use super::level::Level;

/// Which decree's rules are in force.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Regime {
    /// Decree 59/2022, in force from 20 October 2022 to 30 June 2024.
    #[serde(rename = "2022")]
    #[strum(serialize = "2022")]
    Decree59,
    /// Decree 69/2024, in force since 1 July 2024.
    #[default]
    #[serde(rename = "2024")]
    #[strum(serialize = "2024")]
    Decree69,
}

impl Regime {
    /// Both, oldest first.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name in settings and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The kinds of holder (Decree 69/2024 Art. 7).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HolderKind {
    /// A citizen of 14 and over.
    Citizen,
    /// A citizen of 6 to 13.
    Child,
    /// A citizen under 6.
    YoungChild,
    /// A citizen of 14 and over under guardianship.
    Ward,
    /// A foreigner of 6 and over with a residence card.
    Foreigner,
    /// A foreigner under 6 with a residence card.
    YoungForeigner,
    /// An agency or organisation set up or registered in Viet Nam.
    Organisation,
}

/// How an account of a level comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entitled {
    /// As of right.
    Yes,
    /// On request (“khi có nhu cầu”); simulated like a right, since asking is the request.
    OnRequest,
    /// Never.
    No,
}

impl HolderKind {
    /// Every kind, in the order of the law.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name in JSON and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Registered, activated and used through a representative (Decree 69/2024 Art. 10, 14.2; Decree 59/2022 Art. 11).
    pub const fn is_represented(self) -> bool {
        matches!(self, Self::Child | Self::YoungChild | Self::Ward | Self::YoungForeigner)
    }

    /// Known to the immigration database, not the population database.
    pub const fn is_foreign(self) -> bool {
        matches!(self, Self::Foreigner | Self::YoungForeigner)
    }

    /// The database that a registration is compared with, in Vietnamese.
    pub const fn database(self) -> &'static str {
        match self {
            Self::Citizen | Self::Child | Self::YoungChild | Self::Ward => "CSDLQG về dân cư",
            Self::Foreigner | Self::YoungForeigner => "CSDLQG về xuất nhập cảnh",
            Self::Organisation => "CSDL đăng ký doanh nghiệp",
        }
    }

    /// Decree 69/2024 Art. 7, or Decree 59/2022 Art. 11, which knows no level of its own for children and foreigners.
    pub const fn entitled(self, level: Level, regime: Regime) -> Entitled {
        match (self, level, regime) {
            (Self::Organisation, Level::Unlevelled, _)
            | (Self::Citizen | Self::Foreigner, Level::One, _)
            | (Self::Citizen, Level::Two, _)
            | (Self::Child, Level::One, Regime::Decree69) => Entitled::Yes,
            (Self::Organisation, _, _)
            | (_, Level::Unlevelled, _)
            | (Self::YoungChild | Self::YoungForeigner, Level::Two, Regime::Decree69) => {
                Entitled::No
            }
            // A ward of 14 and over may have what a citizen may, through the representative.
            (
                Self::Ward
                | Self::Foreigner
                | Self::Child
                | Self::YoungChild
                | Self::YoungForeigner,
                _,
                _,
            ) => Entitled::OnRequest,
        }
    }
}

/// The holder and the rules that a decision is taken under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// What kind of holder it is today.
    pub kind: HolderKind,
    /// Which decree is in force in this realm.
    pub regime: Regime,
}

impl Who {
    /// A citizen of 14 and over under Decree 69/2024.
    pub const CITIZEN: Self = Self { kind: HolderKind::Citizen, regime: Regime::Decree69 };
}
