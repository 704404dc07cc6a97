//! What a page says of a failure, in both languages, and what the log says of it.

use axum::http::StatusCode;

use super::{error::Problem, refusal_note::LoggedRefusal, untrusted::untrusted_text};
use crate::flow::Error;

/// A failure that a page shows: in both languages, and what the log says of it.
pub(crate) struct PageText {
    pub(crate) status: StatusCode,
    pub(crate) vietnamese: String,
    pub(crate) english: String,
    pub(crate) cause: Option<String>,
    pub(crate) logged: LoggedRefusal,
}

/// Sentences and status of a failure that a page shows.
pub(crate) fn page_text(error: Error) -> PageText {
    let text = |status, (vietnamese, english): (&str, &str), logged| PageText {
        status,
        vietnamese: vietnamese.to_owned(),
        english: english.to_owned(),
        cause: None,
        logged,
    };
    match error {
        Error::Untrusted(untrusted) => {
            let logged = LoggedRefusal::of(&untrusted.explained());
            text(StatusCode::BAD_REQUEST, untrusted_text(untrusted), logged)
        }
        Error::StaleForm => text(
            StatusCode::FORBIDDEN,
            (
                "Biểu mẫu đã được gửi hoặc hết hiệu lực. Vui lòng mở lại trang đăng nhập.",
                "This form was sent before or is too old. Open the sign-in page again.",
            ),
            LoggedRefusal::code("stale"),
        ),
        Error::Missing(_) => text(
            StatusCode::BAD_REQUEST,
            (
                "Phiên đăng nhập không tồn tại, đã kết thúc hoặc thuộc trình duyệt khác. Vui lòng quay lại cổng dịch vụ.",
                "This sign-in does not exist, has ended or belongs to another browser. Go back to the portal.",
            ),
            LoggedRefusal::code("sign_in_over"),
        ),
        other => {
            let logged = match &other {
                Error::Protocol(error) => Some(LoggedRefusal::of(error)),
                _ => None,
            };
            let unsaid = || "Hệ thống mô phỏng không xử lý được yêu cầu.".to_owned();
            let problem = Problem::from(other);
            PageText {
                status: problem.status,
                vietnamese: problem.detail_vi.unwrap_or_else(unsaid),
                english: problem.detail,
                cause: problem.cause,
                logged: logged.unwrap_or_else(|| LoggedRefusal::code(problem.code)),
            }
        }
    }
}
