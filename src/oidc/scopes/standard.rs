//! The scopes of OIDC Core §5.4 and §11.

use serde_json::json;

use super::{Basis, Claim, Loads, OFFLINE, Scope};
use crate::identity::{Gender, Level, province::Province};

const CORE: Basis = Basis::Standard("OIDC Core §5.1");

/// Those that discovery lists first.
pub(super) const SCOPES: &[Scope] = &[
    Scope {
        name: "openid",
        level: Level::One,
        vietnamese: "Mã định danh của bạn tại ứng dụng này",
        english: "Your identifier at this application",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[Claim {
            name: "sub",
            vietnamese: "Mã người dùng",
            english: "User identifier",
            basis: Basis::Standard("OIDC Core §2, §8"),
            // The grant's, which knows the client's sector.
            value: |_| None,
        }],
    },
    // Vietnamese names run family, middle, given.
    Scope {
        name: "profile",
        level: Level::One,
        vietnamese: "Họ tên, ngày sinh, giới tính",
        english: "Name, date of birth, gender",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[
            Claim {
                name: "name",
                vietnamese: "Họ và tên",
                english: "Full name",
                basis: CORE,
                value: |it| Some(json!(it.citizen.full_name)),
            },
            Claim {
                name: "family_name",
                vietnamese: "Họ",
                english: "Family name",
                basis: CORE,
                value: |it| Some(it.citizen.full_name.family().into()),
            },
            Claim {
                name: "given_name",
                vietnamese: "Tên",
                english: "Given name",
                basis: CORE,
                value: |it| Some(it.citizen.full_name.given().into()),
            },
            Claim {
                name: "middle_name",
                vietnamese: "Tên đệm",
                english: "Middle name",
                basis: CORE,
                value: |it| {
                    let middle = it.citizen.full_name.middle();
                    (!middle.is_empty()).then(|| middle.into())
                },
            },
            Claim {
                name: "birthdate",
                vietnamese: "Ngày sinh",
                english: "Date of birth",
                basis: CORE,
                value: |it| Some(it.citizen.birth_date.to_string().into()),
            },
            Claim {
                name: "gender",
                vietnamese: "Giới tính",
                english: "Gender",
                basis: CORE,
                value: |it| {
                    Some(match it.citizen.gender {
                        Gender::Male => "male".into(),
                        Gender::Female => "female".into(),
                    })
                },
            },
            Claim {
                name: "locale",
                vietnamese: "Ngôn ngữ",
                english: "Locale",
                basis: CORE,
                value: |_| Some("vi-VN".into()),
            },
            Claim {
                name: "zoneinfo",
                vietnamese: "Múi giờ",
                english: "Time zone",
                basis: CORE,
                value: |_| Some("Asia/Ho_Chi_Minh".into()),
            },
        ],
    },
    Scope {
        name: "phone",
        level: Level::One,
        vietnamese: "Số điện thoại",
        english: "Phone number",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[
            Claim {
                name: "phone_number",
                vietnamese: "Số điện thoại",
                english: "Phone number",
                basis: CORE,
                value: |it| it.account.phone.map(|phone| phone.e164().into()),
            },
            Claim {
                name: "phone_number_verified",
                vietnamese: "Số điện thoại đã nhận OTP",
                english: "Whether the phone received an OTP",
                basis: CORE,
                value: |it| it.account.phone.map(|_| true.into()),
            },
        ],
    },
    Scope {
        name: "email",
        level: Level::One,
        vietnamese: "Thư điện tử",
        english: "E-mail address",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[
            Claim {
                name: "email",
                vietnamese: "Thư điện tử",
                english: "E-mail",
                basis: CORE,
                value: |it| it.account.email.clone().map(Into::into),
            },
            Claim {
                name: "email_verified",
                vietnamese: "Thư điện tử đã được xác minh",
                english: "Whether the e-mail was verified (never)",
                basis: CORE,
                value: |it| it.account.email.as_ref().map(|_| false.into()),
            },
        ],
    },
    Scope {
        name: "address",
        level: Level::Two,
        vietnamese: "Địa chỉ thường trú",
        english: "Address",
        loads: Loads::Nothing,
        in_id_token: false,
        claims: &[Claim {
            name: "address",
            vietnamese: "Địa chỉ thường trú",
            english: "Address",
            basis: Basis::Standard("OIDC Core §5.1.1"),
            value: |it| {
                let home = &it.citizen.residence;
                let region = Province::by_code(home.province).map(ToString::to_string);
                Some(json!({
                    "formatted": home.to_string(), "street_address": home.detail,
                    "locality": home.commune, "region": region, "country": "VN",
                }))
            },
        }],
    },
];

/// The one that discovery lists last: it gives no claims.
pub(super) const LAST: &[Scope] = &[Scope {
    name: OFFLINE,
    level: Level::One,
    vietnamese: "Truy cập khi bạn không có mặt",
    english: "Access while you are away",
    loads: Loads::Nothing,
    in_id_token: false,
    claims: &[],
}];
