//! Bad tokens on purpose: a sound token in, one out that a relying party must notice. What each breaks is in `faults/menu.rs`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    digest::base64url,
    keys::{Algorithm, KeyError, provider::KeysAt},
};
use crate::clock::WireTime;

/// The other issuer, audience and party of forged tokens: reserved names (RFC 2606) that nobody answers at.
pub const OTHER_ISSUER: &str = "https://another-provider.example";
/// See [`OTHER_ISSUER`].
pub const OTHER_CLIENT: &str = "another-client";
/// See [`OTHER_ISSUER`].
pub const OTHER_SUBJECT: &str = "somebody-else-00000000000000000000";

/// How a token is made bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    /// `exp` an hour ago.
    Expired,
    /// `nbf` and `iat` an hour ahead.
    NotYetValid,
    /// `iat` a day ago, `exp` still ahead.
    IssuedLongAgo,
    /// `auth_time` a day ago.
    OldSignIn,
    /// Another value of a claim.
    Other(&'static str),
    /// A claim is missing.
    Without(&'static str),
    /// `aud` names another client beside this one, and there is no `azp`.
    MoreAudiences,
    /// `aud` names both, and `azp` the other.
    OtherParty,
    /// `alg: none`, no signature.
    Unsigned,
    /// HS256, keyed with the PEM text of the public key (RFC 8725 §2.1).
    PublicKeyAsSecret,
    /// The header names a key that is not in the JWK set.
    UnknownKey,
    /// One bit of the signature is another.
    BadSignature,
    /// Signed by another key under this key's `kid`.
    OtherKey,
    /// Signed by another key that the header brings along as `jwk`.
    EmbeddedKey,
    /// `iss`, `sub` and `aud` come twice: somebody else's first.
    Twice,
    /// A megabyte of padding.
    Huge,
    /// Names decomposed (Unicode NFD): the same text, other bytes.
    Decomposed,
    /// A member that must not be there.
    With(&'static str),
}

/// Where tokens are forged.
#[derive(Debug, Clone, Copy)]
pub struct Forge<'a> {
    /// The provider's keys.
    pub keys: KeysAt<'a>,
    /// What the sound token was signed with.
    pub algorithm: Algorithm,
    /// The moment.
    pub now: WireTime,
}

/// Bytes of padding in a huge token.
const HUGE: usize = 1024 * 1024;

impl Forge<'_> {
    /// The bad one for a sound compact JWS.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] for what is no token of ours; as [`super::keys::KeyRing::sign`].
    pub fn forge(self, token: &str, forgery: Forgery) -> Result<String, KeyError> {
        let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part));
        let (Some(Ok(header)), Some(Ok(payload))) = (parts.next(), parts.next()) else {
            return Err(KeyError::Malformed);
        };
        let mut header: Map<String, Value> =
            serde_json::from_slice(&header).map_err(|_| KeyError::Malformed)?;
        let mut claims: Map<String, Value> =
            serde_json::from_slice(&payload).map_err(|_| KeyError::Malformed)?;
        let mut ring = self.keys.ring();
        match forgery {
            Forgery::Unsigned => {
                header.insert("alg".to_owned(), "none".into());
                header.remove("kid");
                return Ok(format!("{}.{}.", base64url(text(&header)?), base64url(payload)));
            }
            Forgery::PublicKeyAsSecret => {
                header.insert("alg".to_owned(), "HS256".into());
                let message = format!("{}.{}", base64url(text(&header)?), base64url(payload));
                let secret = ring.public_pem(self.algorithm)?;
                let key =
                    aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
                let signature = aws_lc_rs::hmac::sign(&key, message.as_bytes());
                return Ok(format!("{message}.{}", base64url(signature)));
            }
            Forgery::BadSignature => return flipped(token),
            Forgery::UnknownKey => {
                header.insert("kid".to_owned(), "no-such-key".into());
            }
            Forgery::OtherKey => ring = self.keys.foreign_ring(),
            Forgery::EmbeddedKey => {
                ring = self.keys.foreign_ring();
                header.remove("kid");
                let jwk = serde_json::to_value(ring.jwk(self.algorithm)?);
                header.insert("jwk".to_owned(), jwk.map_err(|_| KeyError::Claims)?);
            }
            Forgery::Twice => {
                let doubled = twice(&claims)?;
                return ring.sign_parts(self.algorithm, &text(&header)?, doubled.as_bytes());
            }
            of_claims => change(&mut claims, of_claims, self.now),
        }
        ring.sign_parts(self.algorithm, &text(&header)?, &text(&claims)?)
    }
}

