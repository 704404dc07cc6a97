//! Every "no" of the identity rules: a stable code, a Vietnamese and an English sentence, and no HTTP.

use super::{lock::LockReason, secrets::SecretFault};
use crate::clock::Timestamp;

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The state has no answer to the command: the default of every table.
    OutOfTurn {
        /// The state, as documents name it.
        state: &'static str,
        /// The command, as documents name it.
        command: &'static str,
    },
    /// Unknown ID number or wrong password; the two are not told apart.
    WrongCredentials {
        /// Tries before the temporary lock.
        left: u8,
    },
    /// Five wrong passwords (facts §5.2), or too many wrong OTPs.
    TemporarilyLocked {
        /// When it ends.
        until: Timestamp,
    },
    /// Locked for a reason of the law.
    Locked {
        /// The ground.
        reason: LockReason,
    },
    /// The OTP is not the one that was sent.
    WrongOtp {
        /// Tries before this OTP dies.
        left: u8,
    },
    /// The OTP is older than 180 seconds.
    OtpExpired,
    /// The OTP died of wrong tries.
    OtpUsedUp,
    /// The OTP was accepted before.
    OtpAlreadyUsed,
    /// Less than 60 seconds since the last OTP.
    ResendTooSoon {
        /// When the next may be asked for.
        after: Timestamp,
    },
    /// Approved, but not activated yet.
    ActivationRequired,
    /// More than 7 days since the approval (Decree 69/2024 Art. 14.1).
    ActivationOverdue,
    /// The account is active already.
    AlreadyActivated,
    /// No level-1 or level-2 account yet.
    RegistrationRequired,
    /// Password, passcode or security questions break a rule.
    BadSecret(SecretFault),
    /// The population database does not know the ID number.
    UnknownCitizen,
    /// Under 14: registered through a representative, which this version does not serve.
    TooYoung,
    /// The phone number belongs to another account.
    PhoneTaken,
    /// The phone number is not the one of the account.
    PhoneMismatch,
    /// Level 2 at this desk needs a valid chip card.
    CardRequired,
    /// The card is still valid: level 2 needs no new one.
    CardStillValid,
    /// The card is out of date.
    CardExpired,
    /// The card was revoked, seized or reported lost.
    CardRevoked,
    /// The account was locked, re-activated or changed by force since the password was typed.
    SignInEnded,
    /// Without a valid card only a desk of the place of residence may register (facts 1.9).
    WrongPlace,
    /// Another registration of this person is still open.
    RegistrationOpen,
    /// The account has this level or a higher one already.
    LevelNotHigher,
    /// The person who asks may not lift this lock (Law 26/2023 Art. 34).
    MayNotUnlock {
        /// The ground of the lock.
        reason: LockReason,
    },
    /// A lock for death is never lifted.
    DeathIsFinal,
    /// The portal asks for level 2 and the account has level 1.
    LevelTooLow,
}

