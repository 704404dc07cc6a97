//! Claims by scope and account level: a level-1 account never yields a level-2 claim.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::scope::contains;
use crate::identity::{Account, Citizen, Gender, Level, province::Province};

/// The holder whose claims are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The citizen, as the population database has her today.
    pub citizen: &'a Citizen,
    /// The account.
    pub account: &'a Account,
    /// The account's level.
    pub level: Level,
    /// Today in Viet Nam.
    pub today: Date,
}

/// The claims of the granted scopes, `sub` among them (OIDC Core §5.4; product §6).
pub fn of(holder: Holder<'_>, scope: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), holder.account.subject.clone().into());
    for (token, add) in BY_SCOPE {
        if contains(scope, token) {
            add(holder, &mut claims);
        }
    }
    if holder.level == Level::Two {
        for (token, add) in BY_SCOPE_AT_LEVEL_2 {
            if contains(scope, token) {
                add(holder, &mut claims);
            }
        }
    }
    claims.insert("vneid_mock".to_owned(), true.into());
    claims
}

type Add = fn(Holder<'_>, &mut Map<String, Value>);

/// Level 1 holds ID number, full name, date of birth, gender, portrait (facts 1.3), and the contact data.
const BY_SCOPE: [(&str, Add); 4] =
    [("profile", profile), ("phone", phone), ("email", email), ("vneid.identity", identity)];

/// Residence and card are level-2 services (facts 1.14).
const BY_SCOPE_AT_LEVEL_2: [(&str, Add); 3] =
    [("address", address), ("vneid.card", card), ("vneid.residence", residence)];

fn put(claims: &mut Map<String, Value>, name: &str, value: impl Serialize) {
    claims.insert(name.to_owned(), json!(value));
}

/// OIDC Core §5.1. Vietnamese names run family, middle, given.
fn profile(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    let citizen = holder.citizen;
    put(claims, "name", &citizen.full_name);
    put(claims, "family_name", citizen.full_name.family());
    put(claims, "given_name", citizen.full_name.given());
    if let Some(middle) = Some(citizen.full_name.middle()).filter(|middle| !middle.is_empty()) {
        put(claims, "middle_name", middle);
    }
    put(claims, "birthdate", citizen.birth_date.to_string());
    put(
        claims,
        "gender",
        match citizen.gender {
            Gender::Male => "male",
            Gender::Female => "female",
        },
    );
    put(claims, "locale", "vi-VN");
    put(claims, "zoneinfo", "Asia/Ho_Chi_Minh");
}

fn phone(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    if let Some(phone) = &holder.account.phone {
        put(claims, "phone_number", phone.e164());
        put(claims, "phone_number_verified", true);
    }
}

fn email(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    if let Some(email) = &holder.account.email {
        put(claims, "email", email);
        put(claims, "email_verified", false);
    }
}

/// The simulator's own claim names.
pub(crate) fn identity(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    put(claims, "vneid_id_number", holder.citizen.number);
    put(claims, "vneid_account_level", holder.level);
}

/// OIDC Core §5.1.1.
fn address(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    let home = &holder.citizen.residence;
    let region = Province::by_code(home.province).map(ToString::to_string);
    claims.insert(
        "address".to_owned(),
        json!({
            "formatted": home.to_string(), "street_address": home.detail,
            "locality": home.commune, "region": region, "country": "VN",
        }),
    );
}

fn card(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    if let Some(card) = &holder.citizen.card {
        claims.insert(
            "vneid_card".to_owned(),
            json!({
                "number": holder.citizen.number, "issued": card.issued.to_string(),
                "expires": card.expires.map(|date| date.to_string()),
                "status": card.status(holder.today),
            }),
        );
    }
}

fn residence(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    let home = &holder.citizen.residence;
    claims.insert(
        "vneid_residence".to_owned(),
        json!({
            "detail": home.detail, "commune": home.commune,
            "province_code": format!("{:02}", home.province),
            "province": Province::by_code(home.province).map(|province| province.name),
        }),
    );
}
