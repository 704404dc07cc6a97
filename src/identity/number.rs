//! The 12-digit personal ID number: `PPP G YY RRRRRR` (Circular 59/2021 Art. 4).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// Digits in a personal ID number (Law 26/2023 Art. 12).
const LENGTH: usize = 12;

/// The sex recorded for a citizen, as the century digit of the number encodes it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// Nam: an even century digit.
    Male,
    /// Nữ: an odd century digit.
    Female,
}

impl Gender {
    /// Both, in the order of the century digit.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word printed on a card: `Nam` or `Nữ`.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }
}

/// Why a text is not an ID number. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not 12 characters.
    #[error("an ID number has exactly 12 digits")]
    Length,
    /// A character other than the ASCII digits `0`–`9`.
    #[error("an ID number is made of the digits 0-9 only")]
    NotDigits,
}

/// A well-formed personal ID number: exactly 12 ASCII digits. Says nothing about whether it was ever given to anyone.
///
/// `Display` prints all of it; `Debug`, which ends up in logs, prints the masked form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct IdNumber([u8; LENGTH]);

impl IdNumber {
    /// Reads what a person typed: as [`IdNumber::parse`], and spaces of any kind count for nothing.
    pub fn typed(text: &str) -> Result<Self, NumberError> {
        Self::parse(&super::without_spaces(text))
    }

    /// Reads exactly 12 ASCII digits; no spaces, no other scripts' digits.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let Ok(digits) = <[u8; LENGTH]>::try_from(text.as_bytes()) else {
            return Err(if text.chars().count() == LENGTH {
                NumberError::NotDigits
            } else {
                NumberError::Length
            });
        };
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(NumberError::NotDigits)
        }
    }

    /// Composes a number from its fields; `None` if a field does not fit (province ≤ 999, year 1900–2399, serial ≤ 999 999).
    pub fn from_parts(
        province_code: u16,
        gender: Gender,
        birth_year: u16,
        serial: u32,
    ) -> Option<Self> {
        if province_code > 999 || !(1900..2400).contains(&birth_year) || serial > 999_999 {
            return None;
        }
        let century = (birth_year - 1900) / 100 * 2 + u16::from(gender == Gender::Female);
        let head = u64::from(province_code) * 1_000
            + u64::from(century) * 100
            + u64::from(birth_year % 100);
        let mut rest = head * 1_000_000 + u64::from(serial);
        let mut digits = [b'0'; LENGTH];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Some(Self(digits))
    }

    /// All 12 digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether it is one of the simulator's numbers for organisations: they begin with 8, which no person's does.
    pub const fn is_organisation(&self) -> bool {
        self.0[0] == b'8'
    }

    /// Whether it is one of the simulator's numbers for foreigners: they begin with 9, which no citizen's does.
    pub const fn is_foreign(&self) -> bool {
        self.0[0] == b'9'
    }

    /// The first three digits: the province (or country) where the birth was registered.
    pub fn province_code(&self) -> u16 {
        // Three digits always fit.
        u16::try_from(self.value(0, 3)).unwrap_or_default()
    }

    /// The sex the century digit encodes; every digit encodes one.
    pub fn gender(&self) -> Option<Gender> {
        Gender::ALL.get(usize::from((self.0[3] - b'0') % 2)).copied()
    }

    /// The year of birth, from the century digit (0–1 = 19xx … 8–9 = 23xx) and the two digits after it.
    pub fn birth_year(&self) -> u16 {
        let century = u16::from((self.0[3] - b'0') / 2);
        1900 + century * 100 + u16::try_from(self.value(4, 6)).unwrap_or_default()
    }

    /// The last six digits as a number, 0–999 999.
    pub fn serial(&self) -> u32 {
        self.value(6, LENGTH)
    }

    /// The password a synthetic citizen starts with: `Vn@`, the last six digits, `a`.
    pub fn initial_password(&self) -> String {
        format!("Vn@{}a", self.last_six())
    }

    /// The last six digits as written.
    pub fn last_six(&self) -> &str {
        self.as_str().get(6..).unwrap_or_default()
    }

    /// The form safe to show and log: `00********12`.
    pub fn masked(&self) -> String {
        let text = self.as_str();
        let (head, tail) = (text.get(..2).unwrap_or_default(), text.get(10..).unwrap_or_default());
        format!("{head}********{tail}")
    }

    fn value(&self, from: usize, to: usize) -> u32 {
        self.0.iter().take(to).skip(from).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl FromStr for IdNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for IdNumber {
    type Error = NumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl Serialize for IdNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