impl Refused {
    /// The stable code that tools match on.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfTurn { .. } => "out_of_turn",
            Self::WrongCredentials { .. } => "wrong_credentials",
            Self::TemporarilyLocked { .. } => "temporarily_locked",
            Self::Locked { .. } => "locked",
            Self::WrongOtp { .. } => "wrong_otp",
            Self::OtpExpired => "otp_expired",
            Self::OtpUsedUp => "otp_used_up",
            Self::OtpAlreadyUsed => "otp_already_used",
            Self::ResendTooSoon { .. } => "resend_too_soon",
            Self::ActivationRequired => "activation_required",
            Self::ActivationOverdue => "activation_overdue",
            Self::AlreadyActivated => "already_activated",
            Self::RegistrationRequired => "registration_required",
            Self::BadSecret(fault) => fault.code(),
            Self::UnknownCitizen => "unknown_citizen",
            Self::TooYoung => "too_young",
            Self::PhoneTaken => "phone_taken",
            Self::PhoneMismatch => "phone_mismatch",
            Self::CardRequired => "card_required",
            Self::CardStillValid => "card_still_valid",
            Self::CardExpired => "card_expired",
            Self::CardRevoked => "card_revoked",
            Self::SignInEnded => "sign_in_ended",
            Self::WrongPlace => "wrong_place",
            Self::RegistrationOpen => "registration_open",
            Self::LevelNotHigher => "level_not_higher",
            Self::MayNotUnlock { .. } => "may_not_unlock",
            Self::DeathIsFinal => "death_is_final",
            Self::LevelTooLow => "level_too_low",
        }
    }

    /// The sentence for people.
    pub fn vietnamese(&self) -> String {
        match self {
            Self::WrongCredentials { left } => format!(
                "Số định danh cá nhân hoặc mật khẩu không đúng. Bạn còn {left} lần thử trước khi tài khoản bị tạm khóa."
            ),
            Self::TemporarilyLocked { until } => format!(
                "Tài khoản tạm khóa do nhập sai quá số lần cho phép. Vui lòng thử lại sau {}.",
                clock_time(*until)
            ),
            Self::Locked { reason } => format!("Tài khoản đã bị khóa: {}.", reason.vietnamese()),
            Self::WrongOtp { left } => format!("Mã OTP không đúng. Bạn còn {left} lần thử."),
            Self::ResendTooSoon { after } => {
                format!("Vui lòng chờ đến {} để gửi lại mã OTP.", clock_time(*after))
            }
            Self::BadSecret(fault) => fault.vietnamese().to_owned(),
            Self::MayNotUnlock { reason } => format!(
                "Người yêu cầu không có quyền mở khóa tài khoản bị khóa vì: {}.",
                reason.vietnamese()
            ),
            other => other.plain().0.to_owned(),
        }
    }

    /// The same sentence in English.
    pub fn english(&self) -> String {
        match self {
            Self::OutOfTurn { state, command } => {
                format!("The command {command} has no effect in the state {state}.")
            }
            Self::WrongCredentials { left } => format!(
                "The ID number or the password is wrong. {left} tries left before a temporary lock."
            ),
            Self::TemporarilyLocked { until } => format!(
                "The account is locked for a while after too many wrong tries. Try again after {}.",
                clock_time(*until)
            ),
            Self::Locked { reason } => format!("The account is locked: {}.", reason.english()),
            Self::WrongOtp { left } => format!("The OTP is wrong. {left} tries left."),
            Self::ResendTooSoon { after } => {
                format!("Wait until {} before asking for another OTP.", clock_time(*after))
            }
            Self::BadSecret(fault) => fault.english().to_owned(),
            Self::MayNotUnlock { reason } => {
                format!("Whoever asks may not lift a lock for: {}.", reason.english())
            }
            other => other.plain().1.to_owned(),
        }
    }

    /// The sentences without data in them, Vietnamese and English.
    #[expect(clippy::too_many_lines, reason = "two sentences for each refusal, side by side")]
    const fn plain(&self) -> (&'static str, &'static str) {
        match self {
            Self::OtpExpired => {
                ("Mã OTP đã hết hiệu lực (180 giây).", "The OTP has expired (180 seconds).")
            }
            Self::OtpUsedUp => (
                "Bạn đã nhập sai mã OTP quá 5 lần. Vui lòng đăng nhập lại.",
                "Five wrong OTPs. Sign in again.",
            ),
            Self::OtpAlreadyUsed => ("Mã OTP đã được sử dụng.", "The OTP was used before."),
            Self::ActivationRequired => (
                "Tài khoản đã được phê duyệt nhưng chưa kích hoạt. Vui lòng kích hoạt trên ứng dụng.",
                "The account is approved but not activated. Activate it in the app.",
            ),
            Self::ActivationOverdue => (
                "Đã quá 7 ngày kể từ khi phê duyệt. Vui lòng liên hệ tổng đài 1900 0368 để kích hoạt tài khoản.",
                "More than 7 days since the approval. Call 1900 0368 to have the account activated.",
            ),
            Self::AlreadyActivated => (
                "Tài khoản của bạn đã thực hiện kích hoạt",
                "The account has been activated already.",
            ),
            Self::RegistrationRequired => (
                "Bạn chưa có tài khoản định danh điện tử mức 1 hoặc mức 2. Vui lòng đăng ký.",
                "There is no level-1 or level-2 account yet. Register first.",
            ),
            Self::UnknownCitizen => (
                "Không tìm thấy số định danh cá nhân trong Cơ sở dữ liệu quốc gia về dân cư.",
                "The population database does not know this ID number.",
            ),
            Self::TooYoung => (
                "Công dân dưới 14 tuổi đăng ký thông qua cha, mẹ hoặc người giám hộ.",
                "A citizen under 14 registers through a parent or guardian.",
            ),
            Self::PhoneTaken => (
                "Số điện thoại đã được đăng ký cho tài khoản định danh điện tử khác.",
                "The phone number is tied to another e-ID account.",
            ),
            Self::PhoneMismatch => (
                "Số điện thoại không khớp với số đã đăng ký.",
                "The phone number is not the registered one.",
            ),
            Self::CardRequired => (
                "Cần xuất trình thẻ căn cước gắn chip còn hiệu lực.",
                "A valid chip card must be presented.",
            ),
            Self::CardStillValid => (
                "Thẻ căn cước vẫn còn hiệu lực; không cần cấp thẻ mới cùng tài khoản mức 2.",
                "The card is still valid; level 2 needs no new card.",
            ),
            Self::CardExpired => (
                "Thẻ căn cước đã hết hạn. Vui lòng cấp đổi thẻ để tiếp tục sử dụng tài khoản.",
                "The ID card has expired. Renew it to go on using the account.",
            ),
            Self::CardRevoked => (
                "Thẻ căn cước đã bị thu hồi, bị giữ hoặc báo mất. Vui lòng liên hệ cơ quan Công an.",
                "The ID card was revoked, seized or reported lost. Ask the police.",
            ),
            Self::SignInEnded => (
                "Tài khoản đã thay đổi trong khi đăng nhập. Vui lòng đăng nhập lại.",
                "The account changed during the sign-in. Sign in again.",
            ),
            Self::WrongPlace => (
                "Chưa có thẻ gắn chip còn hiệu lực: chỉ đăng ký tại nơi cư trú.",
                "Without a valid chip card, register at the place of residence.",
            ),
            Self::RegistrationOpen => (
                "Hồ sơ đăng ký trước đó chưa được giải quyết.",
                "An earlier registration is still open.",
            ),
            Self::LevelNotHigher => (
                "Tài khoản đã có mức định danh này hoặc cao hơn.",
                "The account has this level or a higher one already.",
            ),
            Self::DeathIsFinal => (
                "Tài khoản bị khóa do chủ tài khoản đã chết; không thể mở khóa.",
                "A lock for death is never lifted.",
            ),
            Self::LevelTooLow => (
                "Nâng cấp tài khoản lên định danh mức 2 để sử dụng chức năng này",
                "Upgrade the account to level 2 to use this function.",
            ),
            _ => (
                "Không thể thực hiện yêu cầu ở trạng thái hiện tại.",
                "Not possible in this state.",
            ),
        }
    }
}

/// `HH:MM:SS dd/MM/yyyy` in Viet Nam, as people there read it.
fn clock_time(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    jiff::tz::Offset::constant(7).to_datetime(moment).strftime("%H:%M:%S %d/%m/%Y").to_string()
}
