//! The verified claims of a visitor, and how a site shows them.

use openidconnect::{AdditionalClaims, IdTokenClaims, UserInfoClaims, core::CoreGenderClaim};
use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, identity::Level, oidc::language::Language};

/// The simulator's own claims; a site asks for no more than it understands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Vneid {
    #[serde(rename = "vneid_id_number")]
    pub(crate) number: Option<String>,
    #[serde(rename = "vneid_account_level")]
    pub(crate) level: Option<Level>,
    #[serde(rename = "vneid_card")]
    pub(crate) card: Option<CardClaim>,
    /// Seconds since 1970.
    #[serde(rename = "nbf")]
    pub(crate) not_before: Option<i64>,
    #[serde(rename = "vneid_residence")]
    pub(crate) residence: Option<Residence>,
    /// The provider's session (Back-Channel Logout 1.0 §2.1).
    pub(crate) sid: Option<String>,
}

/// The ID card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct CardClaim {
    number: String,
    issued: String,
    expires: Option<String>,
    status: String,
}

/// Where the holder lives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Residence {
    detail: String,
    commune: String,
    province: Option<String>,
}

impl AdditionalClaims for Vneid {}

/// Somebody who signed in.
#[derive(Debug)]
pub(crate) struct SignedInVisitor {
    identity: IdTokenClaims<Vneid, CoreGenderClaim>,
    claims: UserInfoClaims<Vneid, CoreGenderClaim>,
    /// When the ID token, and with it the visit, ends.
    pub(crate) until: Timestamp,
    /// The ID token as it came: the hint of a logout.
    pub(crate) id_token: String,
}

/// A line of the claims table.
pub(crate) struct ClaimRow {
    pub(crate) label: &'static str,
    pub(crate) claim: &'static str,
    pub(crate) value: String,
}

impl SignedInVisitor {
    pub(crate) fn new(
        identity: IdTokenClaims<Vneid, CoreGenderClaim>,
        claims: UserInfoClaims<Vneid, CoreGenderClaim>,
        id_token: String,
    ) -> Self {
        let until = Timestamp::from_millis(identity.expiration().timestamp_millis());
        Self { identity, claims, until, id_token }
    }

    /// What to call the visitor.
    pub(crate) fn name(&self) -> String {
        let name = self.claims.name().and_then(|name| name.get(None));
        name.map_or_else(|| self.claims.subject().to_string(), |name| name.to_string())
    }

    /// Whether a logout token's `sub` and `sid`, as far as given, are this visitor's.
    pub(crate) fn is_of(&self, sub: Option<&str>, sid: Option<&str>) -> bool {
        let own = self.identity.additional_claims().sid.as_deref();
        sub.is_none_or(|sub| sub == self.identity.subject().as_str())
            && sid.is_none_or(|sid| own == Some(sid))
    }

    /// The account's level; without the claim no more than level 1 is believed.
    pub(crate) fn level(&self) -> Level {
        self.identity.additional_claims().level.unwrap_or(Level::One)
    }

    /// Every claim that came, in a reader's order.
    pub(crate) fn rows(&self, language: Language) -> Vec<ClaimRow> {
        let mut rows = Rows { language, rows: Vec::new() };
        self.person(&mut rows);
        self.papers(&mut rows);
        self.sign_in(&mut rows);
        rows.rows
    }

    fn person(&self, rows: &mut Rows) {
        let (claims, language) = (&self.claims, rows.language);
        let more = claims.additional_claims();
        rows.add("name", "Họ và tên", "Full name", Some(self.name()));
        rows.add("vneid_id_number", "Số định danh cá nhân", "ID number", more.number.clone());
        let level = more.level.map(|level| u8::from(level).to_string());
        rows.add("vneid_account_level", "Mức độ tài khoản", "Account level", level);
        let birth = claims.birthdate().map(|date| day(date));
        rows.add("birthdate", "Ngày sinh", "Date of birth", birth);
        let gender = claims.gender().map(|gender| match gender.as_ref() {
            "male" => language.pick("Nam", "Male").to_owned(),
            "female" => language.pick("Nữ", "Female").to_owned(),
            other => other.to_owned(),
        });
        rows.add("gender", "Giới tính", "Gender", gender);
        let phone = claims.phone_number().map(|phone| phone.to_string());
        rows.add("phone_number", "Số điện thoại", "Phone number", phone);
        let email = claims.email().map(|email| email.to_string());
        rows.add("email", "Thư điện tử", "E-mail", email);
    }

    fn papers(&self, rows: &mut Rows) {
        let (claims, language) = (&self.claims, rows.language);
        let more = claims.additional_claims();
        let address = claims.address().and_then(|address| address.formatted.as_ref());
        let address = address.map(|text| text.to_string());
        rows.add("address", "Địa chỉ", "Address", address);
        let card = more.card.as_ref().map(|card| card.text(language));
        rows.add("vneid_card", "Thẻ căn cước", "ID card", card);
        let residence = more.residence.as_ref().map(Residence::text);
        rows.add("vneid_residence", "Nơi cư trú", "Residence", residence);
    }

    fn sign_in(&self, rows: &mut Rows) {
        let identity = &self.identity;
        let subject = Some(identity.subject().to_string());
        rows.add("sub", "Mã người dùng", "User identifier", subject);
        let class = identity.auth_context_ref().map(|class| class.to_string());
        rows.add("acr", "Mức độ xác thực", "Authentication level", class);
        let methods = identity.auth_method_refs().map(|methods| {
            methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ")
        });
        rows.add("amr", "Cách xác thực", "Authentication methods", methods);
        let at = identity.auth_time().map(|at| Timestamp::from_millis(at.timestamp_millis()));
        rows.add("auth_time", "Đăng nhập lúc", "Signed in at", at.map(Timestamp::in_vietnam));
        rows.add("exp", "Phiên hết hạn lúc", "Session ends at", Some(self.until.in_vietnam()));
        rows.add("iss", "Nhà cung cấp danh tính", "Provider", Some(identity.issuer().to_string()));
    }
}

struct Rows {
    language: Language,
    rows: Vec<ClaimRow>,
}

impl Rows {
    fn add(
        &mut self,
        claim: &'static str,
        vietnamese: &'static str,
        english: &'static str,
        value: Option<String>,
    ) {
        if let Some(value) = value {
            self.rows.push(ClaimRow {
                label: self.language.pick(vietnamese, english),
                claim,
                value,
            });
        }
    }
}

impl CardClaim {
    fn text(&self, language: Language) -> String {
        let status = match self.status.as_str() {
            "valid" => language.pick("còn hiệu lực", "valid"),
            "expiring" => language.pick("sắp hết hạn", "expires soon"),
            "expired" => language.pick("đã hết hạn", "expired"),
            "revoked" => language.pick("đã bị thu hồi", "revoked"),
            other => other,
        };
        let until = self.expires.as_deref().map_or_else(
            || language.pick("không thời hạn", "no expiry").to_owned(),
            |date| format!("{} {}", language.pick("hết hạn", "expires"), day(date)),
        );
        let issued = language.pick("cấp ngày", "issued");
        format!("{} · {issued} {} · {until} · {status}", self.number, day(&self.issued))
    }
}

impl Residence {
    fn text(&self) -> String {
        let province = self.province.as_deref();
        let parts = [Some(&*self.detail), Some(&*self.commune), province];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// `2026-11-22` as Vietnamese write it, `22/11/2026`; anything else as it came.
fn day(iso: &str) -> String {
    let mut parts = iso.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}
