//! A Vietnamese mobile number: ten digits in national form, with a prefix that is in use.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// Digits in the national form.
const LENGTH: usize = 10;

/// The three-digit prefixes in use, sorted: `0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])`.
const PREFIXES: [u16; 36] = [
    32, 33, 34, 35, 36, 37, 38, 39, 52, 55, 56, 58, 59, 70, 76, 77, 78, 79, 81, 82, 83, 84, 85, 86,
    87, 88, 89, 90, 91, 92, 93, 94, 96, 97, 98, 99,
];

/// Why a text is not a mobile number. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Something other than digits, one leading `+`, and spaces, dots or dashes between them.
    #[error("a phone number is made of digits, spaces, dots and dashes")]
    NotDigits,
    /// Neither `0` and nine digits nor `84` and nine digits.
    #[error("a mobile number has ten digits, or +84 and nine digits")]
    Length,
    /// A prefix that no mobile network uses.
    #[error("no mobile network uses this prefix")]
    Prefix,
}

/// A well-formed Vietnamese mobile number. `Display` prints `0912345678`; `Debug`, which ends up in logs, prints the masked form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Phone([u8; LENGTH]);

impl Phone {
    /// How many different numbers there are: 36 prefixes of ten million.
    pub const COUNT: u64 = PREFIXES.len() as u64 * 10_000_000;

    /// Reads `0912345678`, `+84912345678` or `84912345678`, with spaces, dots or dashes anywhere between digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let (digits, plus) = collect(text.trim())?;
        let national = if plus { None } else { digits.strip_prefix(b"0") };
        let subscriber = national.or_else(|| digits.strip_prefix(b"84"));
        let subscriber = subscriber.ok_or(PhoneError::Length)?;
        let subscriber = <[u8; 9]>::try_from(subscriber).map_err(|_| PhoneError::Length)?;
        let mut national = [b'0'; LENGTH];
        national[1..].copy_from_slice(&subscriber);
        let phone = Self(national);
        PREFIXES.binary_search(&phone.prefix()).map_err(|_| PhoneError::Prefix)?;
        Ok(phone)
    }

    /// The `ordinal`-th number of all that exist, in ascending order; `None` from [`Phone::COUNT`] on.
    pub fn from_ordinal(ordinal: u64) -> Option<Self> {
        let prefix = PREFIXES.get(usize::try_from(ordinal / 10_000_000).ok()?)?;
        let mut rest = u64::from(*prefix) * 10_000_000 + ordinal % 10_000_000;
        let mut digits = [b'0'; LENGTH];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Some(Self(digits))
    }

    /// The place of this number among all that exist: the inverse of [`Phone::from_ordinal`].
    pub fn ordinal(&self) -> u64 {
        let place = PREFIXES.partition_point(|prefix| *prefix < self.prefix());
        let line = self.0[3..].iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        place as u64 * 10_000_000 + line
    }

    /// The national form, ten digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The international form, `+84912345678`.
    pub fn e164(&self) -> String {
        format!("+84{}", self.as_str().get(1..).unwrap_or_default())
    }

    /// The form safe to show and log, `0912***678`.
    pub fn masked(&self) -> String {
        let text = self.as_str();
        let (head, tail) = (text.get(..4).unwrap_or_default(), text.get(7..).unwrap_or_default());
        format!("{head}***{tail}")
    }

    fn prefix(&self) -> u16 {
        u16::from(self.0[1] - b'0') * 10 + u16::from(self.0[2] - b'0')
    }
}

/// The digits of a text of a sane length, and whether a `+` stood before them.
fn collect(text: &str) -> Result<(Vec<u8>, bool), PhoneError> {
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest.len() > 32 {
        return Err(PhoneError::Length);
    }
    let mut digits = Vec::with_capacity(12);
    for byte in rest.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(byte),
            b' ' | b'.' | b'-' => {}
            _ => return Err(PhoneError::NotDigits),
        }
    }
    Ok((digits, plus))
}

impl fmt::Debug for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
