//! The sentences about authorization requests that cannot be answered at their redirect URI.

use crate::oidc::authorize::Untrusted;

/// What a page says about an authorization request that cannot be answered.
pub(crate) const fn untrusted_text(untrusted: Untrusted) -> (&'static str, &'static str) {
    match untrusted {
        Untrusted::ClientMissing => (
            "Yêu cầu đăng nhập thiếu client_id hoặc có nhiều hơn một.",
            "The request has no client_id, or more than one.",
        ),
        Untrusted::ClientUnknown => (
            "Ứng dụng này chưa được đăng ký (client_id không tồn tại).",
            "This application is not registered: unknown client_id.",
        ),
        Untrusted::RedirectMissing => (
            "Yêu cầu đăng nhập thiếu redirect_uri hoặc có nhiều hơn một.",
            "The request has no redirect_uri, or more than one.",
        ),
        Untrusted::RedirectMismatch => (
            "redirect_uri không khớp từng ký tự với địa chỉ đã đăng ký.",
            "redirect_uri is not, character for character, a registered one.",
        ),
        Untrusted::Malformed => (
            "Không đọc được yêu cầu: tham số sai định dạng.",
            "The request cannot be read: its parameters are malformed.",
        ),
        Untrusted::NotPushed => (
            "Ứng dụng này phải gửi yêu cầu qua /oauth2/par trước (RFC 9126).",
            "This application must push its requests to /oauth2/par first (RFC 9126).",
        ),
        Untrusted::NotInitiable => (
            "Ứng dụng này không đăng ký initiate_login_uri.",
            "This application has no initiate_login_uri.",
        ),
        Untrusted::PushedUnknown => (
            "request_uri không tồn tại, đã được dùng hoặc quá 90 giây.",
            "This request_uri does not exist, was used, or is older than 90 seconds.",
        ),
    }
}
