//! The outside of a compact JWS, taken apart without believing any of it (RFC 7515 §5.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::KeyError;
use super::algorithm::Algorithm;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 64 * 1024;

/// Header members that bring or point to a key; ours never carry one (RFC 8725 §3.10).
const FOREIGN: [&str; 6] = ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"];

/// A token in three parts, with the header members that choose the key.
pub(super) struct Compact<'a> {
    pub(super) message: &'a str,
    pub(super) signature: &'a str,
    pub(super) algorithm: Algorithm,
    pub(super) kid: String,
    pub(super) typ: Option<String>,
    payload: &'a str,
}

impl<'a> Compact<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, KeyError> {
        if token.len() > LONGEST {
            return Err(KeyError::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(KeyError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(KeyError::Malformed)?;
        let parts = [header, payload, signature];
        if parts.iter().any(|part| part.is_empty() || part.contains('.')) {
            return Err(KeyError::Malformed);
        }
        let header: Map<String, Value> =
            serde_json::from_slice(&decode(header)?).map_err(|_| KeyError::Malformed)?;
        refuse_extensions(&header)?;
        let text = |name: &str| header.get(name).and_then(Value::as_str);
        Ok(Self {
            message,
            signature,
            algorithm: text("alg").and_then(Algorithm::from_name).ok_or(KeyError::Algorithm)?,
            kid: text("kid").ok_or(KeyError::UnknownKey)?.to_owned(),
            typ: text("typ").map(str::to_owned),
            payload,
        })
    }

    /// The bytes of the payload; call it after the signature was checked.
    pub(super) fn payload(&self) -> Result<Vec<u8>, KeyError> {
        decode(self.payload)
    }

    /// RFC 7515 §4.1.9: a media type, compared without regard to case, `application/` left out or not.
    pub(super) fn is_a(&self, typ: &str) -> bool {
        let bare = |typ: &str| {
            let lower = typ.to_ascii_lowercase();
            lower.strip_prefix("application/").map(str::to_owned).unwrap_or(lower)
        };
        self.typ.as_deref().is_some_and(|own| bare(own) == bare(typ))
    }
}

fn refuse_extensions(header: &Map<String, Value>) -> Result<(), KeyError> {
    // RFC 7515 §4.1.11: what is critical and not understood must be refused; nothing is understood.
    if header.contains_key("crit") {
        return Err(KeyError::Critical);
    }
    // RFC 8725 §3.10: neither fetch nor trust a key that the token names.
    if FOREIGN.iter().any(|name| header.contains_key(*name)) {
        return Err(KeyError::ForeignKey);
    }
    Ok(())
}

/// Strict base64url: no padding, no other alphabet, no stray bits (RFC 7515 §2).
fn decode(part: &str) -> Result<Vec<u8>, KeyError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| KeyError::Malformed)
}
