//! The words of messages: documented where a source gives them, marked invented where none does (facts §5.5, §9).

use super::message::MessagePurpose;
use jiff::civil::Date;

use crate::identity::{
    Level, lock::LockReason, name::unaccent, refused::field_name, registration::Rejection,
};

/// Approval, documented: wording 1 (S2, with the unaccented name) or 2 (S0/S1, without).
pub fn approval(wording: u8, name: &str) -> String {
    if wording == 2 {
        return "Cuc canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan \
                da duoc phe duyet. De nghi truy cap ung dung VNeID hoac dia chi http://vneid.gov.vn de kich \
                hoat tai khoan"
            .to_owned();
    }
    format!(
        "Cuc Canh sat QLHC ve TTXH thong bao: Ho so dang ky tai khoan dinh danh dien tu cua cong dan {name} da duoc \
         phe duyet. De nghi truy cap ung dung VNeID hoac dia chi https://vneid.gov.vn de kich hoat tai khoan."
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

/// Invented; `database` is the one that was asked, in Vietnamese.
pub fn rejection(rejection: &Rejection, database: &str) -> String {
    let why = match rejection {
        Rejection::DataMismatch { fields } => {
            let fields: Vec<_> = fields.iter().map(|field| unaccent(field_name(field))).collect();
            format!("thong tin khong khop voi {} ({})", unaccent(database), fields.join(", "))
        }
        Rejection::Portrait { .. } => "anh chan dung khong hop le".to_owned(),
        Rejection::Fingerprints { .. } => "van tay khong hop le".to_owned(),
        Rejection::Officer { text } => unaccent(text),
    };
    format!("[MO PHONG] VNeID: Ho so dang ky tai khoan dinh danh dien tu bi tu choi: {why}.")
}

/// Invented.
pub fn activated(level: Level) -> String {
    let level = match level {
        Level::Unlevelled => String::from("to chuc"),
        Level::One | Level::Two => format!("muc {}", u8::from(level)),
    };
    format!("[MO PHONG] VNeID: Tai khoan dinh danh dien tu {level} da duoc kich hoat.")
}

/// Invented.
pub fn locked(reason: LockReason) -> String {
    let why = unaccent(reason.vietnamese());
    format!("[MO PHONG] VNeID: Tai khoan dinh danh dien tu da bi khoa ({why}).")
}

/// Invented.
pub fn unlocked() -> String {
    "[MO PHONG] VNeID: Tai khoan dinh danh dien tu da duoc mo khoa.".to_owned()
}

/// Invented.
pub fn phone_changed() -> String {
    "[MO PHONG] VNeID: So dien thoai cua tai khoan dinh danh dien tu da duoc thay doi.".to_owned()
}

/// Invented.
pub fn password_changed() -> String {
    "[MO PHONG] VNeID: Mat khau tai khoan dinh danh dien tu da duoc thay doi.".to_owned()
}

/// Invented; that the holder is warned is documented (C06 guide 08/2022).
pub fn card_expiring(expires: Date) -> String {
    let day = expires.strftime("%d/%m/%Y");
    format!(
        "[MO PHONG] VNeID: The can cuoc cua quy khach het han sau ngay {day}. De nghi cap doi the."
    )
}

/// Invented; the hotline is reported.
pub fn activation_overdue() -> String {
    "[MO PHONG] VNeID: Da qua 7 ngay ke tu khi phe duyet. Lien he tong dai 1900 0368 de kich hoat tai khoan."
        .to_owned()
}

/// Invented.
pub fn level0_expired() -> String {
    "[MO PHONG] VNeID: Tai khoan muc 0 da bi xoa do khong dang ky dinh danh dien tu.".to_owned()
}

/// Invented.
pub fn number_replaced() -> String {
    "[MO PHONG] VNeID: So dinh danh ca nhan cua quy khach da duoc xac lap lai. Dung so moi de dang nhap."
        .to_owned()
}

/// Invented: what asks a representative for consent (Decree 69/2024 Art. 14.2).
pub fn consent(name: &str, what: &str) -> String {
    format!("[MO PHONG] VNeID: Tai khoan cua {name} can su dong y cua quy khach: {what}.")
}

/// Invented, as is the push itself: no source shows one for a web sign-in (facts §5.4).
pub fn sign_in_request(portal: &str, reference: &str) -> String {
    format!(
        "[MO PHONG] VNeID: Yeu cau dang nhap {} (tham chieu {reference}). Mo ung dung de xac nhan; neu khong phai \
         quy khach dang nhap, hay tu choi.",
        unaccent(portal)
    )
}

/// Invented: how an office decided a request.
pub fn request_decided(granted: bool, text: &str) -> String {
    let answer = if granted { "duoc chap thuan" } else { "bi tu choi" };
    let why = if text.is_empty() { String::new() } else { format!(": {}", unaccent(text)) };
    format!("[MO PHONG] VNeID: Yeu cau cua quy khach {answer}{why}.")
}

/// The code inside a message, for tools that wait for it.
pub fn code_in(purpose: MessagePurpose, secret: &str) -> Option<String> {
    matches!(purpose, MessagePurpose::Otp | MessagePurpose::Password).then(|| secret.to_owned())
}
