//! What the immigration database knows of a foreigner: nationality, passport, residence card.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::invalid::Invalid;

/// A foreigner's papers (Decree 59/2022 Art. 8; Decree 69/2024 Art. 11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    /// ISO 3166-1 alpha-2, such as `KR`.
    pub nationality: String,
    /// The passport or travel document.
    pub passport: Passport,
    /// The permanent or temporary residence card.
    pub residence_card: ResidenceCard,
    /// Whether face and fingerprints are in the immigration database: 3 working days instead of 7 (Art. 13).
    #[serde(default = "yes")]
    pub in_database: bool,
}

const fn yes() -> bool {
    true
}

/// A passport or document for international travel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passport {
    /// 6 to 9 of `A-Z 0-9` (ICAO 9303).
    pub number: String,
    /// Day of issue.
    pub issued: Date,
    /// Last day of validity.
    pub expires: Date,
    /// Where it was issued.
    pub place: String,
}

/// A residence card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidenceCard {
    /// Permanent or temporary.
    pub kind: ResidenceKind,
    /// Its number. The structure is invented: no source gives one.
    pub number: String,
    /// Last day of validity.
    pub expires: Date,
}

/// Thẻ thường trú or thẻ tạm trú.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResidenceKind {
    /// Thẻ thường trú.
    Permanent,
    /// Thẻ tạm trú.
    Temporary,
}

impl Foreign {
    /// Whether every field keeps its rule of form.
    pub fn validate(&self) -> Result<(), Invalid> {
        let capitals = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase());
        let document = |text: &str| {
            (6..=12).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        let place = self.passport.place.chars().count();
        if self.nationality.len() != 2 || !capitals(&self.nationality) || self.nationality == "VN" {
            Err(Invalid::new(
                "foreign.nationality",
                "must be two capitals of ISO 3166-1 other than VN",
            ))
        } else if !document(&self.passport.number) {
            Err(Invalid::new("foreign.passport.number", "must be 6 to 12 of A-Z 0-9"))
        } else if !document(&self.residence_card.number) {
            Err(Invalid::new("foreign.residence_card.number", "must be 6 to 12 of A-Z 0-9"))
        } else if self.passport.expires < self.passport.issued {
            Err(Invalid::new("foreign.passport.expires", "must not be before issued"))
        } else if !(1..=100).contains(&place) || self.passport.place.chars().any(char::is_control) {
            Err(Invalid::new("foreign.passport.place", "must be 1 to 100 characters on one line"))
        } else {
            Ok(())
        }
    }
}
