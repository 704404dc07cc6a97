//! What each account level allows: 9 services of level 1 and the 7 more of level 2 (facts 1.13, 1.14; town police letter of 28/2/2024).

use crate::{identity::Level, oidc::language::Language};

/// A service as the portal shows it.
pub(crate) struct PortalService {
    pub(crate) name: &'static str,
    pub(crate) allowed: bool,
}

type Texts = (&'static str, &'static str);

const LEVEL_1: [Texts; 9] = [
    (
        "Tích hợp thông tin cá nhân từ Cơ sở dữ liệu quốc gia về dân cư",
        "Personal information from the national population database",
    ),
    (
        "Đăng nhập (SSO) và sử dụng các dịch vụ công trực tuyến",
        "Single sign-on to online public services",
    ),
    ("Thực hiện thông báo lưu trú", "Notice of stay"),
    ("Phản ánh, kiến nghị về an ninh trật tự", "Reports on public order"),
    (
        "Nhận thông báo giải quyết thủ tục hành chính, dịch vụ công liên thông; cảnh báo hết hạn thẻ căn cước; chúc mừng sinh nhật",
        "Notices on procedures and linked services; card expiry warning; birthday greeting",
    ),
    (
        "Cập nhật thông tin, tin tức, cảnh báo thủ đoạn tội phạm",
        "News and warnings about criminal tricks",
    ),
    (
        "Chia sẻ dữ liệu công dân: xuất trình thông tin, mã QR căn cước, mã QR định danh",
        "Sharing data: showing it, ID card QR, e-ID QR",
    ),
    ("Đổi số điện thoại trực tuyến", "Changing the phone number online"),
    ("Xác thực khi đổi thiết bị đăng nhập", "Authentication on a new device"),
];

const LEVEL_2: [Texts; 7] = [
    ("Thông tin cư trú (hộ khẩu online)", "Residence (online household book)"),
    (
        "Thông tin thẻ căn cước gắn chip mới nhất và lịch sử thẻ",
        "The latest chip card and the history of cards",
    ),
    (
        "Thông tin người phụ thuộc (con dưới 14 tuổi hoặc người được giám hộ)",
        "Dependants (children under 14, wards)",
    ),
    ("Giấy phép lái xe, đăng ký xe", "Driving licence, vehicle registration"),
    ("Thẻ bảo hiểm y tế", "Health-insurance card"),
    ("Quá trình tham gia bảo hiểm xã hội", "Social-insurance participation"),
    ("Lịch sử khám chữa bệnh (sổ sức khỏe điện tử)", "Medical history (health record)"),
];

fn named(texts: &[Texts], allowed: bool, language: Language) -> Vec<PortalService> {
    let one = |&(vi, en): &Texts| PortalService { name: language.pick(vi, en), allowed };
    texts.iter().map(one).collect()
}

/// The services of level 1, which every account has, and those that level 2 adds.
pub(crate) fn of(level: Level, language: Language) -> (Vec<PortalService>, Vec<PortalService>) {
    (named(&LEVEL_1, true, language), named(&LEVEL_2, level == Level::Two, language))
}
