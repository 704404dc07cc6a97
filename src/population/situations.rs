//! Situations worth testing, by name: each is a search that finds somebody in the full country.

use jiff::civil::Date;

use crate::identity::{
    HolderKind, PaperKind,
    lock::LockReason,
    wanted::{StateName, WantedCard},
};

use super::country::Country;
use super::like::{Found, Like, OrganisationLike};

/// Whom a situation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SituationSubject {
    /// A person.
    Person(Box<Like>),
    /// An organisation.
    Organisation(OrganisationLike),
}

/// A situation with a name.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The name, in `snake_case`.
    pub name: &'static str,
    /// A short description in Vietnamese.
    pub story: &'static str,
    /// Whom to look for.
    pub wish: fn() -> SituationSubject,
}

/// All situations.
pub const fn situations() -> &'static [Situation] {
    &SITUATIONS
}

impl Situation {
    /// The situation with this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        SITUATIONS.iter().find(|one| one.name == name)
    }
}

impl Country {
    /// Somebody, or an organisation, in a situation on `today`.
    pub fn find(&self, situation: &Situation, today: Date, pick: u64) -> Found {
        match (situation.wish)() {
            SituationSubject::Person(like) => self.search(&like, today, pick),
            SituationSubject::Organisation(like) => self.search_organisations(&like, pick),
        }
    }
}

fn base() -> Like {
    Like::default()
}

fn active(kind: HolderKind, level: u8) -> Like {
    let upgrade_approved = Some(false);
    Like { level: Some(level), upgrade_approved, ..state(kind, StateName::Active) }
}

fn adult(level: u8) -> Like {
    active(HolderKind::Citizen, level)
}

fn state(kind: HolderKind, state: StateName) -> Like {
    Like { kind: Some(kind), state: Some(state), ..base() }
}

fn locked(kind: HolderKind, reason: LockReason) -> Like {
    Like { reason: Some(reason), ..state(kind, StateName::Locked) }
}

fn organisation(state: StateName) -> OrganisationLike {
    OrganisationLike { state: Some(state), ..OrganisationLike::default() }
}

macro_rules! situations {
    ($($name:ident $story:literal $kind:ident $wish:expr;)*) => {
        [$(Situation {
            name: stringify!($name),
            story: $story,
            wish: || situations!(@ $kind $wish),
        }),*]
    };
    (@ person $wish:expr) => { SituationSubject::Person(Box::new($wish)) };
    (@ organisation $wish:expr) => { SituationSubject::Organisation($wish) };
}

