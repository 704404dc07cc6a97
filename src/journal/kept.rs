//! Headers and bodies as the journal keeps them: in one piece each, and of a body no more than is ever shown.

use bytes::Bytes;
use http::HeaderMap;

/// Most bytes of a body that are kept.
pub const MOST_BODY: usize = 16 * 1024;

/// Headers, a line each. A `HeaderMap` is a kilobyte by itself, and its values hold on to whatever they were read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Box<str>);

impl Headers {
    /// The headers of a request or an answer; what is no UTF-8 is replaced.
    pub fn of(map: &HeaderMap) -> Self {
        let length = map.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum();
        let mut lines = String::with_capacity(length);
        for (name, value) in map {
            lines.push_str(name.as_str());
            lines.push(':');
            lines.push_str(&String::from_utf8_lossy(value.as_bytes()));
            lines.push('\n');
        }
        Self(lines.into_boxed_str())
    }

    /// Names and values, in the order of the map. No name holds a colon, no value a line feed (RFC 9110 §5.5).
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.lines().filter_map(|line| line.split_once(':'))
    }

    /// The first value of a name in lower case; empty where there is none.
    pub fn get(&self, wanted: &str) -> &str {
        self.iter().find(|(name, _)| *name == wanted).map_or("", |(_, value)| value)
    }

    pub(super) const fn weight(&self) -> usize {
        self.0.len()
    }
}

/// A body. Only forms and JSON are ever shown: of everything else the length is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its length as far as it was read, in bytes.
    pub size: usize,
    /// Its beginning.
    pub shown: Box<[u8]>,
}

impl Body {
    /// Of pieces that came one after another.
    pub fn of(headers: &Headers, pieces: &[Bytes]) -> Self {
        let size: usize = pieces.iter().map(Bytes::len).sum();
        let kind = headers.get("content-type");
        let mut shown = Vec::new();
        if kind.contains("json") || kind.contains("x-www-form-urlencoded") {
            shown.reserve_exact(size.min(MOST_BODY));
            for piece in pieces {
                let room = MOST_BODY - shown.len();
                shown.extend_from_slice(&piece[..piece.len().min(room)]);
            }
        }
        Self { size, shown: shown.into_boxed_slice() }
    }
}
