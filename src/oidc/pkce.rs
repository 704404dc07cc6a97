//! PKCE with S256 only (RFC 7636; RFC 9700 §2.1.1 rules out `plain`).

use super::digest::{constant_time_eq, sha256_base64url};

/// RFC 7636 §4.1, §4.2: 43 to 128 unreserved characters.
pub fn well_formed(value: &str) -> bool {
    (43..=128).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// RFC 7636 §4.6: the verifier's hash is the challenge.
pub fn proves(verifier: &str, challenge: &str) -> bool {
    constant_time_eq(sha256_base64url(verifier).as_bytes(), challenge.as_bytes())
}