#[rustfmt::skip]
static SITUATIONS: [Situation; 63] = situations! {
    level1_active "Công dân có tài khoản mức 1 đang dùng" person adult(1);
    level2_active "Công dân có tài khoản mức 2 đang dùng" person adult(2);
    upgrade_approved "Đang dùng mức 1, mức 2 đã được duyệt và chờ kích hoạt" person Like { upgrade_approved: Some(true), ..base() };
    level1_approved "Mức 1 vừa được duyệt, chưa kích hoạt" person Like { level: Some(1), ..state(HolderKind::Citizen, StateName::Approved) };
    level2_approved "Mức 2 vừa được duyệt, chưa kích hoạt" person Like { level: Some(2), ..state(HolderKind::Citizen, StateName::Approved) };
    level1_overdue "Mức 1 được duyệt quá 7 ngày chưa kích hoạt" person Like { level: Some(1), ..state(HolderKind::Citizen, StateName::ActivationOverdue) };
    level2_overdue "Mức 2 được duyệt quá 7 ngày chưa kích hoạt, phải gọi 1900 0368" person Like { level: Some(2), ..state(HolderKind::Citizen, StateName::ActivationOverdue) };
    level0 "Mới tạo tài khoản trên ứng dụng, chưa đăng ký mức 1" person state(HolderKind::Citizen, StateName::Level0);
    unregistered_with_card "Có thẻ căn cước nhưng chưa đăng ký tài khoản" person Like { card: Some(WantedCard::Valid), ..state(HolderKind::Citizen, StateName::Unregistered) };
    unregistered_without_card "Chưa có thẻ căn cước gắn chip và chưa có tài khoản" person Like { card: Some(WantedCard::None), ..state(HolderKind::Citizen, StateName::Unregistered) };
    temporarily_locked "Tạm khóa vì nhập sai mật khẩu nhiều lần" person state(HolderKind::Citizen, StateName::TemporarilyLocked);
    locked_holders_request "Bị khóa theo yêu cầu của chủ tài khoản" person locked(HolderKind::Citizen, LockReason::HoldersRequest);
    locked_breach_of_terms "Bị khóa vì vi phạm thỏa thuận sử dụng" person locked(HolderKind::Citizen, LockReason::BreachOfTerms);
    locked_authoritys_request "Bị khóa theo yêu cầu của cơ quan có thẩm quyền" person locked(HolderKind::Citizen, LockReason::AuthoritysRequest);
    locked_card_revoked "Bị khóa vì thẻ căn cước bị thu hồi" person locked(HolderKind::Citizen, LockReason::CardRevoked);
    locked_card_expired "Bị khóa vì thẻ căn cước hết hạn" person locked(HolderKind::Citizen, LockReason::CardExpired);
    locked_death "Chủ tài khoản đã chết, tài khoản bị khóa" person locked(HolderKind::Citizen, LockReason::Death);
    level1_locked "Mức 1 bị khóa theo yêu cầu của chủ tài khoản" person Like { level: Some(1), ..locked(HolderKind::Citizen, LockReason::HoldersRequest) };
    card_expiring "Mức 2 đang dùng, thẻ căn cước còn hạn dưới 30 ngày" person Like { card: Some(WantedCard::Expiring), ..adult(2) };
    card_expiring_level1 "Mức 1 đang dùng, thẻ căn cước còn hạn dưới 30 ngày" person Like { card: Some(WantedCard::Expiring), ..adult(1) };
    card_expired "Thẻ căn cước đã hết hạn" person Like { card: Some(WantedCard::Expired), ..base() };
    card_expired_still_active "Thẻ vừa hết hạn, trạng thái ban đầu đang dùng: bị khóa theo Nghị định 69, chưa khóa theo Nghị định 59" person Like { card: Some(WantedCard::Expired), birth_years: Some(1966..=2001), ..adult(2) };
    card_revoked "Thẻ căn cước bị thu hồi" person Like { card: Some(WantedCard::Lost), ..base() };
    card_none "Chưa từng có thẻ căn cước gắn chip" person Like { card: Some(WantedCard::None), ..base() };
    youngest_adult "Công dân 14 tuổi có tài khoản mức 2" person Like { ages: Some(14..=14), ..adult(2) };
    child_unregistered "Trẻ từ 6 đến dưới 14 tuổi chưa có tài khoản" person state(HolderKind::Child, StateName::Unregistered);
    child_with_card "Trẻ từ 6 đến dưới 14 tuổi có thẻ căn cước, chưa có tài khoản" person Like { card: Some(WantedCard::Valid), ..state(HolderKind::Child, StateName::Unregistered) };
    child_level1 "Trẻ từ 6 đến dưới 14 tuổi có tài khoản mức 1" person active(HolderKind::Child, 1);
    child_level2 "Trẻ từ 6 đến dưới 14 tuổi có tài khoản mức 2" person active(HolderKind::Child, 2);
    child_overdue "Tài khoản của trẻ được duyệt quá 7 ngày chưa kích hoạt" person state(HolderKind::Child, StateName::ActivationOverdue);
    child_locked "Tài khoản của trẻ bị khóa vì thẻ bị thu hồi" person locked(HolderKind::Child, LockReason::CardRevoked);
    young_child_unregistered "Trẻ dưới 6 tuổi chưa có tài khoản" person state(HolderKind::YoungChild, StateName::Unregistered);
    young_child_level1 "Trẻ dưới 6 tuổi có tài khoản mức 1" person active(HolderKind::YoungChild, 1);
    ward "Người được giám hộ có tài khoản mức 2" person active(HolderKind::Ward, 2);
    ward_unregistered "Người được giám hộ chưa có tài khoản" person state(HolderKind::Ward, StateName::Unregistered);
    guardian_with_ward "Mức 2 đang dùng, là người giám hộ của vợ hoặc chồng" person Like { has_children: Some(false), papers: vec![PaperKind::Dependants], ..adult(2) };
    parent_with_children "Mức 2 đang dùng, là người đại diện của con dưới 14 tuổi" person Like { has_children: Some(true), papers: vec![PaperKind::Dependants], ..adult(2) };
    parent_level1 "Chỉ có mức 1 nên chưa đăng ký được cho con" person Like { has_children: Some(true), papers: vec![PaperKind::Dependants], ..adult(1) };
    single_mother "Mẹ chưa kết hôn có con nhỏ" person Like { gender: Some(crate::identity::Gender::Female), married: Some(false), has_children: Some(true), ..adult(2) };
    married "Đã kết hôn, mức 2 đang dùng" person Like { married: Some(true), ..adult(2) };
    unmarried "Chưa kết hôn, từ 30 tuổi, mức 2 đang dùng" person Like { married: Some(false), ages: Some(30..=95), ..adult(2) };
    driver_with_vehicle "Mức 2, có giấy phép lái xe và đăng ký xe" person Like { papers: vec![PaperKind::Driving, PaperKind::Vehicle], ..adult(2) };
    socially_insured "Mức 2, có quá trình tham gia bảo hiểm xã hội" person Like { papers: vec![PaperKind::SocialInsurance], ..adult(2) };
    all_papers "Mức 2, có đủ giấy tờ trong ví" person Like { papers: PaperKind::ALL.to_vec(), ..adult(2) };
    old_number "Còn số chứng minh nhân dân 9 số" person Like { papers: vec![PaperKind::OldNumber], ..adult(2) };
    pensioner "Người hưởng lương hưu có thẻ bảo hiểm y tế" person Like { ages: Some(62..=95), papers: vec![PaperKind::HealthInsurance, PaperKind::SocialInsurance], ..adult(2) };
    ninety_and_over "Người từ 90 tuổi có tài khoản mức 2" person Like { ages: Some(90..=120), ..adult(2) };
    legal_representative "Người đại diện theo pháp luật của một tổ chức, mức 2 đang dùng" person Like { represents_organisation: Some(true), ..adult(2) };
    legal_representative_level1 "Người đại diện theo pháp luật mới có mức 1" person Like { represents_organisation: Some(true), ..adult(1) };
    foreigner_unregistered "Người nước ngoài chưa có tài khoản" person state(HolderKind::Foreigner, StateName::Unregistered);
    foreigner_level1 "Người nước ngoài có tài khoản mức 1" person active(HolderKind::Foreigner, 1);
    foreigner_level2 "Người nước ngoài có tài khoản mức 2" person active(HolderKind::Foreigner, 2);
    foreigner_overdue "Người nước ngoài được duyệt quá 7 ngày chưa kích hoạt" person state(HolderKind::Foreigner, StateName::ActivationOverdue);
    foreigner_passport_expired "Người nước ngoài bị khóa vì hộ chiếu hết hạn" person locked(HolderKind::Foreigner, LockReason::PassportExpired);
    foreigner_residence_expired "Người nước ngoài bị khóa vì thẻ cư trú hết hạn" person locked(HolderKind::Foreigner, LockReason::ResidenceExpired);
    foreigner_korean "Người Hàn Quốc có tài khoản mức 2" person Like { nationality: Some("KR".to_owned()), ..active(HolderKind::Foreigner, 2) };
    young_foreigner "Trẻ em nước ngoài dưới 6 tuổi có tài khoản mức 1" person active(HolderKind::YoungForeigner, 1);
    young_foreigner_unregistered "Trẻ em nước ngoài dưới 6 tuổi chưa có tài khoản" person state(HolderKind::YoungForeigner, StateName::Unregistered);
    organisation_active "Tổ chức có tài khoản đang dùng" organisation organisation(StateName::Active);
    organisation_approved "Tổ chức vừa được duyệt, chưa kích hoạt" organisation organisation(StateName::Approved);
    organisation_to_register "Tổ chức chưa có tài khoản, người đại diện có mức 2" organisation OrganisationLike { representative: Some((StateName::Active, 2)), ..organisation(StateName::Unregistered) };
    organisation_whose_representative_cannot "Tổ chức chưa có tài khoản, người đại diện mới có mức 1" organisation OrganisationLike { representative: Some((StateName::Active, 1)), ..organisation(StateName::Unregistered) };
    organisation_dissolved "Tổ chức đã giải thể, tài khoản bị khóa" organisation OrganisationLike { reason: Some(LockReason::Dissolved), ..organisation(StateName::Locked) };
};
