//! The papers of a wallet: what the owning databases hold of a person, in formats right to the digit.

use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

use super::{invalid::Invalid, number::IdNumber};

/// The papers that can be integrated into an account (product §2; services of level 2, facts 1.14).
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
pub enum PaperKind {
    /// The chip card and the history of cards.
    Card,
    /// Residence and household.
    Residence,
    /// Dependants: children under 14 and wards.
    Dependants,
    /// Driving licence.
    Driving,
    /// Vehicle registration.
    Vehicle,
    /// Health-insurance card.
    HealthInsurance,
    /// Social-insurance participation.
    SocialInsurance,
    /// Health record.
    Health,
    /// Tax code.
    Tax,
    /// The old nine-digit identity card (CMND).
    OldNumber,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name in JSON and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The kind with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// In the holder's language.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Card => "Thẻ căn cước",
            Self::Residence => "Thông tin cư trú",
            Self::Dependants => "Người phụ thuộc",
            Self::Driving => "Giấy phép lái xe",
            Self::Vehicle => "Đăng ký xe",
            Self::HealthInsurance => "Thẻ bảo hiểm y tế",
            Self::SocialInsurance => "Quá trình tham gia bảo hiểm xã hội",
            Self::Health => "Sổ sức khỏe điện tử",
            Self::Tax => "Mã số thuế",
            Self::OldNumber => "Chứng minh nhân dân 9 số",
        }
    }

    /// Whose database the paper is checked against.
    pub const fn database(self) -> &'static str {
        match self {
            Self::Card | Self::OldNumber => "CSDL căn cước",
            Self::Residence | Self::Dependants => "CSDLQG về dân cư",
            Self::Driving | Self::Vehicle => "CSDL giao thông vận tải",
            Self::HealthInsurance | Self::SocialInsurance => "CSDL của BHXH Việt Nam",
            Self::Health => "CSDL y tế",
            Self::Tax => "CSDL thuế",
        }
    }
}

/// What the databases hold of one person; residence, card and dependants are in the citizen's own record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Papers {
    /// The health-insurance card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_insurance: Option<HealthInsurance>,
    /// Participation in social insurance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social_insurance: Option<SocialInsurance>,
    /// The driving licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driving: Option<DrivingLicence>,
    /// The registered vehicle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<Vehicle>,
    /// The tax code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<Tax>,
    /// The health record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<HealthRecord>,
    /// The number of the old identity card (CMND): nine digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_number: Option<String>,
}

/// A health-insurance card: 15 characters `XX·X·XX·XXXXXXXXXX` (Decision 1351/QĐ-BHXH).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthInsurance {
    /// Two letters of the group, one digit of the benefit (meaning not confirmed), two of the province (not
    /// confirmed), then the ten-digit BHXH number.
    pub number: String,
    /// First day of validity.
    pub from: Date,
    /// Last day of validity.
    pub until: Date,
    /// Where the holder is registered for first treatment. Invented.
    pub facility: String,
}

#[cfg(feature = "internals")]
/// The groups of health-insurance cards that a source names: working, paid by BHXH (facts §4.6).
pub const HEALTH_INSURANCE_GROUPS: [&str; 9] =
    ["DN", "HX", "CH", "NN", "TK", "HC", "XK", "HT", "TB"];

/// Participation in social insurance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SocialInsurance {
    /// Ten digits, one for life. Since 1 August 2025 the personal ID number replaces it; both are in use.
    pub number: String,
    /// Stretches of participation, earliest first; months between them are gaps.
    pub periods: Vec<Period>,
}

/// A stretch of months with one employer and one salary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day of the first month.
    pub from: Date,
    /// The first day of the last month; `None` = still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The employer, if it is an organisation of this country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<IdNumber>,
    /// The employer's name.
    pub unit_name: String,
    /// The salary that contributions are counted from, VND a month.
    pub salary: u64,
}

/// One month of participation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month<'a> {
    /// Its first day.
    pub month: Date,
    /// The stretch it belongs to.
    pub period: &'a Period,
}

impl SocialInsurance {
    /// Participation by month, earliest first, up to and with the month of `today`.
    pub fn months(&self, today: Date) -> impl Iterator<Item = Month<'_>> {
        let this_month = today.first_of_month();
        self.periods.iter().flat_map(move |period| {
            let last = period.until.unwrap_or(this_month).min(this_month);
            let months = std::iter::successors(Some(period.from.first_of_month()), |month| {
                month.checked_add(1.month()).ok()
            });
            months.take_while(move |month| *month <= last).map(move |month| Month { month, period })
        })
    }

    /// Whether somebody pays in now, and who.
    pub fn current(&self, today: Date) -> Option<&Period> {
        let month = today.first_of_month();
        self.periods
            .iter()
            .rev()
            .find(|period| period.from <= today && period.until.is_none_or(|until| until >= month))
    }
}

/// A driving licence: 12 digits, the first two of the province (facts §4.6; the rest is invented).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrivingLicence {
    /// 12 digits.
    pub number: String,
    /// Classes such as `A1` and `B`.
    pub classes: Vec<String>,
    /// Day of issue.
    pub issued: Date,
    /// Last day of validity; `None` = without a term (motorcycles).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A vehicle registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// The plate, such as `29A-123.45` (car) or `29B1-123.45` (motorcycle).
    pub plate: String,
    /// `car` or `motorcycle`.
    pub kind: String,
    /// An invented make.
    pub make: String,
    /// Day of registration.
    pub registered: Date,
}

