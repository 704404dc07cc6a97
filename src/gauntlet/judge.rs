//! Whether a page says that somebody is signed in: learnt from what two people see and nobody else does.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::visitor::{FetchedPage, html};

/// Longest piece of text that is told.
const TOLD: usize = 100;

/// How to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judge {
    /// The probe answers 2xx, and nobody else gets that.
    Answers,
    /// The probe shows most of these.
    Shows(BTreeSet<String>),
}

fn is_success(page: &FetchedPage) -> bool {
    page.status.is_some_and(|status| status.is_success())
}

impl Judge {
    /// From a text that the user names.
    ///
    /// # Errors
    /// Where it is not there, or always.
    pub(crate) fn told(
        text: &str,
        out: &FetchedPage,
        signed_in: [&FetchedPage; 2],
    ) -> Result<Self, String> {
        let has = |page: &FetchedPage| shows(page, &html::pieces(&page.text), text);
        if has(out) {
            return Err(format!(
                "--signed-in-text \"{text}\" is on {} before anybody signs in",
                out.url
            ));
        }
        match signed_in.iter().find(|page| !has(page)) {
            Some(page) => Err(format!(
                "--signed-in-text \"{text}\" is not on {} after a good sign-in",
                page.url
            )),
            None => Ok(Self::Shows([text.to_owned()].into())),
        }
    }

    /// From the probe as it is when nobody is signed in, and as two people see it.
    ///
    /// # Errors
    /// Where there is nothing to tell it by.
    pub(crate) fn learnt(
        out: &FetchedPage,
        signed_in: [&FetchedPage; 2],
        at_provider: bool,
    ) -> Result<Self, String> {
        let [one, other] = signed_in;
        for page in signed_in {
            if !is_success(page) {
                let status = page.status.map_or("is elsewhere".to_owned(), |it| it.to_string());
                return Err(format!("after a good sign-in {} {status}", page.url));
            }
        }
        // To a visitor who is sent to the provider, the probe itself is closed.
        if at_provider || !is_success(out) {
            return Ok(Self::Answers);
        }
        let [out, one, other] = [out, one, other].map(|page| html::pieces(&page.text));
        let texts: BTreeSet<String> =
            one.intersection(&other).filter(|text| !out.contains(*text)).cloned().collect();
        if texts.is_empty() {
            return Err("no text is there for two people who signed in and not for a visitor who did not: name one with --signed-in-text, or a page or an API that tells with --probe".to_owned());
        }
        Ok(Self::Shows(texts))
    }

    /// Whether somebody is signed in.
    pub(crate) fn says(&self, probe: &FetchedPage, at_provider: bool) -> bool {
        if at_provider || !is_success(probe) {
            return false;
        }
        match self {
            Self::Answers => true,
            Self::Shows(texts) => {
                let pieces = html::pieces(&probe.text);
                let there = texts.iter().filter(|text| shows(probe, &pieces, text)).count();
                there * 2 > texts.len()
            }
        }
    }

    /// For the report.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Answers => "it answers 2xx, which nobody else gets".to_owned(),
            Self::Shows(texts) => {
                let first = texts.iter().next().map(|text| short(text)).unwrap_or_default();
                match texts.len() - 1 {
                    0 => format!("it shows \"{first}\""),
                    1 => format!("it shows \"{first}\" and 1 more text that others do not see"),
                    more => {
                        format!("it shows \"{first}\" and {more} more texts that others do not see")
                    }
                }
            }
        }
    }
}

/// Whether a text is on a page, as it is written or as it is read.
fn shows(page: &FetchedPage, pieces: &BTreeSet<String>, text: &str) -> bool {
    page.text.contains(text) || pieces.iter().any(|piece| piece.contains(text))
}

fn short(text: &str) -> String {
    let mut told: String = text.chars().take(TOLD).collect();
    if told.len() < text.len() {
        told.push('…');
    }
    told
}

/// What a page says, for people: its status and its heading.
pub(crate) fn told(page: &FetchedPage) -> String {
    let heading = html::text_of(&page.text, "[role=alert]")
        .or_else(|| html::text_of(&page.text, "h1"))
        .or_else(|| html::text_of(&page.text, "title"))
        .unwrap_or_else(|| page.text.trim().to_owned());
    let status =
        page.status.map_or(String::new(), |status: StatusCode| status.as_u16().to_string());
    let heading = short(heading.lines().next().unwrap_or_default());
    if heading.is_empty() { status } else { format!("{status} \"{heading}\"") }
}
