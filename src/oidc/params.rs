//! Request parameters, read strictly: valid UTF-8, no NUL, bounded, and nothing given twice unnoticed.

/// Most parameters one request may have.
pub const MOST: usize = 64;
/// Longest value, in bytes.
pub const LONGEST: usize = 8192;

/// Parameters, and members of the protocol's answers, whose values nobody gets to read. `login_hint` is personal rather than
/// secret; `key` and `encrypt_key` go with what is sealed for a partner.
pub const SECRET: [&str; 18] = [
    "access_token",
    "admin_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "encrypt_key",
    "id_token",
    "id_token_hint",
    "key",
    "login_hint",
    "logout_token",
    "password",
    "refresh_token",
    "registration_access_token",
    "request",
    "token",
];

/// What is wrong with a query or a form body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// RFC 6749 Appendix B: UTF-8, then percent-encoding.
    #[error("a parameter is not valid UTF-8")]
    NotUtf8,
    /// A control character that no parameter may hold.
    #[error("a parameter holds a NUL")]
    Nul,
    /// RFC 6749 §3.1: parameters must not be included more than once.
    #[error("the parameter {0} is given more than once")]
    Repeated(String),
    /// More than [`MOST`].
    #[error("more than 64 parameters")]
    TooMany,
    /// Longer than [`LONGEST`].
    #[error("a parameter is longer than 8192 bytes")]
    TooLong,
}

/// The parameters of one request, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>, Option<String>);

impl Params {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(encoded: &[u8]) -> Result<Self, Malformed> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut plain_state = None;
        for piece in encoded.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
            if pairs.len() == MOST {
                return Err(Malformed::TooMany);
            }
            let (name, value) = match piece.iter().position(|byte| *byte == b'=') {
                Some(at) => (&piece[..at], &piece[at + 1..]),
                None => (piece, &b""[..]),
            };
            if name == b"state" && value.contains(&b'+') {
                let kept: Vec<u8> =
                    value.split(|byte| *byte == b'+').collect::<Vec<_>>().join(&b"%2B"[..]);
                plain_state = Some(decode(&kept)?);
            }
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self(pairs, plain_state))
    }

    /// Parameters made in code.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), None)
    }

    /// Parameters that were kept.
    pub const fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs, None)
    }

    /// `state` with a `+` for a plus: Base64 that nobody escaped (facts §4.1).
    pub fn plain_state(&self) -> Option<&str> {
        self.1.as_deref().or_else(|| self.get("state"))
    }

    /// Every pair, in order.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// Every pair, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same without these.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        let kept = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        Self(kept.cloned().collect(), self.1.clone())
    }

    /// The same, with this value and no other under a name.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut all = self.without(&[name]);
        all.0.push((name.to_owned(), value.to_owned()));
        all
    }

    /// The value; RFC 6749 §3.1: without a value counts as left out.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every value, as they came; those without one count as left out.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// The value, or an empty text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Whether a parameter came more than once.
    pub fn repeats(&self, name: &str) -> bool {
        self.0.iter().filter(|(given, _)| given == name).count() > 1
    }

    /// The first of `names` that came more than once.
    pub fn check_once(&self, names: &[&str]) -> Result<(), Malformed> {
        match names.iter().find(|name| self.repeats(name)) {
            Some(name) => Err(Malformed::Repeated((*name).to_owned())),
            None => Ok(()),
        }
    }
}

fn decode(piece: &[u8]) -> Result<String, Malformed> {
    if piece.len() > LONGEST * 3 {
        return Err(Malformed::TooLong);
    }
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match escaped(rest.as_slice()) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = rest.as_slice()[2..].iter();
                }
                // WHATWG URL: a stray percent sign stands for itself.
                None => bytes.push(b'%'),
            },
            other => bytes.push(*other),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| Malformed::NotUtf8)?;
    if text.len() > LONGEST {
        return Err(Malformed::TooLong);
    }
    if text.contains('\0') { Err(Malformed::Nul) } else { Ok(text) }
}

fn escaped(rest: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match rest {
        [high, low, ..] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    }
}

/// `name=value` pairs appended to a URI that may have a query already, which stays as it is.
pub fn append(uri: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() {
        return uri.to_owned();
    }
    let joint = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{joint}{query}")
}
