//! A person's full name, surname first, in one Unicode form; and the unaccented form that SMS uses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of the shortest and the longest name, after normalisation.
const SHORTEST: usize = 2;
const LONGEST: usize = 100;
/// Bytes past which a text is refused before it is normalised.
const MOST_BYTES: usize = 2_000;

/// Why a text is not a name. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Fewer than 2 characters.
    #[error("a full name has at least 2 characters")]
    TooShort,
    /// More than 100 characters.
    #[error("a full name has at most 100 characters")]
    TooLong,
    /// Something other than Latin letters, spaces, `'`, `-` and `.`, or a first character that is no letter.
    #[error("a full name is made of letters, spaces, apostrophes, hyphens and full stops")]
    NotLetters,
}

/// A full name in Vietnamese order (surname, middle, given): NFC, trimmed, single spaces, 2–100 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FullName(String);

impl FullName {
    /// Normalises and checks a name. Composed and decomposed forms of a name become equal.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.len() > MOST_BYTES {
            return Err(NameError::TooLong);
        }
        let mut name = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.extend(word.nfc());
        }
        match name.chars().count() {
            ..SHORTEST => return Err(NameError::TooShort),
            SHORTEST..=LONGEST => {}
            _ => return Err(NameError::TooLong),
        }
        let begins = name.chars().next().is_some_and(is_latin);
        if begins && name.chars().all(|one| is_latin(one) || matches!(one, ' ' | '\'' | '-' | '.'))
        {
            Ok(Self(name))
        } else {
            Err(NameError::NotLetters)
        }
    }

    /// Joins words that are known to be well formed (the generator's own tables, which a test parses).
    pub(crate) fn from_words(words: &[&str]) -> Self {
        Self(words.join(" "))
    }

    /// The name with its diacritics.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as SMS prints it: `Nguyễn Thị Đào` → `Nguyen Thi Dao`.
    pub fn unaccented(&self) -> String {
        unaccent(&self.0)
    }

    /// The surname: the first word.
    pub fn family(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// What stands between the first and the last word; empty if nothing does.
    pub fn middle(&self) -> &str {
        let rest = self.0.split_once(' ').map_or("", |(_, rest)| rest);
        rest.rsplit_once(' ').map_or("", |(middle, _)| middle)
    }

    /// The given name: the last word (the only word, if there is one).
    pub fn given(&self) -> &str {
        self.0.rsplit(' ').next().unwrap_or_default()
    }
}

/// Removes Vietnamese diacritics: decompose, drop the combining marks, then `đ` → `d`, which does not decompose.
pub fn unaccent(text: &str) -> String {
    let plain = text.nfd().filter(|one| !is_combining_mark(*one)).map(|one| match one {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    });
    let mut out = String::with_capacity(text.len());
    out.extend(plain);
    out
}

/// A letter of the Latin blocks up to U+024F, or of Latin Extended Additional, where Vietnamese lives.
fn is_latin(one: char) -> bool {
    one.is_alphabetic() && matches!(one, 'A'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

impl fmt::Display for FullName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl FromStr for FullName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for FullName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<FullName> for String {
    fn from(name: FullName) -> Self {
        name.0
    }
}
