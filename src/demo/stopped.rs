//! Every way a demo sign-in can end without a visitor, with its code, status and sentence.

use axum::http::StatusCode;

use super::SiteKind;
use crate::oidc::language::Language;

/// Why a callback is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotBegun {
    /// The browser brings no cookie, or one nobody knows.
    NoSession,
    /// It does, but this `state` is not under way, or not any more.
    NoState,
}

/// Why the sign-in stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The callback's query is malformed, or repeats a parameter.
    Unreadable,
    /// The browser does not bring the session that began.
    NotBegun(NotBegun),
    /// `iss` is missing or another's (RFC 9207 §2.4).
    WrongIssuer,
    /// The provider says no: code and description.
    Refused(String, Option<String>),
    /// Neither code nor error.
    NoCode,
    /// The token endpoint says no: code and description.
    NotExchanged(String, Option<String>),
    /// The ID token is not what it must be.
    IdToken(String),
    /// The claims are not what they must be.
    UserInfo(String),
    /// The provider does not answer, or not in a way that can be read.
    Provider(String),
}

impl Stopped {
    /// A stable code: the provider's own where it gave one.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Unreadable => "unreadable_callback",
            Self::NotBegun(NotBegun::NoSession) => "session_missing",
            Self::NotBegun(NotBegun::NoState) => "state_mismatch",
            Self::WrongIssuer => "issuer_mismatch",
            Self::NoCode => "code_missing",
            Self::IdToken(_) => "id_token_invalid",
            Self::UserInfo(_) => "userinfo_invalid",
            Self::Provider(_) => "provider_unavailable",
            Self::Refused(code, _) | Self::NotExchanged(code, _) => code,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Refused(code, _) if code == "access_denied" => StatusCode::FORBIDDEN,
            Self::Provider(_) => StatusCode::BAD_GATEWAY,
            Self::Unreadable
            | Self::NotBegun(_)
            | Self::WrongIssuer
            | Self::Refused(..)
            | Self::NoCode
            | Self::NotExchanged(..)
            | Self::IdToken(_)
            | Self::UserInfo(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// What a developer wants to know beside the sentence.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Self::Refused(_, detail) | Self::NotExchanged(_, detail) => detail.as_deref(),
            Self::IdToken(detail) | Self::UserInfo(detail) | Self::Provider(detail) => Some(detail),
            Self::Unreadable | Self::NotBegun(_) | Self::WrongIssuer | Self::NoCode => None,
        }
    }

    /// Why, for the holder.
    pub(crate) fn sentence(&self, kind: SiteKind, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Unreadable => (
                "Không đọc được câu trả lời gửi về cổng.",
                "The answer sent back to this site cannot be read.",
            ),
            Self::NotBegun(NotBegun::NoSession) => (
                "Trình duyệt này không có phiên đăng nhập đang chờ. Hãy bắt đầu lại và cho phép cookie.",
                "This browser has no sign-in under way here. Start again, and allow cookies.",
            ),
            Self::NotBegun(NotBegun::NoState) => (
                "Câu trả lời không khớp với lần đăng nhập nào đang chờ, hoặc đã được dùng rồi. Hãy bắt đầu lại.",
                "The answer belongs to no sign-in under way, or was used already. Start again.",
            ),
            Self::WrongIssuer => (
                "Câu trả lời không đến từ nhà cung cấp danh tính mà cổng đã hỏi.",
                "The answer does not come from the provider that was asked.",
            ),
            Self::NoCode => (
                "Câu trả lời không có mã ủy quyền và cũng không có lỗi.",
                "The answer holds neither a code nor an error.",
            ),
            Self::NotExchanged(..) => (
                "Nhà cung cấp danh tính không đổi mã ủy quyền lấy thông tin đăng nhập.",
                "The provider did not exchange the authorization code.",
            ),
            Self::IdToken(_) => (
                "Thông tin đăng nhập nhận được không qua được kiểm tra, nên cổng không chấp nhận.",
                "The ID token did not pass verification, so this site does not accept it.",
            ),
            Self::UserInfo(_) => (
                "Thông tin công dân nhận được không qua được kiểm tra, nên cổng không chấp nhận.",
                "The claims did not pass verification, so this site does not accept them.",
            ),
            Self::Provider(_) => (
                "Hiện không liên lạc được với nhà cung cấp danh tính. Hãy thử lại sau.",
                "The provider cannot be reached at the moment. Try again later.",
            ),
            Self::Refused(code, _) => return refused(code, kind, language),
        };
        language.pick(vietnamese, english)
    }
}

/// What a code of RFC 6749 §4.1.2.1 or OIDC Core §3.1.2.6 means to the holder.
fn refused(code: &str, kind: SiteKind, language: Language) -> &'static str {
    let (vietnamese, english) = match (code, kind) {
        ("access_denied", SiteKind::Insurance) => (
            "Cổng này chỉ nhận tài khoản định danh điện tử mức độ 2. Tài khoản vừa dùng chưa đạt mức này, hoặc lần đăng nhập đã bị từ chối. Hãy nâng cấp tại cơ quan Công an rồi đăng nhập lại.",
            "This site takes level-2 accounts only. The account is not at that level, or the sign-in was declined. Upgrade it at a police office and sign in again.",
        ),
        ("access_denied", SiteKind::Portal) => (
            "Bạn đã từ chối, hoặc tài khoản không được phép đăng nhập vào cổng này.",
            "You declined, or the account may not sign in to this site.",
        ),
        ("login_required" | "interaction_required" | "consent_required", _) => (
            "Chưa có ai đăng nhập, hoặc cần thêm một bước trên trang của nhà cung cấp danh tính. Hãy đăng nhập lại.",
            "Nobody is signed in, or the provider must show a page first. Sign in again.",
        ),
        ("server_error" | "temporarily_unavailable", _) => (
            "Nhà cung cấp danh tính đang gặp sự cố. Hãy thử lại sau.",
            "The provider has trouble at the moment. Try again later.",
        ),
        _ => (
            "Nhà cung cấp danh tính từ chối yêu cầu đăng nhập.",
            "The provider refused the sign-in request.",
        ),
    };
    language.pick(vietnamese, english)
}
