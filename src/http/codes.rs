//! The refusals of identity as a page of the documentation: code, status, both sentences.

use super::error::refused_status;
use crate::identity::Refused;

/// `docs/errors.md`.
pub fn document() -> String {
    let mut text = String::from(
        "# Danh sách mã lỗi · Error codes\n\n\
         Generated from `src/identity/refused`. What a rule refuses is answered as `application/problem+json` (RFC 9457) with the stable `code`, \
         on pages with the sentence. Codes and sentences are the simulator's own unless [fidelity](fidelity.md) names a source.\n\n\
         | `code` | HTTP | Câu tiếng Việt | English |\n|---|---|---|---|\n",
    );
    for refused in Refused::every() {
        let line = format!(
            "| `{}` | {} | {} | {} |\n",
            refused.code(),
            refused_status(&refused).as_u16(),
            refused.vietnamese(),
            refused.english(),
        );
        text.push_str(&line);
    }
    text
}
