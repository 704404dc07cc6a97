//! The claims that are the protocol's own: no scope gives them, every token of their kind has them.

use super::{Basis, Claim};

/// `iss` and its like, in the order discovery lists them.
pub const PROTOCOL: &[Claim] = &[
    claim("iss", "Nhà cung cấp danh tính", "Provider", "OIDC Core §2"),
    claim("aud", "Ứng dụng nhận token", "Audience", "OIDC Core §2"),
    claim("exp", "Hết hạn lúc", "Expires at", "OIDC Core §2"),
    claim("iat", "Phát hành lúc", "Issued at", "OIDC Core §2"),
    claim("auth_time", "Đăng nhập lúc", "Signed in at", "OIDC Core §2"),
    claim("nonce", "Giá trị dùng một lần của ứng dụng", "The request's nonce", "OIDC Core §2"),
    claim("acr", "Mức độ xác thực", "Authentication level", "OIDC Core §2, Decree 69/2024 Art. 20"),
    claim("amr", "Cách xác thực", "Authentication methods", "OIDC Core §2, RFC 8176"),
    claim("at_hash", "Dấu vết của access token", "Access token hash", "OIDC Core §3.1.3.6"),
    claim("sid", "Phiên đăng nhập", "Session", "OIDC Back-Channel Logout 1.0 §2.1"),
    Claim {
        name: "vneid_mock",
        vietnamese: "Đây là mô phỏng, không phải VNeID",
        english: "This is a simulation, not VNeID",
        basis: Basis::Invented,
        value: |_| None,
    },
];

/// Its value is the token's matter, not the holder's.
const fn claim(
    name: &'static str,
    vietnamese: &'static str,
    english: &'static str,
    clause: &'static str,
) -> Claim {
    Claim { name, vietnamese, english, basis: Basis::Standard(clause), value: |_| None }
}