/// A tax code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// The code in force: since 1 July 2025 the personal ID number (Circular 86/2024).
    pub code: String,
    /// The ten-digit code of before, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
}

/// A health record. All of it is invented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthRecord {
    /// Blood group, such as `O+`.
    pub blood_group: String,
    /// Visits, earliest first.
    pub visits: Vec<DoctorVisit>,
}

/// A visit to a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoctorVisit {
    /// The day.
    pub date: Date,
    /// Where.
    pub facility: String,
    /// What for, in words.
    pub diagnosis: String,
}

impl Papers {
    /// Whether the databases hold this kind of paper; those of the citizen's own record are not asked here.
    pub const fn has(&self, kind: PaperKind) -> bool {
        match kind {
            PaperKind::HealthInsurance => self.health_insurance.is_some(),
            PaperKind::SocialInsurance => self.social_insurance.is_some(),
            PaperKind::Driving => self.driving.is_some(),
            PaperKind::Vehicle => self.vehicle.is_some(),
            PaperKind::Tax => self.tax.is_some(),
            PaperKind::Health => self.health.is_some(),
            PaperKind::OldNumber => self.old_number.is_some(),
            PaperKind::Card | PaperKind::Residence | PaperKind::Dependants => false,
        }
    }

    /// The number printed on a paper of this kind, which an officer compares; `None` if it has none.
    pub fn number(&self, kind: PaperKind) -> Option<&str> {
        match kind {
            PaperKind::HealthInsurance => self.health_insurance.as_ref().map(|it| &*it.number),
            PaperKind::SocialInsurance => self.social_insurance.as_ref().map(|it| &*it.number),
            PaperKind::Driving => self.driving.as_ref().map(|it| &*it.number),
            PaperKind::Vehicle => self.vehicle.as_ref().map(|it| &*it.plate),
            PaperKind::Tax => self.tax.as_ref().map(|it| &*it.code),
            PaperKind::OldNumber => self.old_number.as_deref(),
            PaperKind::Card | PaperKind::Residence | PaperKind::Dependants | PaperKind::Health => {
                None
            }
        }
    }

    /// Whether every field keeps its rule of form.
    pub fn validate(&self) -> Result<(), Invalid> {
        let digits =
            |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        let short = |text: &str| text.chars().count() <= 100 && !text.chars().any(char::is_control);
        if let Some(card) = &self.health_insurance
            && (!is_health_card(&card.number) || !short(&card.facility) || card.until < card.from)
        {
            return Err(Invalid::new(
                "health_insurance",
                "must have 2 letters and 13 digits, and a term",
            ));
        }
        if let Some(social) = &self.social_insurance {
            let right = |period: &Period| {
                short(&period.unit_name) && period.until.is_none_or(|until| until >= period.from)
            };
            if !digits(&social.number, 10) {
                return Err(Invalid::new("social_insurance.number", "must have 10 digits"));
            }
            if social.periods.len() > 60 || !social.periods.iter().all(right) {
                return Err(Invalid::new(
                    "social_insurance.periods",
                    "must be at most 60, each with a term",
                ));
            }
        }
        if self.driving.as_ref().is_some_and(|it| !digits(&it.number, 12) || it.classes.len() > 10)
        {
            return Err(Invalid::new("driving", "must have 12 digits and at most 10 classes"));
        }
        if self.vehicle.as_ref().is_some_and(|it| !is_plate(&it.plate) || !short(&it.make)) {
            return Err(Invalid::new("vehicle.plate", "must look like 29A-123.45 or 29B1-123.45"));
        }
        if self.tax.as_ref().is_some_and(|it| !digits(&it.code, 12) && !digits(&it.code, 10)) {
            return Err(Invalid::new("tax.code", "must have 12 digits, or 10 before July 2025"));
        }
        if self.health.as_ref().is_some_and(|it| it.visits.len() > 50 || !short(&it.blood_group)) {
            return Err(Invalid::new("health", "must have at most 50 visits"));
        }
        if self.old_number.as_deref().is_some_and(|it| !digits(it, 9)) {
            return Err(Invalid::new("old_number", "must have 9 digits"));
        }
        Ok(())
    }
}

/// Decision 1351/QĐ-BHXH: two capitals, then 13 digits.
pub fn is_health_card(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 15
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

/// `29A-123.45` or `29B1-123.45`: two digits, a letter, perhaps a digit, then five digits in two groups.
pub fn is_plate(plate: &str) -> bool {
    let Some((series, serial)) = plate.split_once('-') else { return false };
    let series = series.as_bytes();
    let right_series = (3..=4).contains(&series.len())
        && series[..2].iter().all(u8::is_ascii_digit)
        && series[2].is_ascii_uppercase()
        && series.get(3).is_none_or(u8::is_ascii_digit);
    let serial = serial.as_bytes();
    let right_serial = serial.len() == 6
        && serial[3] == b'.'
        && serial.iter().enumerate().all(|(at, byte)| at == 3 || byte.is_ascii_digit());
    right_series && right_serial
}
