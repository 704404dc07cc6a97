//! The sentences of every refusal: Vietnamese for people, English beside.

use super::Refused;
use crate::clock::Timestamp;

impl Refused {
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
                format!("Vui lòng chờ đến {} để gửi lại.", clock_time(*after))
            }
            Self::BadSecret(fault) => fault.vietnamese().to_owned(),
            Self::MayNotUnlock { reason } => format!(
                "Người yêu cầu không có quyền mở khóa tài khoản bị khóa vì: {}.",
                reason.vietnamese()
            ),
            Self::WrongPasscode { left } => format!(
                "Passcode không đúng. Bạn còn {left} lần thử trước khi tài khoản bị tạm khóa."
            ),
            Self::FaceMismatch { left } => format!(
                "Khuôn mặt không khớp. Bạn còn {left} lần thử trước khi tài khoản bị tạm khóa."
            ),
            Self::DataMismatch { fields } => {
                let fields: Vec<_> = fields.iter().map(|field| field_name(field)).collect();
                format!("Thông tin không khớp với cơ sở dữ liệu: {}.", fields.join(", "))
            }
            Self::LevelNotForHolder { .. } => {
                "Đối tượng này không được cấp tài khoản định danh điện tử mức này.".to_owned()
            }
            Self::GroundNotForHolder { reason, .. } => {
                format!("Căn cứ khóa không áp dụng cho đối tượng này: {}.", reason.vietnamese())
            }
            Self::PaperUnknown { kind } => {
                format!("{} không có dữ liệu: {}.", kind.database(), kind.vietnamese())
            }
            Self::PaperMismatch { kind } => {
                format!("{} không khớp với {}.", kind.vietnamese(), kind.database())
            }
            Self::ServiceNeedsLevel2 { service } => {
                format!("Nâng cấp tài khoản lên định danh mức 2 để sử dụng chức năng {service}")
            }
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
                format!("Wait until {} before asking for another.", clock_time(*after))
            }
            Self::BadSecret(fault) => fault.english().to_owned(),
            Self::WrongPasscode { left } => {
                format!("The passcode is wrong. {left} tries left before a temporary lock.")
            }
            Self::FaceMismatch { left } => {
                format!("The face does not match. {left} tries left before a temporary lock.")
            }
            Self::DataMismatch { fields } => {
                format!("Not what the database has: {}.", fields.join(", "))
            }
            Self::LevelNotForHolder { holder, level } => {
                let (holder, level) = (holder.name(), u8::from(*level));
                format!("A {holder} has no account of level {level}.")
            }
            Self::NotForHolder { holder, command } => {
                format!("The command {command} is not for a {}.", holder.name())
            }
            Self::GroundNotForHolder { holder, reason } => {
                format!("No ground for a lock of a {}: {}.", holder.name(), reason.english())
            }
            Self::ServiceNeedsLevel2 { service } => {
                format!("Upgrade the account to level 2 to use this function: {service}.")
            }
            Self::PaperUnknown { kind } => {
                format!("The owning database holds no such paper: {}.", kind.name())
            }
            Self::PaperMismatch { kind } => {
                format!("Not what the owning database holds: {}.", kind.name())
            }
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
            Self::OtpMalformed => ("Mã OTP gồm 6 chữ số.", "An OTP has six digits."),
            Self::NumberMalformed => (
                "Số định danh cá nhân gồm 12 chữ số.",
                "A personal ID number has twelve digits.",
            ),
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
            Self::RepresentativeRequired => (
                "Người dưới 14 tuổi hoặc được giám hộ đăng ký, sử dụng tài khoản thông qua cha, mẹ hoặc người giám hộ.",
                "A person under 14 or under guardianship acts through a parent or guardian.",
            ),
            Self::NotRepresentative => (
                "Bạn không phải cha, mẹ hoặc người giám hộ của người này.",
                "You are not this person's parent or guardian.",
            ),
            Self::RepresentativeLevel => (
                "Người đại diện phải dùng tài khoản định danh điện tử mức 2 của chính mình.",
                "A representative acts with an active level-2 account of his own.",
            ),
            Self::ConsentRequired => (
                "Cần sự đồng ý và xác nhận của người đại diện trên ứng dụng.",
                "The representative must consent and confirm in the app.",
            ),
            Self::ConsentRefused => {
                ("Người đại diện không đồng ý.", "The representative did not consent.")
            }
            Self::WrongAuthority => (
                "Đối tượng này đăng ký tại cơ quan khác: công dân tại Công an xã hoặc cơ quan căn cước, người nước ngoài tại cơ quan quản lý xuất nhập cảnh.",
                "Another authority serves this holder: the police a citizen, the immigration authority a foreigner.",
            ),
            Self::ResidenceRequired => (
                "Cần hộ chiếu và thẻ thường trú hoặc thẻ tạm trú còn hiệu lực.",
                "A valid passport and residence card are needed.",
            ),
            Self::DeviceBound => (
                "Thiết bị đang gắn với tài khoản khác. Xác nhận để hủy liên kết đó và tiếp tục.",
                "The device is bound to another account. Confirm to drop that binding and go on.",
            ),
            Self::AppSignInRequired => (
                "Vui lòng đăng nhập ứng dụng.",
                "The app is not signed in: send its token as a bearer token.",
            ),
            Self::ChipMismatch => (
                "Không đọc được chip hoặc chip không phải của chủ tài khoản.",
                "The chip cannot be read, or is not the holder's.",
            ),
            Self::QrExpired => (
                "Mã QR đã hết hiệu lực (5 phút). Vui lòng tạo mã mới.",
                "The QR code has expired (5 minutes).",
            ),
            Self::ConfirmationExpired => (
                "Yêu cầu xác nhận đã hết hiệu lực (5 phút). Vui lòng gửi yêu cầu mới.",
                "The request has expired (5 minutes). Send another.",
            ),
            Self::ConfirmationRequired => (
                "Yêu cầu đăng nhập chưa được xác nhận trên ứng dụng.",
                "The sign-in has not been confirmed in the app yet.",
            ),
            Self::ConfirmationRefused => (
                "Yêu cầu đăng nhập đã bị từ chối trên ứng dụng.",
                "The sign-in was refused in the app.",
            ),
            Self::ManagerRequired => (
                "Chỉ người có quyền Quản trị của tổ chức được thực hiện.",
                "Only who manages the organisation may do this.",
            ),
            Self::CoRepresentativesPending => (
                "Chưa có đủ sự đồng ý của các người đại diện theo pháp luật khác.",
                "Other legal representatives have not consented yet.",
            ),
            Self::NumberReplaced => (
                "Số định danh cá nhân này đã được xác lập lại.",
                "This ID number was re-established; the person has another now.",
            ),
            Self::PhoneUnchanged => (
                "Số điện thoại mới trùng với số đang đăng ký.",
                "The new phone number is the registered one.",
            ),
            Self::RequestOpen => (
                "Yêu cầu trước đó chưa được giải quyết.",
                "An earlier request of this kind is still open.",
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

/// The fields of identity that are compared, and what they are called in Vietnamese.
pub(super) const FIELDS: [(&str, &str); 10] = [
    ("full_name", "họ tên"),
    ("birth_date", "ngày sinh"),
    ("gender", "giới tính"),
    ("card_issued", "ngày cấp thẻ"),
    ("nationality", "quốc tịch"),
    ("passport_number", "số hộ chiếu"),
    ("name", "tên tổ chức"),
    ("tax_code", "mã số thuế"),
    ("enterprise_code", "mã số doanh nghiệp"),
    ("representative", "người đại diện"),
];

/// A field of identity, in Vietnamese.
pub fn field_name(field: &str) -> &'static str {
    let known = FIELDS.iter().find(|(name, _)| *name == field);
    known.map_or("thông tin khác", |(_, vietnamese)| vietnamese)
}
