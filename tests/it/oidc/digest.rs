//! Digests against published vectors.

use mock_vneid::oidc::digest::{base64url, constant_time_eq, sha256, sha256_base64url};

#[test]
fn sha256_gives_the_vectors_of_fips_180() {
    assert_eq!(sha256("abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    assert_eq!(sha256_base64url(b"abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    assert_eq!(sha256_base64url(""), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

#[test]
fn the_pkce_example_of_rfc_7636_appendix_b_holds() {
    let challenge = sha256_base64url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn base64url_has_no_padding_and_its_own_alphabet() {
    assert_eq!(base64url([0xfb, 0xff]), "-_8");
    assert_eq!(base64url([]), "");
}

#[test]
fn comparison_tells_equal_from_different() {
    assert!(constant_time_eq(b"", b""));
    assert!(constant_time_eq(b"secret", b"secret"));
    assert!(!constant_time_eq(b"secret", b"secreT"));
    assert!(!constant_time_eq(b"secret", b"secre"));
    assert!(!constant_time_eq(b"", b"s"));
}
