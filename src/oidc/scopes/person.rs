//! The simulator's own scopes about the holder: identity, card, residence, dependants.

use serde_json::{Value, json};

use super::{Basis, Claim, ClaimsHolder, Loads, Scope};
use crate::identity::{Citizen, Level, province::Province};

/// Level 1 holds ID number, full name, date of birth, gender, portrait (facts 1.3).
const DECREE: Basis = Basis::Named("Decree 69/2024 Art. 7, 8");
const ORGANISATION: Basis = Basis::Named("the tax office's guide: type, tax code, permission");

pub(super) const SCOPES: &[Scope] = &[
    Scope {
        name: "vneid.identity",
        level: Level::One,
        vietnamese: "Số định danh cá nhân và mức tài khoản",
        english: "Personal ID number and account level",
        loads: Loads::Nothing,
        in_id_token: true,
        claims: &[
            Claim {
                name: "vneid_id_number",
                vietnamese: "Số định danh cá nhân",
                english: "ID number",
                basis: DECREE,
                value: |it| Some(json!(it.citizen.number)),
            },
            Claim {
                name: "vneid_account_level",
                vietnamese: "Mức độ tài khoản",
                english: "Account level",
                basis: DECREE,
                value: |it| Some(json!(it.level)),
            },
            Claim {
                name: "vneid_holder",
                vietnamese: "Loại chủ thể",
                english: "Kind of holder",
                basis: DECREE,
                value: |it| Some(json!(it.citizen.kind_on(it.today))),
            },
            Claim {
                name: "vneid_nationality",
                vietnamese: "Quốc tịch của người nước ngoài",
                english: "A foreigner's nationality",
                basis: DECREE,
                value: |it| it.citizen.foreign.as_ref().map(|papers| json!(papers.nationality)),
            },
            Claim {
                name: "vneid_passport_number",
                vietnamese: "Số hộ chiếu của người nước ngoài",
                english: "A foreigner's passport number",
                basis: DECREE,
                value: |it| it.citizen.foreign.as_ref().map(|papers| json!(papers.passport.number)),
            },
            Claim {
                name: "vneid_account_type",
                vietnamese: "Loại tài khoản: cá nhân hay tổ chức",
                english: "Account type: person or organisation",
                basis: ORGANISATION,
                value: |it| {
                    Some(if it.organisation.is_some() { "to_chuc" } else { "ca_nhan" }.into())
                },
            },
            Claim {
                name: "vneid_organisation",
                vietnamese: "Tổ chức mà chủ tài khoản đại diện",
                english: "The organisation the holder acts for",
                basis: ORGANISATION,
                value: organisation,
            },
        ],
    },
    // Card and residence are level-2 services (facts 1.14).
    Scope {
        name: "vneid.card",
        level: Level::Two,
        vietnamese: "Thông tin thẻ căn cước",
        english: "ID card",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[Claim {
            name: "vneid_card",
            vietnamese: "Thẻ căn cước",
            english: "ID card",
            basis: Basis::Invented,
            value: |it| {
                let card = it.citizen.card.as_ref()?;
                Some(json!({
                    "number": it.citizen.number, "issued": card.issued.to_string(),
                    "expires": card.expires.map(|date| date.to_string()),
                    "status": card.status(it.today),
                }))
            },
        }],
    },
    Scope {
        name: "vneid.residence",
        level: Level::Two,
        vietnamese: "Thông tin cư trú",
        english: "Residence",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[Claim {
            name: "vneid_residence",
            vietnamese: "Nơi cư trú",
            english: "Residence",
            basis: Basis::Invented,
            value: |it| {
                let home = &it.citizen.residence;
                Some(json!({
                    "detail": home.detail, "commune": home.commune,
                    "province_code": format!("{:02}", home.province),
                    "province": Province::by_code(home.province).map(|province| province.name),
                }))
            },
        }],
    },
    Scope {
        name: "vneid.dependants",
        level: Level::Two,
        vietnamese: "Người phụ thuộc",
        english: "Dependants",
        loads: Loads::Dependants,
        in_id_token: false,
        claims: &[Claim {
            name: "vneid_dependants",
            vietnamese: "Con dưới 14 tuổi và người được giám hộ",
            english: "Children under 14 and wards",
            basis: Basis::Invented,
            value: |it| Some(it.dependants.iter().map(dependant).collect()),
        }],
    },
];

fn organisation(holder: &ClaimsHolder<'_>) -> Option<Value> {
    let (organisation, role) = holder.organisation?;
    Some(json!({
        "number": organisation.number, "name": organisation.name,
        "tax_code": organisation.tax_code, "enterprise_code": organisation.enterprise_code,
        "role": role,
        "is_representative": organisation.representative == holder.citizen.number,
    }))
}

fn dependant(citizen: &Citizen) -> Value {
    json!({
        "number": citizen.number, "full_name": citizen.full_name,
        "birthdate": citizen.birth_date.to_string(),
    })
}
