//! Digests, their text form, and a comparison that tells a listener nothing.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The SHA-256 digest of `bytes` (FIPS 180-4), 32 bytes.
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes.as_ref()).as_ref());
    out
}

/// The SHA-256 digest of `bytes` as base64url text of 43 characters.
///
/// This is the `S256` transformation of PKCE (RFC 7636 §4.2), and the form of an RFC 7638 thumbprint.
pub fn sha256_base64url(bytes: impl AsRef<[u8]>) -> String {
    base64url(sha256(bytes))
}

/// `bytes` as base64url without padding (RFC 7515 §2).
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether `a` and `b` are the same bytes, in a time that depends on their lengths alone.
///
/// Use it for every secret a caller presents. Slices of different lengths are different at once, so
/// compare digests when the length itself is a secret.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    verify_slices_are_equal(a, b).is_ok()
}

/// Eight characters that stand for a text, to tell few of them apart.
pub fn mark(text: &str) -> String {
    sha256_base64url(text).chars().filter(char::is_ascii_alphanumeric).take(8).collect()
}
