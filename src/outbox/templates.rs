//! The words of messages: documented where a source gives them, marked invented where none does (facts §5.5, §9).

use super::message::Purpose;
use crate::identity::{FullName, Level, lock::LockReason, registration::Rejection};

/// Approval, documented: wording 1 (S2, with the unaccented name) or 2 (S0/S1, without).
pub fn approval(wording: u8, name: &FullName) -> String {
    if wording == 2 {
        return "Cuc canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan \
                da duoc phe duyet. De nghi truy cap ung dung VNeID hoac dia chi http://vneid.gov.vn de kich \
                hoat tai khoan"
            .to_owned();
    }
    format!(
        "Cuc Canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan {} da duoc \
         phe duyet. De nghi truy cap ung dung VNeID hoac dia chi https://vneid.gov.vn de kich hoat tai khoan.",
        name.unaccented()
    )
}

/// Invented: no source gives the words of an OTP.
pub fn otp(code: &str, reference: &str) -> String {
    format!(
        "[MO PHONG] VNeID: Ma OTP cua quy khach la {code}, hieu luc 3 phut (tham chieu {reference}). \
         Khong cung cap ma nay cho bat ky ai."
    )
}

/// Invented: seeds S2 and S4 say that a password comes by SMS, not in which words.
pub fn password(password: &str) -> String {
    format!("[MO PHONG] VNeID: Mat khau tai khoan dinh danh dien tu cua quy khach la {password}")
}

/// Invented.
pub fn rejection(rejection: &Rejection) -> String {
    let why = match rejection {
        Rejection::DataMismatch { fields } => {
            let fields: Vec<_> = fields.iter().map(|field| field_name(field)).collect();
            format!("thong tin khong khop voi CSDLQG ve dan cu ({})", fields.join(", "))
        }
        Rejection::Portrait { .. } => "anh chan dung khong hop le".to_owned(),
        Rejection::Fingerprints { .. } => "van tay khong hop le".to_owned(),
        Rejection::Officer { text } => crate::identity::name::unaccent(text),
    };
    format!("[MO PHONG] VNeID: Ho so dang ky tai khoan dinh danh dien tu bi tu choi: {why}.")
}

fn field_name(field: &str) -> &'static str {
    match field {
        "full_name" => "ho ten",
        "birth_date" => "ngay sinh",
        "gender" => "gioi tinh",
        _ => "thong tin khac",
    }
}

/// Invented.
pub fn activated(level: Level) -> String {
    let level = u8::from(level);
    format!("[MO PHONG] VNeID: Tai khoan dinh danh dien tu muc {level} da duoc kich hoat.")
}

/// Invented.
pub fn locked(reason: LockReason) -> String {
    let why = crate::identity::name::unaccent(reason.vietnamese());
    format!("[MO PHONG] VNeID: Tai khoan dinh danh dien tu da bi khoa ({why}).")
}

/// Invented.
pub fn unlocked() -> String {
    "[MO PHONG] VNeID: Tai khoan dinh danh dien tu da duoc mo khoa.".to_owned()
}

/// The code inside a message, for tools that wait for it.
pub fn code_in(purpose: Purpose, secret: &str) -> Option<String> {
    matches!(purpose, Purpose::Otp | Purpose::Password).then(|| secret.to_owned())
}