/// Makes claims bad, of a token or of userinfo.
pub fn change(claims: &mut Map<String, Value>, forgery: Forgery, now: WireTime) {
    let ago = |seconds: i64| json!(now.plus_seconds(-seconds).numeric_date());
    let mut put = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    match forgery {
        Forgery::Expired => {
            put("exp", ago(3600));
            put("iat", ago(7200));
        }
        Forgery::NotYetValid => {
            put("nbf", ago(-3600));
            put("iat", ago(-3600));
            put("exp", ago(-7200));
        }
        Forgery::IssuedLongAgo => put("iat", ago(24 * 3600)),
        Forgery::OldSignIn => put("auth_time", ago(24 * 3600)),
        Forgery::Other(name) => put(name, other(name)),
        Forgery::With("nonce") => put("nonce", "n-of-a-logout-token".into()),
        Forgery::With(name) => put(name, true.into()),
        Forgery::Without(name) => {
            claims.remove(name);
        }
        Forgery::MoreAudiences | Forgery::OtherParty => {
            let own = claims.get("aud").cloned().unwrap_or_default();
            claims.insert("aud".to_owned(), json!([own, OTHER_CLIENT]));
            if forgery == Forgery::OtherParty {
                claims.insert("azp".to_owned(), OTHER_CLIENT.into());
            }
        }
        Forgery::Huge => put("padding", "x".repeat(HUGE).into()),
        Forgery::Decomposed => claims.values_mut().for_each(decompose),
        Forgery::Unsigned
        | Forgery::PublicKeyAsSecret
        | Forgery::UnknownKey
        | Forgery::BadSignature
        | Forgery::OtherKey
        | Forgery::EmbeddedKey
        | Forgery::Twice => {}
    }
}

fn other(name: &str) -> Value {
    match name {
        "iss" => OTHER_ISSUER.into(),
        "aud" => OTHER_CLIENT.into(),
        "sub" => OTHER_SUBJECT.into(),
        "acr" => "urn:mock-vneid:acr:unknown".into(),
        "events" => json!({ "https://another-provider.example/event": {} }),
        _ => base64url([0x5a; 16]).into(),
    }
}

fn decompose(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.nfd().collect(),
        Value::Object(members) => members.values_mut().for_each(decompose),
        Value::Array(items) => items.iter_mut().for_each(decompose),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// RFC 7519 §4: a parser refuses duplicates or takes the last one; the first here is somebody else's.
fn twice(claims: &Map<String, Value>) -> Result<String, KeyError> {
    let sound = String::from_utf8(text(claims)?).map_err(|_| KeyError::Claims)?;
    let first = json!({ "iss": OTHER_ISSUER, "sub": OTHER_SUBJECT, "aud": OTHER_CLIENT });
    let first = first.to_string();
    let (first, sound) = (first.trim_end_matches('}'), sound.trim_start_matches('{'));
    Ok(format!("{first},{sound}"))
}

fn flipped(token: &str) -> Result<String, KeyError> {
    let (message, signature) = token.rsplit_once('.').ok_or(KeyError::Malformed)?;
    let mut signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| KeyError::Malformed)?;
    let middle = signature.len() / 2;
    *signature.get_mut(middle).ok_or(KeyError::Malformed)? ^= 1;
    Ok(format!("{message}.{}", base64url(signature)))
}

fn text(members: &Map<String, Value>) -> Result<Vec<u8>, KeyError> {
    serde_json::to_vec(members).map_err(|_| KeyError::Claims)
}
