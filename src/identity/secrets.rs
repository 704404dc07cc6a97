//! The rules for what a holder chooses: password, passcode, security questions.

use serde::{Deserialize, Serialize};

/// Which rule a chosen secret breaks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum SecretError {
    /// Not 8 to 20 characters.
    PasswordLength,
    /// Lacks a digit, an upper-case, a lower-case or a special character.
    PasswordMix,
    /// The passcode is not exactly six digits.
    Passcode,
    /// Not two different questions with answers of 1 to 100 characters.
    Questions,
}

impl SecretError {
    /// Every rule.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PasswordLength | Self::PasswordMix => "weak_password",
            Self::Passcode => "bad_passcode",
            Self::Questions => "bad_questions",
        }
    }

    /// The rule in Vietnamese.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::PasswordLength => "Mật khẩu phải có từ 8 đến 20 ký tự.",
            Self::PasswordMix => {
                "Mật khẩu phải có chữ số, chữ hoa, chữ thường và ít nhất một ký tự đặc biệt."
            }
            Self::Passcode => "Passcode gồm đúng 6 chữ số.",
            Self::Questions => "Chọn đúng 2 câu hỏi bảo mật khác nhau và trả lời đầy đủ.",
        }
    }

    /// The rule in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::PasswordLength => "A password has 8 to 20 characters.",
            Self::PasswordMix => {
                "A password has a digit, an upper-case, a lower-case and a special character."
            }
            Self::Passcode => "A passcode is exactly six digits.",
            Self::Questions => "Choose two different security questions and answer both.",
        }
    }
}

/// Facts §5.2: 8–20 characters with digit, upper, lower and at least one special.
pub fn check_password(password: &str) -> Result<(), SecretError> {
    if !(8..=20).contains(&password.chars().count()) || password.chars().any(char::is_control) {
        return Err(SecretError::PasswordLength);
    }
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let mixed = has(|c| c.is_ascii_digit())
        && has(char::is_uppercase)
        && has(char::is_lowercase)
        && has(|c| !c.is_alphanumeric() && !c.is_whitespace());
    if mixed { Ok(()) } else { Err(SecretError::PasswordMix) }
}

/// Facts §5.2: exactly six digits.
pub fn check_passcode(passcode: &str) -> Result<(), SecretError> {
    if passcode.len() == 6 && passcode.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(SecretError::Passcode)
    }
}

/// A security question, by its place in [`QUESTIONS`], and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityAnswer {
    /// Place in [`QUESTIONS`], from 0.
    pub question: u8,
    /// 1 to 100 characters.
    pub answer: String,
}

/// The list to choose from. Invented: no source gives the texts (facts §9).
pub const QUESTIONS: [&str; 6] = [
    "Tên trường tiểu học đầu tiên của bạn là gì?",
    "Món ăn bạn thích nhất là gì?",
    "Tên người bạn thân thời thơ ấu của bạn là gì?",
    "Bạn sinh ra ở bệnh viện nào?",
    "Tên thú nuôi đầu tiên của bạn là gì?",
    "Nghề nghiệp bạn mơ ước khi còn nhỏ là gì?",
];

/// Facts §5.2: two questions, chosen from a list.
pub fn check_answers(answers: &[SecurityAnswer]) -> Result<(), SecretError> {
    let right = |a: &SecurityAnswer| {
        usize::from(a.question) < QUESTIONS.len()
            && (1..=100).contains(&a.answer.trim().chars().count())
    };
    match answers {
        [first, second] if first.question != second.question && right(first) && right(second) => {
            Ok(())
        }
        _ => Err(SecretError::Questions),
    }
}
