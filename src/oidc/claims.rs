//! Claims by scope and account level: a level-1 account never yields a level-2 claim.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{grant::Grant, scope::contains};
use crate::identity::{
    Account, Citizen, Gender, Level, Organisation, PaperKind, Papers, organisation::Role,
    province::Province,
};

/// The holder whose claims are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The citizen, as the population database has her today.
    pub citizen: &'a Citizen,
    /// The account.
    pub account: &'a Account,
    /// The account's level.
    pub level: Level,
    /// The organisation the holder acts for, and as what.
    pub organisation: Option<&'a (Organisation, Role)>,
    /// What the databases hold.
    pub papers: &'a Papers,
    /// Today in Viet Nam.
    pub today: Date,
}

/// The claims of userinfo: those of the granted scopes, those asked for by name, and `sub` (OIDC Core §5.3, §5.5).
///
/// Nothing comes by name that the client's own scopes, `allowed`, would not give it.
pub fn of(holder: Holder<'_>, grant: &Grant, allowed: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), grant.sub.clone().into());
    by_scope(holder, &grant.scope, &mut claims);
    by_name(holder, &grant.claims.userinfo, allowed, &mut claims);
    claims.insert("vneid_mock".to_owned(), true.into());
    claims
}

/// The claims asked for by name.
pub(super) fn by_name(
    holder: Holder<'_>,
    names: &[String],
    allowed: &str,
    claims: &mut Map<String, Value>,
) {
    if names.is_empty() {
        return;
    }
    let mut all = Map::new();
    by_scope(holder, allowed, &mut all);
    for name in names {
        if let Some(value) = all.remove(name) {
            claims.insert(name.clone(), value);
        }
    }
}

fn by_scope(holder: Holder<'_>, scope: &str, claims: &mut Map<String, Value>) {
    for (token, add) in BY_SCOPE {
        if contains(scope, token) {
            add(holder, claims);
        }
    }
    if holder.level == Level::Two {
        for (token, add) in BY_SCOPE_AT_LEVEL_2 {
            if contains(scope, token) {
                add(holder, claims);
            }
        }
    }
}

type Add = fn(Holder<'_>, &mut Map<String, Value>);

/// Level 1 holds ID number, full name, date of birth, gender, portrait (facts 1.3), and the contact data.
const BY_SCOPE: [(&str, Add); 4] =
    [("profile", profile), ("phone", phone), ("email", email), ("vneid.identity", identity)];

/// Residence and card are level-2 services (facts 1.14).
const BY_SCOPE_AT_LEVEL_2: [(&str, Add); 9] = [
    ("address", address),
    ("vneid.card", card),
    ("vneid.residence", residence),
    ("vneid.driving", driving),
    ("vneid.vehicle", vehicle),
    ("vneid.health_insurance", health_insurance),
    ("vneid.social_insurance", social_insurance),
    ("vneid.tax", tax),
    ("vneid.health", health),
];

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
    put(claims, "vneid_holder", holder.citizen.kind_on(holder.today));
    if let Some(papers) = &holder.citizen.foreign {
        put(claims, "vneid_nationality", &papers.nationality);
        put(claims, "vneid_passport_number", &papers.passport.number);
    }
    let acting = if holder.organisation.is_some() { "to_chuc" } else { "ca_nhan" };
    put(claims, "vneid_account_type", acting);
    if let Some((organisation, role)) = holder.organisation {
        let representative = organisation.representative == holder.citizen.number;
        claims.insert(
            "vneid_organisation".to_owned(),
            json!({
                "number": organisation.number, "name": organisation.name,
                "tax_code": organisation.tax_code, "enterprise_code": organisation.enterprise_code,
                "role": role, "is_representative": representative,
            }),
        );
    }
}

/// A paper is given once it is integrated into the account.
fn paper(
    holder: Holder<'_>,
    kind: PaperKind,
    claims: &mut Map<String, Value>,
    value: Option<impl Serialize>,
) {
    let kept = holder.account.wallet.as_ref().is_none_or(|wallet| wallet.contains_key(&kind));
    if let Some(value) = value.filter(|_| kept) {
        put(claims, &format!("vneid_{}", kind.name()), value);
    }
}

fn driving(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    paper(holder, PaperKind::Driving, claims, holder.papers.driving.as_ref());
}

fn vehicle(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    paper(holder, PaperKind::Vehicle, claims, holder.papers.vehicle.as_ref());
}

fn health_insurance(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    let card = holder.papers.health_insurance.as_ref();
    paper(holder, PaperKind::HealthInsurance, claims, card);
}

fn social_insurance(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    let participation = holder.papers.social_insurance.as_ref().map(|it| {
        let months = it.months(holder.today).count();
        let unit = it.current(holder.today).map(|period| &period.unit_name);
        json!({ "number": it.number, "months": months, "unit": unit, "periods": it.periods })
    });
    paper(holder, PaperKind::SocialInsurance, claims, participation);
}

fn tax(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    paper(holder, PaperKind::Tax, claims, holder.papers.tax.as_ref());
}

fn health(holder: Holder<'_>, claims: &mut Map<String, Value>) {
    paper(holder, PaperKind::Health, claims, holder.papers.health.as_ref());
}

/// The children and wards of a level-2 holder.
pub(crate) fn dependants(dependants: &[Citizen], claims: &mut Map<String, Value>) {
    let each = |citizen: &Citizen| {
        json!({
            "number": citizen.number, "full_name": citizen.full_name,
            "birthdate": citizen.birth_date.to_string(),
        })
    };
    put(claims, "vneid_dependants", dependants.iter().map(each).collect::<Vec<_>>());
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
