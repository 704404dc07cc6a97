//! A citizen as the national databases know one: identity, residence, contact, chip card.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    FullName, Gender, IdNumber, Phone, Province, foreign::Foreign, holder::HolderKind,
    papers::Papers,
};

/// Days before its expiry from which a card counts as expiring.
pub(crate) const WARNING_DAYS: i64 = 30;

/// A citizen's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// Personal ID number.
    pub number: IdNumber,
    /// Surname, middle and given name.
    pub full_name: FullName,
    /// Day of birth.
    pub birth_date: Date,
    /// Sex.
    pub gender: Gender,
    /// Where the birth was registered: a code of the ID-number list (see [`BirthProvince`](super::BirthProvince)).
    /// The number of a synthetic citizen carries another code, one that no province has.
    pub birth_province: u16,
    /// Permanent residence.
    pub residence: Address,
    /// The phone in the citizen's own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// E-mail address, if the citizen gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The chip card, if one was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// Chip cards of before, earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_cards: Vec<Card>,
    /// The spouse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spouse: Option<IdNumber>,
    /// The parent or guardian who acts for a child under 14 or a ward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<IdNumber>,
    /// Whether somebody of 14 and over is under guardianship.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_guardianship: bool,
    /// The day of death, once the population database has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died: Option<Date>,
    /// The number that replaced this one when it was re-established; whoever has one has no account under this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<IdNumber>,
    /// What the immigration database has of a foreigner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<Foreign>,
    /// What the other databases hold, where it is not the derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub papers: Option<Papers>,
}

impl Citizen {
    /// Full years lived on `today`; 0 before the birth. One born on 29 February turns a year older on 1 March of common years.
    pub fn age_on(&self, today: Date) -> u16 {
        let birth = self.birth_date;
        let short = (today.month(), today.day()) < (birth.month(), birth.day());
        let years = i32::from(today.year()) - i32::from(birth.year()) - i32::from(short);
        u16::try_from(years).unwrap_or_default()
    }

    /// What kind of holder this person is on `today` (Decree 69/2024 Art. 7).
    pub fn kind_on(&self, today: Date) -> HolderKind {
        match (self.foreign.is_some(), self.age_on(today)) {
            (true, ..6) => HolderKind::YoungForeigner,
            (true, _) => HolderKind::Foreigner,
            (false, ..6) => HolderKind::YoungChild,
            (false, 6..14) => HolderKind::Child,
            (false, _) if self.under_guardianship => HolderKind::Ward,
            (false, _) => HolderKind::Citizen,
        }
    }

    /// The password a synthetic citizen starts with: `Vn@`, the last six digits of the number, `a`.
    pub fn initial_password(&self) -> String {
        self.number.initial_password()
    }
}

/// The day someone born on `birth` reaches `age` years; `None` past the end of the calendar. Agrees with [`Citizen::age_on`].
pub fn birthday(birth: Date, age: u16) -> Option<Date> {
    let year = birth.year().checked_add_unsigned(age)?;
    Date::new(year, birth.month(), birth.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// A two-level address, as since 1 July 2025: no district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// House and street, or hamlet.
    pub detail: String,
    /// Ward or commune with its kind: `Phường …`, `Xã …`.
    pub commune: String,
    /// Two-digit code of the current province (see [`Province`]).
    pub province: u8,
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, {}", self.detail, self.commune)?;
        match Province::by_code(self.province) {
            Some(province) => write!(out, ", {province}"),
            None => Ok(()),
        }
    }
}

/// A chip-based citizen card. It carries the citizen's ID number, so it has none of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Day of issue.
    pub issued: Date,
    /// Last day of validity; `None` = without a term (issued at, or within two years before, 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Whether the authority has revoked it.
    #[serde(default)]
    pub revoked: bool,
}

impl Card {
    /// A card of `today`, good to the next age of re-issue, 25, 40 or 60; one issued within two years before such an
    /// age to the one after (Law 26/2023 Art. 21; facts §2.9). A child's is good to 14.
    pub fn issued_on(today: Date, birth: Date) -> Self {
        let ages =
            [14, 25, 40, 60].into_iter().filter_map(|age| Some((age, birthday(birth, age)?)));
        let expires = ages.map(|(age, day)| {
            let early = if age == 14 { 0 } else { 2 };
            (day, day.saturating_sub(early.years()))
        });
        let expires = expires.into_iter().find(|(_, from)| *from > today).map(|(day, _)| day);
        Self { issued: today, expires, revoked: false }
    }

    /// What the card is worth on `today`. Revocation outweighs expiry; the day of expiry is still valid.
    pub fn status(&self, today: Date) -> CardStatus {
        match self.expires {
            _ if self.revoked => CardStatus::Revoked,
            Some(last) if today > last => CardStatus::Expired,
            Some(last) if today > last.saturating_sub(WARNING_DAYS.days()) => CardStatus::Expiring,
            _ => CardStatus::Valid,
        }
    }
}

/// What a card is worth on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardStatus {
    /// In force, for 30 days or more.
    Valid,
    /// In force, for fewer than 30 days.
    Expiring,
    /// Past its last day.
    Expired,
    /// Revoked by the authority.
    Revoked,
}

impl CardStatus {
    /// Whether the card can be presented.
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Valid | Self::Expiring)
    }
}
