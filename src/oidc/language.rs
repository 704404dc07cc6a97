//! The language of pages: Vietnamese first, English when asked.

use serde::{Deserialize, Serialize};

/// A language of the pages.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The first language of a BCP 47 list (`ui_locales`) that pages have; Vietnamese otherwise.
    pub fn of(locales: &str) -> Self {
        locales
            .split([' ', ','])
            .find_map(|tag| match tag.split('-').next().unwrap_or_default() {
                primary if primary.eq_ignore_ascii_case("en") => Some(Self::En),
                primary if primary.eq_ignore_ascii_case("vi") => Some(Self::Vi),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        self.into()
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, vietnamese: T, english: T) -> T {
        match self {
            Self::Vi => vietnamese,
            Self::En => english,
        }
    }
}
