//! The catalogue of services: 9 of level 1, 7 more of level 2 (police letter of 28/2/2024).

use serde::{Deserialize, Serialize};

use super::{level::Level, papers::PaperKind, refused::Refused};

/// A service of the app.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Service {
    /// (1) of level 1.
    PersonalInformation,
    /// (2).
    PublicServices,
    /// (3).
    StayNotice,
    /// (4).
    SecurityFeedback,
    /// (5).
    Notices,
    /// (6).
    News,
    /// (7).
    ShareData,
    /// (8).
    ChangePhone,
    /// (9).
    ChangeDevice,
    /// (1) of level 2.
    Residence,
    /// (2).
    Card,
    /// (3).
    Dependants,
    /// (4).
    DrivingAndVehicle,
    /// (5).
    HealthInsurance,
    /// (6).
    SocialInsurance,
    /// (7).
    HealthRecord,
}

impl Service {
    /// All 16, in the letter's order.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The name in JSON and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The service with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|service| service.name() == name)
    }

    /// The level it needs.
    pub const fn level(self) -> Level {
        match self {
            Self::PersonalInformation
            | Self::PublicServices
            | Self::StayNotice
            | Self::SecurityFeedback
            | Self::Notices
            | Self::News
            | Self::ShareData
            | Self::ChangePhone
            | Self::ChangeDevice => Level::One,
            _ => Level::Two,
        }
    }

    /// As the letter words it, shortened.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::PersonalInformation => "Tích hợp thông tin cá nhân từ CSDLQG về dân cư",
            Self::PublicServices => "Đăng nhập (SSO) và sử dụng các Dịch vụ công trực tuyến",
            Self::StayNotice => "Thực hiện thông báo lưu trú",
            Self::SecurityFeedback => "Phản ánh, kiến nghị về an ninh trật tự",
            Self::Notices => "Nhận thông báo giải quyết thủ tục hành chính, cảnh báo hết hạn thẻ",
            Self::News => "Cập nhật tin tức, cảnh báo thủ đoạn tội phạm",
            Self::ShareData => "Chia sẻ dữ liệu công dân qua mã QR căn cước, mã QR định danh",
            Self::ChangePhone => "Đổi số điện thoại trực tuyến",
            Self::ChangeDevice => "Xác thực khi đổi thiết bị đăng nhập",
            Self::Residence => "Thông tin cư trú (Hộ khẩu online)",
            Self::Card => "Thông tin thẻ CCCD gắn chíp mới nhất và lịch sử thẻ",
            Self::Dependants => "Thông tin người phụ thuộc",
            Self::DrivingAndVehicle => "Thông tin giấy phép lái xe, đăng ký xe",
            Self::HealthInsurance => "Thông tin thẻ bảo hiểm y tế",
            Self::SocialInsurance => "An sinh xã hội: quá trình tham gia bảo hiểm xã hội",
            Self::HealthRecord => "Lịch sử khám chữa bệnh (Sổ sức khỏe điện tử)",
        }
    }

    /// The papers it shows.
    pub const fn papers(self) -> &'static [PaperKind] {
        match self {
            Self::Residence => &[PaperKind::Residence],
            Self::Card => &[PaperKind::Card, PaperKind::OldNumber],
            Self::Dependants => &[PaperKind::Dependants],
            Self::DrivingAndVehicle => &[PaperKind::Driving, PaperKind::Vehicle],
            Self::HealthInsurance => &[PaperKind::HealthInsurance],
            Self::SocialInsurance => &[PaperKind::SocialInsurance],
            Self::HealthRecord => &[PaperKind::Health],
            _ => &[],
        }
    }

    /// Whether an account of this level has it; the refusal is the guide's (facts §5.4).
    pub fn open_to(self, level: Level) -> Result<(), Refused> {
        match (self.level(), level) {
            (Level::Two, Level::One | Level::Unlevelled) => {
                Err(Refused::ServiceNeedsLevel2 { service: self.vietnamese().into() })
            }
            _ => Ok(()),
        }
    }
}
